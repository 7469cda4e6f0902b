"""What things cost, as ratios measured in one run: read ratios, not milliseconds.

    make bench

Each pair is measured in turns in the same process, and the median is taken.
"""

import gc
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from statistics import median

from matplotlib.figure import Figure

from generator import report
from generator.charts import funding_over_time
from generator.config import parse
from generator.ledger import Entry, Kind, Status
from generator.places import btcpay_place, part_of_store, store_source
from generator.report import Report
from generator.snapshot import Goal, Known, Line, Project, Run, fold

ROUNDS = 15
DAY = timedelta(days=1)
START = datetime(2025, 1, 1, tzinfo=UTC)
SOURCE = store_source("S")
CONFIG = """\
version: 1
site: {{title: Benchmark}}
network: main
sources: {{btcpay: [{{id: pay, url: "https://pay.example.org", token_env: T, stores: [S]}}]}}
projects:
{projects}
"""


def lines(projects: int, days: int) -> list[Line]:
    """Return a log of `projects` crowdfunds with a row on each of `days` days."""
    found = []
    for number in range(projects):
        place, goal = (
            btcpay_place("S", part_of_store("crowdfund", f"A{number}")),
            Goal(amount_msat=days * 10**9),
        )
        title = f"project-{number}"
        record = Project(id=place, source=SOURCE, kind="crowdfund", title=title, goal=goal)
        found.append(Line(run="r", record=record))
        for day in range(days):
            entry = Entry(
                id=f"{place}/{day}",
                source=SOURCE,
                place=place,
                kind=Kind.PAYMENT,
                amount_msat=(day % 7 + 1) * 10**8,
                at=START + day * DAY,
                status=Status.CONFIRMED,
            )
            found.append(Line(run="r", record=entry))
    run = Run(id="r", source="runs", at=START + days * DAY, network="main", snapshot="0" * 64)
    return [*found, Line(run="r", record=run)]


def built(known: Known, projects: int) -> Report:
    """Return the report of a log."""
    listed = "\n".join(
        f"  - {{slug: project-{n}, btcpay: {{source: pay, app: A{n}}}}}" for n in range(projects)
    )
    return report.build(known, parse(CONFIG.format(projects=listed)), demo=False)


def naive(project: report.ProjectReport) -> str:
    """Draw the same step line the way matplotlib's first page shows."""
    figure = Figure(figsize=(9.7, 5.5))
    axes = figure.add_subplot()
    axes.step(
        [p.day for p in project.funding],
        [int(p.figure.value or 0) / 1e9 for p in project.funding],
        where="post",
    )
    axes.axhline(int(project.figures["goal"].value or 0) / 1e9)
    axes.set_title(project.title)
    axes.set_ylabel("M sats")
    out = StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()


def compared(*ways: Callable[[], object]) -> list[float]:
    """Return the median seconds of each way, measured in turns."""
    times: list[list[float]] = [[] for _ in ways]
    for way in ways:
        way()
    for _ in range(ROUNDS):
        for way, seconds in zip(ways, times, strict=True):
            gc.collect()
            begin = time.perf_counter()
            way()
            seconds.append(time.perf_counter() - begin)
    return [median(seconds) for seconds in times]


def charts() -> None:
    """Compare our step chart, at both widths, with one naive one."""
    made = built(fold(lines(1, 365)), 1)
    [project] = made.projects
    chart = funding_over_time.of_project(made, project)
    assert chart is not None  # noqa: S101 -- a year of rows has a chart
    plain, ours = compared(lambda: naive(project), lambda: funding_over_time.of_project(made, project))
    each = ours / len(chart.drawings)
    size = len(chart.svg(chart.drawings[0])) / 1024
    print(f"step chart of 365 days: naive {plain * 1e3:.1f} ms, ours {each * 1e3:.1f} ms a drawing")
    print(f"  = {plain / each:.1f} times faster, {size:.1f} KiB against {len(naive(project)) / 1024:.1f} KiB")


def growth() -> None:
    """Compare folding and reporting a log with one ten times as large."""
    small, large = lines(10, 365), lines(100, 365)
    few, many = compared(lambda: fold(small), lambda: fold(large))
    print(f"fold of {len(small)} lines {few * 1e3:.0f} ms, of {len(large)} lines {many * 1e3:.0f} ms")
    print(f"  = {many / few:.1f} times the time for {len(large) / len(small):.1f} times the lines")
    less, more = fold(small), fold(large)
    few, many = compared(lambda: built(less, 10), lambda: built(more, 100))
    print(f"report of 10 projects {few * 1e3:.0f} ms, of 100 projects {many * 1e3:.0f} ms")
    print(f"  = {many / few:.1f} times the time for 10 times the projects")


if __name__ == "__main__":
    charts()
    growth()
