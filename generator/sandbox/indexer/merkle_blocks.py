"""``/tx/:txid/merkleblock-proof``: a header with a tree that shows one transaction (BIP 37)."""

from collections.abc import Sequence

from generator.protocol.bitcoin.serialization import compact, counted, undisplayed
from generator.protocol.hashes import sha256d


def merkle_block(header: bytes, txids: Sequence[str], position: int) -> bytes:
    """Write the message that shows one of a block's transactions."""
    hashes: list[bytes] = []
    bits: list[bool] = []

    def write(height: int, place: int) -> None:
        bits.append(position >> height == place)
        if not height or not bits[-1]:
            hashes.append(_root(txids[place << height : (place + 1) << height], height))
            return
        for child in (2 * place, 2 * place + 1):
            if child <= (len(txids) - 1) >> (height - 1):
                write(height - 1, child)

    write((len(txids) - 1).bit_length(), 0)
    flags = sum(bit << place for place, bit in enumerate(bits)).to_bytes((len(bits) + 7) // 8, "little")
    return (
        header + len(txids).to_bytes(4, "little") + compact(len(hashes)) + b"".join(hashes) + counted(flags)
    )


def _root(txids: Sequence[str], height: int) -> bytes:
    level = [undisplayed(txid) for txid in txids]
    for _ in range(height):
        level += level[-1:] * (len(level) % 2)
        level = [sha256d(left + right) for left, right in zip(level[::2], level[1::2], strict=True)]
    return level[0]
