"""The whole network on one page: totals over time, new projects, types, and what is largest and newest."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import msgspec

from generator.charts import funding_over_time, new_projects
from generator.pages.page import Content, Page
from generator.pages.stages_page import opening_rows
from generator.pages.state_marks import last_change, not_fresh
from generator.report import Figure, ProjectReport, Report
from generator.report.census import Standing
from generator.report.portfolio.network_totals import (
    ANNOUNCED,
    LOCKED_OF,
    OF_TYPE,
    OTHER,
    RAISED_OF,
    TYPES,
    begun,
    state_name,
)
from generator.report.portfolio.openings import ahead, largest, openings
from generator.sentence import Text, say

#: Rows of the short lists.
MOST: Final = 10
_NAMES: Final = {
    "invest": (say("Invest"), say("stages with fixed dates, a goal and a last day")),
    "fund": (say("Fund"), say("each payment opens by its own calendar")),
    "subscribe": (say("Subscribe"), say("regular payments that open one after the other")),
    OTHER: (say("Other"), say("BTCPay, or not read yet")),
}


class TypeTotals(msgspec.Struct, frozen=True, kw_only=True):
    """One type of project in the table."""

    name: Text
    means: Text
    projects: Figure
    raised: Figure
    locked: Figure
    width: str | None  #: share of what was raised, percent, for the bar


def pages(report: Report, _content: Content) -> Iterator[Page]:
    """Yield the page of the network when the report is of the whole network."""
    if report.config.angor.discover != "all":
        return
    total, months = funding_over_time.of_portfolio(report), new_projects.chart(report)
    newest = newest_first(report)
    coming = ahead(openings(report.projects), report.as_of.date())
    yield Page(
        path="network/index.html",
        template="network.html",
        title=say("The network"),
        section="network",
        description=say(
            "Every Angor project since the protocol began: totals, types, new projects and stages."
        ),
        values={
            "months": months,
            "changed_at": last_change(report.projects),
            "not_fresh": not_fresh(report),
            "total": total,
            "types": types(report),
            "largest": opening_rows(report, largest(coming, MOST)),
            "newest": newest[:MOST],
            "census_counts": [
                (standing, report.figures[ANNOUNCED.name_of(state_name(standing))]) for standing in Standing
            ],
            "unread": report.census.of(Standing.UNREAD, Standing.UNKNOWN_TERMS),
            "undated": len(report.projects) - len(newest),
        },
        charts=tuple(chart for chart in (total, months) if chart),
        folder="network",
    )


def types(report: Report) -> list[TypeTotals]:
    """Return Angor's types, and the others if there are any."""
    found = []
    whole = report.figures["raised"].value
    for key in (*TYPES, OTHER):
        projects = report.figures.get(OF_TYPE.name_of(key))
        if projects is None:
            continue
        raised = report.figures[RAISED_OF.name_of(key)]
        known = isinstance(raised.value, int) and isinstance(whole, int) and whole
        found.append(
            TypeTotals(
                name=_NAMES[key][0],
                means=_NAMES[key][1],
                projects=projects,
                raised=raised,
                locked=report.figures[LOCKED_OF.name_of(key)],
                width=f"{Decimal(raised.value or 0) * 100 / Decimal(whole or 1):.2f}" if known else None,
            )
        )
    return found


def newest_first(report: Report) -> list[ProjectReport]:
    """Return the projects whose first day is known and has come: the latest first, then by slug."""
    today = report.as_of.date()
    dated = [(day, project) for project in report.projects if (day := begun(project, today))]
    dated.sort(key=lambda pair: (-pair[0].toordinal(), pair[1].slug))
    return [project for _, project in dated]
