"""Stages: what opens when, and what became of it, by the opening day of the outputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from generator.ledger import Account, Entry, Kind, Status
from generator.report.days import day_of
from generator.report.figures.bounds import Bound, less
from generator.report.figures.figure import Figure, FigureDefinition
from generator.report.figures.source_bounds import bound_of
from generator.report.figures.sums import grade, kinds_of, selectors
from generator.report.joined_projects import JoinedProject

FUNDED: Final = FigureDefinition(
    "stage_funded",
    "Stage outputs funded that open on {of} UTC.",
    by="day",
    meaning="Stage outputs funded that open on one UTC day.",
)
CLAIMED: Final = FigureDefinition(
    "stage_claimed",
    "Of the stage outputs that open on {of} UTC, what the founder claimed.",
    by="day",
    meaning="Of the stage outputs that open on one UTC day, what the founder claimed.",
)
LEFT: Final = FigureDefinition(
    "stage_left",
    "Of the stage outputs that open on {of} UTC, what went to penalty, recovery or unclassified.",
    by="day",
    meaning="Of the stage outputs that open on one UTC day, what went to penalty, recovery or unknown.",
)
LOCKED: Final = FigureDefinition(
    "stage_locked",
    "stage_funded minus stage_claimed minus stage_left of {of}.",
    by="day",
    meaning="Of the stage outputs that open on one UTC day, what is still locked.",
)
_FUNDED: Final = kinds_of(((Account.BACKERS, Account.LOCKED),))
_CLAIMED: Final = kinds_of(((Account.LOCKED, Account.FOUNDER),))
_LEFT: Final = kinds_of(
    (
        (Account.LOCKED, Account.PENALTY),
        (Account.LOCKED, Account.BACKERS),
        (Account.LOCKED, Account.UNKNOWN),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    """All stage outputs of a project that open on one UTC day."""

    opens_on: date
    number: int | None  #: planned stage number (Invest), None where each investor has own dates
    funded: Figure
    claimed: Figure
    left: Figure  #: penalty, recovery and unclassified: taken out before or instead of a claim
    locked: Figure
    claims: tuple[Entry, ...]  #: the claim entries, for date and transaction links

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures of it."""
        return (self.funded, self.claimed, self.left, self.locked)


def stage_rows(project: JoinedProject) -> tuple[StageRow, ...]:
    """Return one row for each UTC day on which accepted, confirmed stage outputs open."""
    bound = bound_of(project, _FUNDED)
    if bound is Bound.UNKNOWN:
        return ()
    read = bound_of(project.when_read, _FUNDED)
    rows = [_row(project.slug, day, rows, bound, read) for day, rows in _by_opening(project.entries).items()]
    if any(record.kind == "invest" for record in project.records):
        return tuple(rows)
    return tuple(replace(row, number=None) for row in rows)  # each investor has dates of their own


def _by_opening(entries: Sequence[Entry]) -> Mapping[date, list[Entry]]:
    """Return confirmed stage outputs and their spends by the day on which the output opens."""
    confirmed = [entry for entry in entries if entry.status is Status.CONFIRMED]
    opens_on = {
        entry.id: day_of(entry.opens_at) for entry in confirmed if entry.kind in _FUNDED and entry.opens_at
    }
    by_day: dict[date, list[Entry]] = {day: [] for day in sorted(set(opens_on.values()))}
    for entry in confirmed:
        day = opens_on.get(entry.id) or opens_on.get(entry.spends)
        if day:
            by_day[day].append(entry)
    return by_day


def _row(slug: str, day: date, entries: Sequence[Entry], bound: Bound, read: Bound) -> StageRow:
    """Return one row; `bound` is that of all entries of stages, which one source tells at once.

    What is locked is so as it was last read, when that bound was `read`.
    """
    funded, claimed, left = (
        _part(definition, (slug, day), [entry for entry in entries if entry.kind in kinds], kinds, bound)
        for definition, kinds in ((FUNDED, _FUNDED), (CLAIMED, _CLAIMED), (LEFT, _LEFT))
    )
    sums = [figure.value if isinstance(figure.value, int) else 0 for figure in (funded, claimed, left)]
    locked = LOCKED.figure(
        slug,
        sums[0] - sums[1] - sums[2],
        of=day,
        bound=less(read, read, read),
        verification=grade(figure.verification for figure in (funded, claimed, left)),
        inputs=(funded.id, claimed.id, left.id),
    )
    numbers = {entry.stage for entry in entries if entry.kind in _FUNDED}
    return StageRow(
        opens_on=day,
        number=numbers.pop() if len(numbers) == 1 else None,
        funded=funded,
        claimed=claimed,
        left=left,
        locked=locked,
        claims=tuple(entry for entry in entries if entry.kind in _CLAIMED),
    )


def _part(
    definition: FigureDefinition,
    place: tuple[str, date],
    rows: Sequence[Entry],
    kinds: tuple[Kind, ...],
    bound: Bound,
) -> Figure:
    slug, day = place
    return definition.figure(
        slug,
        sum(row.amount_msat for row in rows),
        of=day,
        bound=bound,
        verification=grade(row.verification for row in rows),
        inputs=selectors(kinds, Status.CONFIRMED, f"opens={day}"),
    )
