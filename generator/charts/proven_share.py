"""V1: what share of the total is independently verifiable, and how? One bar, a row for each of its parts."""

from dataclasses import dataclass
from typing import Final

from generator.charts.chart import Chart, Column, drawn
from generator.charts.plot import Plot, Width
from generator.report.model import Figure, Report
from generator.wording import Form, Shown, Words, joined, value_of

#: Parts of what was raised, the surest first: figure, name, class, end of a sentence.
LEVELS: Final = (
    ("proven", "Proven from public data", "bar", " proven from public data"),
    ("reported_chain", "On chain, block not checked", "bar-back", " on chain with its block not checked"),
    ("reported_server", "Reported by a BTCPay server", "bar-quiet", " only as a server reports it"),
)
_LEAST_PX: Final = 2  #: small is not nothing
_ROW: Final = 37
_ROW_NARROW: Final = 46


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the bar: from `start` to `start` + the figure, msat."""

    name: str
    figure: Figure
    kind: str
    words: str
    start: int


def parts(report: Report) -> tuple[Part, ...]:
    """Return the parts with money in them; empty where nothing was raised or it is not known."""
    raised = report.figures["raised"]
    if raised.value is None or not value_of(raised):
        return ()
    found, start = [], 0
    for name, label, kind, words in LEVELS:
        figure = report.figures[name]
        if value_of(figure):
            found.append(Part(name=label, figure=figure, kind=kind, words=words, start=start))
            start += value_of(figure)
    return tuple(found)


def evidence(report: Report) -> Chart | None:
    """Return the bar; None while nothing was raised or a part is unknown."""
    found = parts(report)
    if not found:
        return None
    raised, share = report.figures["raised"], report.figures["proven_share"]
    told = joined((Shown(part.figure, Form.SHORT), f" are{part.words}") for part in found)
    return Chart(
        id="v1",
        name="What was raised, by how far it is verified",
        finding=_finding(report),
        question="What share of the total is independently verifiable, and how? "
        "Confirmed satoshis raised, by the evidence for them.",
        alt=("One bar in parts: of ", Shown(raised, Form.SHORT), " raised, ", *told, "."),
        note="The parts add up to everything raised. Self-declared sums are in none of them.",
        columns=(Column(name="Evidence"), Column(name="Amount, sats", numeric=True)),
        rows=tuple(((part.name,), (Shown(part.figure, unit=False),)) for part in found),
        rows_name="1 part" if len(found) == 1 else f"{len(found)} parts",
        figures=(raised, share, *(part.figure for part in found)),
        drawings=drawn(lambda width: _draw(found, value_of(raised), width)),
    )


def _finding(report: Report) -> Words:
    share, where = report.figures["proven_share"], "" if report.network == "main" else ", on a test network"
    if share.value is not None:
        return (Shown(share), f" of what was raised is proven from public data{where}")
    return (Shown(report.figures["proven"], Form.SHORT), f" are proven from public data{where}")


def _draw(found: tuple[Part, ...], whole: int, width: Width) -> Plot:
    narrow = width.narrow
    step = _ROW_NARROW if narrow else _ROW
    margin = (2.0, 2.0, 2.0, 4.0) if narrow else (228.0, 2.0, 112.0, 4.0)
    rows = len(found)
    plot = Plot((0, whole), (rows, 0), width=width, height=step * rows + 6, margin=margin)
    low, high = (0.5, 0.86) if narrow else (0.22, 0.78)
    least = whole * _LEAST_PX / (width.px - margin[0] - margin[2])
    plot.line("axis", (0, 0), (0, rows))
    for row, part in enumerate(found):
        end = min(float(whole), part.start + max(float(value_of(part.figure)), least))
        plot.block(part.kind, (min(float(part.start), end - least), end), (row + low, row + high))
        if row < rows - 1:
            plot.line("axis", (end, end), (row + high, row + 1 + low))
        _, y = plot.at(0, row + (0.36 if narrow else 0.5))
        y -= 0 if narrow else 0.36 * width.text
        left, _ = plot.at(0, row)
        value = Shown(part.figure, Form.SHORT).text
        if narrow:
            plot.text("label halo", part.name, left + 4, y)
        else:
            plot.text("label halo", part.name, left - 12, y, ha="right")
        plot.text("label halo", value, width.px - 2, y, ha="right", figure=part.figure.id)
    return plot
