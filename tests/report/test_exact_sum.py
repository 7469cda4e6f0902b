"""Fractions added by their denominators are what they are one after another."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from generator.report.figures.exact_sum import ExactSum


@given(st.lists(st.fractions() | st.integers(), max_size=20))
def test_a_sum_is_that_of_fractions(values: list[Fraction | int]) -> None:
    found = ExactSum(values[:3])
    for value in values[3:]:
        found.add(value)
    assert found.value == sum(map(Fraction, values), Fraction())
