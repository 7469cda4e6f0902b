"""V1: what share of the total is independently verifiable, and how? One bar, a row for each of its parts."""

from typing import Final

from generator.charts.bars import Bar, bar_table, draw_bars
from generator.charts.chart import Chart, drawn
from generator.report import Report
from generator.wording import Form, Shown, Words, joined, value_of

#: Parts of what was raised, the surest first: figure, name, kind, end of a sentence.
LEVELS: Final = (
    ("proven", "Proven from public data", "bar", " proven from public data"),
    ("reported_chain", "On chain, block not checked", "bar-back", " on chain with its block not checked"),
    ("reported_server", "Reported by a BTCPay server", "bar-quiet", " only as a server reports it"),
)
_NAMES_PX: Final = 228.0


def parts(report: Report) -> tuple[Bar, ...]:
    """Return the parts with money in them; empty where nothing was raised or it is not known."""
    raised = report.figures["raised"]
    if raised.value is None or not value_of(raised):
        return ()
    found, start = [], 0
    for name, label, kind, phrase in LEVELS:
        figure = report.figures[name]
        if value_of(figure):
            found.append(Bar(name=label, figure=figure, kind=kind, phrase=phrase, start=start, joint="end"))
            start += value_of(figure)
    return tuple(found)


def chart(report: Report) -> Chart | None:
    """Draw the parts; None while nothing was raised or it is not known."""
    found = parts(report)
    if not found:
        return None
    raised, share = report.figures["raised"], report.figures["proven_share"]
    phrases = joined((Shown(part.figure, Form.SHORT), f" are{part.phrase}") for part in found)
    whole = value_of(raised)
    return Chart(
        id="v1",
        name="What was raised, by how far it is verified",
        finding=_finding(report),
        question="What share of the total is independently verifiable, and how? "
        "Confirmed satoshis raised, by the evidence for them.",
        alt=("One bar in parts: of ", Shown(raised, Form.SHORT), " raised, ", *phrases, "."),
        note="The parts add up to everything raised. Self-declared sums are in none of them.",
        table=bar_table("part", "Evidence", found),
        figures=(raised, share, *(part.figure for part in found)),
        drawings=drawn(lambda width: draw_bars(found, width, whole=whole, names=_NAMES_PX)),
    )


def _finding(report: Report) -> Words:
    share, where = report.figures["proven_share"], "" if report.network == "main" else ", on a test network"
    if share.value is not None:
        return (Shown(share), f" of what was raised is proven from public data{where}")
    return (Shown(report.figures["proven"], Form.SHORT), f" are proven from public data{where}")
