"""Ticks are those of matplotlib, and the same whatever settings of it lie around."""

from random import Random

import pytest
from matplotlib import rc_context
from matplotlib.ticker import MaxNLocator

from generator.charts.scales import STEPS
from generator.charts.tick_rule import TickRule


@pytest.mark.parametrize(("top", "expected"), [(9.5, [0, 2.5, 5, 7.5]), (40.0, [0, 10, 20, 30, 40])])
def test_ticks_run_from_zero_to_the_top(top: float, expected: list[float]) -> None:
    assert TickRule(4, STEPS).ticks(top) == expected


def library(locator: MaxNLocator, top: float) -> list[float]:
    """Return the ticks from zero to the top that matplotlib chooses."""
    return [float(value) for value in locator.tick_values(0, top) if 0 <= value <= top]


@pytest.mark.parametrize("most", [3, 4, 5])
@pytest.mark.parametrize("settings", [{}, {"axes.autolimit_mode": "round_numbers"}])
def test_ticks_are_those_of_the_library_under_any_setting(most: int, settings: dict[str, str]) -> None:
    chance = Random(1)  # noqa: S311 -- numbers, not secrets
    tops = [1.12 * top for top in (1, 2, 3, 10, 10**9, 25 * 10**10, 123_456_789_000)]
    tops += [most * step for step in (0.1, 0.25, 1, 2.5, 5e9)]  # the last tick is the top itself
    tops += [part * 10.0**digits for digits in range(-9, 19) for part in (1, 1.3, 2.5, 5, 7.5)]
    tops += [10 ** chance.uniform(-9, 18) for _ in range(300)]
    tops += [chance.randrange(1, 400) * 1.3 for _ in range(300)]
    with rc_context(settings):
        for top in tops:
            assert TickRule(most, STEPS).ticks(top) == library(MaxNLocator(most, steps=STEPS), top), top
            whole = TickRule(most, integer=True).ticks(top)
            assert whole == library(MaxNLocator(most, integer=True), top), top
