"""A chart of its own carries the rules and tokens that it uses, and no others."""

import pytest

from generator.charts.chart_sheet import ChartSheet

SHEET = """\
/* a token that needs another */
:root { --ink: #111; --bar: var(--ink); --none: #222; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #eee; --none: #333; } }
.chart { fill: none; }
.chart text { font-family: "A; B", serif; }
.chart .bar, .chart .dot { fill: var(--bar); }
.chart .bar.open { fill: none; }
.chart:not(.plain) { stroke: none; }
.other .bar { fill: var(--none); }
@media (forced-colors: active) { .chart .dot { fill: CanvasText; } }
"""
PLAIN = SHEET.replace('"A; B"', '"A B"')


def test_rules_of_other_marks_and_unused_tokens_are_left_out() -> None:
    found = ChartSheet(PLAIN).of('<path class="bar"/>', "chart", "wide")

    assert found == (
        ":root{--ink:#111;--bar:var(--ink);}"
        "@media screen and (prefers-color-scheme:dark){:root{--ink:#eee;}}"
        '.chart{fill:none;}.chart text{font-family:"A B",serif;}.chart .bar{fill:var(--bar);}'
        ".chart:not(.plain){stroke:none;}"
    )


def test_each_mark_brings_what_it_needs() -> None:
    sheet = ChartSheet(PLAIN)

    assert "CanvasText" in sheet.of('<circle class="dot"/>', "chart")
    assert ".chart .bar.open{fill:none;}" in sheet.of('<path class="bar open"/>', "chart")
    assert "--bar" not in sheet.of("<path/>", "chart")


@pytest.mark.parametrize(
    "line",
    [
        '.chart .x { background: url("a.png"); }',
        '@import "other.css";',
        '.chart .y::after { content: "}"; }',
        "@media print { @media screen { .chart { fill: none; } } }",
        ".chart { fill: none;",
    ],
)
def test_a_sheet_of_another_form_is_carried_whole(line: str) -> None:
    text = PLAIN + line

    assert ChartSheet(text).of("<path/>", "chart") == text
    assert ChartSheet(SHEET).of("<path/>", "chart") == SHEET
