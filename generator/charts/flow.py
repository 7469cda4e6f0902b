"""C4: where is the money now? A waterfall from what came in to what is still locked; it sums to zero."""

from typing import Final

from generator.charts.bars import Bar, bar_table, draw_bars
from generator.charts.chart import Chart, drawn, sentences
from generator.report import ProjectReport, Report
from generator.report.figures.bounds import Bound
from generator.sentence import counting, say
from generator.wording import Form, Shown, Words, joined, value_of

#: Where raised money can be, in the order of the bars: figure, name, kind, end of a sentence.
PLACES: Final = (
    (
        "with_founder",
        say("Reached the founder"),
        "bar-founder",
        say("{amount} reached the founder"),
    ),
    ("refunded", say("Refunded"), "bar-back", say("{amount} were refunded")),
    (
        "recovered",
        say("Recovered by investors"),
        "bar-back",
        say("{amount} were recovered by investors"),
    ),
    (
        "released",
        say("Back after the penalty"),
        "bar-back",
        say("{amount} are back with investors after the penalty"),
    ),
    (
        "in_penalty",
        say("In penalty time lock"),
        "bar-quiet",
        say("{amount} are in the penalty time lock"),
    ),
    (
        "unclassified",
        say("Unclassified spends"),
        "bar-quiet",
        say("{amount} were spent in a way no rule explains"),
    ),
)
#: What of an Angor project's claims is called: no wallet but the founder's has it.
_ANGOR_FOUNDER: Final = (
    "with_founder",
    say("With the founder"),
    "bar-founder",
    say("{amount} are with the founder"),
)
LOCKED: Final = (
    "locked",
    say("Still locked in stages"),
    "bar",
    say("{amount} are still locked in stages"),
)
_IN_ALT: Final = 3  #: places that the alternative text names
_LEAST_BARS: Final = 3  #: one bar equal to another says nothing that a number does not
_NAMES_PX: Final = 208.0


def bars(project: ProjectReport) -> tuple[Bar, ...]:
    """Return the rows; empty where nothing was raised or a place is not known.

    raised = with founder + refunded + recovered + released + in penalty + unclassified + locked.
    """
    figures = project.figures
    raised = figures["raised"]
    if not value_of(raised) or not _is_known(project):
        return ()
    left = value_of(raised)
    found = [Bar(name=say("Raised"), figure=raised, strong=True, joint="end")]
    places = (_ANGOR_FOUNDER, *PLACES[1:]) if project.identifier else PLACES
    for name, label, kind, phrase in places:
        if value_of(figures[name]):
            left -= value_of(figures[name])
            found.append(
                Bar(name=label, figure=figures[name], kind=kind, phrase=phrase, start=left, joint="start")
            )
    if left != value_of(figures["locked"]):
        return ()
    if left:
        name, label, kind, phrase = LOCKED
        found.append(Bar(name=label, figure=figures[name], kind=kind, phrase=phrase, strong=True))
    return tuple(found)


def _is_known(project: ProjectReport) -> bool:
    places = [project.figures.get(name) for name, *_ in (*PLACES, LOCKED)]
    return all(figure is not None and figure.value is not None for figure in places)


def with_payouts(project: ProjectReport, rows: tuple[Bar, ...]) -> tuple[Bar, ...]:
    """Return the rows with what was paid out through BTCPay below what reached the founder, a part of it."""
    paid, found = project.figures["paid_out"], []
    for bar in rows:
        found.append(bar)
        if bar.figure.name == "with_founder" and 0 < value_of(paid) <= value_of(bar.figure):
            found.append(
                Bar(
                    name=say("of it paid out through BTCPay"),
                    figure=paid,
                    kind="bar-part",
                    start=bar.start,
                    joint="start",
                )
            )
    return tuple(found)


def chart(_report: Report, project: ProjectReport) -> Chart | None:
    """Draw the waterfall of a project; None where it cannot be drawn exactly, or has one place only."""
    rows = bars(project)
    if len(rows) < _LEAST_BARS:
        return None
    whole = value_of(rows[0].figure)
    places = tuple(sorted(rows[1:], key=lambda bar: -value_of(bar.figure)))
    shown = with_payouts(project, rows)
    return Chart(
        id="c4",
        name=say("Where the money is now"),
        finding=_finding(rows[0], places),
        question=say("Where is the money now? Confirmed satoshis raised, by the place where they are today."),
        alt=_alt(rows, places),
        note=_note(project, shown),
        table=bar_table(counting("{count} row", "{count} rows"), say("Where"), shown),
        figures=tuple(bar.figure for bar in shown),
        drawings=drawn(lambda width: draw_bars(shown, width, whole=whole, names=_NAMES_PX)),
    )


def _finding(raised: Bar, places: tuple[Bar, ...]) -> Words:
    named = joined(((bar.said,) for bar in places[:2]), last=", ")
    if places[0].figure.bound is Bound.EXACT:
        return named
    return (say("Of {raised} raised, {places}", raised=Shown(raised.figure, Form.SHORT), places=named),)


def _note(project: ProjectReport, shown: tuple[Bar, ...]) -> Words:
    figures, names = project.figures, {bar.figure.name for bar in shown}
    said = [say("The bars below the first add up to it.")]
    if "paid_out" in names:
        said.append(say("What was paid out is a part of what reached the founder."))
    elif figures["paid_out"].value is None:
        said.append(say("What the founder paid out through BTCPay is not read."))
    elif figures["paid_out"].value:
        said.append(say("More was paid out through BTCPay than reached the founder by this project."))
    if "locked" in names or value_of(figures["fee"]):
        said.append(say("The Angor fee is paid on top and not part of it."))
    if any(bar.figure.bound is not Bound.EXACT for bar in shown):
        said.append(say("≥ and “at most”: a part could not be read, so some of it may lie in another place."))
    return sentences(*said)


def _alt(rows: tuple[Bar, ...], places: tuple[Bar, ...]) -> Words:
    raised, named = Shown(rows[0].figure, Form.SHORT), joined((bar.said,) for bar in places[:_IN_ALT])
    if len(places) > _IN_ALT:
        text = say(
            "Waterfall: of {raised} raised, {places}; the table names the rest.", raised=raised, places=named
        )
    else:
        text = say("Waterfall: of {raised} raised, {places}.", raised=raised, places=named)
    return (text,)
