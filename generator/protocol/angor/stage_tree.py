"""The taproot tree of a stage output, shaped as upstream's Huffman builder shapes it.

``TaprootScriptBuilder.cs`` gives the weights, NBitcoin's ``WithHuffmanTree`` joins
the two lightest nodes until one is left. Among equal weights the order is that of
.NET's ``PriorityQueue``, a 4-ary heap, which is emulated here.
"""

from collections.abc import Sequence
from functools import lru_cache

from generator.protocol.bitcoin.taproot import branch_hash

_WEIGHTS = (70, 40, 1)  # founder, recovery, end of project
_SEEDER_WEIGHT = 10
_HEAP_ARITY = 4


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of founder, recovery, end and seeder leaves, in this order."""
    return _nodes(leaves)[-1]


def path_of(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """Return the hashes that lead from one leaf to the root."""
    nodes = _nodes(leaves)
    path = []
    for new, (left, right) in enumerate(joins(len(leaves) - len(_WEIGHTS)), start=len(leaves)):
        if position in {left, right}:
            path.append(nodes[right if position == left else left])
            position = new
    return path


@lru_cache(maxsize=64)
def joins(seeders: int) -> tuple[tuple[int, int], ...]:
    """Return which two nodes are joined, step by step, for a number of seeder leaves.

    Leaves are numbered from 0 in the order of their weights' list, and each
    join makes the next number.
    """
    heap = _Heap()
    count = len(_WEIGHTS) + seeders
    for node, weight in enumerate((*_WEIGHTS, *(_SEEDER_WEIGHT,) * seeders)):
        heap.enqueue(weight, node)
    steps = []
    for new in range(count, 2 * count - 1):
        (light, left), (heavy, right) = heap.dequeue(), heap.dequeue()
        steps.append((left, right))
        heap.enqueue(light + heavy, new)
    return tuple(steps)


def _nodes(leaves: Sequence[bytes]) -> list[bytes]:
    nodes = list(leaves)
    for left, right in joins(len(leaves) - len(_WEIGHTS)):
        nodes.append(branch_hash(nodes[left], nodes[right]))
    return nodes


class _Heap:
    """A 4-ary minimum heap that breaks ties exactly as ``System.Collections.Generic.PriorityQueue``."""

    def __init__(self) -> None:
        self._items: list[tuple[int, int]] = []

    def enqueue(self, weight: int, node: int) -> None:
        """Add a node: it climbs only past heavier parents."""
        items = self._items
        place = len(items)
        items.append((weight, node))
        while place:
            parent = (place - 1) // _HEAP_ARITY
            if weight >= items[parent][0]:
                break
            items[place] = items[parent]
            place = parent
        items[place] = (weight, node)

    def dequeue(self) -> tuple[int, int]:
        """Remove the lightest node: the last one sinks from the top past strictly lighter children."""
        items = self._items
        lightest, last = items[0], items.pop()
        if not items:
            return lightest
        place = 0
        while (first := place * _HEAP_ARITY + 1) < len(items):
            children = range(first, min(first + _HEAP_ARITY, len(items)))
            child = min(children, key=lambda index: items[index][0])
            if last[0] <= items[child][0]:
                break
            items[place] = items[child]
            place = child
        items[place] = last
        return lightest
