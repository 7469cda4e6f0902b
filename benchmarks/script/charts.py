"""Charts of a project by pyplot: what came in, by month, worth, and for Angor its stages and flow."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from itertools import accumulate
from typing import Any, Final

from matplotlib import pyplot as plt
from matplotlib.axes import Axes

Row = Mapping[str, Any]
WIDE: Final = (6.0, 3.4)
NARROW: Final = (3.4, 2.6)
IN: Final = frozenset({"payment", "investment"})


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart at two widths, and its numbers."""

    name: str
    title: str
    wide: str
    narrow: str
    table: str


def svg(size: tuple[float, float], draw: Callable[[Axes], None], title: str) -> str:
    """Return one drawing."""
    figure, axes = plt.subplots(figsize=size)
    draw(axes)
    axes.set_title(title)
    axes.grid(visible=True, axis="y", alpha=0.3)
    figure.autofmt_xdate()
    out = StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    plt.close(figure)
    return out.getvalue()[out.getvalue().index("<svg") :]


def chart(name: str, title: str, points: Mapping[Any, float], draw: Callable[[Axes], None]) -> Chart:
    """Return a chart at both widths with its table."""
    table = "at,value\n" + "".join(f"{at},{value}\n" for at, value in points.items())
    return Chart(name, title, svg(WIDE, draw, title), svg(NARROW, draw, title), table)


def charts_of(project: Row, entries: Sequence[Row]) -> list[Chart]:
    """Return the charts of a project."""
    came = [entry for entry in entries if entry["kind"] in IN]
    days: defaultdict[Any, float] = defaultdict(float)
    months: defaultdict[str, float] = defaultdict(float)
    worth: defaultdict[Any, float] = defaultdict(float)
    for entry in came:
        day = datetime.fromisoformat(entry["at"]).date()
        days[day] += entry["amount_msat"] / 1e9
        months[entry["at"][:7]] += entry["amount_msat"] / 1e9
        for part in entry.get("at_receipt", ()):
            worth[day] += float(part["value"])
    total = dict(zip(days, accumulate(days.values()), strict=True))
    value = dict(zip(worth, accumulate(worth.values()), strict=True))
    goal = project["figures"]["goal"]

    def funding(axes: Axes) -> None:
        axes.step(list(total), list(total.values()), where="post")
        axes.fill_between(list(total), list(total.values()), step="post", alpha=0.2)
        if goal:
            axes.axhline(goal / 1e9, linestyle="--")
        axes.set_ylabel("M sats")

    def by_month(axes: Axes) -> None:
        axes.bar(list(months), list(months.values()))
        axes.set_ylabel("M sats")

    def in_euro(axes: Axes) -> None:
        axes.plot(list(value), list(value.values()))
        axes.set_ylabel("EUR")

    found = [chart("c1", "Funding over time", total, funding), chart("c2", "By month", months, by_month)]
    if value:
        found.append(chart("c8", "Worth at receipt", value, in_euro))
    return [*found, *stage_charts(entries)]


def stage_charts(entries: Sequence[Row]) -> list[Chart]:
    """Return what was locked and claimed by stage, and where the money is; none without stages."""
    locked: Counter[int] = Counter()
    claimed: Counter[int] = Counter()
    kinds: Counter[str] = Counter()
    for entry in entries:
        kinds[entry["kind"]] += entry["amount_msat"] / 1e9
        if stage := entry.get("stage"):
            (locked if entry["kind"] == "investment" else claimed)[stage] += entry["amount_msat"] / 1e9
    if not locked:
        return []

    def stages(axes: Axes) -> None:
        axes.barh(list(locked), list(locked.values()), alpha=0.4, label="locked")
        axes.barh(list(claimed), list(claimed.values()), height=0.5, label="claimed")
        axes.legend()

    def flow(axes: Axes) -> None:
        axes.barh(list(kinds), list(kinds.values()))

    return [chart("c4", "Stages", locked, stages), chart("c5", "Where the money is", kinds, flow)]
