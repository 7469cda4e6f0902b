"""H1: on which days is our data missing? One strip of 90 days for each source."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Final

from generator.charts.chart import Chart, Column, drawn
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates
from generator.report.health.strips import SPAN
from generator.report.model import Health, Report, Watch
from generator.wording import Said, Shown, Words, day_text, shortened, value_of

_ROW: Final = 50
_TOP: Final = 34
_BOTTOM: Final = 30
_SIDE: Final = 8.0
#: Letters of a source's name above its strip.
_LETTERS: Final = {"wide": 80, "narrow": 40}
#: Top of what is drawn for a day; every strip ends at `_FOOT` of its row.
_TOPS: Final = {Watch.ANSWERED: 0.46, Watch.FAILED: 0.68, Watch.QUIET: 0.84, Watch.SILENT: 0.46}
_FOOT: Final = 0.9
_KINDS: Final = {Watch.ANSWERED: "bar", Watch.FAILED: "bar-back", Watch.QUIET: "bar-quiet"}
#: Names in the key: a colour is never alone, each kind has a height or a texture of its own.
_KEY: Final = {
    Watch.ANSWERED: "answered",
    Watch.FAILED: "failed",
    Watch.QUIET: "not due",
    Watch.SILENT: "nobody looked",
}


def strip(report: Report) -> Chart | None:
    """Return the strip of every source that was ever asked; None while the record has only one day."""
    found = [one for one in report.health if one.days]
    if max((len(one.days) for one in found), default=0) < 2:  # noqa: PLR2004 -- one day shows no pattern
        return None
    today = report.as_of.date()
    return Chart(
        id="h1",
        name="Days on which our sources answered",
        finding=_finding(found),
        question=f"On which days is our data missing? The last {SPAN} days of each source, UTC.",
        alt=(_alt(found),),
        note="A later answer reads what came in meanwhile; what changed and changed back stays unseen.",
        columns=(
            Column(name="Source"),
            Column(name="Since"),
            Column(name="Days answered", numeric=True),
            Column(name="Days missing", numeric=True),
        ),
        rows=tuple(
            (
                (Said(one.state.label),),
                (day_text(one.days[0][0]),),
                (Shown(one.answered),),
                (Shown(one.missing),),
            )
            for one in found
        ),
        rows_name="1 source" if len(found) == 1 else f"{len(found)} sources",
        figures=tuple(figure for one in found for figure in (one.answered, one.missing)),
        drawings=drawn(lambda width: _draw(found, today, width)),
    )


def _lost(found: Sequence[Health]) -> list[Health]:
    """Return the sources with missing days, most of them first."""
    some = [one for one in found if one.missing.value]
    return sorted(some, key=lambda one: (-_missing(one), one.state.name))


def _missing(one: Health) -> int:
    return value_of(one.missing)


def _finding(found: Sequence[Health]) -> Words:
    lost = _lost(found)
    if not lost:
        return (f"No day is missing since {day_text(min(one.days[0][0] for one in found))}",)
    worst = lost[0]
    days = " day" if worst.missing.value == 1 else " days"
    begin: Words = (Said(shortened(worst.state.label)), " is missing on ", Shown(worst.missing), days)
    return (*begin, f", since {day_text(worst.days[0][0])}")


def _alt(found: Sequence[Health]) -> str:
    count = "one source" if len(found) == 1 else f"{len(found)} sources"
    lost = len(_lost(found))
    said = "no day is missing" if not lost else f"{'one' if lost == 1 else lost} of them missed days"
    return f"Strips of up to {SPAN} days for {count}; {said}."


def _draw(found: Sequence[Health], today: date, width: Width) -> Plot:
    last = today.toordinal() + 1
    height = _ROW * len(found) + _TOP + _BOTTOM
    plot = Plot(
        (last - SPAN, last),
        (len(found), 0),
        width=width,
        height=height,
        margin=(_SIDE, _TOP, _SIDE, _BOTTOM),
    )
    _key(plot, [watch for watch in Watch if any(watch is said for one in found for _, said in one.days)])
    for number, one in enumerate(found):
        y = plot.at(plot.xlim[0], number + _TOPS[Watch.ANSWERED])[1]
        plot.text("said", shortened(one.state.label, _LETTERS[width.name]), _SIDE, y + 7)
        _strip(plot, number, one)
    plot.line("axis", plot.xlim, (len(found),) * 2)
    dates(plot)
    return plot


def _strip(plot: Plot, number: int, one: Health) -> None:
    pad = 0.3 * (plot.xlim[1] - plot.xlim[0]) / plot.width.px
    for watch, group in groupby(one.days, key=lambda said: said[1]):
        days = [day.toordinal() for day, _ in group]
        y = (number + _FOOT, number + _TOPS[watch])
        if watch is Watch.SILENT:
            plot.hatch("hatch", (days[0] + pad, days[-1] + 1 - pad), y)
            continue
        for day in days:
            plot.block(_KINDS[watch], (day + pad, day + 1 - pad), y)


def _key(plot: Plot, kinds: Sequence[Watch]) -> None:
    """Name the kinds there are, in one line above the strips."""
    x, y, size = _SIDE, plot.height - 20, 12.0
    unit = (plot.xlim[1] - plot.xlim[0]) / (plot.width.px - 2 * _SIDE)
    rows = plot.ylim[0]
    for watch in kinds:
        if watch is Watch.SILENT:
            begin = plot.xlim[0] + (x - _SIDE) * unit
            low = rows * (plot.height - _TOP - y) / (plot.height - _TOP - _BOTTOM)
            high = rows * (plot.height - _TOP - y - size) / (plot.height - _TOP - _BOTTOM)
            plot.hatch("hatch", (begin, begin + size * unit), (low, high))
        else:
            share = (_FOOT - _TOPS[watch]) / (_FOOT - _TOPS[Watch.ANSWERED])
            plot.swatch(_KINDS[watch], x, y, size=size * max(share, 0.5))
        plot.text("quiet", _KEY[watch], x + size + 5, y + 1)
        x += size + 19 + 0.56 * plot.width.text * len(_KEY[watch])
