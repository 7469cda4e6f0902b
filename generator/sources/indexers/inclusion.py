"""Asks a server to show a transaction's place in its block."""

from generator.errors import Invalid
from generator.protocol.bitcoin import merkle_branch
from generator.protocol.proof.inclusion import Inclusion, Spot
from generator.sources.indexers.esplora import Esplora


async def ask_inclusion(server: Esplora, txid: str, spot: Spot, least: int) -> Inclusion | None:
    """Return a transaction's inclusion as one server shows it, None if it has no means to.

    Raise `Invalid` when what it shows contradicts itself. Servers on an
    electrum backend have no branches: there we make them from the block's list.
    `least` is the difficulty a header must have.
    """
    header = await server.header(spot.block)
    if header is None:
        return None
    branch = await _branch(server, txid, spot)
    if branch is None:
        return None
    position, hashes = branch
    shown = Inclusion(
        txid=txid, block=spot.block, height=spot.height, header=header, position=position, hashes=hashes
    )
    if (problem := shown.problem(least)) is not None:
        raise _contradiction(server, problem)
    return shown


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


def _contradiction(server: Esplora, observed: str) -> Invalid:
    return Invalid(server.http.source, f"{server.http.host}: {observed}; another indexer is asked")
