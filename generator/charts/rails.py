"""C7: which payment rails carry the money? Bars from zero, the longest first; never a pie."""

from collections.abc import Sequence
from typing import Final

from generator.charts.bars import Bar, draw_bars
from generator.charts.chart import Chart, Column, Table, drawn
from generator.report import ProjectReport, Report, Subtotal
from generator.text_format import counted
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
_NAMES_PX: Final = 172.0


def chart(_report: Report, project: ProjectReport) -> Chart | None:
    """Draw the rails of a project; None where all money came one way."""
    rails = project.rails
    if len(rails) < _LEAST_BARS:
        return None
    first, last = rails[0], rails[-1]
    most = Shown(first.raised, Form.SHORT)
    bars = [Bar(name=NAMES[way.name], figure=way.raised) for way in rails]
    longest = max(value_of(way.raised) for way in rails)
    whole = Shown(project.figures["raised"], Form.SHORT)
    return Chart(
        id="c7",
        name="Payment rails",
        finding=(f"{NAMES[first.name]} carried most: ", most, " of ", whole),
        question="Which payment rails carry it? Confirmed satoshis by the way they were paid.",
        alt=(
            f"Bars for {len(rails)} rails, the longest first: {NAMES[first.name]} with ",
            most,
            f", the shortest {NAMES[last.name]} with ",
            Shown(last.raised, Form.SHORT),
            ".",
        ),
        note="The bars add up to what was raised. Several rails: rows that privacy joined.",
        table=_table(rails),
        figures=tuple(figure for way in rails for figure in (way.raised, way.count)),
        drawings=drawn(lambda width: draw_bars(bars, width, whole=longest, names=_NAMES_PX)),
    )


def _table(rails: Sequence[Subtotal]) -> Table:
    return Table(
        columns=(
            Column(name="Rail"),
            Column(name="Amount, sats", numeric=True),
            Column(name="Contributions", numeric=True),
        ),
        rows=tuple(
            ((NAMES[way.name],), (Shown(way.raised, unit=False),), (Shown(way.count, unit=False),))
            for way in rails
        ),
        name=counted(len(rails), "rail"),
    )
