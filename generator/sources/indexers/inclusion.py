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

    def problem(self) -> str | None:
        """Return what contradicts itself in one sentence, None when branch and header hold together."""
        try:
            header = Header.parse(self.header)
            root = root_of_branch(self.txid, self.position, self.hashes)
        except Malformed as error:
            return f"the inclusion of {self.txid} in {self.block} is malformed ({error})"
        if header.hash != self.block:
            return f"the header of {self.block} hashes to {header.hash}"
        if root != header.merkle_root:
            return f"the Merkle branch of {self.txid} does not lead to the root of {self.block}"
        return None


async def ask_inclusion(server: Esplora, txid: str, spot: Spot) -> Inclusion | None:
    """Return a transaction's inclusion as one server shows it, None if it has no means to.

    Raise `Invalid` when what it shows contradicts itself. Servers on an
    electrum backend have no branches: there we make them from the block's list.
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
    if (problem := shown.problem()) is not None:
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
