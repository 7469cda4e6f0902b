"""C4: where is the money now? A waterfall from what came in to what is still locked; it sums to zero."""

from dataclasses import dataclass
from typing import Final

from generator.charts.chart import Chart, Column, drawn
from generator.charts.labels import Spot
from generator.charts.plot import Plot, Width
from generator.report.model import Figure, ProjectReport
from generator.wording import Form, Shown, Words, joined, value_of

#: Where raised money can be besides the stages, in the order of the bars: figure, name, class, sentence.
PLACES: Final = (
    ("with_founder", "With the founder", "bar-founder", " with the founder"),
    ("refunded", "Refunded", "bar-back", " refunded"),
    ("recovered", "Recovered by investors", "bar-back", " recovered by investors"),
    ("released", "Back after the penalty", "bar-back", " back with investors after the penalty"),
    ("in_penalty", "In penalty time lock", "bar-quiet", " in the penalty time lock"),
    ("unclassified", "Unclassified spends", "bar-quiet", " spent in a way no rule explains"),
)
LOCKED: Final = ("locked", "Still locked in stages", "bar", " still locked in stages")
_LEAST_PX: Final = 2  #: small is not nothing
_TOLD: Final = 3  #: places that the alternative text names
_LEAST_BARS: Final = 3  #: one bar equal to another says nothing that a number does not
_ROW: Final = 37
_ROW_NARROW: Final = 46


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row: from `start` to `start` + the figure, msat."""

    name: str
    figure: Figure
    kind: str
    words: str
    start: int
    whole: bool = False  #: stands on the base line


def bars(project: ProjectReport) -> tuple[Bar, ...]:
    """Return the rows; empty where nothing was raised or a place is not known exactly.

    raised = with founder + refunded + recovered + released + in penalty + unclassified + locked.
    """
    figures = project.figures
    raised = figures["raised"]
    parts = [figures.get(name) for name, *_ in (*PLACES, LOCKED)]
    if not value_of(raised) or any(one is None or one.value is None or not one.complete for one in parts):
        return ()
    left = value_of(raised)
    found = [Bar(name="Raised", figure=raised, kind="bar", words="", start=0, whole=True)]
    for name, label, kind, words in PLACES:
        if value_of(figures[name]):
            left -= value_of(figures[name])
            found.append(Bar(name=label, figure=figures[name], kind=kind, words=words, start=left))
    if left != value_of(figures["locked"]):
        return ()
    if left:
        name, label, kind, words = LOCKED
        found.append(Bar(name=label, figure=figures[name], kind=kind, words=words, start=0, whole=True))
    return tuple(found)


def flow(project: ProjectReport) -> Chart | None:
    """Return the waterfall of a project; None where it cannot be drawn exactly."""
    rows = bars(project)
    if len(rows) < _LEAST_BARS:
        return None
    parts = tuple(sorted(rows[1:], key=lambda bar: -value_of(bar.figure)))
    return Chart(
        id="c4",
        name="Where the money is now",
        finding=joined(((Shown(bar.figure, Form.SHORT), _is(bar)) for bar in parts[:2]), last=", "),
        question="Where is the money now? Confirmed satoshis raised, by the place where they are today.",
        alt=_alt(rows, parts),
        note="The bars below the first add up to it. The Angor fee is paid on top and not part of it."
        if any(bar.figure.name == "locked" for bar in rows) or value_of(project.figures["fee"])
        else "The bars below the first add up to it.",
        columns=(Column(name="Where"), Column(name="Amount, sats", numeric=True)),
        rows=tuple(((bar.name,), (Shown(bar.figure, unit=False),)) for bar in rows),
        rows_name=f"{len(rows)} rows",
        figures=tuple(bar.figure for bar in rows),
        drawings=drawn(lambda width: _draw(rows, width)),
    )


def _is(bar: Bar) -> str:
    verb = " were" if bar.figure.name in {"refunded", "recovered", "unclassified"} else " are"
    return f"{verb}{bar.words}"


def _alt(rows: tuple[Bar, ...], parts: tuple[Bar, ...]) -> Words:
    told = joined((Shown(bar.figure, Form.SHORT), _is(bar)) for bar in parts[:_TOLD])
    rest = "; the table names the rest" if len(parts) > _TOLD else ""
    return ("Waterfall: of ", Shown(rows[0].figure, Form.SHORT), " raised, ", *told, f"{rest}.")


def _draw(rows: tuple[Bar, ...], width: Width) -> Plot:
    step = _ROW_NARROW if width.narrow else _ROW
    margin = (2.0, 2.0, 2.0, 4.0) if width.narrow else (208.0, 2.0, 112.0, 4.0)
    whole = value_of(rows[0].figure)
    plot = Plot((0, whole), (len(rows), 0), width=width, height=step * len(rows) + 6, margin=margin)
    low, high = (0.5, 0.86) if width.narrow else (0.22, 0.78)
    least = whole * _LEAST_PX / (width.px - margin[0] - margin[2])
    plot.line("axis", (0, 0), (0, len(rows)))
    for row, bar in enumerate(rows):
        end = min(float(whole), bar.start + max(float(value_of(bar.figure)), least))
        plot.block(bar.kind, (min(float(bar.start), end - least), end), (row + low, row + high))
        if row < len(rows) - 1:
            joint = bar.start if row else whole
            plot.line("axis", (joint, joint), (row + high, row + 1 + low))
        _label(plot, row, bar)
    return plot


def _label(plot: Plot, row: int, bar: Bar) -> None:
    kind = "strong" if bar.whole else "label"
    value = Shown(bar.figure, Form.SHORT).text
    narrow = plot.width.narrow
    (left, y), right = plot.at(0, row + (0.36 if narrow else 0.5)), plot.width.px - 2
    lift = 0 if narrow else -0.36 * plot.width.text
    spot = Spot(left + 4, y) if narrow else Spot(left - 12, y + lift, "right")
    plot.text(f"{kind} halo", bar.name, spot.x, spot.y, ha=spot.ha)
    plot.text(f"{kind} halo", value, right, y + lift, ha="right", figure=bar.figure.id)
