"""Bars that lie: a row each, its name on the left, its amount on the right; on phones both stand above it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Literal

import msgspec

from generator.charts.chart import Table, numeric
from generator.charts.labels import BOLD, Anchor
from generator.charts.plot import Plot, Width
from generator.report import Figure
from generator.sentence import AtStart, Sentence, say
from generator.wording import Form, Shown, plain, value_of

_LEAST_PX: Final = 2  #: small is not nothing
_ROW: Final = 37
_ROW_NARROW: Final = 46
_AIR: Final = 14  #: pixels between bars and amounts


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One row: from `start` to `start` + the figure, msat."""

    name: str | Sentence | AtStart
    figure: Figure
    kind: str = "bar"
    phrase: Sentence | None = None  #: what a sentence says of it, with its ``{amount}``
    start: int = 0
    strong: bool = False
    joint: Literal["", "start", "end"] = ""  #: which end a thin line leads down to the next row from

    @property
    def said(self) -> Sentence:
        """The bar in a sentence, with its amount."""
        amount = Shown(self.figure, Form.SHORT)
        return replace(self.phrase or say("{amount}"), values=(("amount", amount),))


def draw_bars(bars: Sequence[Bar], width: Width, *, whole: int, names: float) -> Plot:
    """Draw the rows on a scale from zero to `whole`, msat; `names` is the room of the names in pixels."""
    step = _ROW_NARROW if width.narrow else _ROW
    amounts = max(len(plain(_amount(bar), width.language)) for bar in bars) * BOLD * width.text + _AIR
    margin = (2.0, 2.0, 2.0, 4.0) if width.narrow else (names, 2.0, amounts, 4.0)
    plot = Plot((0, whole), (len(bars), 0), width=width, height=step * len(bars) + 6, margin=margin)
    low, high = (0.5, 0.86) if width.narrow else (0.22, 0.78)
    least = whole * _LEAST_PX / (width.px - margin[0] - margin[2])
    plot.line("axis", (0, 0), (0, len(bars)))
    for row, bar in enumerate(bars):
        end = min(float(whole), bar.start + max(float(value_of(bar.figure)), least))
        plot.rectangle(bar.kind, (min(float(bar.start), end - least), end), (row + low, row + high))
        if bar.joint and row < len(bars) - 1:
            joint = bar.start if bar.joint == "start" else end
            plot.line("axis", (joint, joint), (row + high, row + 1 + low))
    for row, bar in enumerate(bars):  # above every line
        _name(plot, row, bar)
    return plot


def bar_table(noun: Callable[[int], Sentence], name: Sentence, bars: Sequence[Bar]) -> Table:
    """Return the same in rows; `name` is what a bar stands for."""
    rows = ((bar.name, Shown(bar.figure, unit=False)) for bar in bars)
    return Table.of(noun, (name, numeric(say("Amount, sats"))), rows)


def _name(plot: Plot, row: int, bar: Bar) -> None:
    kind = "strong halo" if bar.strong else "label halo"
    narrow = plot.width.narrow
    left, y = plot.at(0, row + (0.36 if narrow else 0.5))
    y -= 0 if narrow else plot.width.drop
    anchor = Anchor(left + 4, y) if narrow else Anchor(left - 12, y, "right")
    plot.text(kind, bar.name, anchor.x, anchor.y, side=anchor.side)
    right = plot.width.px - (8 if narrow else 2)
    plot.text(kind, _amount(bar), right, y, side="right", figure=bar.figure.id)


def _amount(bar: Bar) -> Shown:
    return Shown(bar.figure, Form.SHORT, unit=False)
