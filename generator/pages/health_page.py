"""How well our own sources are read: what is missing, since when, and what each last said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from generator.charts import missing_days
from generator.pages.page import Content, Page
from generator.pages.state_marks import freshness
from generator.report import Failure, Health, Report
from generator.report.health.coverage import missing_ranges
from generator.report.void_notes import VOIDED
from generator.sentence import Sentence, say, say_count
from generator.snapshot.clock import SERVER_CLOCK

#: Failures and ranges listed, the newest first; the run records under data/ have all of them.
MOST: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingDays:
    """A stretch of days on which data of a source is missing."""

    health: Health
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it lasted."""
        return (self.last - self.first).days + 1


def pages(report: Report, _content: Content) -> Iterator[Page]:
    """Yield the page of the sources' health."""
    chart = missing_days.chart(report)
    lost, failures = _lost(report), _failures(report)
    yield Page(
        path="health/index.html",
        template="health.html",
        title=say("Health"),
        section="health",
        description=say(
            "When each source last answered, on which days our data is missing, and what failed."
        ),
        values={
            "status": status(report, lost=bool(lost)),
            "chart": chart,
            "rows": [(health, freshness(health.state, last_run=True)) for health in report.health],
            "webhooks": [(health.state, health.webhook) for health in report.health if health.webhook],
            "servers": [server for health in report.health for server in health.servers],
            "voided": [note for note in report.notes if note.id.startswith(VOIDED)],
            "clocks": [note for note in report.notes if note.id.startswith(f"{SERVER_CLOCK}/")],
            "view": report.view,
            "told_alone": report.view.told_alone(project.identifier for project in report.projects),
            "angor_projects": sum(bool(project.identifier) for project in report.projects),
            "lost": lost[:MOST],
            "lost_more": max(len(lost) - MOST, 0),
            "failures": failures[:MOST],
            "failures_more": max(len(failures) - MOST, 0),
        },
        charts=(chart,) if chart else (),
        folder="health",
    )


def status(report: Report, *, lost: bool) -> Sentence:
    """Return the first sentences: whether every source is fresh, and whether days are missing."""
    stale = sum(health.state.stale for health in report.health)
    if not report.health:
        return say("No source is configured.")
    first = say("Every source is fresh.")
    if stale:
        first = say_count(
            "One source is stale or was never reached; what is known of it is shown with its age.",
            "{count} sources are stale or were never reached; what is known of them is shown with its age.",
            stale,
        )
    second = say("No day of the last 90 is missing since the record began.")
    if lost:
        second = say("There are days without an answer in the last 90.")
    return say("{first} {second}", first=first, second=second)


def _lost(report: Report) -> list[MissingDays]:
    found = [
        MissingDays(health=health, first=first, last=last)
        for health in report.health
        for first, last in missing_ranges(health)
    ]
    found.sort(key=lambda missing: (missing.last, missing.first, missing.health.state.name), reverse=True)
    return found


def _failures(report: Report) -> list[Failure]:
    found = [failure for health in report.health for failure in health.failures]
    return sorted(found, key=lambda failure: (failure.at, failure.source), reverse=True)
