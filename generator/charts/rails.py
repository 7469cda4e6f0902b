"""C7: which payment rails carry the money? Bars from zero, the longest first; never a pie."""

from collections.abc import Sequence
from typing import Final

from generator.charts.bars import Bar, draw_bars
from generator.charts.chart import Chart, Table, drawn, numeric
from generator.report import ProjectReport, Report, Subtotal
from generator.report.series.subtotals import ANGOR_RAIL, RAILS, UNNAMED
from generator.wording import Form, Shown, Words, value_of

#: What rails are called at the begin of a line.
NAMES: Final = {rail: words[0].upper() + words[1:] for rail, words in RAILS.items()} | {
    ANGOR_RAIL: "Angor investment",
    UNNAMED: "Not named",
}
_LEAST_BARS: Final = 2  #: one bar says nothing that a number does not
_NAMES_PX: Final = 172.0


def chart(_report: Report, project: ProjectReport) -> Chart | None:
    """Draw the rails of a project; None where all money came one rail."""
    rails = project.rails
    if len(rails) < _LEAST_BARS:
        return None
    bars = [Bar(name=NAMES[rail.name], figure=rail.raised) for rail in rails]
    longest = max(value_of(rail.raised) for rail in rails)
    return Chart(
        id="c7",
        name="Payment rails",
        finding=(
            f"{NAMES[rails[0].name]} carried most: ",
            Shown(rails[0].raised, Form.SHORT),
            " of ",
            Shown(project.figures["raised"], Form.SHORT),
        ),
        question="Which payment rails carry it? Confirmed satoshis by the way they were paid.",
        alt=_alt(rails),
        note="The bars add up to what was raised. Several rails: rows that privacy joined.",
        table=_table(rails),
        figures=tuple(figure for rail in rails for figure in (rail.raised, rail.count)),
        drawings=drawn(lambda width: draw_bars(bars, width, whole=longest, names=_NAMES_PX)),
    )


def label(rail: Subtotal) -> str:
    """Return what a rail is called; rows of several say which, as far as they know."""
    held = [RAILS.get(name, name) for name in rail.rails]
    return f"{NAMES[rail.name]}: {', '.join(held)}" if held else NAMES[rail.name]


def _alt(rails: Sequence[Subtotal]) -> Words:
    first, last = rails[0], rails[-1]
    begin = f"Bars for {len(rails)} rails, the longest first: {NAMES[first.name]} with "
    most, least = Shown(first.raised, Form.SHORT), Shown(last.raised, Form.SHORT)
    return (begin, most, f", the shortest {NAMES[last.name]} with ", least, ".")


def _table(rails: Sequence[Subtotal]) -> Table:
    rows = ((label(rail), Shown(rail.raised, unit=False), Shown(rail.count, unit=False)) for rail in rails)
    return Table.of("rail", ("Rail", numeric("Amount, sats"), numeric("Contributions")), rows)
