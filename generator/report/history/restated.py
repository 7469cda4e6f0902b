"""Restatements: a sum of a past month that is not what an earlier run said it was, and why.

A pure function of the log's lines. A row that counted and now counts less,
elsewhere or not at all restates the month it stood in. A row that comes or
grows is news while its month runs; once the month was over when we last
looked, it restates that month too.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from itertools import groupby
from typing import Final

from generator.ledger import Entry, Status, Verification, moves
from generator.report.figures.definitions import FLOWS, MSAT, figure_id
from generator.report.figures.headline import decimal_text
from generator.report.figures.sums import CONTRIBUTIONS, kinds_of
from generator.report.history.past import Looks, Step, steps
from generator.report.model import Figure, Look, Restatement
from generator.report.subjects import CONTRADICTED
from generator.snapshot import Finding, Known, Project, Record, Withdrawn

#: Sums that a month is stated by: each counts its kinds once.
MONTHLY: Final = tuple(flow for flow in FLOWS if flow.status is Status.CONFIRMED and flow.name != "returned")
VALUE: Final = "value"
ACCEPTED: Final = "accepted-drop"
_KINDS: Final = {kind: flow.name for flow in MONTHLY for kind in kinds_of(flow.paths)}
_CAME: Final = kinds_of(CONTRIBUTIONS)
_LATER: Final = "read only after the month was over"
_SETTLED: Final = "confirmed only after the month was over"
_ALSO: Final = "new in the same run"

Place = tuple[str, str, str]  #: slug, name of the sum (``raised``, ``value@EUR``), month
Sums = Mapping[Place, Fraction]


@dataclass(slots=True)
class _Turn:
    """What one look changed."""

    deltas: defaultdict[Place, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    causes: defaultdict[Place, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    rows: defaultdict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))
    news: Counter[Place] = field(default_factory=Counter)
    sources: defaultdict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))
    accepted: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def reasons_of_the_maintainer(self, place: Place) -> list[str]:
        """Return the published reasons for which this sum was allowed to fall."""
        return sorted(
            reason
            for source in self.sources[place]
            for project in (place[0], "")  # a source that lost everything names no project
            for reason in self.accepted.get((source, project), ())
        )


def restatements(known: Known, looks: Looks) -> dict[str, tuple[Restatement, ...]]:
    """Return every restatement by slug, oldest first."""
    sums: defaultdict[Place, Fraction] = defaultdict(Fraction)
    met: set[tuple[str, str]] = set()  #: project and source, once that source spoke of it
    found: defaultdict[str, list[Restatement]] = defaultdict(list)
    for look, group in groupby(steps(known, looks), key=lambda step: step.look):
        some = list(group)
        turn = _turn(some, looks[look - 1].at if look else None, met)
        if look:
            for one in _told(turn, sums, looks[look - 1], looks[look]):
                found[one.project].append(one)
        for place, delta in turn.deltas.items():
            sums[place] += delta
        met |= {(step.after.id, step.after.source) for step in some if isinstance(step.after, Project)}
    return {slug: tuple(some) for slug, some in found.items()}


def _turn(some: Iterable[Step], looked_at: datetime | None, met: set[tuple[str, str]]) -> _Turn:
    turn = _Turn()
    for step in some:
        after = step.after
        if isinstance(after, Finding) and after.check == ACCEPTED:
            turn.accepted[after.source, after.project].add(after.reason)
        before = step.before if isinstance(step.before, Entry) else None
        now = after if isinstance(after, Entry) else None
        if before is None and now is None:
            continue
        old, new = _stands(before), _stands(now)
        for place in sorted(old.keys() | new.keys()):
            delta = new.get(place, Fraction()) - old.get(place, Fraction())
            if not delta:
                continue
            turn.deltas[place] += delta
            cause = _cause(before, after, grew=place not in old or delta > 0)
            if place in new and delta > 0 and (before is None or not moves(before) or place in old):
                assert now is not None  # noqa: S101 -- it stands at a place
                if (now.project, now.source) not in met or not _over(place[2], looked_at):
                    turn.news[place] += 1
                    continue
            turn.causes[place][cause] += 1
            turn.rows[place].add(step.key[2])
            turn.sources[place].add(step.key[1])
    return turn


def _stands(entry: Entry | None) -> dict[Place, Fraction]:
    """Return what an entry adds to which sums; nothing unless it is confirmed and not contradicted."""
    if entry is None or not moves(entry):
        return {}
    month = f"{entry.at.astimezone(UTC):%Y-%m}"
    found = {(entry.project, _KINDS[entry.kind], month): Fraction(entry.amount_msat)}
    for part in entry.at_receipt if entry.kind in _CAME else ():
        place = (entry.project, f"{VALUE}@{part.currency}", month)
        found[place] = found.get(place, Fraction()) + Fraction(part.value)
    return found


def _over(month: str, looked_at: datetime | None) -> bool:
    return looked_at is not None and f"{looked_at.astimezone(UTC):%Y-%m}" > month


def _cause(before: Entry | None, after: Record, *, grew: bool) -> str:
    """Return in words why a row does not stand where, or as, it stood."""
    if isinstance(after, Withdrawn):
        return after.reason
    if not isinstance(after, Entry):
        return "no longer a row"
    if after.verification is Verification.FAILED:
        return CONTRADICTED
    if after.status is not Status.CONFIRMED:
        return after.reason or "waiting for confirmations again"
    if before is None or not moves(before):
        return _LATER if before is None else _SETTLED
    return _corrected(before, after, grew=grew)


def _corrected(before: Entry, after: Entry, *, grew: bool) -> str:
    if after.project != before.project:
        return f"counted for the project {after.project} now, for {before.project} before"
    if after.kind is not before.kind:
        return f"a {after.kind} by a closer look, taken for a {before.kind} before"
    if after.block != before.block:
        return "in another block than before"
    if after.at != before.at:
        return "of another day than it was said to be"
    if after.amount_msat == before.amount_msat:
        return "its value at receipt was corrected"
    return _LATER if grew else "its amount was corrected"


def _told(turn: _Turn, sums: Sums, before: Look, after: Look) -> Iterator[Restatement]:
    for place, causes in sorted(turn.causes.items()):
        slug, name, month = place
        was = sums.get(place, Fraction())
        now = was + turn.deltas[place]
        if was == now:
            continue
        counted = causes + Counter({_ALSO: turn.news[place]})
        accepted = turn.reasons_of_the_maintainer(place) if now < was else []
        yield Restatement(
            id=f"restated/{slug}/{name}/{month}/{after.run}",
            project=slug,
            sum=name,
            month=month,
            before=_figure(place, was, before),
            after=_figure(place, now, after),
            seen_before=before,
            seen_after=after,
            reasons=tuple(f"{_rows(count)} {cause}" for cause, count in sorted(counted.items()))
            + tuple(accepted),
            rows=tuple(sorted(turn.rows[place])),
        )


def _rows(count: int) -> str:
    return "1 row:" if count == 1 else f"{count} rows:"


def _figure(place: Place, value: Fraction, look: Look) -> Figure:
    slug, of, month = place
    name = f"{of}@{month}@{look.run}"
    currency = of.removeprefix(f"{VALUE}@") if of.startswith(f"{VALUE}@") else ""
    what = f"The value at receipt in {currency} of contributions" if currency else f"The sum {of}"
    return Figure(
        id=figure_id(slug, name),
        project=slug,
        name=name,
        value=decimal_text(value) if currency else int(value),
        unit=currency or MSAT,
        complete=True,
        verification=None,
        formula=f"{what} of {month} alone, as the run {look.run} had it.",
        inputs=(f"snapshot:{look.snapshot}",),
    )


def with_completeness(found: Sequence[Restatement], figures: Mapping[str, Figure]) -> tuple[Restatement, ...]:
    """Return restatements whose sums say "at least" where the project's own sum does."""
    return tuple(one.complete_as(figures.get(one.sum, figures["raised"])) for one in found)
