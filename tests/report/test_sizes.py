"""Sizes of contributions: classes that add up, and nothing of single payments."""

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from generator.charts import sizes as chart
from generator.language import ENGLISH
from generator.report import ProjectReport
from generator.report.figures.bounds import Bound
from generator.report.figures.sizes import size_classes
from generator.wording import plain, value_of
from tests.charts.svg_reading import bars, labels
from tests.support.village import SHOP

if TYPE_CHECKING:
    from tests.support.village import Village

FIRST = {"1", "2", "5"}


@given(
    sizes=st.lists(st.tuples(st.integers(1, 10**13), st.integers(1, 9)), min_size=1, max_size=60),
    least=st.integers(0, 12),
)
def test_classes_hold_every_size_once_and_none_is_too_small(sizes: list[tuple[int, int]], least: int) -> None:
    ordered = sorted(sizes)
    found = size_classes(ordered, least)
    assert sum(count for *_, count in found) == sum(count for _, count in ordered)
    for low, high, count in found:
        assert count == sum(some for msat, some in ordered if low * 1000 <= msat < high * 1000)
        assert count >= least or len(found) == 1
        assert low == 0 or (str(low)[0] in FIRST and int(str(low)[1:] or 0) == 0)
    assert all(before[1] == after[0] for before, after in pairwise(found))


def paid(village: "Village", *rows: tuple[int, int], min_group: int = 5) -> ProjectReport:
    village.settings = {"privacy": {"min_group": min_group}}
    village.says("bread", SHOP)
    for day, (sat, count) in enumerate(rows, 1):
        village.entry("bread", "payment", sat, f"2025-01-{day:02d}", count=count)
    village.run("2025-02-10T12:00", shop="ok")
    return village.report().projects[1]


def test_payments_are_told_in_groups_and_rounded(village: "Village") -> None:
    bread = paid(village, (3_000, 2), (40_000, 4), (60_000, 5), (123_456, 1), (999_999, 5))
    figures = bread.figures
    bins = {name: figure.value for name, figure in figures.items() if name.startswith("size_bin@")}
    assert bins == {"size_bin@1000-20000": 11, "size_bin@20000-200000": 6}
    assert sum(bins.values()) == figures["payments"].value
    middles = [value_of(figures[f"size_{name}"]) for name in ("lower_quartile", "median", "upper_quartile")]
    assert middles == [10_000_000, 12_000_000, 200_000_000]
    assert figures["size_top_share"].value == "81.53"  # the five largest together
    drawn = chart.chart(village.report(), bread)
    assert drawn
    assert "fewer than 5 payments joins the next" in plain(drawn.note)
    assert plain(drawn.finding).replace("\u202f", " ") == (
        "Half of the payments were at or below about 12 k sats; the largest five brought 81 %"
    )
    for drawing in drawn.drawings(ENGLISH):
        heights = [bottom - top for _, top, _, bottom in bars(drawing.body, "bar")]
        assert abs(heights[0] / heights[1] - 11 / 6) < 0.05
        named = {label.figure for label in labels(drawing.body)}
        assert {f"bread/{name}" for name in (*bins, "size_median")} <= named


def test_few_payments_say_nothing_of_sizes(village: "Village") -> None:
    bread = paid(village, (3_000, 2), (40_000, 12))
    assert not any(name.startswith("size_") for name in bread.figures)
    assert chart.chart(village.report(), bread) is None


def test_investments_are_public_and_each_is_one(village: "Village") -> None:
    village.says("well", "angor", kind="invest")
    for number, sat in enumerate((150_000, 150_000, 900_000, 900_000, 5_000_000)):
        for stage in (1, 2):
            village.entry(
                "well", "investment", sat // 2, "2025-01-06", id=f"inv{number}:{stage + 1}", stage=stage
            )
    village.run("2025-02-10T12:00", angor="ok")
    well = village.report().projects[0]
    bins = {name: figure.value for name, figure in well.figures.items() if name.startswith("size_bin@")}
    assert bins == {
        "size_bin@100000-200000": 2,
        "size_bin@200000-500000": 0,
        "size_bin@500000-1000000": 2,
        "size_bin@1000000-2000000": 0,
        "size_bin@2000000-5000000": 0,
        "size_bin@5000000-10000000": 1,
    }
    assert well.figures["size_median"].value == 900_000_000
    drawn = chart.chart(village.report(), well)
    assert drawn
    assert "public on chain" in plain(drawn.note)
    assert "the largest brought 70" in plain(drawn.finding)


def test_what_may_be_missing_moves_the_middle(village: "Village") -> None:
    village.settings = {"privacy": {"min_group": 1}}
    village.says("bread", SHOP, at_least=("payments",))
    for day in range(1, 9):
        village.entry("bread", "payment", 1_000 * day, f"2025-01-{day:02d}")
    village.run("2025-02-10T12:00", shop="ok")
    figures = village.report().projects[1].figures
    assert figures["size_bin@1000-2000"].bound is Bound.AT_LEAST
    assert figures["size_median"].value is None
    assert chart.chart(village.report(), village.report().projects[1]) is None
