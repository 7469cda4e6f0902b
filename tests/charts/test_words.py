"""Sentences and their figures as text."""

from datetime import UTC, date, datetime

import pytest

from generator.report import Figure
from generator.report.figures.bounds import Bound
from generator.sentence import DaySpan
from generator.text_format import day_text, days_text, time_text
from generator.verify.figure_texts import texts
from generator.wording import Form, Shown, form_below, joined, number, plain, shown_in


def figure(value: int | str | None, unit: str = "msat", bound: Bound = Bound.EXACT) -> Figure:
    return Figure(
        id="well/raised",
        project="well",
        name="raised",
        value=value,
        unit=unit,
        bound=bound,
        verification=None,
        formula="",
        inputs=(),
    )


@pytest.mark.parametrize(
    ("value", "unit", "form", "text"),
    [
        (62_431_870_000, "msat", Form.PLAIN, "62 431 870 sats"),
        (62_431_870_999, "msat", Form.PLAIN, "62 431 870 sats"),
        (1_999, "msat", Form.PLAIN, "1 sat"),
        (999, "msat", Form.PLAIN, "0.999 sats"),
        (62_431_870_001, "msat", Form.EXACT, "62 431 870.001 sats"),
        (62_431_870_000, "msat", Form.SHORT, "62.4 M sats"),
        (62_431_870_000, "msat", Form.BTC, "0.624 BTC"),
        (1_000, "msat", Form.PLAIN, "1 sat"),
        (0, "msat", Form.SHORT, "0 sats"),
        ("99.99", "percent", Form.PLAIN, "99 %"),
        ("99.99", "percent", Form.EXACT, "99.99 %"),
        (1_284, "count", Form.PLAIN, "1 284"),
        ("12.5", "EUR", Form.PLAIN, "EUR 12.50"),
    ],
)
def test_a_figure_as_text(value: int | str, unit: str, form: Form, text: str) -> None:
    assert Shown(figure(value, unit), form).text.replace("\u202f", " ") == text
    least = Shown(figure(value, unit, Bound.AT_LEAST), form).text.replace("\u202f", " ")
    assert least == f"≥ {text}"


@pytest.mark.parametrize(
    ("value", "unit", "bound", "text"),
    [
        (62_431_870_000, "msat", Bound.AT_MOST, "at most 62.5 M sats"),
        (999_999_000, "msat", Bound.AT_MOST, "at most 1.00 M sats"),
        (1_500, "msat", Bound.AT_MOST, "at most 2 sats"),
        (-62_431_870_000, "msat", Bound.AT_LEAST, "≥ -62.5 M sats"),
        (-62_431_870_000, "msat", Bound.AT_MOST, "at most -62.4 M sats"),
        ("12.505", "EUR", Bound.AT_MOST, "at most EUR 13"),
        ("12.509", "EUR", Bound.AT_LEAST, "≥ EUR 12"),
        ("99.999", "percent", Bound.EXACT, "99 %"),
        ("99.001", "percent", Bound.AT_MOST, "at most 100 %"),
        ("0.004", "EUR", Bound.AT_LEAST, "≥ EUR 0.00"),
        ("0.004", "EUR", Bound.AT_MOST, "at most EUR 0.01"),
        (5, "count", Bound.AT_MOST, "at most 5"),
    ],
)
def test_a_bound_stays_true_when_it_is_rounded(value: int | str, unit: str, bound: Bound, text: str) -> None:
    shown = Shown(figure(value, unit, bound), Form.SHORT).text
    assert shown.replace("\u202f", " ").replace("\N{MINUS SIGN}", "-") == text


@pytest.mark.parametrize(
    ("value", "goal", "unit", "text"),
    [
        (79_960_000_000, 80_000_000_000, "msat", "79.9 M sats"),
        (79_940_000_000, 80_000_000_000, "msat", "79.9 M sats"),
        (80_060_000_000, 80_000_000_000, "msat", "80.1 M sats"),
        (1_706_000_000, 80_000_000_000, "msat", "1.71 M sats"),
        ("5999.70", "6000", "EUR", "EUR 5 999"),
        ("1755.60", "6000", "EUR", "EUR 1 756"),
    ],
)
def test_rounding_never_seems_to_reach_a_goal(
    value: int | str, goal: int | str, unit: str, text: str
) -> None:
    raised = figure(value, unit)
    shown = Shown(raised, form_below(raised, figure(goal, unit)))
    assert shown.text.replace("\u202f", " ") == text
    assert shown.text.removesuffix("\u202fsats") in texts(raised)  # the audit of pages knows it


def test_an_unknown_figure_says_so_and_has_no_number() -> None:
    assert Shown(figure(None, bound=Bound.UNKNOWN)).text == "not known"
    with pytest.raises(ValueError, match="well/raised is unknown: say why"):
        number(figure(None))


def test_phrases_are_joined() -> None:
    assert plain(joined([("a",), ("b",), ("c",)])) == "a, b and c"
    assert plain(joined([("a",)])) == "a"
    words = ("of ", Shown(figure(5_000)), " and ", Shown(figure(6_000), Form.SHORT))
    assert plain(words).replace("\u202f", " ") == "of 5 sats and 6 sats"
    assert shown_in(words) == ("well/raised", "well/raised")


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2025, 10, 5), date(2025, 10, 11), "5-11 Oct"),
        (date(2025, 9, 28), date(2025, 10, 3), "28 Sep-3 Oct"),
        (date(2025, 12, 28), date(2026, 1, 3), "28 Dec 2025-3 Jan 2026"),
        (date(2025, 12, 28), date(2025, 12, 28), "28 Dec"),
    ],
)
def test_spans_of_days(first: date, last: date, text: str) -> None:
    assert plain(DaySpan(first, last)).replace("\N{EN DASH}", "-") == text


def test_days_and_times() -> None:
    assert day_text(date(2025, 5, 4)) == "4 May 2025"
    assert days_text(1) == "1 day"
    assert days_text(9) == "9 days"
    assert time_text(datetime(2025, 5, 4, 6, 1, tzinfo=UTC)) == "4 May 2025, 06:01 UTC"
