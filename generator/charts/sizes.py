"""C6: many small or few large contributions? Bars by class of size, and the middle half below them."""

from collections.abc import Sequence
from math import log10
from typing import Final

import msgspec

from generator.charts.chart import Chart, Table, drawn, numeric, sentences
from generator.charts.labels import Anchor, Side
from generator.charts.plot import Plot, Width
from generator.charts.scales import level
from generator.ledger import Kind
from generator.money import MSAT_PER_SAT, short_sat_text
from generator.report import Figure, ProjectReport, Report
from generator.report.figures.sizes import LOWER, MEDIAN, SIZE_BIN, SIZE_EDGE, TOP_SHARE, UPPER
from generator.report.figures.sums import selectors
from generator.sentence import Sentence, counting, say
from generator.wording import Form, Shown, Words, length_of, value_of

_HEIGHT: Final = 244
_HEADROOM: Final = 1.16
_ZERO: Final = 0.5  #: satoshis that stand for none on an axis of factors
_LEAST_PX: Final = 2


class SizeClass(msgspec.Struct, frozen=True, kw_only=True):
    """How many contributions lie between two amounts."""

    low: int  #: satoshis
    high: int  #: first of the next class
    begins: Figure
    ends: Figure
    count: Figure

    @property
    def span(self) -> tuple[float, float]:
        """Its ends on an axis of factors."""
        return log10(self.low or _ZERO), log10(self.high)

    def name(self, *, unit: bool) -> Sentence:
        """Return what table and text call it."""
        low, high = (Shown(edge, Form.SHORT, unit=unit) for edge in (self.begins, self.ends))
        return say("{low} to below {high}", low=low, high=high)


class Sizes(msgspec.Struct, frozen=True, kw_only=True):
    """What is drawn and said."""

    classes: tuple[SizeClass, ...]
    lower: Figure
    median: Figure
    upper: Figure
    top_share: Figure
    least: int  #: payments of a class; nothing where they are public


def classes(project: ProjectReport) -> tuple[SizeClass, ...]:
    """Return the classes of a project, the smallest first."""
    found = []
    for name, figure in project.figures.items():
        family, _, of = name.partition("@")
        if family == SIZE_BIN.name:
            low, _, high = of.partition("-")
            begins, ends = (project.figures[SIZE_EDGE.name_of(edge)] for edge in (low, high))
            found.append(SizeClass(low=int(low), high=int(high), begins=begins, ends=ends, count=figure))
    return tuple(sorted(found, key=lambda each: each.low))


def chart(report: Report, project: ProjectReport) -> Chart | None:
    """Draw the sizes; None where there are few, or rows may be missing."""
    found, figures = classes(project), project.figures
    median = figures.get(MEDIAN.name)
    if not found or median is None or median.value is None:
        return None
    view = _view(report, project, found)
    count = say("Payments") if view.least else say("Investments")
    return Chart(
        id="c6",
        name=say("Sizes of contributions"),
        finding=_finding(view),
        question=say(
            "Many small or few large contributions? Payments by size in satoshis; each step to the right is "
            "larger by the same factor."
        )
        if view.least
        else say(
            "Many small or few large contributions? Investments by size in satoshis; each step to the right "
            "is larger by the same factor."
        ),
        alt=_alt(view),
        note=_note(view),
        table=Table.of(
            counting("{count} row", "{count} rows"),
            (say("Size, sats"), numeric(count)),
            [
                *((each.name(unit=False), Shown(each.count)) for each in found),
                (say("A quarter at or below"), Shown(view.lower)),
                (say("Half at or below"), Shown(view.median)),
                (say("Three quarters at or below"), Shown(view.upper)),
            ],
        ),
        figures=(*(each.count for each in found), view.lower, view.median, view.upper, view.top_share),
        drawings=drawn(lambda width: _draw(view, width)),
    )


def _view(report: Report, project: ProjectReport, found: tuple[SizeClass, ...]) -> Sizes:
    figures = project.figures
    paid = found[0].count.inputs != selectors((Kind.INVESTMENT,))
    return Sizes(
        classes=found,
        lower=figures[LOWER.name],
        median=figures[MEDIAN.name],
        upper=figures[UPPER.name],
        top_share=figures[TOP_SHARE.name],
        least=report.config.privacy.min_group if paid else 0,
    )


def _note(view: Sizes) -> Words:
    said = [say("The line below is the middle half, its ring the median.")]
    if not view.least:
        said.append(say("These amounts are public on chain, so no class is joined."))
    elif view.least > 1:
        said.append(
            say(
                "For privacy a class of fewer than {count} payments joins the next, sizes are rounded to two "
                "digits and no single payment is named.",
                count=view.least,
            )
        )
    else:
        said.append(say("For privacy sizes are rounded to two digits and no single payment is named."))
    return sentences(*said)


def _finding(view: Sizes) -> Words:
    median, share = Shown(view.median, Form.SHORT), Shown(view.top_share, Form.SHORT)
    if view.least:
        text = say(
            "Half of the payments were at or below about {median}; the largest five brought {share}",
            median=median,
            share=share,
        )
    else:
        text = say(
            "Half of the investments were at or below {median}; the largest brought {share}",
            median=median,
            share=share,
        )
    return (text,)


def _alt(view: Sizes) -> Words:
    most, count = max(view.classes, key=lambda each: length_of(each.count)), len(view.classes)
    values = {
        "count": count,
        "first": Shown(view.classes[0].begins, Form.SHORT),
        "last": Shown(view.classes[-1].ends, Form.SHORT),
        "size": most.name(unit=True),
        "median": Shown(view.median, Form.SHORT),
    }
    if view.least:
        text = say(
            "Histogram of payments in {count} classes of size from {first} to {last}; the fullest class is "
            "{size}, and half of all were at or below about {median}.",
            **values,
        )
    else:
        text = say(
            "Histogram of investments in {count} classes of size from {first} to {last}; the fullest class "
            "is {size}, and half of all were at or below {median}.",
            **values,
        )
    return (text,)


def _edge(sat: int) -> str:
    return short_sat_text(sat * MSAT_PER_SAT)


def _draw(view: Sizes, width: Width) -> Plot:
    left, right = view.classes[0].span[0], view.classes[-1].span[1]
    top = max(length_of(each.count) for each in view.classes) * _HEADROOM
    plot = Plot((left, right), (0, top), width=width, height=_HEIGHT, margin=(2.0, 8.0, 2.0, 70.0))
    for each in view.classes:
        count = length_of(each.count)
        if count:
            low, high = each.span
            gap = (right - left) / width.px
            plot.rectangle("bar", (low + gap, high - gap), (0, max(count, top * _LEAST_PX / _HEIGHT)))
        x, y = plot.at(sum(each.span) / 2, count)
        plot.label("strong halo", Shown(each.count), [Anchor(x, y + 6, "center")], figure=each.count.id)
    level(plot, 0, base=True)
    _name_edges(plot, view.classes)
    _draw_middle(plot, view)
    return plot


def _name_edges(plot: Plot, found: Sequence[SizeClass]) -> None:
    """Name the ends first, then what there is room for between them."""
    edges = [each.low for each in found] + [found[-1].high]
    for at in (0, len(edges) - 1, *range(1, len(edges) - 1)):
        side: Side = "left" if at == 0 else "right" if at == len(edges) - 1 else "center"
        x, base = plot.at(log10(edges[at] or _ZERO), 0)
        if plot.label("tick", plot.width.language.digits(_edge(edges[at])), [Anchor(x, base - 20, side)]):
            plot.notch("axis", x, base)


def _draw_middle(plot: Plot, view: Sizes) -> None:
    """Draw the middle half as a line, with a ring at the median, below the classes."""
    low, middle, high = (
        min(max(log10(max(value_of(figure) / MSAT_PER_SAT, _ZERO)), plot.xlim[0]), plot.xlim[1])
        for figure in (view.lower, view.median, view.upper)
    )
    y = _below(plot, 40)
    plot.line("now", (low, high), (y, y))
    plot.dot("planned", middle, y, size=9)
    (left, pixel), right, ring = plot.at(low, y), plot.at(high, y)[0], plot.at(middle, y)[0]
    drop = pixel - plot.width.drop
    words = say("median {amount}", amount=Shown(view.median, Form.SHORT, unit=False))
    below = [Anchor(ring, pixel - 22, side) for side in ("center", "left", "right")]
    plot.label("strong", words, [Anchor(right + 10, drop), *below], figure=view.median.id, must=True)
    plot.label("quiet", say("middle half"), [Anchor(left - 10, drop, "right"), Anchor(right + 10, drop)])


def _below(plot: Plot, pixels: float) -> float:
    """Return the height, in data units, of a place so many pixels below the base line."""
    zero, one = plot.at(0, 0)[1], plot.at(0, plot.ylim[1])[1]
    return -pixels * plot.ylim[1] / (one - zero)
