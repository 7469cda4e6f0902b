"""The bar of evidence adds up to what was raised, and its words are its figures."""

from dataclasses import replace

import pytest

from generator.charts import proven_share
from generator.language import ENGLISH
from generator.report import Report
from generator.report.figures import flows
from generator.report.figures.bounds import Bound
from generator.report.portfolio.portfolio_context import PortfolioContext
from generator.report.portfolio.portfolio_figures import portfolio_figures
from generator.wording import plain, value_of
from tests.charts.svg_reading import bars, labels


@pytest.fixture
def known(report: Report) -> Report:
    """Return the fair without the projects that nobody has read."""
    projects = [project for project in report.projects if project.figures["raised"].value is not None]
    context = PortfolioContext(
        projects=projects,
        prices=report.prices,
        today=report.as_of.date(),
        network_wide=False,
        listed=True,
    )
    return replace(report, network="main", figures=portfolio_figures(context))


def test_the_parts_add_up_to_what_was_raised(known: Report) -> None:
    found = proven_share.parts(known)
    raised = value_of(known.figures["raised"])
    assert sum(value_of(part.figure) for part in found) == raised
    chart = proven_share.chart(known)
    assert chart
    for drawing in chart.drawings(ENGLISH):
        both = [bars(drawing.body, part.kind) for part in found]
        assert {len(boxes) for boxes in both} == {2}  # the part, and its colour in the key
        boxes = [max(boxes, key=lambda box: box[3] - box[1]) for boxes in both]
        assert len({top for _, top, _, _ in boxes}) == 1  # they stand beside each other
        whole = max(right for _, _, right, _ in boxes) - min(left for left, _, _, _ in boxes)
        for part, (left, _, right, _) in zip(found, boxes, strict=True):
            assert abs((right - left) / whole - value_of(part.figure) / raised) < 0.01, part.name
        assert {part.figure.id for part in found} <= {label.figure for label in labels(drawing.body)}


def test_the_finding_is_the_share(known: Report) -> None:
    chart = proven_share.chart(known)
    assert chart
    share = known.figures["proven_share"]
    assert share in chart.figures
    assert share.value is None  # one of the sources was not read to its end
    assert plain(chart.finding) == "≥\u202f0\u202fsats are proven from public data"
    figures = {name: replace(known.figures[name], bound=Bound.EXACT) for name in ("raised", "proven")}
    told = flows.proven_share(None, figures["proven"], figures["raised"], Bound.EXACT)
    chart = proven_share.chart(replace(known, figures={**known.figures, **figures, "proven_share": told}))
    assert chart
    assert plain(chart.finding) == "0\u202f% of what was raised is proven from public data"
    chart = proven_share.chart(replace(known, network="signet"))
    assert chart
    assert plain(chart.finding).endswith(", on a test network")


def test_what_is_not_known_is_not_drawn(report: Report) -> None:
    raised = report.figures["raised"]
    assert raised.bound is Bound.AT_LEAST  # one of the projects was never read
    chart = proven_share.chart(report)
    assert chart
    assert plain(chart.alt).startswith("One bar in parts: of ≥")
    unknown = replace(raised, value=None, bound=Bound.UNKNOWN)
    assert proven_share.chart(replace(report, figures={**report.figures, "raised": unknown})) is None
