"""How well our own sources are read: what is missing, since when, and what each last said."""

from collections.abc import Iterator
from typing import Final

from generator.charts import missing_days
from generator.pages.health_incidents import effects, open_incidents, solved_incidents, status
from generator.pages.page import Content, Page
from generator.pages.state_marks import freshness
from generator.report import Failure, Report
from generator.report.void_notes import VOIDED
from generator.sentence import say
from generator.snapshot import Outcome
from generator.snapshot.clock import SERVER_CLOCK

#: How asking a source ended.
OUTCOMES: Final = {
    Outcome.OK: say("answered"),
    Outcome.UNAVAILABLE: say("unavailable"),
    Outcome.INVALID: say("not understood"),
    Outcome.REFUSED: say("refused by the plausibility gate"),
}
#: Failures and incidents listed, the newest first; the run records under data/ have all of them.
MOST: Final = 30
#: Failures that stand open, the newest; those before are folded.
NEWEST: Final = 3


def pages(report: Report, _content: Content) -> Iterator[Page]:
    """Yield the page of the sources' health."""
    chart = missing_days.chart(report)
    failures, solved, lasting = _failures(report), solved_incidents(report), open_incidents(report)
    told = {each.cause for each in lasting}
    yield Page(
        path="health/index.html",
        template="health.html",
        title=say("Health"),
        section="health",
        description=say(
            "When each source last answered, on which days our data is missing, and what failed."
        ),
        values={
            "status": status(report),
            "effects": effects(report),
            "open": lasting,
            "told": told,
            "solved": solved[:MOST],
            "solved_more": max(len(solved) - MOST, 0),
            "chart": chart,
            "rows": [(health, freshness(health.state, last_run=True)) for health in report.health],
            "webhooks": [(health.state, health.webhook) for health in report.health if health.webhook],
            "servers": [server for health in report.health for server in health.servers],
            "voided": [note for note in report.notes if note.id.startswith(VOIDED)],
            "clocks": [note for note in report.notes if note.id.startswith(f"{SERVER_CLOCK}/")],
            "view": report.view,
            "told_alone": report.view.told_alone(project.identifier for project in report.projects),
            "angor_projects": sum(bool(project.identifier) for project in report.projects),
            "outcomes": OUTCOMES,
            "newest": failures[:NEWEST],
            "earlier": failures[NEWEST:MOST],
            "failures_more": max(len(failures) - MOST, 0),
        },
        charts=(chart,) if chart else (),
        folder="health",
    )


def _failures(report: Report) -> list[Failure]:
    found = [failure for health in report.health for failure in health.failures]
    return sorted(found, key=lambda failure: (failure.at, failure.source), reverse=True)
