"""What the charts draw, read back from their SVG, equals the figures."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median_low

import msgspec
import pytest

from generator.charts import flow, funding_over_time, inflow, pace, stage_claims, stage_months
from generator.charts.chart import Chart
from generator.charts.plot import NARROW, WIDE
from generator.language import ENGLISH
from generator.ledger import AtReceipt, Entry
from generator.pages.project_page import CHARTS
from generator.report import ProjectReport, Report
from generator.report.figures.bounds import Bound
from generator.wording import Shown, length_of, plain, value_of
from tests.charts.svg_reading import bars, labels, paths
from tests.support.fair import BTCPAY, Fair, at, fair


def charts_of(report: Report, project: ProjectReport) -> list[Chart]:
    assert report.prices.currencies == ("EUR",)
    found = [draw(report, project) for draw in CHARTS.values()]
    return [chart for chart in found if chart]


def test_the_step_line_read_back_is_the_series(well: ProjectReport, report: Report) -> None:
    chart = funding_over_time.of_project(report, well)
    assert chart
    body = chart.drawings(ENGLISH)[0].body
    parts = paths(body, "step")
    assert len(parts) == 2  # it stops at the gap and goes on after it
    goal_y = paths(body, "goal")[0][0][1]
    axis = [
        line for line in paths(body, "axis") if line[0][1] == line[1][1] and line[1][0] - line[0][0] > 500
    ]
    base = axis[0][0][1]
    per_msat = (base - goal_y) / value_of(well.figures["goal"])
    days = {point.day: value_of(point.figure) for point in well.funding if not gap(point.day)}
    levels = [(base - y) / per_msat for part in parts for _, y in part]
    for value in days.values():
        assert min(abs(level - value) for level in levels) * per_msat < 0.01
    for part in parts:
        for (x0, y0), (x1, y1) in pairwise(part):
            assert x0 == x1 or y0 == y1  # no step is slanted
            assert y1 <= y0  # funding is never reduced
    assert abs(levels[-1] - value_of(well.figures["raised"])) * per_msat < 0.01


def gap(day: date) -> bool:
    return date(2025, 10, 5) <= day <= date(2025, 10, 11)


def test_bars_start_at_zero_and_are_the_weeks(well: ProjectReport, report: Report) -> None:
    chart = inflow.chart(report, well)
    assert chart
    drawn = [
        *bars(chart.drawings(ENGLISH)[0].body, "bar"),
        *bars(chart.drawings(ENGLISH)[0].body, "bar-open"),
    ]
    values = [value_of(point.figure) for point in well.weeks if value_of(point.figure)]
    assert len(drawn) == len(values)
    assert len({bottom for _, _, _, bottom in drawn}) == 1
    heights = [bottom - top for _, top, _, bottom in drawn]
    scale = heights[0] / values[0]
    assert heights == pytest.approx([value * scale for value in values], abs=0.02)
    complete = [value_of(point.figure) for point in well.weeks[:-1]]
    named = next(label for label in labels(chart.drawings(ENGLISH)[0].body) if "median" in label.words)
    figure = report.figure(named.figure)
    assert figure is not None
    assert figure.value == median_low(complete)


def test_the_waterfall_sums_to_zero(well: ProjectReport, report: Report) -> None:
    rows = flow.bars(well)
    assert [bar.figure.name for bar in rows] == [
        "raised",
        "with_founder",
        "refunded",
        "recovered",
        "released",
        "in_penalty",
        "unclassified",
        "locked",
    ]
    assert value_of(rows[0].figure) == sum(value_of(bar.figure) for bar in rows[1:])
    for upper, lower in pairwise(rows[:-1]):
        end = upper.start if upper is not rows[0] else value_of(upper.figure)
        assert lower.start + value_of(lower.figure) == end
    assert rows[-1].start == 0
    chart = flow.chart(report, well)
    assert chart
    assert plain(chart.note).startswith("The bars below the first add up to it.")


def test_a_waterfall_with_an_unknown_place_is_not_drawn(solar: ProjectReport, report: Report) -> None:
    assert solar.figures["locked"].value is None
    assert flow.chart(report, solar) is None
    lantern = next(project for project in report.projects if project.slug == "lantern")
    assert flow.chart(report, lantern) is None  # everything is in one place


def test_what_was_paid_out_is_a_part_of_what_reached_the_founder(well: ProjectReport, report: Report) -> None:
    paid = replace(well.figures["paid_out"], value=5_000_000, bound=Bound.EXACT)
    project = replace(well, figures={**well.figures, "paid_out": paid})
    rows = flow.with_payouts(project, flow.bars(project))
    at = next(at for at, bar in enumerate(rows) if bar.figure.name == "paid_out")
    assert rows[at - 1].figure.name == "with_founder"
    assert rows[at].start == rows[at - 1].start
    chart = flow.chart(report, project)
    assert chart
    assert "What was paid out is a part of what reached" in plain(chart.note)
    assert paid in chart.figures
    for value, words in ((None, "is not read"), (10**15, "More was paid out")):
        other = replace(paid, value=value, bound=Bound.EXACT if value else Bound.UNKNOWN)
        chart = flow.chart(report, replace(well, figures={**well.figures, "paid_out": other}))
        assert chart
        assert words in plain(chart.note)
        assert other not in chart.figures


def test_stages_say_when_they_were_claimed(well: ProjectReport, report: Report) -> None:
    chart = stage_claims.chart(report, well)
    assert chart
    assert [plain(row[-1]) for row in chart.table.rows] == [
        "claimed 9 days after",
        "claimed 2 days after",
        "still to open",
        "still to open",
        "still to open",
    ]
    assert plain(chart.finding) == "2 of 2 open stages saw a claim; the next opens on 15 Dec 2025"
    assert len(re.findall('class="claimed"', chart.drawings(ENGLISH)[0].body)) == 1 + 2  # one is the key
    assert len(re.findall('class="planned"', chart.drawings(ENGLISH)[0].body)) == 1 + 5


def test_many_openings_are_bars_by_month_that_add_up(solar: ProjectReport, report: Report) -> None:
    chart = stage_claims.chart(report, solar)
    assert chart
    assert len(chart.table.rows) == 24  # each opening has its row
    months = stage_months.months(solar.stages, solar.shown_until)
    funded = sum(value_of(stage.funded) for stage in solar.stages)
    known = sum(
        value_of(part) for stage in solar.stages for part in (stage.claimed, stage.left, stage.locked)
    )
    assert sum(sum(month.parts) for month in months) == known <= funded
    assert [month.first.day for month in months] == [1] * len(months)
    body = chart.drawings(ENGLISH)[0].body
    stacked = [*bars(body, "bar-founder"), *bars(body, "bar-back"), *bars(body, "bar-open")]
    drawn = [box for box in stacked if box[3] > 60]  # not those of the key
    parts = sum(bool(part) for month in months[-stage_months.MOST :] for part in month.parts)
    assert len(drawn) == parts
    words = {label.words for label in labels(body)}
    assert {"claimed", "went back", "open, not claimed", "opens later"} <= words


def test_every_figure_of_a_chart_is_in_its_table(report: Report) -> None:
    for project in report.projects:
        for chart in charts_of(report, project):
            listed = {
                part.figure.id
                for row in chart.table.rows
                for cell in row
                for part in cell
                if isinstance(part, Shown)
            }
            drawn = {
                label.figure
                for drawing in chart.drawings(ENGLISH)
                for label in labels(drawing.body)
                if label.figure
            }
            extra = {
                f"{project.slug}/{name}"
                for name in (
                    *("goal", "progress", "pace_needed", "raised"),
                    *("raised_at_receipt@EUR", "raised_at_month_end@EUR"),
                )
            }
            assert drawn <= listed | extra, (project.slug, chart.id)
            assert all(report.figure(name) is not None for name in drawn | listed)
            assert len(plain(chart.alt).rstrip(".").split(". ")) <= 2, plain(chart.alt)


def test_charts_are_named_by_their_ids(well: ProjectReport, report: Report) -> None:
    made = {name: draw(report, well) for name, draw in CHARTS.items()}
    assert {name: chart.id for name, chart in made.items() if chart} == {
        name: name
        for name in CHARTS
        if name != "r1"  # its goal does not begin anew
    }


def test_the_svg_is_small_valid_and_unstyled(report: Report) -> None:
    ids: set[str] = set()
    for project in report.projects:
        for chart in charts_of(report, project):
            for drawing in chart.drawings(ENGLISH):
                svg = chart.svg(drawing)
                root = ET.fromstring(svg)  # noqa: S314 -- our own output
                assert root.get("role") == "img"
                assert "style" not in svg
                assert svg.count('id="') == 2
                assert len(svg.encode()) <= 12 * 1024, (project.slug, chart.id)
                assert drawing.width in {WIDE.px, NARROW.px}
            here = {f"{project.slug} {chart.id} {drawing.name}" for drawing in chart.drawings(ENGLISH)}
            assert not here & ids
            ids |= here


def year(days: int) -> Fair:
    it = fair()
    for number in range(days):
        day = datetime(2025, 11, 20, tzinfo=UTC) - timedelta(days=number)
        it.pay("bounty", f"{day:%Y-%m-%d}", 1_000 + number)
    return it


def bounty(it: Fair) -> ProjectReport:
    return next(project for project in it.report().projects if project.slug == "bounty")


def test_a_step_chart_of_a_year_is_small(report: Report) -> None:
    project = bounty(year(365))
    assert len(project.funding) == 365
    chart = funding_over_time.of_project(report, project)
    assert chart
    sizes = [len(chart.svg(drawing).encode()) for drawing in chart.drawings(ENGLISH)]
    print(f"365 points: {sizes} bytes")
    assert max(sizes) <= 12 * 1024


def test_long_series_are_thinned_and_say_so(report: Report) -> None:
    project = bounty(year(900))
    chart = funding_over_time.of_project(report, project)
    assert chart
    assert plain(chart.note).startswith("The line shows 129 of 900 days.")
    assert len(chart.figures) == 900
    assert len(chart.svg(chart.drawings(ENGLISH)[0]).encode()) <= 12 * 1024
    last = next(part for part in chart.table.rows[-1][1] if isinstance(part, Shown))
    assert last.figure is project.funding[-1].figure


def test_nothing_is_drawn_before_the_first_contribution(report: Report) -> None:
    harbour = next(project for project in report.projects if project.slug == "harbour")
    assert charts_of(report, harbour) == []


def test_panels_share_axes_and_those_behind_come_first(report: Report) -> None:
    today = report.as_of.date()
    found = pace.compared(report.projects, today)
    shares = {project.slug: length_of(project.figures["progress"]) for project in found}
    assert list(shares) == ["well", "solar", "harbour", "seed", "lantern"]
    well_panel, solar_panel, _, seed_panel, _ = (pace.panel(project, today) for project in found)
    assert not solar_panel.has_end
    assert seed_panel.gone == 100
    assert well_panel.gone == pytest.approx(100 * 202 / 272)
    assert well_panel.points[-1][1] == pytest.approx(shares["well"], abs=0.01)
    assert seed_panel.points[-1][1] == pytest.approx(shares["seed"], abs=0.01)
    chart = pace.chart(report)
    assert chart
    assert plain(chart.finding) == "The one project with a running deadline is not behind pace"
    assert "one project is on pace, one project has no last day" in plain(chart.alt)
    assert len(paths(chart.drawings(ENGLISH)[0].body, "step")) == 4
    assert len(paths(chart.drawings(ENGLISH)[0].body, "step-quiet")) == 1  # it ended
    assert len(paths(chart.drawings(ENGLISH)[1].body, "even")) == 3  # two have no last day
    assert max(y for _, y in pace.panel(found[-1], today).points) == pytest.approx(
        shares["lantern"], abs=0.01
    )


@pytest.mark.parametrize(
    ("behind", "of", "finding"),
    [
        (0, 2, "None of the 2 projects with a running deadline is behind pace"),
        (1, 2, "One of the 2 projects with a running deadline is behind pace"),
        (2, 2, "Both projects with a running deadline are behind pace"),
        (9, 9, "All 9 projects with a running deadline are behind pace"),
    ],
)
def test_those_furthest_behind_are_drawn_whatever_unit_they_ask_in(
    behind: int, of: int, finding: str
) -> None:
    it = Fair()
    for number in range(of):
        slug, euro = f"some{number}", number % 2
        goal = {"fiat": "1000 EUR"} if euro else {"sats": 1_000_000}
        it.configure(slug, btcpay={"source": "pay", "app": slug}, goal=goal)
        dates = {"starts_at": at("2025-01-01"), "ends_at": at("2025-12-01")}
        it.project(slug, BTCPAY, kind="crowdfund", title=f"Some {number}", **dates)
        it.pay(slug, "2025-02-01", 10_000 * (number + 1) if number < behind else 999_999)
        if euro:
            row = it.records.pop()
            assert isinstance(row, Entry)
            part = Decimal(row.amount_msat) / 10**6
            worth = (AtReceipt(currency="EUR", amount_msat=row.amount_msat, value=part),)
            it.records.append(msgspec.structs.replace(row, at_receipt=worth))
    chart = pace.chart(it.report())
    assert chart
    assert plain(chart.finding) == finding
    drawn = [label.figure for label in labels(chart.drawings(ENGLISH)[0].body) if label.figure]
    assert drawn == [f"some{number}/progress" for number in range(min(of, pace.MOST))]
    assert len(chart.table.rows) == of  # each has its row
    assert plain(chart.alt).startswith(
        "Small multiples of the share of each goal over time, furthest behind first: Some 0 is at "
    )


def test_a_title_that_looks_like_an_amount_or_code_stays_a_title() -> None:
    it = fair()
    for number, title in enumerate(("Raise 1 000 000 sats <b>now</b>", "\u202e" + "x" * 120)):
        slug = f"extra{number}"
        it.configure(
            slug, btcpay={"source": "pay", "app": slug}, goal={"sats": 1000, "deadline": "2026-01-01"}
        )
        it.project(slug, BTCPAY, kind="crowdfund", title=title, starts_at=datetime(2025, 1, 1, tzinfo=UTC))
    chart = pace.chart(it.report())
    assert chart
    shown = [label.words for label in labels(chart.drawings(ENGLISH)[1].body) if "said" in label.kind]
    assert "Raise 1 000 000…" in shown
    assert any(words.endswith("xxx…") for words in shown)
    assert "\u202e" not in chart.drawings(ENGLISH)[0].body
