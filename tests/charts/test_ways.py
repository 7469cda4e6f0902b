"""Rails, sources and values at receipt: what is drawn, read back, is the figures."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from generator.charts import by_source, rails, value_at_receipt
from generator.language import ENGLISH
from generator.report import ProjectReport, Report
from generator.report.figures.bounds import Bound
from generator.report.prices import Prices
from generator.wording import Form, Shown, plain, value_of
from tests.charts.svg_reading import bars, labels, paths
from tests.support.fair import BTCPAY, LATE, fair


@pytest.fixture(scope="module")
def whole() -> Report:
    return fair(whole=True).report()


def test_rails_are_bars_from_zero_the_longest_first_and_add_up(well: ProjectReport, report: Report) -> None:
    chart = rails.chart(report, well)
    assert chart
    assert [plain(row[0]) for row in chart.table.rows] == ["Angor investment", "Lightning"]
    values = [value_of(way.raised) for way in well.rails]
    assert values == sorted(values, reverse=True)
    assert sum(values) == value_of(well.figures["raised"])
    assert sum(value_of(way.count) for way in well.rails) == value_of(well.figures["contributions"])
    for drawing in chart.drawings(ENGLISH):
        drawn = bars(drawing.body, "bar")
        assert len({left for left, *_ in drawn}) == 1
        lengths = [right - left for left, _, right, _ in drawn]
        assert lengths == pytest.approx([value * lengths[0] / values[0] for value in values], abs=0.02)


def test_one_rail_is_a_table_and_no_chart(whole: Report) -> None:
    lantern = next(project for project in whole.projects if project.slug == "lantern")
    assert rails.chart(whole, lantern) is None
    assert [way.raised.value for way in lantern.rails] == [lantern.figures["raised"].value]


def test_areas_stand_on_each_other_and_end_at_the_subtotals(whole: Report) -> None:
    chart = by_source.chart(whole)
    assert chart
    ways = [way for way in whole.by_source if value_of(way.raised)]
    assert [way.name for way in ways] == ["ANGOR", BTCPAY.upper(), LATE.upper()]
    total = value_of(whole.figures["raised"])
    assert sum(value_of(way.raised) for way in ways) == total
    body = chart.drawings(ENGLISH)[0].body
    floor = next(y for (_, y), (_, other) in paths(body, "axis") if y == other)
    areas = [max(paths(body, f"area-{number}"), key=len) for number in (1, 2, 3)]  # the others are the key's
    edges = [max(x for x, _ in points) for points in areas]
    assert len(set(edges)) == 1  # all end today
    below, scale = floor, 0.0
    for way, points in zip(ways, areas, strict=True):
        end = [y for x, y in points if x == edges[0]]
        assert max(end) == pytest.approx(below, abs=0.02)
        below = min(end)
        scale = scale or (floor - below) / value_of(way.raised)
        assert max(end) - below == pytest.approx(value_of(way.raised) * scale, abs=0.02)
        for (x0, y0), (x1, y1) in pairwise(points):
            assert x0 == x1 or y0 == y1  # no step is slanted
    named = {label.figure: label.words for label in labels(body) if label.figure}
    assert set(named) == {way.raised.id for way in ways}


def test_one_source_and_too_many_are_not_drawn(whole: Report) -> None:
    first = whole.by_source[0]
    assert by_source.chart(replace(whole, by_source=(first,))) is None
    many = tuple(replace(first, name=f"S{number}") for number in range(5))
    assert by_source.chart(replace(whole, by_source=many)) is None


def test_the_two_panels_read_back_are_the_two_series(whole: Report) -> None:
    lantern = next(project for project in whole.projects if project.slug == "lantern")
    chart = value_at_receipt.chart(whole, lantern)
    assert chart
    receipt, now = (lantern.figures[f"raised_{name}@EUR"] for name in ("at_receipt", "at_month_end"))
    above, below = paths(chart.drawings(ENGLISH)[0].body, "step")
    assert max(y for _, y in above) < min(y for _, y in below)  # they never share a scale
    for line, series in ((above, lantern.funding), (below, lantern.receipts)):
        base, last = line[0][1], line[-1][1]
        assert base - last > 0
        scale = (base - last) / float(Fraction(series[-1].figure.value or 0))
        levels = [round((base - y) / scale) for _, y in line]
        for point in series:
            wanted = float(Fraction(point.figure.value or 0))
            assert min(abs(level - wanted) for level in levels) * scale < 0.02
    told = {label.figure: label.words for label in labels(chart.drawings(ENGLISH)[0].body) if label.figure}
    assert told[receipt.id] == f"{Shown(receipt, Form.SHORT).text} then"
    assert told[now.id] == f"{Shown(now, Form.SHORT).text} at the last rate"
    assert receipt.bound is lantern.figures["raised"].bound is Bound.AT_LEAST  # its source is silent


def test_rows_without_a_rate_are_said_and_no_zero(well: ProjectReport, report: Report) -> None:
    chart = value_at_receipt.chart(report, well)
    assert chart
    assert well.figures["rows_without_rate@EUR"].value == 4
    assert "Rows without a rate are left out" in plain(chart.note)
    assert plain(chart.finding).startswith("What came in was worth ≥")
    maktaba = next(project for project in report.projects if project.slug == "maktaba")
    assert maktaba.figures["raised_at_receipt@EUR"].value is None
    assert value_at_receipt.chart(report, maktaba) is None
    assert value_at_receipt.chart(replace(report, prices=Prices()), well) is None


def test_without_the_rate_of_the_months_end_there_is_no_circle(well: ProjectReport, report: Report) -> None:
    figures = dict(well.figures)
    now = figures["raised_at_month_end@EUR"]
    figures[now.name] = replace(now, value=None, bound=Bound.UNKNOWN)
    chart = value_at_receipt.chart(report, replace(well, figures=figures))
    assert chart
    assert "planned" not in chart.drawings(ENGLISH)[0].body
    assert plain(chart.finding).endswith("; no rate of 31 Oct 2025 is recorded")
