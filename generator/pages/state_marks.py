"""States as word, shape and colour, in this order: the word alone must do."""

from dataclasses import dataclass
from typing import Final

from generator.report.model import Figure, ProjectReport, SourceState, Standing
from generator.snapshot import Finding, Outcome, Result


@dataclass(frozen=True, slots=True)
class State:
    """A word with its shape and the class that colours the shape."""

    word: str
    icon: str
    kind: str


STANDINGS: Final = {
    Standing.UPCOMING: State("Not open yet", "unchecked", "quiet"),
    Standing.REACHED: State("Goal reached", "reached", "ok"),
    Standing.ON_PACE: State("On pace", "pace", "ok"),
    Standing.BEHIND: State("Behind pace", "behind", "warn"),
    Standing.OPEN: State("Collecting", "pace", "quiet"),
    Standing.ENDED: State("Ended below goal", "ended", "quiet"),
    Standing.NO_GOAL: State("No goal", "nogoal", "quiet"),
    Standing.UNKNOWN: State("Not known yet", "unchecked", "quiet"),
}
RESULTS: Final = {
    Result.OK: State("verified", "proven", "proven"),
    Result.FAILED: State("mismatch", "failed", "bad"),
    Result.NOT_CHECKED: State("not checked", "unchecked", "quiet"),
}
#: Checks of a project's own definition. Others judge transactions that strangers can send.
OWN_CHECKS: Final = frozenset(
    {
        "event-id",
        "event-signature",
        "event-author",
        "founder-key-address",
        "founding-commitment",
        "network-name",
    }
)


def contradicted(project: ProjectReport) -> list[Finding]:
    """Return the failed checks of a project's own definition."""
    return [one for one in project.findings if one.result is Result.FAILED and one.check in OWN_CHECKS]


def evidence(figure: Figure) -> State:
    """Return how far a sum is verified."""
    if figure.value is None:
        return State("not read", "unchecked", "quiet")
    match figure.verification:
        case "proven":
            return State("proven", "proven", "proven")
        case "reported":
            return State("reported", "reported", "reported")
        case _:
            return State("no money yet", "unchecked", "quiet")


def freshness(source: SourceState) -> State:
    """Return whether a source's data is fresh, stale or missing."""
    if source.data_at is None:
        return State("Never reached", "failed", "bad")
    if source.stale:
        return State("Stale", "stale", "warn")
    if source.outcome is not Outcome.OK:
        return State("Did not answer now", "stale", "warn")
    return State("Fresh", "proven", "ok")
