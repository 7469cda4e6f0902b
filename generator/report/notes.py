"""Gaps and anomalies in plain sentences, by rule; each note has a stable id that can be cited.

A note names no amount: amounts are figures, and a figure stands beside its definition.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from generator.ledger import Status
from generator.report.days import OPEN_END, DayRange
from generator.report.figures.figure import Figure
from generator.report.health.source_states import SourceState
from generator.report.joined_projects import JoinedProject
from generator.report.source_names import ANGOR
from generator.snapshot import Result
from generator.snapshot.records import APP, SETTINGS
from generator.text_bounds import quotation
from generator.text_format import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A gap or anomaly in one sentence; `id` is stable and citable."""

    id: str
    day: date | None
    text: str


#: What a source says of payouts. Only here a note names amounts: they are in no sum, or in another one.
_MONEY_OUT: Final = frozenset(
    {"refunds-hidden", "payouts-unexplained", "payouts-unreadable", "payouts-ahead", "refunds-promised"}
    | {"refunds-by-order", "refunds-unproven", "refunds-other-coin"}
)
#: Failed checks that contradict no sum.
_OTHERWISE: Final = {
    "definition-standing": (
        "The founder asked relays to delete the project's definition. "
        "The founding transaction commits to it, so it still counts."
    ),
    "moderation": (
        "A list of the moderators this site follows asks not to show this project. "
        "It is shown because the site's maintainer lists it."
    ),
}


def source_notes(states: Iterable[SourceState]) -> Iterator[Note]:
    """Yield what readers must know about sources: never reached, stale, or failing now."""
    for state in states:
        if state.data_at is None:
            text = f"{state.label} has never answered; what only it knows is shown as unknown, not as zero."
            yield Note(id=f"never/{state.name}", day=None, text=text)
        elif state.stale:
            day = state.data_at.date()
            text = f"{state.label} last answered on {day}; its numbers are as old as that."
            yield Note(id=f"stale/{state.name}", day=day, text=text)


def delayed_notes(slug: str, hours: int) -> Iterator[Note]:
    """Yield that payments of BTCPay are told late on purpose: figures are exact as of then."""
    if hours:
        text = (
            f"Payments through BTCPay are published {counted(hours, 'hour')} after they came. "
            "Figures are as of then: what came later is in none of them, and makes none of them “≥”."
        )
        yield Note(id=f"delayed/{slug}", day=None, text=text)


def gap_notes(name: str, label: str, ranges: Iterable[DayRange]) -> Iterator[Note]:
    """Yield one note for each range of days without an observation; a growing gap keeps its id."""
    for first, last in ranges:
        span = f"on {first}" if first == last else f"from {first} to {last}"
        text = f"{label} {span}. What happened then was read later, if its source still shows it."
        if last == OPEN_END:
            text = (
                f"{label} since {first}. What happens meanwhile is read later, if its source still shows it."
            )
        yield Note(id=f"gap/{name}/{first}", day=first, text=text)


def accepted_notes(slug: str, reasons: Iterable[str]) -> Iterator[Note]:
    """Yield why the maintainer says that something need not be known; what it bounds stays so."""
    for number, reason in enumerate(reasons, 1):
        text = f"The maintainer accepts that something here is not known: {reason}"
        yield Note(id=f"accepted/{slug}/{number}", day=None, text=text)


def alone_notes(slug: str, *, alone: bool) -> Iterator[Note]:
    """Yield that no second indexer agreed on a project's history."""
    if alone:
        text = (
            "One Bitcoin indexer alone told the history of this project: transactions that it left out "
            "would be in no sum, and no second one was there to say so."
        )
        yield Note(id=f"unwitnessed/{slug}", day=None, text=text)


def project_notes(
    project: JoinedProject,
    figures: Mapping[str, Figure],
    labels: Mapping[str, str],
    settings_at: Mapping[str, datetime],
) -> Iterator[Note]:
    """Yield what is unknown, incomplete, excluded or unclear about one project; `labels` name sources.

    `settings_at` is when settings that are unread now were last read, by place.
    """
    yield from _missing(project, labels)
    yield from dict.fromkeys(_unread(project, labels, settings_at))  # two places of a store lack the same
    yield from _excluded(project)
    yield from _unclassified(project, figures)
    yield from _failed(project)
    yield from _of_settings(project)
    yield from _words(project)
    yield from _money_out(project)
    yield from _no_value(project, figures)


def _missing(project: JoinedProject, labels: Mapping[str, str]) -> Iterator[Note]:
    delivered = {record.source for record in project.records}
    for source in project.expected:
        if source not in delivered:
            label = labels.get(source, source)
            text = f"{label} has not delivered this project yet; its part is unknown, not zero."
            yield Note(id=f"missing/{project.slug}/{source}", day=None, text=text)
    if delivered.issuperset(project.expected) and not project.all_answered:
        text = "Something that this project is bound to was not delivered yet; its part is unknown, not zero."
        yield Note(id=f"missing/{project.slug}", day=None, text=text)


def _unread(
    project: JoinedProject, labels: Mapping[str, str], settings_at: Mapping[str, datetime]
) -> Iterator[Note]:
    slug = project.slug
    for record in project.records:
        label = labels.get(record.source, record.source)
        if record.source not in project.expected:
            text = f"No server in config.yaml lists {label} now: what it told stays, sums are at least so."
            yield Note(id=f"unlisted/{slug}/{record.source}", day=None, text=text)
        for what in record.unread:
            if what == APP:
                continue  # `_of_settings` says it
            text = f"Sunlit could not or may not read the {what} of {label}: they are unknown, not zero."
            if what == SETTINGS and (at := settings_at.get(record.id)):
                text = (
                    f"The {what} of {label} could not be read: title, goal and dates are "
                    f"those last read on {at.date()}."
                )
            yield Note(id=f"unread-{id_part(what)}/{slug}/{record.source}", day=None, text=text)
        for what in record.at_least:
            text = f"More {what} of {label} may belong here than are counted: the sums are “at least”."
            yield Note(id=f"at-least-{id_part(what)}/{slug}/{record.source}", day=None, text=text)
        for what in record.at_most:
            text = f"Some {what} of {label} that count here may not belong here: the sums are “at most”."
            yield Note(id=f"at-most-{id_part(what)}/{slug}/{record.source}", day=None, text=text)
        if not record.complete:
            text = f"The history that {label} gave may be incomplete: sums are at least what is shown."
            yield Note(id=f"incomplete/{slug}/{record.source}", day=None, text=text)


def _excluded(project: JoinedProject) -> Iterator[Note]:
    rows = [entry for entry in project.entries if entry.status is Status.EXCLUDED]
    for reason, count in sorted(Counter(entry.reason for entry in rows).items()):
        text = f"{_rows(count)} listed in the ledger but in no sum: {reason}."
        first = min(entry.at.date() for entry in rows if entry.reason == reason)
        yield Note(id=f"excluded/{project.slug}/{id_part(reason)}", day=first, text=text)


def _unclassified(project: JoinedProject, figures: Mapping[str, Figure]) -> Iterator[Note]:
    if figures["unclassified"].value:
        text = (
            "Some stage outputs were spent by a script that fits no known rule; who has them is not guessed."
        )
        yield Note(id=f"unclassified/{project.slug}", day=None, text=text)


def _failed(project: JoinedProject) -> Iterator[Note]:
    failed = Counter(finding.check for finding in project.findings if finding.result is Result.FAILED)
    for check, count in sorted(failed.items()):
        times = "once" if count == 1 else f"{count} times"
        text = _OTHERWISE.get(
            check, f"The check {check} failed {times}; what it contradicts is listed and never summed."
        )
        yield Note(id=f"failed/{project.slug}/{id_part(check)}", day=None, text=text)


def _money_out(project: JoinedProject) -> Iterator[Note]:
    """Yield why refunds may be more than is known, and how some of them are known, in the source's words."""
    for finding in project.findings:
        if finding.check in _MONEY_OUT:
            part = id_part(finding.place.partition("/")[2])
            text = f"{finding.reason[0].upper()}{finding.reason[1:]}."
            yield Note(id=f"{finding.check}/{project.slug}/{part}", day=None, text=text)


def _of_settings(project: JoinedProject) -> Iterator[Note]:
    """Yield what is said of the crowdfunds of a project whose settings cannot be read."""
    said = {finding.check for finding in project.findings}
    if "app-found" in said:
        stays = "its money stays, texts and goal are the last it showed"
        text = f"A crowdfund of this project was deleted at BTCPay: {stays}."
        yield Note(id=f"deleted/{project.slug}", day=None, text=text)
    if "app-known" in said:
        bound = "BTCPay shows nothing with an id that this project is bound to"
        text = f"{bound}: its part is unknown, not zero."
        yield Note(id=f"app-known/{project.slug}", day=None, text=text)


def _words(project: JoinedProject) -> Iterator[Note]:
    """Yield why the project's own words are not shown as they were written, or not the newest."""
    for finding in project.findings:
        if finding.check == "profile":
            text = (
                f"The founder's newest words cannot be read; older ones or none are shown: {finding.reason}."
            )
            yield Note(id=f"profile/{project.slug}", day=None, text=text)
    if fault := quotation(project.text("description")).fault:
        text = f"What the project says of itself is bounded here: it {fault}."
        yield Note(id=f"words/{project.slug}", day=None, text=text)


def _no_value(project: JoinedProject, figures: Mapping[str, Figure]) -> Iterator[Note]:
    goal, progress = figures["goal"], figures["progress"]
    raised = figures["raised"]
    if isinstance(goal.value, str) and raised.value is not None and progress.bound is not raised.bound:
        why = (
            "bitcoin locked on chain has no invoice"
            if ANGOR in project.expected
            else "an invoice had another"
        )
        stated = "not stated" if progress.value is None else "at least what is shown"
        text = f"Part of raised has no recorded value in {goal.unit} ({why}), so progress is {stated}."
        yield Note(id=f"no-value/{project.slug}", day=None, text=text)


def _rows(count: int) -> str:
    return "One row is" if count == 1 else f"{count} rows are"


def id_part(text: str) -> str:
    """Return a text as part of an id: lower case, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "other"
