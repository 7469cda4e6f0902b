"""What is written of marks, read back: places to a hundredth of a pixel, and nothing that adds up to more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.charts import svg
from generator.charts.marks import CircleMark, LineMark, StepMark
from tests.charts.svg_reading import Point, paths

HEIGHT = 400.0
pixels = st.floats(0, HEIGHT, allow_nan=False)


@given(st.lists(pixels, min_size=1, max_size=400), st.floats(0.05, 40))
def test_steps_read_back_hold_each_height_until_the_next(heights: list[float], apart: float) -> None:
    xs, ys = 64 + apart * np.arange(len(heights) + 1), np.array([*heights, heights[-1]])
    [line] = paths(svg.svg_body([StepMark("step", xs, ys)], HEIGHT), "step")
    assert line[0][0] == pytest.approx(64, abs=0.0051)
    assert line[-1][0] == pytest.approx(xs[-1], abs=0.0051)
    for x, height in zip(xs.tolist(), ys.tolist(), strict=True):
        reached = [y for at, y in line if at <= x + 0.0051][-1]
        assert reached == pytest.approx(HEIGHT - height, abs=0.0051)


def test_days_without_a_step_are_one_way_across() -> None:
    xs, ys = np.arange(6.0), np.array([0.0, 0.0, 5.0, 5.001, 5.0, 5.0])
    assert 'd="M0 400h2v-5h3"' in svg.svg_body([StepMark("step", xs, ys)], HEIGHT)
    assert 'd="M0 400h1v-5"' in svg.svg_body([StepMark("step", xs[:2], ys[1:3])], HEIGHT)


@given(st.lists(st.tuples(pixels, pixels), min_size=2, max_size=100))
def test_lines_read_back_go_through_their_points(points: list[Point]) -> None:
    [line] = paths(svg.svg_body([LineMark("line", [points])], HEIGHT), "line")
    closed = len(points) > 2 and points[0] == points[-1]
    assert len(line) == len(points) - closed
    for (x, y), (wanted, height) in zip(line, points, strict=False):
        assert (x, HEIGHT - y) == pytest.approx((wanted, height), abs=0.0051)


@pytest.mark.parametrize(
    ("pixel", "text"),
    [
        (0.004, "0"),
        (-0.004, "0"),
        (0.01, ".01"),
        (0.5, ".5"),
        (10.5, "10.5"),
        (100.0, "100"),
        (-0.25, "-.25"),
    ],
)
def test_a_place_is_the_shortest_number_to_a_hundredth(pixel: float, text: str) -> None:
    assert f'cx="{text}"' in svg.svg_body([CircleMark("dot", (pixel, 0), 1)], HEIGHT)


def test_texts_of_numbers_are_remembered_up_to_a_bound() -> None:
    places = [CircleMark("dot", (number / 100, 0), 1) for number in range(2 * svg._REMEMBERED + 5)]
    body = svg.svg_body(places, HEIGHT)
    assert len(svg._AT) <= svg._REMEMBERED
    assert 'cx="199.99"' in body
    assert svg.svg_body(places, HEIGHT) == body
