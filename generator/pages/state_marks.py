"""States as word, shape and colour, in this order: the word alone must do."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from generator.report import Figure, ProjectReport, ProjectStatus, Report, SourceState
from generator.report.source_names import RATES
from generator.sentence import Text, say
from generator.snapshot import Finding, Outcome, Result


class StateMark(msgspec.Struct, frozen=True):
    """A word with its shape and the class that colours the shape."""

    word: Text
    icon: str
    kind: str


STATUSES: Final = {
    ProjectStatus.UPCOMING: StateMark(say("Not open yet"), "unchecked", "quiet"),
    ProjectStatus.REACHED: StateMark(say("Goal reached"), "reached", "ok"),
    ProjectStatus.ON_PACE: StateMark(say("On pace"), "pace", "ok"),
    ProjectStatus.BEHIND: StateMark(say("Behind pace"), "behind", "warn"),
    ProjectStatus.OPEN: StateMark(say("Collecting"), "pace", "quiet"),
    ProjectStatus.ENDED: StateMark(say("Ended below goal"), "ended", "quiet"),
    ProjectStatus.NO_GOAL: StateMark(say("No goal"), "nogoal", "quiet"),
    ProjectStatus.UNKNOWN: StateMark(say("Not known yet"), "unchecked", "quiet"),
}
RESULTS: Final = {
    Result.OK: StateMark(say("verified"), "proven", "proven"),
    Result.FAILED: StateMark(say("mismatch"), "failed", "bad"),
    Result.NOT_CHECKED: StateMark(say("not checked"), "unchecked", "quiet"),
}
#: Checks of a project's own definition. Others judge transactions that strangers can send.
_OF_EVENT: Final = frozenset({"event-id", "event-signature", "event-author"})
OWN_CHECKS: Final = _OF_EVENT | {"founder-key-address", "founding-commitment", "network-name"}


def last_change(projects: Iterable[ProjectReport]) -> datetime | None:
    """Return when something new was last seen about any of some projects, None before that."""
    return max((at for project in projects if (at := project.changed_at)), default=None)


def source_states(report: Report, project: ProjectReport) -> dict[str, list[tuple[SourceState, StateMark]]]:
    """Return the sources of a project with their state; nothing else of them stands on its pages."""
    sources = {source.name: source for source in report.sources}
    found = [sources[name].at_rest for name in project.sources if name in sources]
    return {"sources": [(source, freshness(source)) for source in found]}


def not_fresh(report: Report) -> list[tuple[SourceState, StateMark]]:
    """Return the sources of projects whose data is older than it may be, for pages about all projects."""
    told = [source for source in report.sources if source.name != RATES]
    return [(source, freshness(source)) for source in told if source.stale]


def contradicted(project: ProjectReport) -> list[Finding]:
    """Return the failed checks of a project's own definition."""
    return [
        finding
        for finding in project.findings
        if finding.result is Result.FAILED and finding.check in OWN_CHECKS
    ]


def evidence(figure: Figure, proven: Figure | None = None) -> StateMark:
    """Mark a sum by how far it is verified; `proven` is what is proven of it, where that is told."""
    if figure.value is None:
        return StateMark(say("not read"), "unchecked", "quiet")
    match figure.verification:
        case "proven":
            return StateMark(say("proven"), "proven", "proven")
        case "reported" if proven is not None and proven.value:
            return StateMark(say("proven in part"), "reported", "reported")
        case "reported":
            return StateMark(say("reported"), "reported", "reported")
        case _:
            word = say("no money yet") if figure.bound.never_more else say("not all read")
            return StateMark(word, "unchecked", "quiet")


def freshness(source: SourceState, *, last_run: bool = False) -> StateMark:
    """Mark a source by whether its data is older than it may be; with `last_run` also by the last answer."""
    if source.closed:
        return StateMark(say("Closed"), "ended", "quiet")
    if source.stale and source.data_at is None:
        return StateMark(say("Silent"), "failed", "bad")
    if source.stale:
        return StateMark(say("Stale"), "stale", "warn")
    if last_run and source.outcome is not Outcome.OK:
        return StateMark(say("Did not answer now"), "stale", "warn")
    return StateMark(say("Fresh"), "proven", "ok")
