"""S1: what is due in 90 days and how much is at stake? A dot for each opening, larger amounts higher."""

from collections.abc import Sequence
from datetime import date
from math import log10
from typing import Final

from generator.charts.chart import Chart, Table, drawn, numeric
from generator.charts.labels import Anchor
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates, level
from generator.money import MSAT_PER_SAT, short_sat_text
from generator.report import Figure, Report
from generator.report.portfolio.openings import DUE_SOON, SOON, StageOpening, ahead, largest, openings
from generator.text_format import clean, counted, day_text, shortened
from generator.wording import Form, Quoted, Shown, Words, value_of

#: Dots drawn at most, those with the most at stake; the lists have every opening.
MOST: Final = 80
MOST_ROWS: Final = 40
#: Dots that are named, and letters of their names.
_NAMED: Final = {"wide": 5, "narrow": 2}
_LETTERS: Final = {"wide": 28, "narrow": 20}
_LETTERS_IN_TABLE: Final = 60
_HEIGHT: Final = 300


def soon(report: Report) -> list[StageOpening]:
    """Return the openings of the next 90 days, soonest first."""
    today = report.as_of.date()
    coming = ahead(openings(report.projects), today)
    return [opening for opening in coming if opening.stage.opens_on <= today + SOON]


def chart(report: Report) -> Chart | None:
    """Draw the next 90 days; None where nothing with a known stake opens in them."""
    today = report.as_of.date()
    found = soon(report)
    shown = largest(found, MOST)
    if not shown:
        return None
    count = counted(len(found), "opening", one="one")
    left = len(found) - len(shown)
    return Chart(
        id="s1",
        name="Openings of the next 90 days",
        finding=_finding(shown[0], report.figures[DUE_SOON.name], count),
        question="What is due in 90 days and how much is at stake? "
        "Satoshis locked in a stage, on the day it opens; each step upwards is ten times as much.",
        alt=(f"Dot timeline of {count} until {day_text(today + SOON)}; ", *_largest_holds(shown[0]), "."),
        note=f"Not drawn are {left} with less at stake, or a stake that is not known." if left else "",
        table=_table(shown),
        figures=tuple(opening.stake for opening in shown),
        drawings=drawn(lambda width: _draw(shown, today, width)),
    )


def _table(shown: Sequence[StageOpening]) -> Table:
    rows = sorted(shown[:MOST_ROWS], key=lambda opening: (opening.stage.opens_on, opening.project.slug))
    cells = (
        (
            day_text(opening.stage.opens_on),
            Quoted(_title(opening, _LETTERS_IN_TABLE)),
            Shown(opening.stake, unit=False),
        )
        for opening in rows
    )
    return Table.of("opening", ("Opens", "Project", numeric("Locked, sats")), cells)


def _title(opening: StageOpening, letters: int) -> str:
    return shortened(clean(opening.project.title), letters)


def _finding(most: StageOpening, total: Figure, count: str) -> Words:
    if total.value is None:
        verb = "is" if count.startswith("one") else "are"
        return (f"In the next 90 days there {verb} {count}; ", *_largest_holds(most))
    verb = "opens" if value_of(total) == MSAT_PER_SAT else "open"
    return (Shown(total, Form.SHORT), f" {verb} to founders in the next 90 days, in {count}")


def _largest_holds(most: StageOpening) -> Words:
    return ("the largest holds ", Shown(most.stake, Form.SHORT), f" from {day_text(most.stage.opens_on)}")


def _place(opening: StageOpening) -> tuple[int, float]:
    """Return where a dot stands: its day as ordinal, and the power of ten of its satoshis."""
    power = log10(max(value_of(opening.stake) / MSAT_PER_SAT, 1))
    return opening.stage.opens_on.toordinal(), power


def _draw(shown: Sequence[StageOpening], today: date, width: Width) -> Plot:
    places = [_place(opening) for opening in shown]
    powers = [power for _, power in places]
    low, high = int(min(powers)), int(max(powers)) + 1
    xlim = (today.toordinal(), (today + SOON).toordinal())
    plot = Plot(xlim, (low, high), width=width, height=_HEIGHT, margin=(width.amounts, 26.0, 14.0, 34.0))
    for power in range(low, high + 1):
        level(plot, power, short_sat_text(10**power * MSAT_PER_SAT), base=power == low)
    dates(plot)
    for place in places:
        x, y = plot.at(*place)
        plot.labels.keep_off((x - 5, y - 5), (x + 5, y + 5))
    for place in reversed(places):  # the largest lies on top
        plot.dot("dot", *place, size=10)
    for opening in shown[: _NAMED[width.name]]:
        _name(plot, opening)
    return plot


def _name(plot: Plot, opening: StageOpening) -> None:
    x, y = plot.at(*_place(opening))
    drop = plot.width.drop
    anchors = [
        Anchor(x + 9, y - drop),
        Anchor(x - 9, y - drop, "right"),
        *(Anchor(x, y + up, side) for up in (9, -9 - 2 * drop) for side in ("center", "left", "right")),
    ]
    plot.label("label halo said", _title(opening, _LETTERS[plot.width.name]), anchors, clear=True)
