"""Text is placed by rule: never over other text, never outside its frame."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from generator.charts.labels import Anchor, Labels, Side

SIDES: tuple[Side, ...] = ("left", "center", "right")
anchors = st.lists(
    st.builds(
        Anchor,
        st.floats(-50, 750, allow_nan=False),
        st.floats(-20, 420, allow_nan=False),
        st.sampled_from(SIDES),
    ),
    min_size=1,
    max_size=6,
)
texts = st.lists(
    st.tuples(st.text("0123456789M sat\n", min_size=1, max_size=24), anchors, st.booleans()), max_size=25
)


@given(texts)
def test_placed_texts_never_meet_and_stay_inside(wanted: list[tuple[str, list[Anchor], bool]]) -> None:
    labels = Labels(width=700, height=400, size=13.5)
    rooms = []
    for words, candidates, bold in wanted:
        anchor = labels.place(words, candidates, bold=bold)
        if anchor is not None:
            rooms.append(labels.room(words, anchor, bold=bold))
    for room, other in combinations(rooms, 2):
        assert room.x1 <= other.x0 or other.x1 <= room.x0 or room.y1 <= other.y0 or other.y1 <= room.y0
    for room in rooms:
        assert room.x0 >= 0
        assert room.y0 >= 0
        assert room.x1 <= 700
        assert room.y1 <= 400


def test_a_text_that_must_be_takes_its_first_anchor_inside() -> None:
    labels = Labels(width=100, height=100, size=10)
    labels.take("xxxxxxxxxx", Anchor(0, 50))
    assert labels.place("xxxxxxxxxx", [Anchor(0, 50)]) is None
    assert labels.place("xxxxxxxxxx", [Anchor(60, 50), Anchor(0, 50)], must=True) == Anchor(0, 50)


def test_a_free_anchor_off_the_lines_is_preferred() -> None:
    labels = Labels(width=200, height=100, size=10)
    labels.keep_off((0, 50), (200, 50))
    assert labels.place("abc", [Anchor(10, 47), Anchor(10, 70)]) == Anchor(10, 70)
    assert labels.place("abc", [Anchor(50, 47)]) == Anchor(50, 47)


def test_lines_below_each_other_take_room_below() -> None:
    labels = Labels(width=200, height=100, size=10)
    one, two = labels.room("abc", Anchor(0, 50)), labels.room("abc\nabcdef", Anchor(0, 50))
    assert two.y0 == one.y0 - 13
    assert two.y1 == one.y1
    assert two.x1 == 2 * one.x1


@given(
    st.lists(st.tuples(st.integers(0, 700), st.integers(0, 400)), min_size=2, max_size=30).map(sorted),
    anchors,
)
def test_a_text_that_keeps_clear_takes_the_first_anchor_off_every_step(
    points: list[tuple[int, int]], candidates: list[Anchor]
) -> None:
    labels = Labels(width=700, height=400, size=13.5)
    labels.keep_off_steps([x for x, _ in points], [y for _, y in points])
    lines = []
    for (x, y), (next_x, next_y) in pairwise(points):
        lines += [((x, y), (next_x, y)), ((next_x, min(y, next_y)), (next_x, max(y, next_y)))]

    def is_clear(anchor: Anchor) -> bool:
        x0, y0, x1, y1 = labels.room("12 M sats", anchor)
        inside = x0 >= 0 and y0 >= 0 and x1 <= 700 and y1 <= 400
        return inside and not any(
            x0 < bx + 2 and ax - 2 < x1 and y0 < by + 2 and ay - 2 < y1 for (ax, ay), (bx, by) in lines
        )

    expected = next(filter(is_clear, candidates), None)
    assert labels.place("12 M sats", candidates, clear=True) == expected
