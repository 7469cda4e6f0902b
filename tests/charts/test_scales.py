"""Ticks are those that matplotlib places."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.ticker import MaxNLocator

from generator.charts.ticks import STEPS, ticks, whole_ticks

TOPS = st.floats(0.001, 1e19) | st.integers(1, 10**18).map(lambda most: most * 1.12)


@pytest.mark.parametrize(("top", "expected"), [(9.5, [0, 2.5, 5, 7.5]), (40.0, [0, 10, 20, 30, 40])])
def test_ticks_run_from_zero_to_the_top(top: float, expected: list[float]) -> None:
    assert ticks(top, 4) == expected


@given(TOPS, st.integers(3, 5))
@example(1e6, 3)
@example(0.3, 3)  # the last tick is the top itself, but for rounding
@example(999_999.9999999999, 5)
def test_amounts_have_the_ticks_of_matplotlib(top: float, most: int) -> None:
    assert ticks(top, most) == placed(MaxNLocator(most, steps=STEPS), top)


@given(st.integers(1, 10**9).map(lambda most: most * 1.12))
@example(1.12)
@example(4.0)
def test_counts_have_the_ticks_of_matplotlib(top: float) -> None:
    assert whole_ticks(top, 4) == placed(MaxNLocator(4, integer=True), top)


def placed(locator: MaxNLocator, top: float) -> list[float]:
    """Return what matplotlib places between zero and `top`."""
    return [float(value) for value in locator.tick_values(0, top) if 0 <= value <= top]
