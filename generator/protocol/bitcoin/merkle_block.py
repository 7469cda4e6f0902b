"""A header with the Merkle branch of a transaction in one message (BIP 37, ``merkleblock``)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from generator.protocol.bitcoin.serialization import MalformedData, Reader, displayed, undisplayed
from generator.protocol.hashes import sha256d

_HEADER_BYTES: Final = 80
#: Transactions that a block can hold: its weight over the least one's.
_MOST: Final = 4_000_000 // 240


def branch_in(raw: bytes, txid: str) -> tuple[bytes, int, tuple[str, ...]]:
    """Return the header, the transaction's position and its siblings up to the root (displayed hex).

    Nothing of it is believed yet. Raise `MalformedData` where the tree does not show the transaction.
    """
    reader = Reader(raw)
    header, total = reader.take(_HEADER_BYTES), reader.uint(4)
    hashes = [reader.take(32) for _ in range(reader.count(32))]
    flags = reader.text()
    reader.end()
    if not 0 < total <= _MOST:
        msg = f"a block of {total} transactions"
        raise MalformedData(msg)
    bits = (bool(byte >> place & 1) for byte in flags for place in range(8))
    tree = _Tree(total=total, wanted=undisplayed(txid), hashes=iter(hashes), bits=bits)
    try:
        _, found = tree.node((total - 1).bit_length(), 0)
    except StopIteration:
        msg = "it ends before its tree does"
        raise MalformedData(msg) from None
    if found is None:
        msg = f"it does not show {txid}"
        raise MalformedData(msg)
    position, siblings = found
    return header, position, tuple(map(displayed, siblings))


_Branch = tuple[int, tuple[bytes, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tree:
    """A tree of which only what leads to the wanted transaction is written, depth first."""

    total: int
    wanted: bytes
    hashes: Iterator[bytes]
    bits: Iterator[bool]

    def node(self, height: int, place: int) -> tuple[bytes, _Branch | None]:
        """Return a node's hash and the branch of the wanted transaction below it; raise `StopIteration`."""
        opened = next(self.bits)
        if not opened or height == 0:
            digest = next(self.hashes)
            return digest, (place, ()) if opened and digest == self.wanted else None
        left, in_left = self.node(height - 1, 2 * place)
        right, in_right = left, None
        if 2 * place + 1 <= (self.total - 1) >> (height - 1):
            right, in_right = self.node(height - 1, 2 * place + 1)
        branch = in_left or in_right
        sibling = right if in_left else left
        return sha256d(left + right), (branch[0], (*branch[1], sibling)) if branch else None
