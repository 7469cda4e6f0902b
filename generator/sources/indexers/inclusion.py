"""A transaction's place in its block, with the header and the Merkle branch that show it."""

from dataclasses import dataclass

from generator.bitcoin import Header, Malformed, merkle_branch, root_of_branch
from generator.errors import Invalid
from generator.sources.indexers.esplora import Esplora, Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """A branch that leads from a transaction to the root in a header."""

    txid: str
    block: str  #: block hash
    height: int  #: as the server says; a header does not hold it
    header: bytes  #: 80 bytes
    position: int
    hashes: tuple[str, ...]  #: siblings from the leaf upwards, as displayed


async def ask_inclusion(server: Esplora, txid: str, spot: Spot) -> Inclusion | None:
    """Return a transaction's inclusion as one server shows it, None if it has no means to.

    Raise `Invalid` when what it shows contradicts itself. Servers on an
    electrum backend have no branches: there we make them from the block's list.
    """
    header = await server.header(spot.block)
    if header is None:
        return None
    root = _root(server, header, spot)
    branch = await _branch(server, txid, spot)
    if branch is None:
        return None
    position, hashes = branch
    try:
        leads_there = root_of_branch(txid, position, hashes) == root
    except Malformed:
        leads_there = False
    if not leads_there:
        raise _contradiction(server, f"the Merkle branch of {txid} does not lead to the root of {spot.block}")
    return Inclusion(
        txid=txid, block=spot.block, height=spot.height, header=header, position=position, hashes=hashes
    )


async def _branch(server: Esplora, txid: str, spot: Spot) -> tuple[int, tuple[str, ...]] | None:
    proof = await server.proof(txid)
    if proof is not None:
        return proof.pos, proof.merkle
    txids = await server.block_txids(spot.block)
    if txids is None:
        return None
    if txid not in txids:
        raise _contradiction(server, f"block {spot.block} is listed without transaction {txid}")
    position = txids.index(txid)
    return position, tuple(merkle_branch(txids, position))


def _root(server: Esplora, raw: bytes, spot: Spot) -> str:
    try:
        header = Header.parse(raw)
    except Malformed as error:
        raise _contradiction(server, f"the header of {spot.block} is malformed ({error})") from None
    if header.hash != spot.block:
        raise _contradiction(server, f"the header of {spot.block} hashes to {header.hash}")
    return header.merkle_root


def _contradiction(server: Esplora, observed: str) -> Invalid:
    return Invalid(server.http.source, f"{server.http.host}: {observed}; another indexer is asked")
