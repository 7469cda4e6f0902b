"""The heap that decides which leaves are joined: .NET's, with its order among equals."""

from heapq import heappop, heappush

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.protocol.angor.stage_tree import _Heap, joins


def drained(weights: list[int]) -> list[tuple[int, int]]:
    heap = _Heap()
    for node, weight in enumerate(weights):
        heap.enqueue(weight, node)
    return [heap.dequeue() for _ in weights]


@given(st.lists(st.integers(0, 5), max_size=60))
def test_lightest_first_and_nothing_lost(weights: list[int]) -> None:
    out = drained(weights)
    assert [weight for weight, _ in out] == sorted(weights)
    assert sorted(node for _, node in out) == list(range(len(weights)))


@pytest.mark.parametrize(
    ("weights", "order"),
    [
        # worked by hand on a 4-ary heap: the last item moves to the top and sinks only past lighter ones
        ([1, 1], [0, 1]),
        ([1, 1, 1], [0, 2, 1]),
        ([1, 1, 1, 1, 1], [0, 4, 3, 2, 1]),
        ([1, 1, 1, 1, 1, 1], [0, 5, 4, 3, 2, 1]),
        # the lightest, added last, changes places with the top alone; on a binary heap node 1 would follow
        ([2, 2, 2, 1], [3, 0, 2, 1]),
        ([3, 3, 3, 2], [3, 0, 2, 1]),
    ],
)
def test_the_order_among_equals_is_nets(weights: list[int], order: list[int]) -> None:
    assert [node for _, node in drained(weights)] == order


def test_without_seeders_there_is_one_tree() -> None:
    assert {frozenset(pair) for pair in joins(0)} == {frozenset({1, 2}), frozenset({0, 3})}


@pytest.mark.parametrize("seeders", [1, 2, 3, 7, 50, 252, 1000])
def test_trees_are_as_cheap_as_huffman_says(seeders: int) -> None:
    """Whatever the order among equals, the weighted depth is the least there is."""
    weights = [70, 40, 1, *[10] * seeders]
    totals = dict(enumerate(weights))
    for new, (left, right) in enumerate(joins(seeders), start=len(weights)):
        totals[new] = totals[left] + totals[right]
    heap: list[int] = []
    for weight in weights:
        heappush(heap, weight)
    least = 0
    while len(heap) > 1:
        joined = heappop(heap) + heappop(heap)
        least += joined
        heappush(heap, joined)
    assert sum(totals[node] for node in range(len(weights), len(totals))) == least
    assert totals[len(totals) - 1] == sum(weights)
