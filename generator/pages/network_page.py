"""The whole network on one page: totals over time, new projects, types, and what is largest and newest."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from generator.charts.chart import Chart
from generator.charts.months import newcomers
from generator.pages.page import Page
from generator.report.model import Figure, ProjectReport, Report
from generator.report.series.network import LOCKED_OF, NEW, OF_TYPE, OTHER, RAISED_OF, TYPES, begun
from generator.report.series.openings import Opening, largest

#: Rows of the short lists.
MOST: Final = 10
_NAMES: Final = {
    "invest": ("Invest", "stages with fixed dates, a goal and a last day"),
    "fund": ("Fund", "each payment opens by its own calendar"),
    "subscribe": ("Subscribe", "regular payments that open one after the other"),
    OTHER: ("Other", "BTCPay, or not read yet"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """One type of project in the table."""

    name: str
    means: str
    projects: Figure
    raised: Figure
    locked: Figure
    width: str | None  #: share of what was raised, percent, for the bar


def chart(report: Report) -> Chart | None:
    """Return the bars of new projects; None in a report that is not of the whole network."""
    return newcomers([figure for name, figure in report.figures.items() if name.startswith(f"{NEW}@")])


def pages(report: Report, months: Chart | None, total: Chart | None, coming: list[Opening]) -> Iterator[Page]:
    """Yield the page of the network when the report is of the whole network."""
    if report.config.angor.discover != "all":
        return
    today = report.as_of.date()
    yield Page(
        path="network/index.html",
        template="network.html",
        title="The network",
        section="network",
        description="Every Angor project since the protocol began: totals, types, new projects and stages.",
        values={
            "months": months,
            "total": total,
            "types": types(report),
            "largest": largest(coming, MOST),
            "newest": newest(report, today),
            "dated": sum(begun(project, today) is not None for project in report.projects),
            "today": today,
        },
    )


def types(report: Report) -> list[Type]:
    """Return Angor's types, and the others if there are any."""
    found = []
    whole = report.figures["raised"].value
    for key in (*TYPES, OTHER):
        projects = report.figures.get(f"{OF_TYPE}@{key}")
        if projects is None:
            continue
        raised = report.figures[f"{RAISED_OF}@{key}"]
        known = isinstance(raised.value, int) and isinstance(whole, int) and whole
        found.append(
            Type(
                name=_NAMES[key][0],
                means=_NAMES[key][1],
                projects=projects,
                raised=raised,
                locked=report.figures[f"{LOCKED_OF}@{key}"],
                width=f"{Decimal(raised.value or 0) * 100 / Decimal(whole or 1):.2f}" if known else None,
            )
        )
    return found


def newest(report: Report, today: date) -> list[ProjectReport]:
    """Return the projects that began last, then by slug."""
    dated = [(day, project) for project in report.projects if (day := begun(project, today))]
    dated.sort(key=lambda pair: (-pair[0].toordinal(), pair[1].slug))
    return [project for _, project in dated[:MOST]]
