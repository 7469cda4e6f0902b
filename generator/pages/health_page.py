"""How well our own sources are read: what is missing, since when, and what each last said."""

from typing import Final

from generator.charts.chart import Chart
from generator.pages.page import Page
from generator.pages.state_marks import freshness
from generator.report.health.strips import spells
from generator.report.model import Report

#: Failures and spells listed, the newest first; the run records under data/ have all of them.
MOST: Final = 30


def page(report: Report, chart: Chart | None) -> Page:
    """Return the page of the sources' health."""
    lost = [(one, first, last) for one in report.health for first, last in spells(one)]
    lost.sort(key=lambda row: (row[2], row[1], row[0].state.name), reverse=True)
    failures = sorted(
        (failure for one in report.health for failure in one.failures),
        key=lambda failure: (failure.at, failure.source),
        reverse=True,
    )
    return Page(
        path="health/index.html",
        template="health.html",
        title="Health",
        section="health",
        description="When each source last answered, on which days our data is missing, and what failed.",
        values={
            "chart": chart,
            "rows": [(one, freshness(one.state)) for one in report.health],
            "webhooks": [(one.state, one.webhook) for one in report.health if one.webhook],
            "lost": lost[:MOST],
            "lost_more": max(len(lost) - MOST, 0),
            "failures": failures[:MOST],
            "failures_more": max(len(failures) - MOST, 0),
        },
    )
