"""H1: on which days is our data missing? One strip of 90 days for each source."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Final

from generator.charts.chart import Chart, Table, drawn, numeric
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates
from generator.report import DayCoverage, Health, Report
from generator.report.health.coverage import SPAN
from generator.text_format import counted, day_text, shortened
from generator.wording import Quoted, Shown, Words, value_of

_LEAST_DAYS: Final = 2  #: one day shows no pattern
_ROW: Final = 50
_TOP: Final = 34
_BOTTOM: Final = 30
_SIDE: Final = 8.0
#: Letters of a source's name above its strip.
_LETTERS: Final = {"wide": 80, "narrow": 40}
_FOOT: Final = 0.9  #: every strip ends there in its row
_HIGHEST: Final = 0.46
#: Of each kind of day: top of what is drawn, its class, its name in the key. A colour is never alone, each
#: kind has a height or a texture of its own.
_MARKS: Final = {
    DayCoverage.ANSWERED: (_HIGHEST, "bar", "answered"),
    DayCoverage.FAILED: (0.68, "bar-back", "failed"),
    DayCoverage.QUIET: (0.84, "bar-quiet", "not due"),
    DayCoverage.SILENT: (_HIGHEST, "hatch", "nobody looked"),
}


def chart(report: Report) -> Chart | None:
    """Draw the days of every source that was ever asked; None while the record has only one day."""
    sources = [health for health in report.health if health.days]
    if max((len(health.days) for health in sources), default=0) < _LEAST_DAYS:
        return None
    today = report.as_of.date()
    return Chart(
        id="h1",
        name="Days on which our sources answered",
        finding=_finding(sources),
        question=f"On which days is our data missing? The last {SPAN} days of each source, UTC.",
        alt=(_alt(sources),),
        note="A later answer reads what came in meanwhile; what changed and changed back stays unseen.",
        table=_table(sources),
        figures=tuple(figure for health in sources for figure in (health.answered, health.missing)),
        drawings=drawn(lambda width: _draw(sources, today, width)),
    )


def _table(sources: Sequence[Health]) -> Table:
    rows = (
        (Quoted(each.state.label), day_text(each.days[0][0]), Shown(each.answered), Shown(each.missing))
        for each in sources
    )
    columns = ("Source", "Since", numeric("Days answered"), numeric("Days missing"))
    return Table.of("source", columns, rows)


def _with_missing_days(sources: Sequence[Health]) -> list[Health]:
    found = [health for health in sources if value_of(health.missing)]
    return sorted(found, key=lambda health: (-value_of(health.missing), health.state.name))


def _finding(sources: Sequence[Health]) -> Words:
    lost = _with_missing_days(sources)
    if not lost:
        return (f"No day is missing since {day_text(min(health.days[0][0] for health in sources))}",)
    worst = lost[0]
    days = " day" if worst.missing.value == 1 else " days"
    begin: Words = (Quoted(shortened(worst.state.label)), " is missing on ", Shown(worst.missing), days)
    return (*begin, f", since {day_text(worst.days[0][0])}")


def _alt(sources: Sequence[Health]) -> str:
    count = counted(len(sources), "source", one="one")
    lost = len(_with_missing_days(sources))
    result = "no day is missing" if not lost else f"{'one' if lost == 1 else lost} of them missed days"
    return f"Strips of up to {SPAN} days for {count}; {result}."


def _draw(sources: Sequence[Health], today: date, width: Width) -> Plot:
    last = today.toordinal() + 1
    plot = Plot(
        (last - SPAN, last),
        (len(sources), 0),
        width=width,
        height=_ROW * len(sources) + _TOP + _BOTTOM,
        margin=(_SIDE, _TOP, _SIDE, _BOTTOM),
    )
    seen = {watch for health in sources for _, watch in health.days}
    _key(plot, [watch for watch in DayCoverage if watch in seen])
    for number, health in enumerate(sources):
        y = plot.at(plot.xlim[0], number + _HIGHEST)[1]
        plot.text("said", shortened(health.state.label, _LETTERS[width.name]), _SIDE, y + 7)
        _strip(plot, number, health)
    plot.line("axis", plot.xlim, (len(sources),) * 2)
    dates(plot)
    return plot


def _strip(plot: Plot, number: int, health: Health) -> None:
    pad = 0.3 * (plot.xlim[1] - plot.xlim[0]) / plot.width.px
    for watch, group in groupby(health.days, key=lambda pair: pair[1]):
        days = [day.toordinal() for day, _ in group]
        top, kind, _ = _MARKS[watch]
        y = (number + _FOOT, number + top)
        if watch is DayCoverage.SILENT:
            plot.hatch(kind, (days[0] + pad, days[-1] + 1 - pad), y)
            continue
        for day in days:
            plot.rectangle(kind, (day + pad, day + 1 - pad), y)


def _key(plot: Plot, kinds: Sequence[DayCoverage]) -> None:
    x, y, size = _SIDE, plot.height - 20, 12.0
    unit = (plot.xlim[1] - plot.xlim[0]) / (plot.width.px - 2 * _SIDE)
    rows = plot.ylim[0]
    for watch in kinds:
        top, kind, name = _MARKS[watch]
        if watch is DayCoverage.SILENT:
            begin = plot.xlim[0] + (x - _SIDE) * unit
            low = rows * (plot.height - _TOP - y) / (plot.height - _TOP - _BOTTOM)
            high = rows * (plot.height - _TOP - y - size) / (plot.height - _TOP - _BOTTOM)
            plot.hatch(kind, (begin, begin + size * unit), (low, high))
        else:
            share = (_FOOT - top) / (_FOOT - _HIGHEST)
            plot.swatch(kind, x, y, size=size * max(share, 0.5))
        plot.text("quiet", name, x + size + 5, y + 1)
        x += size + 19 + 0.56 * plot.width.text * len(name)
