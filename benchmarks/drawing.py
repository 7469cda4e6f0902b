"""What one drawing costs against the same step line by matplotlib's own axes; prints rows as JSON.

python -m benchmarks.drawing
"""

import gc
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from statistics import median
from typing import Final

from matplotlib.figure import Figure

from benchmarks.row import Row
from generator import report
from generator.charts import funding_over_time
from generator.config import parse
from generator.language import ENGLISH
from generator.ledger import Entry, Kind, Status
from generator.places import btcpay_place, part_of_store, store_source
from generator.snapshot import Goal, Line, Project, Record, Run, fold

ROUNDS: Final = 15
DAYS: Final = 365
DAY: Final = timedelta(days=1)
START: Final = datetime(2025, 1, 1, tzinfo=UTC)
SOURCE: Final = store_source("S")
CONFIG: Final = """\
version: 1
site: {title: Benchmark}
network: main
sources: {btcpay: [{id: pay, url: "https://pay.example.org", token_env: T, stores: [S]}]}
projects: [{slug: well, btcpay: {source: pay, app: A}}]
"""


def year() -> report.Report:
    """Return the report of one crowdfund with a row on each day of a year."""
    place = btcpay_place("S", part_of_store("crowdfund", "A"))
    goal = Goal(amount_msat=DAYS * 10**9)
    records: list[Record] = [Project(id=place, source=SOURCE, kind="crowdfund", title="well", goal=goal)]
    rows = [
        Entry(
            id=f"{place}/{day}",
            source=SOURCE,
            place=place,
            kind=Kind.PAYMENT,
            amount_msat=(day % 7 + 1) * 10**8,
            at=START + day * DAY,
            status=Status.CONFIRMED,
        )
        for day in range(DAYS)
    ]
    run = Run(id="r", source="runs", at=START + DAYS * DAY, network="main", snapshot="0" * 64)
    lines = [Line(run="r", record=record) for record in (*records, *rows, run)]
    return report.build(fold(lines), parse(CONFIG), demo=False)


def plain(project: report.ProjectReport) -> str:
    """Draw the same step line the way matplotlib's first page shows."""
    figure = Figure(figsize=(9.7, 5.5))
    axes = figure.add_subplot()
    days = [point.day for point in project.funding]
    amounts = [int(point.figure.value or 0) / 1e9 for point in project.funding]
    axes.step(days, amounts, where="post")  # type: ignore[arg-type]
    axes.axhline(int(project.figures["goal"].value or 0) / 1e9)
    axes.set_title(project.title)
    axes.set_ylabel("M sats")
    out = StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()


def compared(*ways: Callable[[], object]) -> list[float]:
    """Return the median CPU seconds of each way, measured in turns in this process."""
    times: list[list[float]] = [[] for _ in ways]
    for way in ways:
        way()
    for _ in range(ROUNDS):
        for way, seconds in zip(ways, times, strict=True):
            gc.collect()
            begin = time.process_time()
            way()
            seconds.append(time.process_time() - begin)
    return [median(seconds) for seconds in times]


def main() -> None:
    """Compare, and print rows."""
    made = year()
    [project] = made.projects

    def ours() -> list[str]:
        chart = funding_over_time.of_project(made, project)
        if chart is None:
            raise LookupError("a year of rows has no chart")  # noqa: EM101, TRY003 -- cannot be
        return [chart.svg(drawing) for drawing in chart.drawings(ENGLISH)]

    plain_s, ours_s = compared(lambda: plain(project), ours)
    drawings = ours()
    each_s, size = ours_s / len(drawings), max(map(len, drawings))
    text = f"step chart of {DAYS} days, {size / 1024:.1f} KiB against {len(plain(project)) / 1024:.1f} KiB"
    print(Row(name="one drawing, ms of CPU", value=each_s * 1e3, most=1.5, text=text).as_json())
    text = f"{plain_s * 1e3:.1f} ms; {each_s * 1e3:.2f} ms"
    print(
        Row(
            name="one drawing: plain matplotlib ÷ ours", value=plain_s / each_s, least=30, text=text
        ).as_json()
    )
    print(Row(name="one drawing, KiB", value=size / 1024, most=8).as_json())


if __name__ == "__main__":
    main()
