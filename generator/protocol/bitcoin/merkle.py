"""Merkle roots and branches: what shows that a transaction is in a block."""

from collections.abc import Sequence

from generator.protocol.bitcoin.serialization import MalformedData, displayed, undisplayed
from generator.protocol.hashes import sha256d

_MAX_BRANCH = 32


def merkle_root(txids: Sequence[str]) -> str:
    """Return the Merkle root of a block's transaction ids (displayed hex in and out)."""
    level = [undisplayed(txid) for txid in txids]
    if not level:
        msg = "a block has at least one transaction"
        raise MalformedData(msg)
    while len(level) > 1:
        level = _next_level(level)
    return displayed(level[0])


def merkle_branch(txids: Sequence[str], position: int) -> list[str]:
    """Return the sibling hashes from a transaction up to the root (displayed hex)."""
    if not 0 <= position < len(txids):
        msg = f"position {position} is not among {len(txids)} transactions"
        raise MalformedData(msg)
    level = [undisplayed(txid) for txid in txids]
    branch = []
    while len(level) > 1:
        sibling = position ^ 1
        branch.append(displayed(level[sibling] if sibling < len(level) else level[position]))
        level = _next_level(level)
        position //= 2
    return branch


def root_of_branch(txid: str, position: int, hashes: Sequence[str]) -> str:
    """Return the Merkle root a branch leads to (displayed hex); raise `MalformedData`.

    A position that the branch is too short for is refused: it would let two
    places in a block share one proof.
    """
    if len(hashes) > _MAX_BRANCH or not 0 <= position < 1 << len(hashes):
        msg = f"position {position} does not fit a branch of {len(hashes)} hashes"
        raise MalformedData(msg)
    node = undisplayed(txid)
    for sibling in hashes:
        other = undisplayed(sibling)
        node = sha256d(other + node if position & 1 else node + other)
        position >>= 1
    return displayed(node)


def _next_level(level: list[bytes]) -> list[bytes]:
    padded = level if len(level) % 2 == 0 else [*level, level[-1]]
    return [sha256d(padded[i] + padded[i + 1]) for i in range(0, len(padded), 2)]
