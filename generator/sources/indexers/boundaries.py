"""The headers at the end of an epoch and at the beginning of the next, as one server shows them."""

from generator.protocol.bitcoin import Boundary, Header, MalformedData
from generator.sources.indexers.esplora import HTTP_NOT_FOUND, Esplora
from generator.sources.indexers.esplora_json import BLOCKS, BlockRow


async def ask_boundary(server: Esplora, height: int, *, anchored: bool) -> Boundary | None:
    """Return the header of an epoch's first block, and the one before it; None where the server has none.

    Both come in one answer, or else each by its hash. Nothing of it is believed yet. Before
    an anchored one stands the anchor.
    """
    path, subject = f"/blocks/{height}", f"blocks up to {height}"
    answer = await server.get(path, subject, accept=(HTTP_NOT_FOUND,))
    if answer.status != HTTP_NOT_FOUND:
        rows = {row.height: row for row in answer.decode(BLOCKS)}
        if height in rows and (anchored or height - 1 in rows):
            return Boundary(last=None if anchored else _header(rows[height - 1]), first=_header(rows[height]))
    block = await server.block_at(height)
    first = await _by_hash(server, block) if block else None
    last = await _by_hash(server, first.prev) if first and not anchored else None
    return Boundary(last=last, first=first) if first and (last or anchored) else None


def _header(row: BlockRow) -> Header:
    return Header(
        version=row.version % 2**32,
        prev=row.previousblockhash,
        merkle_root=row.merkle_root,
        time=row.timestamp,
        bits=row.bits,
        nonce=row.nonce,
    )


async def _by_hash(server: Esplora, block: str) -> Header | None:
    raw = await server.header(block)
    try:
        return None if raw is None else Header.parse(raw)
    except MalformedData:
        return None
