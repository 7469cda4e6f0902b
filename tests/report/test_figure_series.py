"""Figures of days, weeks and months are written once, and are had whole again."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.report import Figure
from generator.report.figures.bounds import Bound
from generator.report.files.figure_series import FigureSeries, SeriesPoint, in_series


def figure(name: str, value: int | str | None = 1, **other: object) -> Figure:
    fields: dict[str, object] = {
        "id": f"well/{name}",
        "project": "well",
        "name": name,
        "value": value,
        "unit": "msat",
        "bound": Bound.EXACT,
        "verification": "proven",
        "formula": "A sum.",
        "inputs": (),
    }
    return Figure(**(fields | other))  # type: ignore[arg-type]


def day(of: str, value: int = 1, **other: object) -> Figure:
    inputs = (f"entries:payment:confirmed:until={of}", f"well/opening@{of}", "rates:EUR")
    fields: dict[str, object] = {"formula": f"Raised by the end of {of} UTC.", "inputs": inputs}
    return figure(f"raised@{of}", value, **(fields | other))


def test_what_differs_in_the_time_alone_is_written_once() -> None:
    figures = [day("2026-03-14", 5), day("2026-03-13", 4), figure("raised", 5)]
    alone, [series] = in_series(figures)
    assert alone == figures[2:]
    assert series == FigureSeries(
        id="well/raised@{of}",
        unit="msat",
        bound=Bound.EXACT,
        verification="proven",
        formula="Raised by the end of {of} UTC.",
        inputs=["entries:payment:confirmed:until={of}", "well/opening@{of}", "rates:EUR"],
        points=[SeriesPoint("2026-03-13", 4), SeriesPoint("2026-03-14", 5)],
    )
    assert list(series.figures()) == [figures[1], figures[0]]


@pytest.mark.parametrize("of", ["2026-03-14", "2026-W11", "2026-03"])
def test_a_series_is_of_days_weeks_or_months(of: str) -> None:
    other = of[:-1] + ("0" if of[-1] != "0" else "1")
    for family in ("raised@", "at_receipt@EUR-"):
        _, [series] = in_series([figure(family + of), figure(family + other)])
        assert series.id == f"well/{family}{{of}}"


@pytest.mark.parametrize(
    "other",
    [
        {"unit": "count"},
        {"bound": Bound.AT_LEAST},
        {"verification": "reported"},
        {"formula": "Another sum."},
        {"inputs": ("entries:payment",)},
        {"id": "bread/raised@2026-03-15", "project": "bread"},
    ],
)
def test_what_differs_otherwise_is_no_series(other: dict[str, object]) -> None:
    alone, series = in_series([day("2026-03-14"), day("2026-03-15", **other)])
    assert (len(alone), series) == (2, [])


def test_what_has_texts_too_long_to_fill_in_often_stands_alone() -> None:
    long = "x" * 501
    for other in ({"formula": long}, {"inputs": (long,)}, {"inputs": ("x",) * 11}):
        alone, series = in_series([day("2026-03-14", **other), day("2026-03-15", **other)])
        assert (len(alone), series) == (2, [])


def test_a_file_of_a_stranger_fills_in_no_long_texts() -> None:
    _, [series] = in_series([day("2026-03-14"), day("2026-03-15")])
    for name, value in (("formula", "x" * 501), ("inputs", ["x"] * 11), ("points", [["x" * 11, 1]])):
        wrong = msgspec.to_builtins(series) | {name: value}
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(wrong, FigureSeries)


NAMES = st.tuples(
    st.sampled_from(["raised", "inflow", "at_receipt@EUR-2026-03"]),
    st.sampled_from(["", "@2026-03-14", "@2026-03", "@2026-W03", "@none", "-2026-03-01", "@2026-03-2026-03"]),
).map("".join)
TEXTS = st.sampled_from(["", "a 2026-03-14 b 2026-03", "2026-W03", "{ of }", "2026-03-140"])
FIGURES = st.lists(
    st.builds(
        lambda name, value, text, more: figure(name, value, formula=text, inputs=(text, more)),
        NAMES,
        st.one_of(st.none(), st.integers(0, 3)),
        TEXTS,
        TEXTS,
    ),
    unique_by=lambda found: found.id,
)


@given(FIGURES)
def test_every_figure_is_had_again(figures: list[Figure]) -> None:
    alone, series = in_series(figures)
    found = [*alone, *(each for one in series for each in one.figures())]
    assert sorted(found, key=lambda each: each.id) == sorted(figures, key=lambda each: each.id)
    assert in_series(reversed(figures)) == (alone, series)
    for one in series:
        written = msgspec.json.encode(one)
        assert msgspec.json.decode(written, type=FigureSeries) == one
