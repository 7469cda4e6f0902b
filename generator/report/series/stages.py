"""Stages: what opens when, and what became of it, by the opening day of the outputs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from generator.ledger import Account, Entry, Kind, Status
from generator.report.figures.definitions import MSAT, figure_id, selectors
from generator.report.figures.sums import grade, kinds_of
from generator.report.model import Figure, StageRow
from generator.report.series.funding import day_of
from generator.report.subjects import ANGOR, Knowledge, Subject

_FORMULAS = {
    "funded": "Stage outputs funded that open on {day} UTC.",
    "claimed": "Of the stage outputs that open on {day} UTC, what the founder claimed.",
    "left": "Of the stage outputs that open on {day} UTC, what went to penalty, recovery or unclassified.",
    "locked": "stage_funded minus stage_claimed minus stage_left of {day}.",
}
_FUNDED = ((Account.BACKERS, Account.LOCKED),)
_CLAIMED = ((Account.LOCKED, Account.FOUNDER),)
_LEFT = (
    (Account.LOCKED, Account.PENALTY),
    (Account.LOCKED, Account.BACKERS),
    (Account.LOCKED, Account.UNKNOWN),
)


def stage_rows(subject: Subject) -> tuple[StageRow, ...]:
    """Return one row for each UTC day on which accepted, confirmed stage outputs open."""
    knowledge = subject.knowledge((ANGOR,))
    if knowledge is Knowledge.NONE:
        return ()
    confirmed = [entry for entry in subject.entries if entry.status is Status.CONFIRMED]
    opening = {
        entry.id: day_of(entry.opens_at)
        for entry in confirmed
        if entry.kind in kinds_of(_FUNDED) and entry.opens_at
    }
    by_day: dict[date, list[Entry]] = {day: [] for day in sorted(set(opening.values()))}
    for entry in confirmed:
        day = opening.get(entry.id) or opening.get(entry.spends)
        if day:
            by_day[day].append(entry)
    full = knowledge is Knowledge.FULL
    rows = [_row(subject.slug, day, rows, complete=full) for day, rows in by_day.items()]
    if any(record.kind == "invest" for record in subject.records):
        return tuple(rows)
    return tuple(replace(row, number=None) for row in rows)  # each investor has dates of their own


def _row(slug: str, day: date, entries: Sequence[Entry], *, complete: bool) -> StageRow:
    funded = _part((slug, day, "funded"), entries, kinds_of(_FUNDED), complete=complete)
    claimed = _part((slug, day, "claimed"), entries, kinds_of(_CLAIMED), complete=complete)
    left = _part((slug, day, "left"), entries, kinds_of(_LEFT), complete=complete)
    numbers = {entry.stage for entry in entries if entry.kind in kinds_of(_FUNDED)}
    return StageRow(
        opens_on=day,
        number=numbers.pop() if len(numbers) == 1 else None,
        funded=funded,
        claimed=claimed,
        left=left,
        locked=_locked((slug, day), (funded, claimed, left), complete=complete),
        claims=tuple(entry for entry in entries if entry.kind in kinds_of(_CLAIMED)),
    )


def _part(
    name: tuple[str, date, str], entries: Sequence[Entry], kinds: tuple[Kind, ...], *, complete: bool
) -> Figure:
    slug, day, part = name
    rows = [entry for entry in entries if entry.kind in kinds]
    return Figure(
        id=figure_id(slug, f"stage_{part}@{day}"),
        project=slug,
        name=f"stage_{part}@{day}",
        value=sum(entry.amount_msat for entry in rows),
        unit=MSAT,
        complete=complete,
        verification=grade(entry.verification for entry in rows),
        formula=_FORMULAS[part].format(day=day),
        inputs=selectors(kinds, Status.CONFIRMED, f"opens={day}"),
    )


def _locked(place: tuple[str, date], parts: tuple[Figure, Figure, Figure], *, complete: bool) -> Figure:
    """Return what is still locked; with part of the history missing it could be more or less: unknown."""
    slug, day = place
    funded, claimed, left = (part.value if isinstance(part.value, int) else 0 for part in parts)
    return Figure(
        id=figure_id(slug, f"stage_locked@{day}"),
        project=slug,
        name=f"stage_locked@{day}",
        value=funded - claimed - left if complete else None,
        unit=MSAT,
        complete=complete,
        verification=grade(part.verification for part in parts) if complete else None,
        formula=_FORMULAS["locked"].format(day=day),
        inputs=tuple(part.id for part in parts),
    )
