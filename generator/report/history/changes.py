"""What changed in the week before as-of: money that moved, terms that were edited, rows that were restated.

A sentence names no amount; amounts are figures and stand on the project's page.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from generator.ledger import Entry, Kind, Status, transaction_of
from generator.report.figures.sums import contribution_count, contributions
from generator.report.history.edits import TERMS
from generator.report.notes import id_part
from generator.report.place_owners import PlaceOwners
from generator.snapshot import Binding, Known, Line, Project, Withdrawn
from generator.snapshot.rekey import REASON

WEEK: Final = timedelta(days=7)
#: What a confirmed entry of a kind means for a reader; contributions are counted instead.
EVENTS: Final = {
    Kind.REFUND: "A refund was paid out.",
    Kind.PAYOUT: "Money was paid out through BTCPay, to others than backers.",
    Kind.CLAIM: "The founder claimed stage outputs after their opening.",
    Kind.PENALTY: "An investor left early; the coins are in the penalty time lock.",
    Kind.RELEASE: "An investor took coins back after the penalty time lock.",
    Kind.RECOVERY: "Stage outputs went back to an investor without a penalty.",
    Kind.UNCLASSIFIED: "Stage outputs were spent by a script that fits no known rule.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that happened or was restated lately, in one sentence without amounts; `id` is stable."""

    id: str
    at: datetime  #: when it happened; for edited terms and restated rows when it was observed
    project: str  #: slug
    kind: str  #: contributions, claim, penalty, …, project, terms, restated
    text: str


def changes(
    projects: Mapping[str, Sequence[Entry]], known: Known, owners: PlaceOwners, as_of: datetime
) -> tuple[Change, ...]:
    """Return what changed in the seven days before as-of, newest first, then by id.

    `projects` are the entries of each reported project, by slug and in order of time.
    """
    found = [change for slug, entries in projects.items() for change in _money(slug, entries, as_of)]
    found += [
        change
        for change in (
            *_terms(known, owners),
            *_restated(known, owners),
            *_new(known, owners),
            *_rebound(known),
        )
        if change.project in projects
    ]
    recent = {change.id: change for change in found if as_of - WEEK < change.at <= as_of}
    return tuple(sorted(recent.values(), key=lambda change: (as_of - change.at, change.id)))


def _money(slug: str, entries: Iterable[Entry], as_of: datetime) -> Iterator[Change]:
    recent = [entry for entry in entries if as_of - WEEK < entry.at <= as_of]
    came = contributions(recent)
    if came:
        count = contribution_count(came)
        text = "One contribution arrived." if count == 1 else f"{count} contributions arrived."
        last = came[-1].at
        yield Change(
            id=f"contributions/{slug}/{last:%Y-%m-%d}", at=last, project=slug, kind="contributions", text=text
        )
    for entry in recent:
        text = EVENTS.get(entry.kind, "") if entry.status is Status.CONFIRMED else ""
        if text:
            name = f"{entry.kind}/{slug}/{transaction_of(entry)}"
            yield Change(id=name, at=entry.at, project=slug, kind=str(entry.kind), text=text)


def _terms(known: Known, owners: PlaceOwners) -> Iterator[Change]:
    times = known.times
    for before, after in _successive(known):
        old, new = before.record, after.record
        if not (isinstance(old, Project) and isinstance(new, Project)) or after.run not in times:
            continue
        for name, word in TERMS.items():
            if getattr(old, name) != getattr(new, name):
                slug = owners.slug(new.id)
                yield Change(
                    id=f"terms/{slug}/{new.source}/{name}/{after.run}",
                    at=times[after.run],
                    project=slug,
                    kind="terms",
                    text=f"The {word} was changed.",
                )


def _restated(known: Known, owners: PlaceOwners) -> Iterator[Change]:
    """Yield confirmed rows that later became less or disappeared, one change for each reason and run."""
    times = known.times
    for before, after in _successive(known):
        old, new = before.record, after.record
        if not isinstance(old, Entry) or old.status is not Status.CONFIRMED or after.run not in times:
            continue
        why = _less(old, new)
        if why:
            slug = owners.slug(old.place)
            yield Change(
                id=f"restated/{slug}/{after.run}/{id_part(why)}",
                at=times[after.run],
                project=slug,
                kind="restated",
                text=f"A ledger row counted before was restated: {why}.",
            )


def _rebound(known: Known) -> Iterator[Change]:
    """Yield places of money that the configuration gave to another project, on both pages."""
    times = known.times
    for before, after in _successive(known):
        old, new = before.record, after.record
        if not isinstance(old, Binding) or after.run not in times:
            continue
        now = new.project if isinstance(new, Binding) else ""
        if old.project == now:
            continue
        told = (
            (now, f"Money of one place counts here now; it counted for {old.project} before."),
            (old.project, f"Money of one place counts {f'for {now}' if now else 'for no project'} now."),
        )
        for slug, text in told:
            name = f"binding/{slug}/{id_part(old.id)}/{after.run}"
            yield Change(id=name, at=times[after.run], project=slug, kind="binding", text=text)


def _less(old: Entry, new: object) -> str:
    if isinstance(new, Withdrawn):
        return "" if new.reason == REASON else new.reason  # the same row stands under another id
    if not isinstance(new, Entry):
        return ""
    if new.status is not Status.CONFIRMED:
        return new.reason or "no longer confirmed"
    return "its amount became smaller" if new.amount_msat < old.amount_msat else ""


def _new(known: Known, owners: PlaceOwners) -> Iterator[Change]:
    times = known.times
    first_run = known.runs[0].id if known.runs else ""
    seen: dict[str, str] = {}
    for project in known.of(Project):
        run = known.first_run(project.key)
        slug = owners.slug(project.id)
        seen[slug] = min(run, seen.get(slug, run))
    for slug, run in sorted(seen.items()):
        if run > first_run and run in times:
            yield Change(
                id=f"project/{slug}", at=times[run], project=slug, kind="project", text="New in this report."
            )


def _successive(known: Known) -> Iterable[tuple[Line, Line]]:
    for _, chain in sorted(known.history.items()):
        yield from pairwise(chain)
