"""What one server shows and we check: a transaction by its id, its place by header and Merkle branch."""

from generator.errors import Invalid
from generator.protocol.bitcoin import MalformedData, Transaction, branch_in, merkle_branch
from generator.protocol.proof.placed_transaction import BlockPosition, Inclusion
from generator.sources.indexers.esplora import Esplora


async def ask_transaction(server: Esplora, txid: str) -> Transaction:
    """Return a transaction whose bytes hash to this id; raise `Invalid` for other bytes or none."""
    raw = await server.raw(txid)
    if raw is None:
        raise Invalid(server.http.source, f"{server.http.host} does not have transaction {txid}")
    try:
        transaction = Transaction.parse(raw)
    except MalformedData as error:
        msg = f"{server.http.host}: transaction {txid} is malformed ({error})"
        raise Invalid(server.http.source, msg) from None
    if transaction.txid != txid or transaction.could_be_merkle_node:
        msg = f"{server.http.host}: the bytes of transaction {txid} hash to {transaction.txid}"
        raise Invalid(server.http.source, msg)
    return transaction


async def ask_inclusion(
    server: Esplora, txid: str, block: BlockPosition, least_difficulty: int
) -> Inclusion | None:
    """Return a transaction's header and Merkle branch, None if the server has no means to show them.

    Raise `Invalid` when what it shows contradicts itself. Servers on an
    electrum backend have no branches: there we make them from the block's list.
    """
    found = await _proof_with_header(server, txid, block)
    if found is None:
        return None
    header, position, hashes = found
    shown = Inclusion(
        txid=txid, block=block.hash, height=block.height, header=header, position=position, hashes=hashes
    )
    if (problem := shown.problem(least_difficulty)) is not None:
        raise _contradiction(server, problem)
    return shown


async def _proof_with_header(
    server: Esplora, txid: str, block: BlockPosition
) -> tuple[bytes, int, tuple[str, ...]] | None:
    if (raw := await server.merkle_block(txid)) is not None:
        try:
            return branch_in(raw, txid)
        except MalformedData as error:
            raise _contradiction(server, f"the Merkle block of {txid} is malformed ({error})") from None
    header = await server.header(block.hash)
    branch = await _branch(server, txid, block) if header is not None else None
    return (header, *branch) if header is not None and branch is not None else None


async def _branch(server: Esplora, txid: str, block: BlockPosition) -> tuple[int, tuple[str, ...]] | None:
    proof = await server.proof(txid)
    if proof is not None:
        return proof.pos, proof.merkle
    txids = await server.block_txids(block.hash)
    if txids is None:
        return None
    if txid not in txids:
        raise _contradiction(server, f"block {block.hash} is listed without transaction {txid}")
    position = txids.index(txid)
    return position, tuple(merkle_branch(txids, position))


def _contradiction(server: Esplora, observed: str) -> Invalid:
    return Invalid(server.http.source, f"{server.http.host}: {observed}; another indexer is asked")
