"""P2: how much came through each source, all in all? A stacked area of steps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from generator.charts.chart import Chart, Column, Table, drawn
from generator.charts.labels import LINE
from generator.charts.plot import Plot, Width
from generator.charts.scales import amounts, dates, days_until
from generator.report import Report, Subtotal
from generator.text_format import clean, counted, day_text, shortened
from generator.wording import Form, Quoted, Shown, value_of

#: One area alone is what C1 shows.
LEAST: Final = 2
#: Areas that can be told apart; more sources than that are in the table only, and then nothing is drawn.
MOST: Final = 4
_HEADROOM: Final = 1.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The sources with money, the largest first, and the days on which any of them had some."""

    ways: tuple[Subtotal, ...]
    labels: Mapping[str, str]  #: name → label for people
    days: tuple[date, ...]
    today: date

    def label(self, way: Subtotal) -> str:
        """Return a source's short name: ``Angor``, ``BTCPay pay.example.org``."""
        return clean(self.labels.get(way.name, way.name)).partition(",")[0]

    def heights(self, way: Subtotal) -> Iterator[float]:
        """Yield what a source had brought by the end of each day, msat."""
        known = {point.day: float(value_of(point.figure)) for point in way.days}
        so_far = 0.0
        for day in self.days:
            so_far = known.get(day, so_far)
            yield so_far


def chart(report: Report) -> Chart | None:
    """Draw the stack of the portfolio; None with fewer than two sources, or too many to tell apart."""
    ways = tuple(way for way in report.by_source if value_of(way.raised))
    if not LEAST <= len(ways) <= MOST:
        return None
    stack = Stack(
        ways=ways,
        labels={source.name.upper(): source.label for source in report.sources},
        days=tuple(sorted({point.day for way in ways for point in way.days})),
        today=report.as_of.date(),
    )
    most, second = (Shown(way.raised, Form.SHORT) for way in ways[:2])
    through = [Quoted(stack.label(way)) for way in ways]
    span = f"{day_text(stack.days[0])} to {day_text(stack.today)}"
    return Chart(
        id="p2",
        name="Funding by source",
        finding=(most, " came through ", through[0], ", ", second, " through ", through[1]),
        question="How much came through each source, all in all? Confirmed satoshis, added up day by day.",
        alt=(
            f"Stacked step areas of {len(ways)} sources, {span}; the lowest and largest reached ",
            most,
            ".",
        ),
        note="The areas stand on each other, the largest below; their upper edge is all that was raised.",
        table=_table(stack),
        figures=tuple(point.figure for way in ways for point in way.days),
        drawings=drawn(lambda width: _draw(stack, width)),
    )


def _table(stack: Stack) -> Table:
    return Table(
        columns=(
            Column(name="Source"),
            Column(name="Raised, sats", numeric=True),
            Column(name="Contributions", numeric=True),
        ),
        rows=tuple(
            ((Quoted(stack.label(way)),), (Shown(way.raised, unit=False),), (Shown(way.count, unit=False),))
            for way in stack.ways
        ),
        name=counted(len(stack.ways), "source"),
    )


def _draw(stack: Stack, width: Width) -> Plot:
    top = sum(value_of(way.raised) for way in stack.ways) * _HEADROOM
    key = LINE * width.text * len(stack.ways) + 10
    xlim = days_until(stack.today, stack.days[0])
    plot = Plot(xlim, (0, top), width=width, height=240 + key, margin=(width.amounts, key, 8.0, 34.0))
    amounts(plot)
    dates(plot)
    xs = [float(day.toordinal() + 1) for day in stack.days]
    floor = [0.0] * len(xs)
    for number, way in enumerate(stack.ways, 1):
        roof = [low + high for low, high in zip(floor, stack.heights(way), strict=True)]
        plot.area(f"area-{number}", [*xs, float(xlim[1])], [*floor, floor[-1]], [*roof, roof[-1]])
        floor = roof
    plot.line("axis", plot.xlim, (0, 0))  # the areas' edges hid it
    _key(plot, stack)
    return plot


def _key(plot: Plot, stack: Stack) -> None:
    """Name the areas above the plot, the uppermost first, as they stand."""
    letters = 26 if plot.width.narrow else 60
    for row, (number, way) in enumerate(reversed(list(enumerate(stack.ways, 1))), 1):
        y = plot.height - row * LINE * plot.width.text
        plot.swatch(f"area-{number}", 2.0, y - 1, size=0.8 * plot.width.text)
        plot.text("label said", shortened(stack.label(way), letters), 22.0, y)
        value = Shown(way.raised, Form.SHORT).text
        plot.text("label", value, plot.width.px - 2, y, side="right", figure=way.raised.id)
