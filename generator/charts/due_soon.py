"""S1: what is due in 90 days and how much is at stake? A dot for each opening, larger amounts higher."""

from collections.abc import Sequence
from datetime import date
from math import log10
from typing import Final

from generator.charts.chart import Chart, Column, drawn
from generator.charts.labels import Spot
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates
from generator.money import MSAT_PER_SAT, short_sat_text
from generator.report.model import Figure
from generator.report.series.openings import SOON, Opening, largest
from generator.wording import Form, Said, Shown, Words, clean, day_text, shortened, value_of

#: Dots drawn at most, those with the most at stake; the lists have every opening.
MOST: Final = 80
MOST_ROWS: Final = 40
_NAMED: Final = {"wide": 5, "narrow": 2}
_LETTERS: Final = {"wide": 28, "narrow": 20}
_HEIGHT: Final = 300


def openings(found: Sequence[Opening], total: Figure, today: date) -> Chart | None:
    """Return the timeline of the next 90 days; None where nothing is known to open in them.

    `found` are the openings of these days, `total` the figure of what they hold.
    """
    known = largest(found, MOST)
    if not known:
        return None
    left = len(found) - len(known)
    rows = sorted(known[:MOST_ROWS], key=lambda one: (one.stage.opens_on, one.project.slug))
    count = "one opening" if len(found) == 1 else f"{len(found)} openings"
    return Chart(
        id="s1",
        name="Openings of the next 90 days",
        finding=_finding(known[0], total, count),
        question="What is due in 90 days and how much is at stake? "
        "Satoshis locked in a stage, on the day it opens; each step upwards is ten times as much.",
        alt=(f"Dot timeline of {count} until {day_text(today + SOON)}; ", *_most(known[0]), "."),
        note=f"Not drawn are {left} with less at stake, or a stake that is not known." if left else "",
        columns=(Column(name="Opens"), Column(name="Project"), Column(name="Locked, sats", numeric=True)),
        rows=tuple(
            ((day_text(one.stage.opens_on),), (_title(one, 60),), (Shown(one.stake, unit=False),))
            for one in rows
        ),
        rows_name="1 opening" if len(rows) == 1 else f"{len(rows)} openings",
        figures=tuple(one.stake for one in known),
        drawings=drawn(lambda width: _draw(known, today, width)),
    )


def _title(one: Opening, most: int) -> Said:
    return Said(shortened(clean(one.project.title), most))


def _finding(most: Opening, total: Figure, count: str) -> Words:
    if total.value is None:
        return (
            f"In the next 90 days there is {count}"
            if count.startswith("one")
            else f"In the next 90 days there are {count}",
            "; ",
            *_most(most),
        )
    verb = "opens" if value_of(total) == MSAT_PER_SAT else "open"
    return (Shown(total, Form.SHORT), f" {verb} to founders in the next 90 days, in {count}")


def _most(one: Opening) -> Words:
    return ("the largest holds ", Shown(one.stake, Form.SHORT), f" from {day_text(one.stage.opens_on)}")


def _height(figure: Figure) -> float:
    """Return the place of an amount on the axis: its power of ten in satoshis."""
    return log10(max(value_of(figure) / MSAT_PER_SAT, 1))


def _draw(found: Sequence[Opening], today: date, width: Width) -> Plot:
    heights = [_height(one.stake) for one in found]
    low, high = int(min(heights)), int(max(heights)) + 1
    xlim = (today.toordinal(), (today + SOON).toordinal())
    margin = (58.0 if width.narrow else 64.0, 26.0, 14.0, 34.0)
    plot = Plot(xlim, (low, high), width=width, height=_HEIGHT, margin=margin)
    for power in range(low, high + 1):
        plot.line("axis" if power == low else "grid", xlim, (power, power))
        x, y = plot.at(xlim[0], power)
        words = short_sat_text(10**power * MSAT_PER_SAT)
        plot.text("tick", words, x - 8, y - 0.36 * width.text, ha="right")
    dates(plot)
    for one, height in zip(found, heights, strict=True):
        x, y = plot.at(one.stage.opens_on.toordinal(), height)
        plot.labels.block((x - 5, y - 5), (x + 5, y + 5))
    for one, height in reversed(list(zip(found, heights, strict=True))):
        plot.dot("dot", one.stage.opens_on.toordinal(), height, size=10)
    for one, height in list(zip(found, heights, strict=True))[: _NAMED[width.name]]:
        _name(plot, one, height, _LETTERS[width.name])
    return plot


def _name(plot: Plot, one: Opening, height: float, letters: int) -> None:
    x, y = plot.at(one.stage.opens_on.toordinal(), height)
    drop = 0.36 * plot.width.text
    spots = [
        Spot(x + 9, y - drop),
        Spot(x - 9, y - drop, "right"),
        *(Spot(x, y + up, ha) for up in (9, -9 - 2 * drop) for ha in ("center", "left", "right")),
    ]
    plot.say("label halo said", _title(one, letters).text, spots, clear=True)
