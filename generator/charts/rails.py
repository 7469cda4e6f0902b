"""C7: which payment rails carry the money? Bars from zero, the longest first; never a pie."""

from collections.abc import Sequence
from typing import Final

from generator.charts.bars import Bar, draw_bars
from generator.charts.chart import Chart, Table, drawn, numeric
from generator.report import ProjectReport, Report, Subtotal
from generator.report.series.subtotals import ANGOR_RAIL, RAILS, UNNAMED
from generator.sentence import AtStart, Sentence, counting, say
from generator.wording import Form, Shown, Words, listed, value_of

#: What rails are called.
NAMES: Final = RAILS | {ANGOR_RAIL: say("Angor investment"), UNNAMED: say("not named")}
_LEAST_BARS: Final = 2  #: one bar says nothing that a number does not
_NAMES_PX: Final = 172.0


def chart(_report: Report, project: ProjectReport) -> Chart | None:
    """Draw the rails of a project; None where all money came one rail."""
    rails = project.rails
    if len(rails) < _LEAST_BARS:
        return None
    bars = [Bar(name=name(rail), figure=rail.raised) for rail in rails]
    longest = max(value_of(rail.raised) for rail in rails)
    return Chart(
        id="c7",
        name=say("Payment rails"),
        finding=(
            say(
                "{rail} carried most: {amount} of {raised}",
                rail=name(rails[0]),
                amount=Shown(rails[0].raised, Form.SHORT),
                raised=Shown(project.figures["raised"], Form.SHORT),
            ),
        ),
        question=say("Which payment rails carry it? Confirmed satoshis by the way they were paid."),
        alt=_alt(rails),
        note=say("The bars add up to what was raised. Several rails: rows that privacy joined."),
        table=_table(rails),
        figures=tuple(figure for rail in rails for figure in (rail.raised, rail.count)),
        drawings=drawn(lambda width: draw_bars(bars, width, whole=longest, names=_NAMES_PX)),
    )


def name(rail: Subtotal) -> AtStart:
    """Return what a rail is called at the begin of a line."""
    return AtStart(NAMES[rail.name])


def label(rail: Subtotal) -> Sentence | AtStart:
    """Return what a rail is called; rows of several say which, as far as they know."""
    held = listed(RAILS.get(each, each) for each in rail.rails)
    return say("{rail}: {held}", rail=name(rail), held=held) if held else name(rail)


def _alt(rails: Sequence[Subtotal]) -> Words:
    first, last = rails[0], rails[-1]
    return (
        say(
            "Bars for {count} rails, the longest first: {first} with {most}, the shortest {last} with "
            "{least}.",
            count=len(rails),
            first=NAMES[first.name],
            most=Shown(first.raised, Form.SHORT),
            last=NAMES[last.name],
            least=Shown(last.raised, Form.SHORT),
        ),
    )


def _table(rails: Sequence[Subtotal]) -> Table:
    rows = ((label(rail), Shown(rail.raised, unit=False), Shown(rail.count, unit=False)) for rail in rails)
    columns = (say("Rail"), numeric(say("Amount, sats")), numeric(say("Contributions")))
    return Table.of(counting("{count} rail", "{count} rails"), columns, rows)
