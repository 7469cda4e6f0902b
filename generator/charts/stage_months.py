"""C5 of a project with many openings: what became of the stages of each month, stacked."""

from collections.abc import Iterable, Sequence
from datetime import date
from math import ceil
from typing import Final

import msgspec

from generator.charts.labels import LETTER, LINE, Anchor, Side
from generator.charts.plot import Plot, Width
from generator.charts.scales import amounts, amounts_room
from generator.report import StageRow
from generator.report.figures.figure import MSAT
from generator.sentence import Sentence, say
from generator.wording import value_of

#: Months drawn at most, the last ones of what is known.
MOST: Final = 24
MOST_NARROW: Final = 9
_HEIGHT: Final = 250
_FOOT: Final = 34.0
_HEADROOM: Final = 1.12
_BAR: Final = (0.14, 0.86)  #: of a month's room
_NAME_PX: Final = 46  #: that the name of a month takes
_YEAR: Final = 12  #: months
#: Parts of a bar from below: class, and what the key calls it.
_PARTS: Final[tuple[tuple[str, Sentence], ...]] = (
    ("bar-founder", say("claimed")),
    ("bar-back", say("went back")),
    ("hatch", say("open, not claimed")),
    ("bar-open", say("opens later")),
)


class StageMonth(msgspec.Struct):
    """The stages that open in one month, msat, in the order of `_PARTS`."""

    first: date
    parts: list[int]


def months(rows: Iterable[StageRow], until: date) -> list[StageMonth]:
    """Return every month from the first opening's to the last one's; `until` parts open from later ones."""
    found: dict[int, StageMonth] = {}
    for row in rows:
        at = _index(row.opens_on)
        month = found.setdefault(at, StageMonth(row.opens_on.replace(day=1), [0] * len(_PARTS)))
        month.parts[0] += value_of(row.claimed)
        month.parts[1] += value_of(row.left)
        month.parts[2 if row.opens_on <= until else 3] += value_of(row.locked)
    return [
        found.get(at, StageMonth(date(at // _YEAR, at % _YEAR + 1, 1), [0] * len(_PARTS)))
        for at in range(min(found), max(found) + 1)
    ]


def draw(every: Sequence[StageMonth], until: date, width: Width) -> Plot:
    """Draw the latest months as stacked bars, with a key above and a line at `until`."""
    shown = every[-(MOST_NARROW if width.narrow else MOST) :]
    top = max(*(sum(month.parts) for month in shown), 1) * _HEADROOM
    rows = 2 if width.narrow else 1
    head = rows * LINE * width.text + 24
    margin = (amounts_room(width, top, MSAT), head, 8.0, _FOOT)
    plot = Plot((0, len(shown)), (0, top), width=width, height=_HEIGHT + head, margin=margin)
    amounts(plot)
    for at, month in enumerate(shown):
        _stack(plot, at, month)
    plot.line("axis", plot.xlim, (0, 0))
    _name_months(plot, shown)
    _mark_until(plot, shown, until)
    _key(plot, columns=4 // rows)
    return plot


def _stack(plot: Plot, at: int, month: StageMonth) -> None:
    span, low = (at + _BAR[0], at + _BAR[1]), 0
    for (kind, _), part in zip(_PARTS, month.parts, strict=True):
        if part:
            if kind == "hatch":
                plot.rectangle("bar-open", span, (low, low + part))
            (plot.hatch if kind == "hatch" else plot.rectangle)(kind, span, (low, low + part))
            low += part


def _name_months(plot: Plot, shown: Sequence[StageMonth]) -> None:
    language, wide = plot.width.language, plot.at(1, 0)[0] - plot.at(0, 0)[0]
    step = ceil(_NAME_PX / wide)
    for at, month in enumerate(shown):
        if at % step:
            continue
        name = language.dates.months[month.first.month - 1]
        if at == 0 or (month.first.month <= step and month.first.year > shown[0].first.year):
            name += f" {month.first.year}"
        x, base = plot.at(at + sum(_BAR) / 2, 0)
        sides: tuple[Side, ...] = ("center", "left") if at == 0 else ("center", "right")
        plot.label("tick", name, [Anchor(x, base - 20, side) for side in sides])


def _mark_until(plot: Plot, shown: Sequence[StageMonth], until: date) -> None:
    at = _index(until) - _index(shown[0].first) + until.day / 31
    if not 0 <= at <= len(shown):
        return
    plot.line("now", (at, at), plot.ylim)
    x, y = plot.at(at, plot.ylim[1])
    words = plot.width.language.day(until, year=False)
    plot.label("strong", words, [Anchor(x, y + 5, side) for side in ("center", "right", "left")], must=True)


def _key(plot: Plot, *, columns: int) -> None:
    """Explain the parts above the bars."""
    size, starts = 0.8 * plot.width.text, _columns(plot, columns)
    for number, (kind, words) in enumerate(_PARTS):
        row, column = divmod(number, columns)
        x, y = starts[column], plot.height - (row + 1) * LINE * plot.width.text
        plot.swatch("bar-open" if kind == "hatch" else kind, x, y - 1, size=size)
        if kind == "hatch":
            plot.hatch_pixels(kind, (x, y - 1), (x + size, y - 1 + size))
        plot.text("label", words, x + 18, y)


def _columns(plot: Plot, columns: int) -> list[float]:
    """Return where the columns of the key begin: evenly, and each behind the longest words before it."""
    even, starts = plot.width.px / columns, [2.0]
    for column in range(1, columns):
        longest = max(len(plot.said(words)) for _, words in _PARTS[column - 1 :: columns])
        needed = starts[-1] + 18 + LETTER * plot.width.text * longest + 6
        starts.append(max(2 + column * even, needed))
    return starts


def _index(day: date) -> int:
    return day.year * _YEAR + day.month - 1
