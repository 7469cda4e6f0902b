"""N1: how many projects begin each month? Bars from zero."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from matplotlib.ticker import MaxNLocator

from generator.charts.chart import Chart, Table, drawn, numeric
from generator.charts.labels import Anchor
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates, level, ticks
from generator.report import Figure, Report
from generator.report.figures.bounds import Bound
from generator.report.portfolio.network_totals import NEW
from generator.sentence import CalendarMonth, counting, say, say_count
from generator.wording import Shown, Words, value_of

#: Bars drawn at most, the latest; the table has every month.
MOST: Final = {"wide": 48, "narrow": 18}
_HEADROOM: Final = 1.14
_HEIGHT: Final = 240


def chart(report: Report) -> Chart | None:
    """Draw the months; None in a report that is not of the whole network, or knows none of them."""
    months = [
        figure
        for name, figure in report.figures.items()
        if name.startswith(f"{NEW.name}@") and isinstance(figure.value, int)
    ]
    if not months:
        return None
    best = max(months, key=value_of)  # the first of several
    cut = len(months) > MOST["narrow"]
    return Chart(
        id="n1",
        name=say("New projects each month"),
        finding=_finding(best),
        question=say("How many projects begin each month? By the first day they announce."),
        alt=_alt(months),
        note=say(
            "Drawn are the last {wide} months, on phones {narrow}.", wide=MOST["wide"], narrow=MOST["narrow"]
        )
        if cut
        else "",
        table=Table.of(
            counting("{count} month", "{count} months"),
            (say("Month"), numeric(say("New projects"))),
            ((_month(month), Shown(month)) for month in months),
        ),
        figures=tuple(months),
        drawings=drawn(lambda width: _draw(months[-MOST[width.name] :], width)),
    )


def _finding(best: Figure) -> Words:
    """Say how many began in the best month; what is not the whole network is never "at most"."""
    count, month = value_of(best), _month(best)
    if best.bound is not Bound.EXACT:
        return (
            say_count(
                "{projects} project began in {month}; not all of the network is read",
                "{projects} projects began in {month}; not all of the network is read",
                count,
                projects=Shown(best),
                month=month,
            ),
        )
    return (
        say_count(
            "At most {projects} project began in one month, first in {month}",
            "At most {projects} projects began in one month, first in {month}",
            count,
            projects=Shown(best),
            month=month,
        ),
    )


def _alt(months: Sequence[Figure]) -> Words:
    return (
        say_count(
            "Bar for {count} month: {first}.",
            "Bars for {count} months, {first} to {last}.",
            len(months),
            first=_month(months[0]),
            last=_month(months[-1]),
        ),
    )


def _first_day(month: Figure) -> date:
    return date.fromisoformat(f"{month.name.partition('@')[2]}-01")


def _month(month: Figure) -> CalendarMonth:
    return CalendarMonth(_first_day(month))


def _draw(months: Sequence[Figure], width: Width) -> Plot:
    days = [_first_day(month) for month in months]
    days.append(date(days[-1].year + days[-1].month // 12, days[-1].month % 12 + 1, 1))
    most = max(value_of(month) for month in months)
    xlim, top = (days[0].toordinal(), days[-1].toordinal()), max(most, 1) * _HEADROOM
    plot = Plot(xlim, (0, top), width=width, height=_HEIGHT, margin=(44.0, 8.0, 10.0, 34.0))
    for value in ticks(MaxNLocator(4, integer=True), top):
        level(plot, value, f"{value:.0f}", base=not value)
    dates(plot)
    highest = next(month for month in months if value_of(month) == most)
    for month, (first, last) in zip(months, pairwise(days), strict=True):
        pad = (last - first).days * 0.08
        value = value_of(month)
        if value:
            plot.rectangle("bar", (first.toordinal() + pad, last.toordinal() - pad), (0, value))
        if month is highest:
            x, y = plot.at((first.toordinal() + last.toordinal()) / 2, value)
            plot.label("label", Shown(month), [Anchor(x, y + 5, "center")], figure=month.id)
    return plot
