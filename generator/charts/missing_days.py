"""H1: on which days is our data missing? One strip of 90 days for each source."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Final

from generator.charts.chart import Chart, Table, drawn, numeric, on_day
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates
from generator.recorded_words import recognised
from generator.report import DayCoverage, Health, Report
from generator.report.days import DayRange
from generator.report.health.coverage import SPAN, missing_ranges
from generator.sentence import DaySpan, Sentence, counting, say, say_count
from generator.text_format import shortened
from generator.wording import Quoted, Shown, Words, value_of

_LEAST_DAYS: Final = 2  #: one day shows no pattern
_ROW: Final = 66
_TOP: Final = 34
_BOTTOM: Final = 30
_SIDE: Final = 8.0
#: Letters of a source's name above its strip.
_LETTERS: Final = {"wide": 80, "narrow": 40}
_FOOT: Final = 0.68  #: every strip ends there in its row
_HIGHEST: Final = 0.35
#: Of each kind of day: top of what is drawn, its class, its name in the key. A colour is never alone, each
#: kind has a height or a texture of its own.
_MARKS: Final = {
    DayCoverage.ANSWERED: (_HIGHEST, "bar", say("answered")),
    DayCoverage.FAILED: (0.515, "bar-back", say("failed")),
    DayCoverage.QUIET: (0.635, "bar-quiet", say("not due")),
    DayCoverage.SILENT: (_HIGHEST, "hatch", say("nobody looked")),
}


def chart(report: Report) -> Chart | None:
    """Draw the days of every source that was ever asked; None while the record has only one day."""
    sources = [health for health in report.health if health.days]
    if max((len(health.days) for health in sources), default=0) < _LEAST_DAYS:
        return None
    today = report.as_of.date()
    return Chart(
        id="h1",
        name=say("Days on which our sources answered"),
        finding=_finding(sources),
        question=say(
            "On which days is our data missing? The last {days} days of each source, UTC.", days=SPAN
        ),
        alt=_alt(sources),
        note=say("A later answer reads what came in meanwhile; what changed and changed back stays unseen."),
        table=_table(sources),
        figures=tuple(figure for health in sources for figure in (health.answered, health.missing)),
        drawings=drawn(lambda width: _draw(sources, today, width)),
    )


def _table(sources: Sequence[Health]) -> Table:
    rows = (
        (
            Quoted(recognised(each.state.label)),
            on_day(each.days[0][0]),
            Shown(each.answered),
            Shown(each.missing),
        )
        for each in sources
    )
    columns = (say("Source"), say("Since"), numeric(say("Days answered")), numeric(say("Days missing")))
    return Table.of(counting("{count} source", "{count} sources"), columns, rows)


def _with_missing_days(sources: Sequence[Health]) -> list[Health]:
    found = [health for health in sources if value_of(health.missing)]
    return sorted(found, key=lambda health: (-value_of(health.missing), health.state.name))


def _finding(sources: Sequence[Health]) -> Words:
    lost = _with_missing_days(sources)
    if not lost:
        return (say("No day is missing since {day}", day=min(health.days[0][0] for health in sources)),)
    worst = lost[0]
    return (
        say_count(
            "{source} is missing on {days} day, since {since}",
            "{source} is missing on {days} days, since {since}",
            value_of(worst.missing),
            source=Quoted(recognised(shortened(worst.state.label))),
            days=Shown(worst.missing),
            since=worst.days[0][0],
        ),
    )


def _alt(sources: Sequence[Health]) -> Words:
    strips = say_count(
        "Strip of up to {days} days for {count} source",
        "Strips of up to {days} days for {count} sources",
        len(sources),
        days=SPAN,
    )
    lost = len(_with_missing_days(sources))
    if not lost:
        return (say("{strips}; no day is missing.", strips=strips),)
    stretches = [(worst, each) for each in sources if (worst := _worst(each))]
    days, source = max(stretches, key=lambda pair: (pair[0][1] - pair[0][0], pair[0][1]))
    return (
        say_count(
            "{strips}; {count} of them missed days. The longest stretch: {source}, {days}.",
            "{strips}; {count} of them missed days. The longest stretch: {source}, {days}.",
            lost,
            strips=strips,
            source=Quoted(recognised(source.state.label)),
            days=_stretch(days),
        ),
    )


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
        plot.text(
            "said", shortened(plot.said(recognised(health.state.label)), _LETTERS[width.name]), _SIDE, y + 7
        )
        _strip(plot, number, health)
        _name_worst(plot, number, health)
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


def _worst(health: Health) -> DayRange | None:
    """Return the longest stretch of days on which a source is missing, the latest of several."""
    return max(missing_ranges(health), key=lambda days: (days[1] - days[0], days[1]), default=None)


def _stretch(days: DayRange) -> Sentence:
    return say_count(
        "{days}: {count} day missing",
        "{days}: {count} days missing",
        (days[1] - days[0]).days + 1,
        days=DaySpan(*days),
    )


def _name_worst(plot: Plot, number: int, health: Health) -> None:
    """Say below a strip which stretch of it is the worst."""
    worst = _worst(health)
    if worst is None:
        return
    words = plot.said(_stretch(worst))
    middle = (worst[0].toordinal() + worst[1].toordinal() + 1) / 2
    x, y = plot.at(middle, number + _FOOT)
    half = plot.width.text * 0.3 * len(words)
    plot.text("quiet", words, min(max(x, _SIDE + half), plot.width.px - _SIDE - half), y - 15, side="center")


def _key(plot: Plot, kinds: Sequence[DayCoverage]) -> None:
    x, y, size = _SIDE, plot.height - 20, 12.0
    unit = (plot.xlim[1] - plot.xlim[0]) / (plot.width.px - 2 * _SIDE)
    rows = plot.ylim[0]
    for watch in kinds:
        top, kind, words = _MARKS[watch]
        name = plot.said(words)
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
