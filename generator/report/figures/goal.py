"""Goal, progress and standing of a project: arithmetic with the as-of time, never with the clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Final

from generator.ledger import Entry
from generator.report.figures.definitions import MSAT, figure_id
from generator.report.figures.headline import decimal_text
from generator.report.figures.sums import contributions
from generator.report.model import Figure, Standing
from generator.report.prices import Prices
from generator.report.subjects import Subject
from generator.snapshot import Goal

_PERCENT: Final = 100
_TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What a project wants, until when, and who says so."""

    goal: Goal | None
    said_by: str  #: ``config``, or the name of a source, empty without a goal
    starts_at: datetime | None
    ends_at: datetime | None


def aim_of(subject: Subject) -> Aim:
    """Return the configured goal and deadline, else those of the first source that names them."""
    own = subject.setting.goal if subject.setting else None
    goal, said_by = next(
        ((record.goal, record.source) for record in subject.records if _is_goal(record.goal)), (None, "")
    )
    ends_at = next((record.ends_at for record in subject.records if record.ends_at), None)
    if own and own.amount_msat:
        goal, said_by = Goal(amount_msat=own.amount_msat), "config"
    elif own and own.value and own.value[0] > 0:
        goal, said_by = Goal(value=own.value[0], currency=own.value[1]), "config"
    if own and own.deadline:  # the last day counts whole
        ends_at = datetime.combine(own.deadline, datetime.min.time(), UTC) + timedelta(days=1)
    starts_at = next((record.starts_at for record in subject.records if record.starts_at), None)
    return Aim(goal=goal, said_by=said_by, starts_at=starts_at, ends_at=ends_at)


def goal_figure(subject: Subject, aim: Aim) -> Figure:
    """Return the goal as a figure: msat, or fiat text; null in msat where there is none."""
    goal = aim.goal
    fiat = goal is not None and goal.amount_msat is None
    value = None if goal is None else goal.amount_msat if goal.value is None else decimal_text(goal.value)
    where = "config:goal" if aim.said_by == "config" else f"record:{aim.said_by}"
    return Figure(
        id=figure_id(subject.slug, "goal"),
        project=subject.slug,
        name="goal",
        value=value,
        unit=goal.currency if goal and fiat else MSAT,
        complete=goal is not None or _all_answered(subject),
        verification=None,
        formula="What the project asks for, in its own unit; a goal in config.yaml replaces the source's.",
        inputs=(where,) if aim.said_by else (),
    )


def reached(goal: Goal | None, raised: Figure, entries: tuple[Entry, ...], prices: Prices) -> Fraction | None:
    """Return raised over goal, exactly; None without a goal, or where part of raised has no known value."""
    if goal is None or not isinstance(raised.value, int):
        return None
    if goal.amount_msat is not None:
        return Fraction(raised.value, goal.amount_msat)
    if goal.value is None:
        return None
    total = Fraction()
    for entry in contributions(entries):
        value = prices.at_receipt(entry, goal.currency)
        if value is None:
            return None
        total += value
    return total / Fraction(goal.value)


def progress_figure(subject: Subject, share: Fraction | None, raised: Figure) -> Figure:
    """Return the share of the goal in percent, two decimals, rounded down: 99.999 % is not 100 %."""
    return Figure(
        id=figure_id(subject.slug, "progress"),
        project=subject.slug,
        name="progress",
        value=None if share is None else percent_text(share),
        unit="percent",
        complete=share is not None and raised.complete,
        verification=None if share is None else raised.verification,
        formula=(
            "raised over goal, rounded down; for a goal in a currency the value at receipt over the goal: by "
            "the invoice's own rate, else by the rate recorded for the day."
        ),
        inputs=(raised.id, figure_id(subject.slug, "goal")),
    )


def percent_text(share: Fraction) -> str:
    """Return a share as percent with exactly two decimals, rounded down."""
    whole, cents = divmod(share * _PERCENT * _PERCENT // 1, _PERCENT)
    return f"{whole}.{cents:02d}"


def standing(
    subject: Subject, aim: Aim, share: Fraction | None, *, raised: Figure, as_of: datetime
) -> Standing:
    """Return a project's state in one word; what could still be higher is never called too low."""
    if not subject.records and aim.goal is None:
        return Standing.UNKNOWN
    if aim.starts_at and as_of < aim.starts_at:
        return Standing.UPCOMING
    if aim.goal is None:
        return Standing.NO_GOAL if _all_answered(subject) else Standing.UNKNOWN
    if share is None:  # what came is known, its part of the goal is not: another currency, no rate
        return Standing.UNKNOWN if raised.value is None else Standing.OPEN
    if share >= 1:
        return Standing.REACHED
    return _below(aim, share, complete=raised.complete, as_of=as_of)


def _below(aim: Aim, share: Fraction, *, complete: bool, as_of: datetime) -> Standing:
    if aim.ends_at and as_of >= aim.ends_at:
        return Standing.ENDED if complete else Standing.UNKNOWN
    if aim.ends_at is None or aim.starts_at is None or aim.ends_at <= aim.starts_at:
        return Standing.OPEN
    passed = Fraction((as_of - aim.starts_at) // _TICK, (aim.ends_at - aim.starts_at) // _TICK)
    if share >= passed:
        return Standing.ON_PACE
    return Standing.BEHIND if complete else Standing.UNKNOWN


def _is_goal(goal: Goal | None) -> bool:
    return goal is not None and ((goal.amount_msat or 0) > 0 or (goal.value is not None and goal.value > 0))


def _all_answered(subject: Subject) -> bool:
    return {record.source for record in subject.records} >= set(subject.expected)
