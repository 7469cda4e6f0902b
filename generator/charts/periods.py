"""R1: does each period reach its goal? One bar a period, in the goal's unit, with what each asked for."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import msgspec

from generator.charts.chart import Chart, Table, drawn, numeric, sentences
from generator.charts.labels import Anchor, Side
from generator.charts.plot import Plot, Width
from generator.charts.scales import level
from generator.language import Language
from generator.periods import Period, Recurrence
from generator.report import Figure, ProjectReport, Report
from generator.report.figures.figure import MSAT
from generator.report.figures.goal_periods import RAISED_IN
from generator.report.figures.period_figures import GOAL_OF, OVER, PROGRESS_OF, REACHED, WORTH_IN
from generator.sentence import AtStart, CalendarMonth, Sentence, Value, counting, say, say_count, stretch
from generator.wording import Form, Shown, Word, Words, length_of

#: Bars drawn at most, the latest; the table of the page has more.
MOST_BARS: Final = 24
MOST_NARROW: Final = 6  #: an amount with its currency is as wide as a bar and the room beside it
#: With more bars than these, only those that say most have their number.
MOST_SAID: Final = 12
_HEADROOM: Final = 1.18
_WHOLE: Final = 100
_NOTE: Final = say(
    "Filled dark: reached; grey: below; outlined: not over. The dashed line is what was asked for."
)
#: Periods that are over, of each unit.
_FULL: Final = {
    "hour": say("full hours"),
    "day": say("full days"),
    "month": say("full months"),
    "year": say("full years"),
}


class PeriodRow(msgspec.Struct, frozen=True, kw_only=True):
    """One period as pages show it."""

    period: Period
    raised: Figure
    amount: Figure  #: in the goal's unit
    goal: Figure | None
    progress: Figure | None
    running: bool

    @property
    def reached(self) -> bool:
        """Whether it certainly reached its goal."""
        progress = self.progress
        return progress is not None and progress.bound.never_less and Decimal(progress.value or 0) >= _WHOLE

    @property
    def name(self) -> Value:
        """What people call it: ``May 2026``, or ``the month from 15 May 2026``."""
        return stretch(self.period.start.date(), self.period.end.date())

    @property
    def title(self) -> AtStart:
        """The same at the begin of a line."""
        return AtStart(self.name)

    def tick(self, language: Language) -> str:
        """Return what stands below its bar: its month, or its first day."""
        start = self.period.start.date()
        if isinstance(self.name, CalendarMonth):
            return language.dates.months[start.month - 1]
        return language.day(start, year=False)


def rows(project: ProjectReport) -> list[PeriodRow]:
    """Return the periods of a project, oldest first."""
    figures = project.figures
    found = []
    for period in project.terms.periods.every:
        raised = figures[RAISED_IN.name_of(period.name)]
        found.append(
            PeriodRow(
                period=period,
                raised=raised,
                amount=figures.get(WORTH_IN.name_of(period.name), raised),
                goal=figures.get(GOAL_OF.name_of(period.name)),
                progress=figures.get(PROGRESS_OF.name_of(period.name)),
                running=period == project.terms.periods.current and not project.terms.ended,
            )
        )
    return found


def full_periods(rule: Recurrence | None) -> Sentence:
    """Name periods that are over: ``full months``."""
    return _FULL.get(rule.unit if rule and rule.every == 1 else "", say("full periods"))


def chart(_report: Report, project: ProjectReport) -> Chart | None:
    """Draw the periods; None before one is over, or where they ask in several units."""
    found = rows(project)
    units = {row.amount.unit for row in found}
    if all(row.running for row in found) or len(units) > 1:
        return None
    shown, unit = found[-MOST_BARS:], found[-1].amount.unit
    cut = [say("On phones the last {count} are drawn.", count=MOST_NARROW)] * (len(shown) > MOST_NARROW)
    return Chart(
        id="r1",
        name=say("Periods of the goal"),
        finding=_finding(project),
        question=say("Does each period reach its goal? Confirmed satoshis in each.")
        if unit == MSAT
        else say("Does each period reach its goal? {currency} at receipt in each.", currency=unit),
        alt=_alt(shown),
        note=sentences(_NOTE, *cut),
        table=Table.of(
            counting("{count} period", "{count} periods"),
            (say("Period"), numeric(say("Came in")), numeric(say("Asked for")), numeric(say("Share"))),
            (_cells(row) for row in shown),
        ),
        figures=tuple(row.amount for row in shown),
        drawings=drawn(lambda width: _draw(shown[-MOST_NARROW:] if width.narrow else shown, width)),
    )


def _alt(shown: Sequence[PeriodRow]) -> Words:
    """Say how many of the periods that are over reached their goal, which one last, and what the last had."""
    over = [row for row in shown if not row.running]
    reached = [row for row in over if row.reached]
    bars = say_count("Bar for {count} period", "Bars for {count} periods", len(shown))
    last, amount = shown[-1].name, Shown(shown[-1].amount, Form.SHORT)
    if not reached:
        return (
            say(
                "{bars}: none that is over reached its goal; {last} brought {amount}.",
                bars=bars,
                last=last,
                amount=amount,
            ),
        )
    return (
        say(
            "{bars}: {reached} of {over} full ones reached the goal, last {period}; {last} brought {amount}.",
            bars=bars,
            reached=len(reached),
            over=len(over),
            period=reached[-1].name,
            last=last,
            amount=amount,
        ),
    )


def _cells(row: PeriodRow) -> tuple[Word, ...]:
    return (
        row.title,
        Shown(row.amount),
        Shown(row.goal) if row.goal else say("none"),
        Shown(row.progress) if row.progress else say("none"),
    )


def _finding(project: ProjectReport) -> Words:
    over, reached = project.figures[OVER.name], project.figures[REACHED.name]
    return (
        say(
            "{reached} of {over} {periods} reached the goal",
            reached=Shown(reached),
            over=Shown(over),
            periods=full_periods(project.terms.periods.rule),
        ),
    )


def _draw(shown: Sequence[PeriodRow], width: Width) -> Plot:
    top = (
        max(*(length_of(row.amount) for row in shown), *(length_of(row.goal) for row in shown), 1.0)
        * _HEADROOM
    )
    plot = Plot((0, len(shown)), (0, top), width=width, height=250, margin=(2.0, 14.0, 2.0, 46.0))
    level(plot, 0, base=True)
    for at, row in enumerate(shown):
        value = length_of(row.amount)
        if row.amount.value is None:
            plot.hatch("hatch", (at + 0.2, at + 0.8), (0, top / _HEADROOM))
        elif value:
            kind = "bar-open" if row.running else "bar" if row.reached else "bar-quiet"
            plot.rectangle(kind, (at + 0.2, at + 0.8), (0, value))
            plot.labels.keep_off(plot.at(at + 0.2, 0), plot.at(at + 0.8, value))
    for at, row in enumerate(shown):
        if row.goal is not None:
            plot.line("goal", (at, at + 1), (length_of(row.goal),) * 2)
    most = max(shown, key=lambda row: length_of(row.amount))
    for at, row in enumerate(shown):
        _label(plot, at, row, said=len(shown) <= MOST_SAID or row.running or row.reached or row is most)
    _label_goal(plot, shown[-1].goal, width)
    return plot


def _label_goal(plot: Plot, goal: Figure | None, width: Width) -> None:
    if goal is not None:
        y = plot.at(0, length_of(goal))[1]
        places = [Anchor(x, y + rise, side) for rise in (6, -16) for x, side in _sides(width)]
        plot.label("quiet halo", say("goal {goal}", goal=Shown(goal, Form.SHORT)), places, figure=goal.id)


def _sides(width: Width) -> tuple[tuple[float, Side], ...]:
    return ((2, "left"), (width.px - 2, "right"), (width.px / 2, "center"))


def _label(plot: Plot, at: int, row: PeriodRow, *, said: bool) -> None:
    x, base = plot.at(at + 0.5, 0)
    y = plot.at(at, length_of(row.amount))[1]
    words = Shown(row.amount, Form.SHORT, unit=False)
    if said:
        left, right = plot.at(at, 0)[0], plot.at(at + 1, 0)[0]
        places = [Anchor(x, y + 6, "center"), Anchor(left, y + 6), Anchor(right, y + 6, "right")]
        plot.label("strong halo", words, places, figure=row.amount.id)
    start = row.period.start.date()
    first = at == 0 or start.month == 1
    plot.label("quiet", row.tick(plot.width.language), [Anchor(x, base - 18, "center")])
    if first:
        plot.label("quiet", str(start.year), [Anchor(x, base - 36, "center")])
