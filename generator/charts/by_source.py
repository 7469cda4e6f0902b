"""P2: how much came through each source, all in all? A stacked area of steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from generator.charts.chart import Chart, Column, drawn
from generator.charts.labels import LINE
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates, levels
from generator.report.model import Report, Way
from generator.wording import Form, Said, Shown, Words, clean, day_text, value_of

#: One area alone is what C1 shows.
LEAST: Final = 2
#: Bands drawn; more sources than that are in the table only, and then nothing is drawn.
MOST: Final = 4
_LEAST_DAYS: Final = 14
_HEADROOM: Final = 1.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The sources with money, the largest first, and their heights on each day that any of them has."""

    ways: tuple[Way, ...]
    labels: Mapping[str, str]  #: name → label for people
    days: tuple[date, ...]
    today: date

    def label(self, way: Way) -> str:
        """Return a source's short name: ``Angor``, ``BTCPay pay.example.org``."""
        return clean(self.labels.get(way.name, way.name)).partition(",")[0]

    def heights(self, way: Way) -> list[float]:
        """Return a source's total at the end of each day, millisatoshis."""
        known = {point.day: float(value_of(point.figure)) for point in way.days}
        found, now = [], 0.0
        for day in self.days:
            now = known.get(day, now)
            found.append(now)
        return found


def sources(report: Report) -> Chart | None:
    """Return the stack of the portfolio; None with fewer than two sources of money, or too many to tell."""
    ways = tuple(way for way in report.ways if value_of(way.raised))
    if not LEAST <= len(ways) <= MOST:
        return None
    days = sorted({point.day for way in ways for point in way.days})
    labels = {source.name.upper(): source.label for source in report.sources}
    stack = Stack(ways=ways, labels=labels, days=tuple(days), today=report.as_of.date())
    first, second = ways[0], ways[1]
    return Chart(
        id="p2",
        name="Funding by source",
        finding=(
            Shown(first.raised, Form.SHORT),
            " came through ",
            *_named(stack, first),
            ", ",
            Shown(second.raised, Form.SHORT),
            " through ",
            *_named(stack, second),
        ),
        question="How much came through each source, all in all? Confirmed satoshis, added up day by day.",
        alt=(
            f"Stacked step areas of {len(ways)} sources, {day_text(days[0])} to {day_text(stack.today)}; ",
            "the lowest and largest reached ",
            Shown(first.raised, Form.SHORT),
            ".",
        ),
        note="The areas stand on each other, the largest below; their upper edge is all that was raised.",
        columns=(
            Column(name="Source"),
            Column(name="Raised, sats", numeric=True),
            Column(name="Contributions", numeric=True),
        ),
        rows=tuple(
            (_named(stack, way), (Shown(way.raised, unit=False),), (Shown(way.count, unit=False),))
            for way in ways
        ),
        rows_name=f"{len(ways)} sources",
        figures=tuple(point.figure for way in ways for point in way.days),
        drawings=drawn(lambda width: _draw(stack, width)),
    )


def _named(stack: Stack, way: Way) -> Words:
    return (Said(stack.label(way)),)


def _draw(stack: Stack, width: Width) -> Plot:
    ways = stack.ways
    top = sum(value_of(way.raised) for way in ways) * _HEADROOM
    last = stack.today.toordinal() + 1
    first = min(stack.days[0].toordinal(), last - _LEAST_DAYS)
    key = LINE * width.text * len(ways) + 10
    margin = (58.0 if width.narrow else 64.0, key, 8.0, 34.0)
    plot = Plot((first, last), (0, top), width=width, height=240 + key, margin=margin)
    levels(plot)
    dates(plot)
    xs = [float(day.toordinal() + 1) for day in stack.days]
    floor = [0.0] * len(xs)
    for number, way in enumerate(ways):
        roof = [low + high for low, high in zip(floor, stack.heights(way), strict=True)]
        plot.area(f"area-{number + 1}", [*xs, float(last)], [*floor, floor[-1]], [*roof, roof[-1]])
        floor = roof
    plot.line("axis", plot.xlim, (0, 0))  # the areas' edges hid it
    _key(plot, stack)
    return plot


def _key(plot: Plot, stack: Stack) -> None:
    """Name the areas above the plot, the uppermost first, as they stand."""
    left = 2.0
    for row, (number, way) in enumerate(reversed(list(enumerate(stack.ways)))):
        y = plot.height - (row + 1) * LINE * plot.width.text
        plot.swatch(f"area-{number + 1}", left, y - 1, size=0.8 * plot.width.text)
        value = Shown(way.raised, Form.SHORT).text
        right = plot.width.px - 2
        plot.text("label said", _fitted(plot, stack.label(way)), left + 20, y)
        plot.text("label", value, right, y, ha="right", figure=way.raised.id)


def _fitted(plot: Plot, label: str) -> str:
    most = 26 if plot.width.narrow else 60
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"
