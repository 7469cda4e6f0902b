"""Restatements: a sum of a past month that is not what an earlier run said it was, and why.

A pure function of the log's lines. A row that counted and now counts less,
elsewhere or not at all restates the month it stood in. A row that comes or
grows is news while its month runs; once the month was over when we last
looked, it restates that month too.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Final, Self, TypeAlias

import msgspec

from generator.ledger import Entry, Status, Verification, moves
from generator.recorded_words import recognised
from generator.report.figures.bounds import Bound, total
from generator.report.figures.definitions import FLOWS
from generator.report.figures.figure import CURRENCY, Figure, FigureDefinition, decimal_text
from generator.report.figures.sums import CONTRIBUTIONS, kinds_of
from generator.report.history.restated_projects import is_over, month_of, restated_slugs
from generator.report.history.revisions import Revision, RunIndex, RunReference, revisions
from generator.report.place_owners import PlaceOwners
from generator.report.project_rows import CONTRADICTED
from generator.sentence import Sentence, Text, say, say_count
from generator.snapshot import Finding, Known, Project, Record, Withdrawn

#: Sums that a month is stated by: each counts its kinds once.
MONTHLY: Final = tuple(flow for flow in FLOWS if flow.status is Status.CONFIRMED and flow.name != "returned")
SUMS_OF_MONTH: Final = {
    flow.name: FigureDefinition(
        flow.name, f"The sum {flow.name} of {{month}} alone, as the run {{run}} had it.", by="month@run"
    )
    for flow in MONTHLY
}
VALUE_OF_MONTH: Final = FigureDefinition(
    "value",
    "The value at receipt in {currency} of contributions of {month} alone, as the run {run} had it.",
    CURRENCY,
    by="currency@month@run",
    meaning="What contributions of one month were worth at receipt in one currency, as one run had it.",
)
ACCEPTED: Final = "accepted-drop"
#: What the sum of a kind is called.
FLOW_OF: Final = {kind: flow.name for flow in MONTHLY for kind in kinds_of(flow.paths)}
_CAME: Final = kinds_of(CONTRIBUTIONS)
_LATER: Final = "read only after the month was over"
_SETTLED: Final = "confirmed only after the month was over"
_ALSO: Final = "new in the same run"

SumKey: TypeAlias = tuple[str, str, str]  #: slug, name of the sum (``raised``, ``value@EUR``), month
Sums: TypeAlias = Mapping[SumKey, Fraction]
#: What a monthly sum is called at the start of a sentence.
SUM_NAMES: Final[Mapping[str, Sentence]] = {
    "raised": say("Raised"),
    "refunded": say("Refunded"),
    "paid_out": say("Paid out"),
    "claimed": say("Claimed by the founder"),
    "penalty": say("Moved into the penalty time lock"),
    "released": say("Released from the penalty time lock"),
    "recovered": say("Recovered by investors"),
    "unclassified": say("Unclassified spends"),
    "fee": say("Angor fee"),
    "value": say("Value at receipt"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restatement:
    """A sum of one month that an earlier run stated otherwise."""

    id: str
    project: str  #: slug
    sum: str  #: ``raised``, ``claimed`` …, or ``value@EUR``
    month: str  #: ``2025-05``
    before: Figure
    after: Figure
    seen_before: RunReference
    seen_after: RunReference
    reasons: tuple[Text, ...]  #: how many rows, and why; reasons of the maintainer as published
    rows: tuple[str, ...]  #: ids of the rows that changed

    def bounded_as(self, figure: Figure) -> Self:
        """Return the same with the bound of the project's own sum: at least, where nothing else is known."""
        bound = total((figure.bound, Bound.EXACT))
        before, after = (replace(stated, bound=bound) for stated in (self.before, self.after))
        return replace(self, before=before, after=after)


class _RunChanges(msgspec.Struct):
    """What one run changed, by sum."""

    owners: PlaceOwners
    deltas: defaultdict[SumKey, Fraction] = msgspec.field(default_factory=lambda: defaultdict(Fraction))
    causes: defaultdict[SumKey, Counter[str]] = msgspec.field(default_factory=lambda: defaultdict(Counter))
    rows: defaultdict[SumKey, set[str]] = msgspec.field(default_factory=lambda: defaultdict(set))
    news: Counter[SumKey] = msgspec.field(default_factory=Counter)
    sources: defaultdict[SumKey, set[str]] = msgspec.field(default_factory=lambda: defaultdict(set))
    accepted: defaultdict[tuple[str, str], set[str]] = msgspec.field(default_factory=lambda: defaultdict(set))

    def add_all(self, some: Iterable[Revision], seen_at: datetime | None, met: set[tuple[str, str]]) -> None:
        """Take in what became of the rows; `seen_at` is the run before, None for the first one."""
        for revision in some:
            after = revision.after
            if isinstance(after, Finding) and after.check == ACCEPTED:
                self.accepted[after.source, self.owners.slug(after.place)].add(after.reason)
            self._add(revision, seen_at, met)

    def _add(self, revision: Revision, seen_at: datetime | None, met: set[tuple[str, str]]) -> None:
        before = revision.before if isinstance(revision.before, Entry) else None
        now = revision.after if isinstance(revision.after, Entry) else None
        old, new = _sums_of(before, self.owners), _sums_of(now, self.owners)
        for key in sorted(old.keys() | new.keys()):
            delta = new.get(key, Fraction()) - old.get(key, Fraction())
            if not delta:
                continue
            self.deltas[key] += delta
            came = key in new and delta > 0 and (before is None or not moves(before) or key in old)
            if came and now and ((now.place, now.source) not in met or not is_over(key[2], seen_at)):
                self.news[key] += 1
                continue
            self.causes[key][_cause(before, revision.after, grew=key not in old or delta > 0)] += 1
            self.rows[key].add(revision.key[2])
            self.sources[key].add(revision.key[1])

    def reasons_of_the_maintainer(self, key: SumKey) -> list[str]:
        """Return the published reasons for which this sum was allowed to fall."""
        return sorted(
            reason
            for source in self.sources[key]
            for project in (key[0], "")  # a source that lost everything names no project
            for reason in self.accepted.get((source, project), ())
        )


def restatements(known: Known, runs: RunIndex, owners: PlaceOwners) -> dict[str, tuple[Restatement, ...]]:
    """Return every restatement by slug, oldest first."""
    slugs = restated_slugs(known, runs, owners)
    sums: defaultdict[SumKey, Fraction] = defaultdict(Fraction)
    met: set[tuple[str, str]] = set()  #: place and source, once that source spoke of it
    found: defaultdict[str, list[Restatement]] = defaultdict(list)
    theirs = known.with_rows_at([place for place in known.rows if owners.slug(place) in slugs])
    for position, group in groupby(
        revisions(theirs, runs) if slugs else (), key=lambda revision: revision.position
    ):
        some = list(group)
        changes = _RunChanges(owners=owners)
        changes.add_all(some, runs[position - 1].at if position else None, met)
        if position:
            for restatement in _restated(changes, sums, runs[position - 1], runs[position]):
                found[restatement.project].append(restatement)
        for key, delta in changes.deltas.items():
            sums[key] += delta
        met |= {(item.after.id, item.after.source) for item in some if isinstance(item.after, Project)}
    return {slug: tuple(some) for slug, some in found.items()}


def _sums_of(entry: Entry | None, owners: PlaceOwners) -> dict[SumKey, Fraction]:
    """Return what an entry adds to which sums; nothing unless it is confirmed and not contradicted."""
    if entry is None or not moves(entry):
        return {}
    month, slug = month_of(entry), owners.slug(entry.place)
    found = {(slug, FLOW_OF[entry.kind], month): Fraction(entry.amount_msat)}
    for part in entry.at_receipt if entry.kind in _CAME else ():
        key = (slug, f"{VALUE_OF_MONTH.name}@{part.currency}", month)
        found[key] = found.get(key, Fraction()) + Fraction(part.value)
    return found


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
    if after.place != before.place:
        return "counted for another place of money now"
    if after.kind is not before.kind:
        return f"a {after.kind} by a closer look, taken for a {before.kind} before"
    if after.block != before.block:
        return "in another block than before"
    if after.at != before.at:
        return "of another day than it was said to be"
    if after.amount_msat == before.amount_msat:
        return "its value at receipt was corrected"
    return _LATER if grew else "its amount was corrected"


def _restated(
    changes: _RunChanges, sums: Sums, before: RunReference, after: RunReference
) -> Iterator[Restatement]:
    for key, causes in sorted(changes.causes.items()):
        slug, name, month = key
        was = sums.get(key, Fraction())
        now = was + changes.deltas[key]
        if was == now:
            continue
        reasons = causes + Counter({_ALSO: changes.news[key]})
        why = [
            say_count("{count} row: {cause}", "{count} rows: {cause}", count, cause=recognised(cause))
            for cause, count in sorted(reasons.items())
            if count
        ]
        accepted = changes.reasons_of_the_maintainer(key) if now < was else []
        yield Restatement(
            id=f"restated/{slug}/{name}/{month}/{after.run}",
            project=slug,
            sum=name,
            month=month,
            before=_figure(key, was, before),
            after=_figure(key, now, after),
            seen_before=before,
            seen_after=after,
            reasons=(*why, *accepted),
            rows=tuple(sorted(changes.rows[key])),
        )


def _figure(key: SumKey, value: Fraction, seen: RunReference) -> Figure:
    slug, name, month = key
    _, _, currency = name.partition("@")
    definition = VALUE_OF_MONTH if currency else SUMS_OF_MONTH[name]
    return definition.figure(
        slug,
        decimal_text(value) if currency else int(value),
        of=f"{currency}@{month}@{seen.run}" if currency else f"{month}@{seen.run}",
        unit=currency,
        bound=Bound.EXACT,
        inputs=(f"snapshot:{seen.snapshot}",),
        currency=currency,
        month=month,
        run=seen.run,
    )
