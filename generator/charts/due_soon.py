"""S1: what is due in 90 days and how much is at stake? A dot for each opening, larger amounts higher."""

from collections.abc import Sequence
from datetime import date
from math import log10
from typing import Final

from generator.charts.chart import Chart, Table, drawn, numeric, on_day
from generator.charts.labels import Anchor
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates, level
from generator.money import MSAT_PER_SAT, short_sat_text
from generator.report import Figure, Report
from generator.report.portfolio.openings import DUE_SOON, SOON, StageOpening, ahead, largest, openings
from generator.sentence import counting, say, say_count
from generator.text_format import clean, shortened
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
    left = len(found) - len(shown)
    return Chart(
        id="s1",
        name=say("Openings of the next 90 days"),
        finding=_finding(shown[0], report.figures[DUE_SOON.name], len(found)),
        question=say(
            "What is due in 90 days and how much is at stake? Satoshis locked in a stage, on the day it "
            "opens; each step upwards is ten times as much."
        ),
        alt=_alt(shown[0], len(found), today + SOON),
        note=say("Not drawn are {count} with less at stake, or a stake that is not known.", count=left)
        if left
        else "",
        table=_table(shown),
        figures=tuple(opening.stake for opening in shown),
        drawings=drawn(lambda width: _draw(shown, today, width)),
    )


def _table(shown: Sequence[StageOpening]) -> Table:
    rows = sorted(shown[:MOST_ROWS], key=lambda opening: (opening.stage.opens_on, opening.project.slug))
    cells = (
        (
            on_day(opening.stage.opens_on),
            Quoted(_title(opening, _LETTERS_IN_TABLE)),
            Shown(opening.stake, unit=False),
        )
        for opening in rows
    )
    columns = (say("Opens"), say("Project"), numeric(say("Locked, sats")))
    return Table.of(counting("{count} opening", "{count} openings"), columns, cells)


def _title(opening: StageOpening, letters: int) -> str:
    return shortened(clean(opening.project.title), letters)


def _finding(most: StageOpening, total: Figure, count: int) -> Words:
    if total.value is None:
        return (
            say_count(
                "In the next 90 days there is {count} opening; the largest holds {stake} from {day}",
                "In the next 90 days there are {count} openings; the largest holds {stake} from {day}",
                count,
                stake=Shown(most.stake, Form.SHORT),
                day=most.stage.opens_on,
            ),
        )
    return (
        say_count(
            "Opening to founders in the next 90 days: {total}, in {count} opening",
            "Opening to founders in the next 90 days: {total}, in {count} openings",
            count,
            total=Shown(total, Form.SHORT),
        ),
    )


def _alt(most: StageOpening, count: int, until: date) -> Words:
    return (
        say_count(
            "Dot timeline of {count} opening until {until}; it holds {stake} from {day}.",
            "Dot timeline of {count} openings until {until}; the largest holds {stake} from {day}.",
            count,
            until=until,
            stake=Shown(most.stake, Form.SHORT),
            day=most.stage.opens_on,
        ),
    )


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
