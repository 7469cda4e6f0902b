"""Charts of a project by pyplot: funding, weeks, sizes, worth; of Angor where the money is and its stages."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from itertools import accumulate
from typing import Any, Final

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.script.records import IN

Row = Mapping[str, Any]
WIDE: Final = (6.0, 3.4)
NARROW: Final = (3.4, 2.6)
LEAST: Final = 5
EDGES: Final = [digit * 10**power for power in range(12) for digit in (1, 2, 5)]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart at two widths, and its numbers."""

    name: str
    title: str
    wide: str
    narrow: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def svg(figure: Figure) -> str:
    """Return a figure as an element for a page."""
    out = StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    text = out.getvalue()
    return text[text.index("<svg") :]


def finished(
    figure: Figure, name: str, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> Chart:
    """Return a figure at both widths with its numbers."""
    wide = svg(figure)
    figure.set_size_inches(NARROW)
    narrow = svg(figure)
    plt.close(figure)
    return Chart(name, title, wide, narrow, columns, rows)


def chart(
    name: str, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], draw: Callable[[Axes], None]
) -> Chart:
    """Return a chart of one pair of axes."""
    figure, axes = plt.subplots(figsize=WIDE)
    draw(axes)
    axes.set_title(title)
    axes.grid(visible=True, axis="y", alpha=0.3)
    return finished(figure, name, title, columns, rows)


def charts_of(project: Row) -> list[Chart]:
    """Return the charts of a project that has some entries."""
    entries = project["rows"]
    came = [entry for entry in entries if entry["kind"] in IN]
    if len(entries) < LEAST or not came:
        return []
    found = [funding(came, project["figures"]["goal"]), by_week(came, entries[-1]["day"])]
    found += [worth(came), sizes(came)]
    if project["openings"]:
        found += [places(project["figures"]), stages(project["openings"])]
    return [each for each in found if each]


def funding(came: Sequence[Row], goal: int | None, name: str = "c1") -> Chart:
    """Draw what came in, added up day by day."""
    days: defaultdict[Any, int] = defaultdict(int)
    for entry in came:
        days[date.fromisoformat(entry["day"])] += entry["amount_msat"]
    total = list(accumulate(days.values()))

    def draw(axes: Axes) -> None:
        heights = [value / 1e9 for value in total]
        axes.step(list(days), heights, where="post")
        axes.fill_between(list(days), heights, step="post", alpha=0.2)
        if goal:
            axes.axhline(goal / 1e9, linestyle="--")
        axes.set_ylabel("M sats")

    return chart(name, "Funding over time", ("day", "raised_msat"), list(zip(days, total, strict=True)), draw)


def by_week(came: Sequence[Row], last: str) -> Chart | None:
    """Draw what came in each week; none with only one."""
    days = Counter[date]()
    for entry in came:
        day = date.fromisoformat(entry["day"])
        days[day - timedelta(day.weekday())] += entry["amount_msat"]
    first, until = min(days), date.fromisoformat(last)
    weeks: list[Any] = [first + timedelta(7 * week) for week in range((until - first).days // 7 + 1)]
    if len(weeks) == 1:
        return None

    def draw(axes: Axes) -> None:
        axes.bar(weeks[-104:], [days[week] / 1e9 for week in weeks[-104:]], width=6)
        axes.set_ylabel("M sats")

    return chart(
        "c2", "Funding per week", ("week", "amount_msat"), [(week, days[week]) for week in weeks], draw
    )


def worth(came: Sequence[Row]) -> Chart | None:
    """Draw sats and their value at receipt, each as a share of its end; none of a single day."""
    days: dict[Any, tuple[int, float]] = {}
    sats, euro = 0, 0.0
    for entry in came:
        sats, euro = sats + entry["amount_msat"], euro + entry["at_receipt_EUR"]
        days[date.fromisoformat(entry["day"])] = sats, euro
    if len(days) == 1:
        return None

    def draw(axes: Axes) -> None:
        axes.plot(list(days), [each[0] * 100 / sats for each in days.values()], label="sats")
        axes.plot(list(days), [each[1] * 100 / (euro or 1) for each in days.values()], label="EUR")
        axes.legend()

    rows = [(day, *values) for day, values in days.items()]
    return chart("c8", "Satoshis and their value at receipt", ("day", "raised_msat", "worth_EUR"), rows, draw)


def sizes(came: Sequence[Row]) -> Chart | None:
    """Draw how many contributions are of each size; none of few."""
    each = Counter[str]()
    for entry in came:
        each[entry["id"][:64] if entry["kind"] == "investment" else entry["id"]] += entry["amount_msat"]
    if len(each) < LEAST:
        return None
    classes = Counter(max(edge for edge in EDGES if edge * 1000 <= max(size, 1000)) for size in each.values())
    found = sorted(classes.items())

    def draw(axes: Axes) -> None:
        axes.bar([f"{low:,}" for low, _ in found], [count for _, count in found])
        axes.tick_params(axis="x", rotation=45)

    return chart("c6", "Sizes of contributions", ("from_sats", "contributions"), found, draw)


def places(figures: Row) -> Chart | None:
    """Draw where the money is now; none where it is in one place."""
    names = {"claimed": "With the founder", "recovered": "Recovered by investors", "locked": "Still locked"}
    found = [("Raised", figures["raised"]), *((text, figures[name]) for name, text in names.items())]
    found = [(text, value) for text, value in found if value]
    if len(found) <= 2:
        return None

    def draw(axes: Axes) -> None:
        left = [0, *accumulate((value / -1e9 for _, value in found[1:]), initial=figures["raised"] / 1e9)]
        axes.barh([text for text, _ in found], [value / 1e9 for _, value in found], left=[0, *left[2:]])
        axes.invert_yaxis()

    return chart("c4", "Where the money is now", ("where", "amount_msat"), found, draw)


def stages(openings: Sequence[Row]) -> Chart:
    """Draw each opening, or each month of many: what was funded, and what was claimed."""
    width = 10 if len(openings) <= 12 else 7
    funded, claimed = Counter[str](), Counter[str]()
    for stage in openings:
        funded[stage["opens"][:width]] += stage["funded"]
        claimed[stage["opens"][:width]] += stage["claimed"]

    def draw(axes: Axes) -> None:
        axes.barh(list(funded), [value / 1e9 for value in funded.values()], alpha=0.4, label="funded")
        axes.barh(list(claimed), [value / 1e9 for value in claimed.values()], height=0.5, label="claimed")
        axes.legend()

    names = ("opens", "funded", "claimed", "left", "locked", "first")
    rows = [[stage[name] for name in names] for stage in openings]
    return chart("c5", "Stages, planned and claimed", names, rows, draw)
