"""C2: is the inflow rising, steady or drying up? One bar a week in the goal's unit, from zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

from generator.charts.chart import Chart, Table, drawn, numeric, on_day, sentences
from generator.charts.labels import Anchor
from generator.charts.plot import Plot, Width
from generator.charts.scales import amounts, amounts_room, dates
from generator.report import Figure, Point, ProjectReport, Report
from generator.report.figures.figure import MSAT
from generator.sentence import Sentence, counting, say
from generator.wording import Form, Shown, Words, length_of

#: Bars drawn at most; the table has every week.
MOST_BARS: Final = 104
MOST_NARROW: Final = 40
#: Complete weeks that a comparison needs: the last four, and as many before them.
RECENT: Final = 4
_TRENDS: Final = {"slowing": say("slowing"), "rising": say("rising"), "steady": say("steady")}
_LATELY: Final = 8  #: full weeks that tell whether giving has stopped
_LEAST_WEEKS: Final = 2  #: one bar shows no trend
_WEEK: Final = 7
#: Weeks count as slower or faster beyond three quarters, and four thirds.
_SLOWER: Final = (4, 3)
_HEADROOM: Final = 1.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Inflow:
    """The weeks of a project, Mondays first."""

    weeks: tuple[Point, ...]
    silent: frozenset[date]  #: Mondays of weeks in which nobody looked for a day or more
    unknown: frozenset[date]  #: those of them that no later answer covers
    running: bool  #: the last week is not over

    @classmethod
    def of(cls, project: ProjectReport) -> Self:
        """Tell the weeks that are known from those that are not."""
        weeks = _weeks(project)
        silent, unknown = set(), {week.day for week in weeks if week.figure.value is None}
        for week in weeks:
            end = week.day + timedelta(_WEEK)
            gaps = [last for first, last in project.gaps if first < end and week.day <= last]
            if gaps:
                silent.add(week.day)
            if any(last >= project.shown_until for last in gaps) and not length_of(week.figure):
                unknown.add(week.day)
        return cls(
            weeks=weeks,
            silent=frozenset(silent),
            unknown=frozenset(unknown),
            running=project.shown_until < weeks[-1].day + timedelta(_WEEK),
        )

    @property
    def unit(self) -> str:
        """Millisatoshis, or a currency."""
        return self.weeks[-1].figure.unit

    @property
    def complete(self) -> tuple[Point, ...]:
        """The weeks that are over and known."""
        over = self.weeks[:-1] if self.running else self.weeks
        return tuple(point for point in over if point.day not in self.unknown)


def _weeks(project: ProjectReport) -> tuple[Point, ...]:
    """Return the weeks in the unit of the goal; in satoshis where none has a value in its currency."""
    valued = any(point.figure.value is not None for point in project.goal_weeks)
    return project.goal_weeks if valued else project.weeks


def chart(_report: Report, project: ProjectReport) -> Chart | None:
    """Draw a project's weeks; None with fewer than two."""
    if len(project.weeks) < _LEAST_WEEKS:
        return None
    view = Inflow.of(project)
    cut = []
    if len(view.weeks) > MOST_NARROW:
        drawn_weeks = len(view.weeks[-MOST_BARS:])
        cut.append(
            say(
                "Drawn are the last {drawn} of {count} weeks, on phones the last {narrow}.",
                drawn=drawn_weeks,
                count=len(view.weeks),
                narrow=MOST_NARROW,
            )
        )
    return Chart(
        id="c2",
        name=say("Funding per week"),
        finding=_finding(view),
        question=_question(view),
        alt=_alt(view),
        note=sentences(
            _last_week(view, project.shown_until), say("The median is the lower middle week."), *cut
        ),
        table=_table(view),
        figures=tuple(point.figure for point in view.weeks),
        drawings=drawn(lambda width: _draw(view, width)),
    )


def _question(view: Inflow) -> Sentence:
    if view.unit == MSAT:
        return say(
            "Is the inflow rising, steady or drying up? Confirmed satoshis per week, Monday to Sunday."
        )
    return say(
        "Is the inflow rising, steady or drying up? {currency} at receipt per week, Monday to Sunday.",
        currency=view.unit,
    )


def _last_week(view: Inflow, until: date) -> Sentence:
    if view.running:
        return say("The last week, outlined, is shown up to {day} and is not in the median.", day=until)
    return say("The last week ends on {day}.", day=view.weeks[-1].day + timedelta(_WEEK - 1))


def _table(view: Inflow) -> Table:
    value = say("Received, sats") if view.unit == MSAT else say("{currency} at receipt", currency=view.unit)
    rows = (
        (
            on_day(point.day),
            _unknown_word(point) if point.day in view.unknown else Shown(point.figure, unit=False),
        )
        for point in view.weeks
    )
    return Table.of(counting("{count} week", "{count} weeks"), (say("Week from"), numeric(value)), rows)


def _unknown_word(point: Point) -> Sentence:
    return say("no rate") if point.figure.value is None else say("not observed")


def _median(points: Sequence[Point]) -> Figure:
    """Return the lower one of two middle weeks, so that it is a week that was."""
    ordered = sorted(points, key=lambda point: (length_of(point.figure), point.day))
    return ordered[(len(points) - 1) // 2].figure


def _trend(view: Inflow) -> tuple[str, Figure, Figure] | None:
    """Return how the last four complete weeks compare with those before, by their medians."""
    known = view.complete
    if len(known) < 2 * RECENT or not view.running:
        return None
    now, before = _median(known[-RECENT:]), _median(known[:-RECENT])
    many, few = _SLOWER
    if length_of(now) * many < length_of(before) * few:
        return "slowing", now, before
    return ("rising" if length_of(now) * few > length_of(before) * many else "steady"), now, before


def _empty(points: Sequence[Point]) -> int:
    return sum(not length_of(point.figure) for point in points)


def _has_nearly_stopped(view: Inflow) -> bool:
    """Tell whether three of four of the latest full weeks brought nothing, and most before them something."""
    late, before = view.complete[-_LATELY:], view.complete[:-_LATELY]
    return (
        view.running
        and len(before) >= _LATELY
        and 4 * _empty(late) >= 3 * _LATELY
        and 2 * _empty(before) < len(before)
    )


def _finding(view: Inflow) -> Words:
    best = max(view.weeks, key=lambda point: (length_of(point.figure), point.day))
    most = Shown(best.figure, Form.SHORT)
    if _has_nearly_stopped(view):
        empty = _empty(view.complete[-_LATELY:])
        stopped = say(
            "Giving has nearly stopped: {empty} of the last {all} full weeks brought nothing",
            empty=empty,
            all=_LATELY,
        )
        return (stopped,)
    if view.complete and not length_of(_median(view.complete)):
        some = sum(length_of(point.figure) > 0 for point in view.weeks)
        text = say(
            "Money came in {some} of {count} weeks; the strongest, from {day}, brought {most}",
            some=some,
            count=len(view.weeks),
            day=best.day,
            most=most,
        )
        return (text,)
    trend = _trend(view)
    if trend is None:
        return (say("The strongest week, from {day}, brought {most}", day=best.day, most=most),)
    word, now, before = trend
    text = say(
        "Inflow is {trend}: a middle week of the last four brought {recent}, before that {earlier}",
        trend=_TRENDS[word],
        recent=Shown(now, Form.SHORT),
        earlier=Shown(before, Form.SHORT),
    )
    return (text,)


def _alt(view: Inflow) -> Words:
    first, last, count = view.weeks[0].day, view.weeks[-1].day, len(view.weeks)
    begin = say("Bars for {count} weeks from {first} to {last}", count=count, first=first, last=last)
    if not view.complete:
        return (say("{sentence}.", sentence=begin),)
    median = Shown(_median(view.complete), Form.SHORT)
    trend = _trend(view)
    if _has_nearly_stopped(view):
        stopped = say(
            "{weeks}, {empty} of the last {all} full ones brought nothing; the median week brought {median}.",
            weeks=begin,
            empty=_empty(view.complete[-_LATELY:]),
            all=_LATELY,
            median=median,
        )
        return (stopped,)
    if trend is None:
        return (say("{weeks}; the median week brought {median}.", weeks=begin, median=median),)
    text = say(
        "{weeks}, the inflow is {trend}; the median week brought {median}.",
        weeks=begin,
        trend=_TRENDS[trend[0]],
        median=median,
    )
    return (text,)


def _draw(view: Inflow, width: Width) -> Plot:
    weeks = view.weeks[-(MOST_NARROW if width.narrow else MOST_BARS) :]
    top = max(*(length_of(point.figure) for point in weeks), 1) * _HEADROOM
    first, last = weeks[0].day.toordinal(), weeks[-1].day.toordinal() + _WEEK
    margin = (amounts_room(width, top, view.unit), 8.0, 8.0, 34.0)
    plot = Plot((first, last), (0, top), width=width, height=240, margin=margin)
    amounts(plot, view.unit)
    dates(plot)
    pad = min(1.0, 2.5 * (last - first) / width.px)
    for point in weeks:
        x, value = point.day.toordinal(), length_of(point.figure)
        if not value and (point.day in view.silent or point.day in view.unknown):
            plot.hatch("hatch", (x + pad / 2, x + _WEEK - pad / 2), (0, top / _HEADROOM))
        elif value:
            kind = "bar-open" if point is weeks[-1] and view.running else "bar"
            plot.rectangle(kind, (x + pad, x + _WEEK - pad), (0, value))
            plot.labels.keep_off(plot.at(x, 0), plot.at(x + _WEEK, value))
    if view.complete and length_of(_median(view.complete)):
        _draw_median(plot, _median(view.complete))
    return plot


def _draw_median(plot: Plot, figure: Figure) -> None:
    value = length_of(figure)
    plot.line("median-gap", plot.xlim, (value, value))
    plot.line("median", plot.xlim, (value, value))
    (left, y), right = plot.at(plot.xlim[0], value), plot.at(plot.xlim[1], value)[0]
    words = say("median {amount}", amount=Shown(figure, Form.SHORT, unit=not plot.width.narrow))
    steps = range(0, round(right - left), 20)
    anchors = [Anchor(right - step, y + up, "right") for up in (7, 24) for step in steps]
    plot.label("strong halo", words, anchors, figure=figure.id, must=True)
