"""The taproot tree of a stage output, shaped as upstream's Huffman builder shapes it.

``TaprootScriptBuilder.cs`` gives the weights, NBitcoin's ``WithHuffmanTree`` joins
the two lightest nodes until one is left. Among equal weights the order is that of
.NET's ``PriorityQueue``, a 4-ary heap, which is emulated here.
"""

from collections.abc import Sequence
from functools import lru_cache

from generator.protocol.angor.curve import tagged_hash, tweak_xonly

LEAF_VERSION = 0xC0
#: SHA-256 of "Angor Unspendable Taproot Key": nobody knows its secret.
INTERNAL_KEY = bytes.fromhex("9f9aa7a903393a2d6aa6aa744355a25175b7ce04fcd081f04d10802bc90d1003")
_CONTROL_HEAD_BYTES = 33
_NODE_BYTES = 32
_MAX_DEPTH = 128
_WEIGHTS = (70, 40, 1)  # founder, recovery, end of project
_SEEDER_WEIGHT = 10
_HEAP_ARITY = 4
_LARGEST_ONE_BYTE_SIZE = 0xFC


def leaf_hash(script: bytes, version: int = LEAF_VERSION) -> bytes:
    """Return the hash of a script leaf of up to 64 KiB."""
    size = len(script)
    prefix = bytes([size]) if size <= _LARGEST_ONE_BYTE_SIZE else b"\xfd" + size.to_bytes(2, "little")
    return tagged_hash("TapLeaf", bytes([version]) + prefix + script)


def branch_hash(one: bytes, other: bytes) -> bytes:
    """Return the hash that joins two nodes; their order does not matter."""
    return tagged_hash("TapBranch", min(one, other) + max(one, other))


def output_key(root: bytes) -> tuple[bytes, int]:
    """Return the output key of a tree under Angor's internal key, and its parity."""
    return tweak_xonly(INTERNAL_KEY, tagged_hash("TapTweak", INTERNAL_KEY + root))


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of founder, recovery, end and seeder leaves, in this order."""
    return _nodes(leaves)[-1]


def path_of(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """Return the hashes that lead from one leaf to the root."""
    nodes = _nodes(leaves)
    path = []
    for new, (one, other) in enumerate(joins(len(leaves) - len(_WEIGHTS)), start=len(leaves)):
        if position in {one, other}:
            path.append(nodes[other if position == one else one])
            position = new
    return path


def key_of_control_block(script: bytes, control_block: bytes) -> tuple[bytes, int] | None:
    """Return the output key and parity that a leaf and its control block lead to.

    None when the control block has a wrong length or another internal key than Angor's.
    """
    depth, rest = divmod(len(control_block) - _CONTROL_HEAD_BYTES, _NODE_BYTES)
    if rest or not 0 <= depth <= _MAX_DEPTH or control_block[1:_CONTROL_HEAD_BYTES] != INTERNAL_KEY:
        return None
    node = leaf_hash(script, control_block[0] & 0xFE)
    for start in range(_CONTROL_HEAD_BYTES, len(control_block), _NODE_BYTES):
        node = branch_hash(node, control_block[start : start + _NODE_BYTES])
    return output_key(node)


def depth_of(control_block: bytes) -> int:
    """Return how deep in its tree a leaf lies, by the length of its control block."""
    return (len(control_block) - _CONTROL_HEAD_BYTES) // _NODE_BYTES


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
        (light, one), (heavy, other) = heap.dequeue(), heap.dequeue()
        steps.append((one, other))
        heap.enqueue(light + heavy, new)
    return tuple(steps)


def _nodes(leaves: Sequence[bytes]) -> list[bytes]:
    nodes = list(leaves)
    for one, other in joins(len(leaves) - len(_WEIGHTS)):
        nodes.append(branch_hash(nodes[one], nodes[other]))
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
