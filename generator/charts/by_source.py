"""P2: how much came through each source, all in all? A stacked area of steps."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

import msgspec

from generator.charts.chart import Chart, Table, drawn, numeric
from generator.charts.labels import LINE
from generator.charts.plot import Plot, Width
from generator.charts.scales import amounts, dates, days_until
from generator.places import ANGOR
from generator.recorded_words import recognised
from generator.report import Report, Subtotal
from generator.sentence import Sentence, Text, counting, say
from generator.text_format import clean, shortened
from generator.wording import Form, Quoted, Shown, Words, joined, value_of

#: One area alone is what C1 shows.
LEAST: Final = 2
#: Areas that can be told apart; more sources than that are in the table only, and then nothing is drawn.
MOST: Final = 4
_HEADROOM: Final = 1.08


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """The sources with money, the largest first, and the days on which any of them had some."""

    sources: tuple[Subtotal, ...]
    labels: Mapping[str, str]  #: name → label for people
    days: tuple[date, ...]
    until: date  #: the last day that is shown

    def label(self, source: Subtotal) -> Text:
        """Return a source's short name: ``Angor``, ``BTCPay pay.example.org, store 2``."""
        label = clean(self.labels.get(source.name, source.name))
        return label.partition(",")[0] if source.name == ANGOR.upper() else recognised(label)

    def heights(self, source: Subtotal) -> Iterator[float]:
        """Yield what a source had brought by the end of each day, msat."""
        known = {point.day: float(value_of(point.figure)) for point in source.days}
        so_far = 0.0
        for day in self.days:
            so_far = known.get(day, so_far)
            yield so_far


def chart(report: Report) -> Chart | None:
    """Draw the stack of the portfolio; None with fewer than two sources, or too many to tell apart."""
    sources = tuple(source for source in report.by_source if value_of(source.raised))
    if not LEAST <= len(sources) <= MOST:
        return None
    stack = Stack(
        sources=sources,
        labels={state.name.upper(): state.label for state in report.sources},
        days=tuple(sorted({point.day for source in sources for point in source.days})),
        until=report.shown_until,
    )
    return Chart(
        id="p2",
        name=say("Funding by source"),
        finding=_finding(stack),
        question=say(
            "How much came through each source, all in all? Confirmed satoshis, added up day by day."
        ),
        alt=_alt(stack),
        note=say(
            "The areas stand on each other, the largest below; their upper edge is all that was raised."
        ),
        table=_table(stack),
        figures=tuple(point.figure for source in sources for point in source.days),
        drawings=drawn(lambda width: _draw(stack, width)),
    )


def _finding(stack: Stack) -> Words:
    first, second = stack.sources[:2]
    return (
        say(
            "{first} came through {source}, {second} through {other}",
            first=Shown(first.raised, Form.SHORT),
            source=Quoted(stack.label(first)),
            second=Shown(second.raised, Form.SHORT),
            other=Quoted(stack.label(second)),
        ),
    )


def _alt(stack: Stack) -> Words:
    return (
        say(
            "Stacked step areas of {count} sources, {first} to {last}, the largest below: in the end "
            "{parts}.",
            count=len(stack.sources),
            first=stack.days[0],
            last=stack.until,
            parts=joined((_part(stack, source),) for source in stack.sources),
        ),
    )


def _part(stack: Stack, source: Subtotal) -> Sentence:
    raised = Shown(source.raised, Form.SHORT)
    return say("{raised} through {source}", raised=raised, source=Quoted(stack.label(source)))


def _table(stack: Stack) -> Table:
    rows = (
        (
            Quoted(stack.label(source)),
            Shown(source.raised, unit=False),
            Shown(source.count, unit=False),
        )
        for source in stack.sources
    )
    columns = (say("Source"), numeric(say("Raised, sats")), numeric(say("Contributions")))
    return Table.of(counting("{count} source", "{count} sources"), columns, rows)


def _draw(stack: Stack, width: Width) -> Plot:
    top = sum(value_of(source.raised) for source in stack.sources) * _HEADROOM
    key = LINE * width.text * len(stack.sources) + 10
    xlim = days_until(stack.until, stack.days[0])
    plot = Plot(xlim, (0, top), width=width, height=240 + key, margin=(width.amounts, key, 8.0, 34.0))
    amounts(plot)
    dates(plot)
    xs = [float(day.toordinal() + 1) for day in stack.days]
    floor = [0.0] * len(xs)
    for number, source in enumerate(stack.sources, 1):
        roof = [low + high for low, high in zip(floor, stack.heights(source), strict=True)]
        plot.area(f"area-{number}", [*xs, float(xlim[1])], [*floor, floor[-1]], [*roof, roof[-1]])
        floor = roof
    plot.line("axis", plot.xlim, (0, 0))  # the areas' edges hid it
    _key(plot, stack)
    return plot


def _key(plot: Plot, stack: Stack) -> None:
    letters = 26 if plot.width.narrow else 60
    for row, (number, source) in enumerate(reversed(list(enumerate(stack.sources, 1))), 1):
        y = plot.height - row * LINE * plot.width.text
        plot.swatch(f"area-{number}", 2.0, y - 1, size=0.8 * plot.width.text)
        plot.text("label said", shortened(plot.said(stack.label(source)), letters), 22.0, y)
        value = Shown(source.raised, Form.SHORT)
        plot.text("label", value, plot.width.px - 2, y, side="right", figure=source.raised.id)
