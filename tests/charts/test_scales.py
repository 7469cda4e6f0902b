"""Ticks are the same whatever settings of matplotlib lie around."""

import pytest
from matplotlib import rc_context
from matplotlib.ticker import MaxNLocator

from generator.charts.scales import STEPS, ticks


@pytest.mark.parametrize(("top", "expected"), [(9.5, [0, 2.5, 5, 7.5]), (40.0, [0, 10, 20, 30, 40])])
def test_ticks_run_from_zero_to_the_top(top: float, expected: list[float]) -> None:
    assert ticks(MaxNLocator(4, steps=STEPS), top) == expected


@pytest.mark.parametrize("most", [3, 4, 5])
def test_a_setting_that_moves_ticks_moves_none_of_ours(most: int) -> None:
    locator = MaxNLocator(most, steps=STEPS)
    tops = [1.12 * top for top in (1, 2, 3, 10, 10**9, 25 * 10**10, 123_456_789_000)]
    tops += [most * step for step in (0.1, 0.25, 1, 2.5, 5e9)]  # the last tick is the top itself
    plain = [ticks(locator, top) for top in tops]
    with rc_context({"axes.autolimit_mode": "round_numbers"}):
        assert [ticks(locator, top) for top in tops] == plain
