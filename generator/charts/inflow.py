"""C2: is the inflow rising, steady or drying up? One bar a week, from zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from generator.charts.chart import Chart, Column, drawn
from generator.charts.labels import Spot
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates, levels
from generator.report.model import Figure, Point, ProjectReport
from generator.wording import Form, Shown, Words, day_text, value_of

#: Bars drawn at most; the table has every week.
MOST_BARS: Final = 104
MOST_NARROW: Final = 40
#: Complete weeks that a comparison needs: the last four, and as many before them.
RECENT: Final = 4
_WEEK: Final = 7
#: Weeks count as slower or faster beyond three quarters, and four thirds.
_SLOWER: Final = (4, 3)
_HEADROOM: Final = 1.15
_NOTE: Final = "The last week, outlined, is not over and not in the median, which is the lower middle week."
_ENDED: Final = "The weeks end with the project; the median is the lower middle week."


@dataclass(frozen=True, slots=True, kw_only=True)
class Inflow:
    """The weeks of a project, Mondays first."""

    weeks: tuple[Point, ...]
    silent: frozenset[date]  #: Mondays of weeks in which nobody looked for a day or more
    unknown: frozenset[date]  #: those of them that no later answer covers
    running: bool  #: the last week is not over

    @property
    def _over(self) -> tuple[Point, ...]:
        return self.weeks[:-1] if self.running else self.weeks

    @property
    def complete(self) -> tuple[Point, ...]:
        """Return the weeks that are over and known."""
        return tuple(point for point in self._over if point.day not in self.unknown)


def middle(points: Sequence[Point]) -> Figure:
    """Return the median week: the lower one of two, so that it is a week that was."""
    return sorted(points, key=lambda point: (value_of(point.figure), point.day))[
        (len(points) - 1) // 2
    ].figure


def inflow(project: ProjectReport, as_of: datetime) -> Chart | None:
    """Return the chart of a project's weeks; None with fewer than two weeks."""
    if len(project.weeks) < 2:  # noqa: PLR2004 -- one bar shows no trend
        return None
    today = as_of.date()
    touched = {
        point.day: [
            gap for gap in project.gaps if gap[0] < point.day + timedelta(_WEEK) and point.day <= gap[1]
        ]
        for point in project.weeks
    }
    open_gap = {day for day, gaps in touched.items() if any(gap[1] >= today for gap in gaps)}
    view = Inflow(
        weeks=project.weeks,
        silent=frozenset(day for day, gaps in touched.items() if gaps),
        unknown=frozenset(day for day in open_gap if not _value(project.weeks, day)),
        running=today < project.weeks[-1].day + timedelta(_WEEK),
    )
    return _chart(view)


def _value(weeks: Sequence[Point], day: date) -> int:
    return next(value_of(point.figure) for point in weeks if point.day == day)


def _chart(view: Inflow) -> Chart:
    shown = view.weeks[-MOST_BARS:]
    cut = (
        f" Drawn are the last {len(shown)} of {len(view.weeks)} weeks, on phones the last {MOST_NARROW}."
        if len(view.weeks) > MOST_NARROW
        else ""
    )
    rows = tuple(
        (
            (day_text(point.day),),
            ("not observed",) if point.day in view.unknown else (Shown(point.figure, unit=False),),
        )
        for point in view.weeks
    )
    return Chart(
        id="c2",
        name="Funding per week",
        finding=_finding(view),
        question="Is the inflow rising, steady or drying up? Confirmed satoshis per week, Monday to Sunday.",
        alt=_alt(view),
        note=f"{_NOTE if view.running else _ENDED}{cut}",
        columns=(Column(name="Week from"), Column(name="Received, sats", numeric=True)),
        rows=rows,
        rows_name=f"{len(rows)} weeks",
        figures=tuple(point.figure for point in view.weeks),
        drawings=drawn(lambda width: _draw(view, width)),
    )


def _trend(view: Inflow) -> tuple[str, Figure, Figure] | None:
    """Return how the last four complete weeks compare with those before, by their medians."""
    known = view.complete
    if len(known) < 2 * RECENT or not view.running:
        return None
    now, before = middle(known[-RECENT:]), middle(known[:-RECENT])
    many, few = _SLOWER
    if value_of(now) * many < value_of(before) * few:
        return "slowing", now, before
    return ("rising" if value_of(now) * few > value_of(before) * many else "steady"), now, before


def _finding(view: Inflow) -> Words:
    trend = _trend(view)
    best = max(view.weeks, key=lambda point: (value_of(point.figure), point.day))
    if view.complete and not value_of(middle(view.complete)):
        some = sum(value_of(point.figure) > 0 for point in view.weeks)
        begin = f"Money came in {some} of {len(view.weeks)} weeks; the strongest, from {day_text(best.day)}"
        return (f"{begin}, brought ", Shown(best.figure, Form.SHORT))
    if trend is not None:
        word, now, before = trend
        of_now, of_before = Shown(now, Form.SHORT), Shown(before, Form.SHORT)
        return (
            f"Inflow is {word}: a middle week of the last four brought ",
            of_now,
            ", before that ",
            of_before,
        )
    return ("The strongest week, from ", day_text(best.day), ", brought ", Shown(best.figure, Form.SHORT))


def _alt(view: Inflow) -> Words:
    first, last = view.weeks[0], view.weeks[-1]
    begin = f"Bars for {len(view.weeks)} weeks from {day_text(first.day)} to {day_text(last.day)}"
    if not view.complete:
        return (f"{begin}.",)
    return (f"{begin}; the median week brought ", Shown(middle(view.complete), Form.SHORT), ".")


def _draw(view: Inflow, width: Width) -> Plot:
    weeks = view.weeks[-(MOST_NARROW if width.narrow else MOST_BARS) :]
    top = max(*(value_of(point.figure) for point in weeks), 1) * _HEADROOM
    margin = (58.0 if width.narrow else 64.0, 8.0, 8.0, 34.0)
    first, last = weeks[0].day.toordinal(), weeks[-1].day.toordinal() + _WEEK
    plot = Plot((first, last), (0, top), width=width, height=240, margin=margin)
    levels(plot)
    dates(plot)
    pad = min(1.0, 2.5 * (last - first) / width.px)
    for point in weeks:
        x, value = point.day.toordinal(), value_of(point.figure)
        if point.day in view.silent and not value:
            plot.hatch("hatch", (x + pad / 2, x + _WEEK - pad / 2), (0, top / _HEADROOM))
        elif value:
            kind = "bar-open" if point is weeks[-1] and view.running else "bar"
            plot.block(kind, (x + pad, x + _WEEK - pad), (0, value))
            plot.labels.block(plot.at(x, 0), plot.at(x + _WEEK, value))
    if view.complete and value_of(middle(view.complete)):
        _median(plot, middle(view.complete))
    return plot


def _median(plot: Plot, figure: Figure) -> None:
    value = value_of(figure)
    plot.line("median-gap", plot.xlim, (value, value))
    plot.line("median", plot.xlim, (value, value))
    (left, y), right = plot.at(plot.xlim[0], value), plot.at(plot.xlim[1], value)[0]
    words = f"median {Shown(figure, Form.SHORT, unit=not plot.width.narrow).text}"
    steps = range(0, round(right - left), 20)
    spots = [Spot(right - step, y + up, "right") for up in (7, 24) for step in steps]
    plot.say("strong halo", words, spots, figure=figure.id, must=True)
