"""What changed in the week before as-of: money that moved, terms that were edited, rows that were restated.

What is news brings its amounts as figures; another text names none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

import msgspec

from generator.ledger import Entry, Status
from generator.recorded_words import recognised
from generator.report.figures.sums import contribution_count, contributions
from generator.report.history.news import NewsEvent, NewsKind
from generator.report.notes import id_part
from generator.report.place_owners import PlaceOwners
from generator.sentence import Sentence, say, say_count
from generator.snapshot import Binding, Known, Line, Project, Withdrawn
from generator.snapshot.rekey import REASON

WEEK: Final = timedelta(days=7)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened or was restated lately: news, or a sentence without amounts; `id` is stable."""

    id: str
    at: datetime  #: when it happened; for edited terms and restated rows when it was observed
    project: str  #: slug
    kind: str  #: contributions, project, restated, binding, or a kind of news
    text: Sentence | None = None
    news: NewsEvent | None = None


def changes(
    projects: Mapping[str, tuple[Sequence[Entry], Iterable[NewsEvent]]],
    known: Known,
    owners: PlaceOwners,
    as_of: datetime,
) -> tuple[Change, ...]:
    """Return what changed in the seven days before as-of, newest first, then by id.

    `projects` are entries of that time, in order, and news of each reported project, by slug.
    """
    found = [change for slug, (entries, _) in projects.items() for change in _came(slug, entries, as_of)]
    found += [
        Change(id=event.id, at=event.at, project=slug, kind=event.kind, news=event)
        for slug, (_, news) in projects.items()
        for event in news
        if event.kind is not NewsKind.RESTATED  # told row by row, with the reason
    ]
    found += [
        change
        for change in (
            *_restated(known, owners),
            *_new(known, owners),
            *_rebound(known),
        )
        if change.project in projects
    ]
    recent = {change.id: change for change in found if as_of - WEEK < change.at <= as_of}
    return tuple(sorted(recent.values(), key=lambda change: (as_of - change.at, change.id)))


def _came(slug: str, entries: Iterable[Entry], as_of: datetime) -> Iterator[Change]:
    came = contributions(entry for entry in entries if as_of - WEEK < entry.at <= as_of)
    if came:
        count = contribution_count(came)
        text = say_count("One contribution arrived.", "{count} contributions arrived.", count)
        last = came[-1].at
        yield Change(
            id=f"contributions/{slug}/{last:%Y-%m-%d}", at=last, project=slug, kind="contributions", text=text
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
                text=say("A ledger row counted before was restated: {why}.", why=recognised(why)),
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
        came = say(
            "Money of one place counts here now; it counted for {project} before.", project=old.project
        )
        went = say("Money of one place counts for no project now.")
        if now:
            went = say("Money of one place counts for {project} now.", project=now)
        told = ((now, came), (old.project, went))
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
                id=f"project/{slug}",
                at=times[run],
                project=slug,
                kind="project",
                text=say("New in this report."),
            )


def _successive(known: Known) -> Iterable[tuple[Line, Line]]:
    for _, chain in sorted(known.history.items()):
        yield from pairwise(chain)
