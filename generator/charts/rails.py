"""C7: which payment rails carry the money? Bars from zero, the longest first; never a pie."""

from collections.abc import Sequence
from typing import Final

from generator.charts.chart import Chart, Column, drawn
from generator.charts.labels import Spot
from generator.charts.plot import Plot, Width
from generator.report.model import ProjectReport, Way
from generator.wording import Form, Shown, value_of

#: What rails are called.
NAMES: Final = {
    "BTC-CHAIN": "On chain",
    "BTC-LN": "Lightning",
    "BTC-LNURL": "Lightning address",
    "ANGOR": "Angor investment",
    "MIXED": "Several rails",
    "UNNAMED": "Not named",
}
_LEAST_BARS: Final = 2  #: one bar says nothing that a number does not
_LEAST_PX: Final = 2  #: small is not nothing
_ROW: Final = 37
_ROW_NARROW: Final = 46


def name_of(way: Way) -> str:
    """Return what a rail is called."""
    return NAMES[way.name]


def rails(project: ProjectReport) -> Chart | None:
    """Return the bars of a project; None where all money came one way."""
    ways = project.rails
    if len(ways) < _LEAST_BARS:
        return None
    last = ways[-1]
    return Chart(
        id="c7",
        name="Payment rails",
        finding=(
            f"{name_of(ways[0])} carried most: ",
            Shown(ways[0].raised, Form.SHORT),
            " of ",
            _whole(project),
        ),
        question="Which payment rails carry it? Confirmed satoshis by the way they were paid.",
        alt=(
            f"Bars for {len(ways)} rails, the longest first: {name_of(ways[0])} with ",
            Shown(ways[0].raised, Form.SHORT),
            f", the shortest {name_of(last)} with ",
            Shown(last.raised, Form.SHORT),
            ".",
        ),
        note="The bars add up to what was raised. Several rails: rows that privacy joined.",
        columns=(
            Column(name="Rail"),
            Column(name="Amount, sats", numeric=True),
            Column(name="Contributions", numeric=True),
        ),
        rows=tuple(
            ((name_of(way),), (Shown(way.raised, unit=False),), (Shown(way.count, unit=False),))
            for way in ways
        ),
        rows_name=f"{len(ways)} rails",
        figures=tuple(figure for way in ways for figure in (way.raised, way.count)),
        drawings=drawn(lambda width: _draw(ways, width)),
    )


def _whole(project: ProjectReport) -> Shown:
    return Shown(project.figures["raised"], Form.SHORT)


def _draw(ways: Sequence[Way], width: Width) -> Plot:
    step = _ROW_NARROW if width.narrow else _ROW
    margin = (2.0, 2.0, 2.0, 4.0) if width.narrow else (172.0, 2.0, 112.0, 4.0)
    longest = max(value_of(way.raised) for way in ways)
    plot = Plot((0, longest), (len(ways), 0), width=width, height=step * len(ways) + 6, margin=margin)
    low, high = (0.5, 0.86) if width.narrow else (0.22, 0.78)
    least = longest * _LEAST_PX / (width.px - margin[0] - margin[2])
    plot.line("axis", (0, 0), (0, len(ways)))
    for row, way in enumerate(ways):
        plot.block("bar", (0, max(float(value_of(way.raised)), least)), (row + low, row + high))
        _label(plot, row, way)
    return plot


def _label(plot: Plot, row: int, way: Way) -> None:
    narrow = plot.width.narrow
    (left, y), right = plot.at(0, row + (0.36 if narrow else 0.5)), plot.width.px - 2
    lift = 0 if narrow else -0.36 * plot.width.text
    spot = Spot(left + 4, y) if narrow else Spot(left - 12, y + lift, "right")
    plot.text("label halo", name_of(way), spot.x, spot.y, ha=spot.ha)
    value = Shown(way.raised, Form.SHORT).text
    plot.text("label halo", value, right, y + lift, ha="right", figure=way.raised.id)
