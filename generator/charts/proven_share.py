"""V1: what share of the total is independently verifiable, and how? One bar of 100 %, and its key below."""

from typing import Final

from generator.charts.bars import Bar, bar_table
from generator.charts.chart import Chart, drawn
from generator.charts.labels import LINE
from generator.charts.plot import Plot, Width
from generator.report import Report
from generator.sentence import counting, say
from generator.wording import Form, Shown, Words, joined, value_of

#: Parts of what was raised, the surest first: figure, name, kind, end of a sentence.
LEVELS: Final = (
    ("proven", say("Proven from public data"), "bar", say("{amount} are proven from public data")),
    (
        "reported_chain",
        say("On chain, block not checked"),
        "bar-back",
        say("{amount} are on chain with their block not checked"),
    ),
    (
        "reported_server",
        say("Reported by a BTCPay server"),
        "bar-reported",
        say("{amount} are only as a server reports it"),
    ),
)
_BAR: Final = 30  #: pixels that the bar is high
_LEAST: Final = 0.005  #: of the whole: small is not nothing


def parts(report: Report) -> tuple[Bar, ...]:
    """Return the parts with money in them; empty where nothing was raised or it is not known."""
    raised = report.figures["raised"]
    if raised.value is None or not value_of(raised):
        return ()
    found, start = [], 0
    for name, label, kind, phrase in LEVELS:
        figure = report.figures[name]
        if value_of(figure):
            found.append(Bar(name=label, figure=figure, kind=kind, phrase=phrase, start=start))
            start += value_of(figure)
    return tuple(found)


def chart(report: Report) -> Chart | None:
    """Draw the parts; None while nothing was raised or it is not known."""
    found = parts(report)
    if not found:
        return None
    raised, share = report.figures["raised"], report.figures["proven_share"]
    parts_said = joined((part.said,) for part in found)
    whole = value_of(raised)
    return Chart(
        id="v1",
        name=say("What was raised, by how far it is verified"),
        finding=_finding(report),
        question=say(
            "What share of the total is independently verifiable, and how? Confirmed satoshis raised, by the "
            "evidence for them."
        ),
        alt=(
            say(
                "One bar in parts: of {raised} raised, {parts}.",
                raised=Shown(raised, Form.SHORT),
                parts=parts_said,
            ),
        ),
        note=say("The parts add up to everything raised. Self-declared sums are in none of them."),
        table=bar_table(counting("{count} part", "{count} parts"), say("Evidence"), found),
        figures=(raised, share, *(part.figure for part in found)),
        drawings=drawn(lambda width: _draw(found, whole, width)),
    )


def _draw(found: tuple[Bar, ...], whole: int, width: Width) -> Plot:
    """Draw the parts beside each other, each at least a line wide, and the key with their amounts."""
    row = LINE * width.text + 6
    key = row * len(found) + 6
    plot = Plot((0, whole), (0, 1), width=width, height=_BAR + key + 4, margin=(2.0, 2.0, 2.0, key + 2))
    least = whole * _LEAST
    for part in found:
        start = min(float(part.start), whole - least)
        plot.rectangle(
            part.kind, (start, max(start + least, float(part.start + value_of(part.figure)))), (0, 1)
        )
    for part in found[1:]:
        plot.line("part-gap", (part.start, part.start), (0, 1))
    for number, part in enumerate(found, 1):
        y = key - row * number + 6
        plot.swatch(part.kind, 2.0, y - 1, size=0.8 * width.text)
        plot.text("label", part.name, 22.0, y)
        value = Shown(part.figure, Form.SHORT)
        plot.text("strong", value, width.px - 2, y, side="right", figure=part.figure.id)
    return plot


def _finding(report: Report) -> Words:
    share, proven = report.figures["proven_share"], Shown(report.figures["proven"], Form.SHORT)
    if share.value is None:
        if report.network == "main":
            return (say("{amount} are proven from public data", amount=proven),)
        return (say("{amount} are proven from public data, on a test network", amount=proven),)
    if report.network == "main":
        return (say("{share} of what was raised is proven from public data", share=Shown(share)),)
    text = say("{share} of what was raised is proven from public data, on a test network", share=Shown(share))
    return (text,)
