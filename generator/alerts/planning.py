"""What must be done so that the issues on GitHub say what the log says: nothing, where they do.

Only the state decides, so a call that got lost is made up by the next run, and one that was made is not
made again. A comment is told apart by its first line; an issue by the first run of its outage, so that one
that a person closed stays closed until the source has answered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final

import msgspec

from generator.alerts import issue_text
from generator.alerts.issue import REST, Issue, IssueKey
from generator.alerts.issue_text import RepositoryLinks
from generator.alerts.outage import KINDS, Outage, outages, recovery
from generator.config import Config
from generator.snapshot import Run

#: Open issues at a time; what comes beyond stands together in one more.
MOST: Final = 10


class Deed(StrEnum):
    """What is done to an issue."""

    OPEN = "open"
    COMMENT = "comment"
    UPDATE = "update"
    CLOSE = "close"


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One call: what is sent, and to which issue."""

    deed: Deed
    source: str
    number: int | None = None  #: None for an issue that is opened
    title: str = ""
    body: str
    completed: bool = True  #: of one that is closed: it is done, not merely no longer wanted


def plan(
    runs: Sequence[Run], config: Config, issues: Sequence[Issue], links: RepositoryLinks
) -> list[Action]:
    """Return the calls to make, in order; none where `alerts.issues` is false.

    `issues` are ours, the closed ones of the last time too, and of the open ones with what was said.
    """
    if not config.alerts.issues:
        return []
    lasting = {outage.source: outage for outage in outages(runs, config)}
    ripe = [outage for outage in lasting.values() if outage.failed >= config.alerts.after_runs]
    standing: dict[str, Issue] = {}
    actions: list[Action] = []
    for issue in sorted(issues, key=lambda issue: issue.number):
        if not issue.open or issue.key.ended or issue.key.source == REST:
            continue
        outage = lasting.get(issue.key.source)
        if outage is None or issue.key.since <= outage.good_run or outage.source in standing:
            actions += _closing(issue, runs, standing.get(issue.key.source))
        else:
            standing[outage.source] = issue
            actions += _updating(issue, outage, links, _earlier(outage, issues))
    new = [outage for outage in ripe if outage.source not in standing and not _was_closed(outage, issues)]
    room = max(0, MOST - len(standing))
    actions += [_opening(outage, links, _earlier(outage, issues)) for outage in new[:room]]
    return [*actions, *_resting(new[room:], issues, links)]


def _key(outage: Outage, kept: str = "") -> IssueKey:
    since = kept or outage.first_run
    return IssueKey(source=outage.source, kind=outage.kind, since=since, stale=outage.stale)


def _opening(outage: Outage, links: RepositoryLinks, earlier: int | None) -> Action:
    text = issue_text.body(outage, _key(outage), links, earlier)
    return Action(deed=Deed.OPEN, source=outage.source, title=issue_text.title(outage), body=text)


def _updating(issue: Issue, outage: Outage, links: RepositoryLinks, earlier: int | None) -> Iterator[Action]:
    """Yield a comment where it became worse, and the text where it changed."""
    rank = KINDS.index(outage.kind), outage.stale
    before = KINDS.index(issue.key.kind), issue.key.stale
    if rank[0] > before[0] or rank[1] > before[1]:
        name, text = issue_text.worse(outage, issue.key)
        if name not in issue.said:
            yield Action(deed=Deed.COMMENT, source=outage.source, number=issue.number, body=text)
    text = issue_text.body(outage, _key(outage, issue.key.since), links, earlier)
    if text != issue.body:
        yield Action(deed=Deed.UPDATE, source=outage.source, number=issue.number, body=text)


def _closing(issue: Issue, runs: Sequence[Run], twin: Issue | None) -> Iterator[Action]:
    """Yield what ends an issue: its source answers, is not there any more, or has an older issue."""
    key = replace(issue.key, ended=True)
    begun = next((run.at for run in runs if run.id >= issue.key.since), None)
    end = recovery(issue.key.source, issue.key.since, runs)
    completed = end is not None and begun is not None
    if end is not None and begun is not None:
        name, text = issue_text.recovered(end.at - begun)
        why = text.partition("\n")[2]
        if name not in issue.said:
            yield Action(deed=Deed.COMMENT, source=key.source, number=issue.number, body=text)
    elif twin is not None:
        why = f"The same as #{twin.number}."
    else:
        why = "The configuration does not read this source any more."
    yield Action(
        deed=Deed.CLOSE,
        source=key.source,
        number=issue.number,
        body=issue_text.closed_body(issue.body, key, why),
        completed=completed,
    )


def _resting(rest: Sequence[Outage], issues: Sequence[Issue], links: RepositoryLinks) -> Iterator[Action]:
    """Yield what makes the issue of the rest list it, or go."""
    mine = next((issue for issue in issues if issue.key.source == REST and issue.open), None)
    if not rest:
        if mine is not None and not mine.key.ended:
            key, why = (
                replace(mine.key, ended=True),
                "Each of these has an issue of its own, or answers again.",
            )
            text = issue_text.closed_body(mine.body, key, why)
            yield Action(deed=Deed.CLOSE, source=REST, number=mine.number, body=text)
        return
    key = IssueKey(source=REST, kind=rest[0].kind, since=rest[0].first_run)
    text = issue_text.rest_body(rest, key, links)
    if mine is None:
        closed = any(issue.key == key and not issue.open for issue in issues)
        if not closed:
            yield Action(deed=Deed.OPEN, source=REST, title=issue_text.rest_title(rest), body=text)
    elif text != mine.body:
        yield Action(deed=Deed.UPDATE, source=REST, number=mine.number, body=text)


def _was_closed(outage: Outage, issues: Sequence[Issue]) -> bool:
    """Tell whether a person closed the issue of this outage."""
    return any(_is_of(issue, outage) and not issue.open and not issue.key.ended for issue in issues)


def _is_of(issue: Issue, outage: Outage) -> bool:
    return issue.key.source == outage.source and issue.key.since > outage.good_run


def _earlier(outage: Outage, issues: Sequence[Issue]) -> int | None:
    """Return the newest issue about an earlier outage of the same source."""
    numbers = [
        issue.number
        for issue in issues
        if issue.key.source == outage.source and issue.key.since <= outage.good_run
    ]
    return max(numbers, default=None)
