"""What one server shows and we check: a transaction by its id, its place by header and Merkle branch."""

from dataclasses import dataclass

from generator.errors import Invalid
from generator.protocol.bitcoin import MalformedData, Transaction, merkle_branch
from generator.protocol.proof.header_rules import HeaderRules
from generator.protocol.proof.placed_transaction import BlockPosition, Inclusion, ShownCoinbase
from generator.sources.indexers.esplora import Esplora


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBlock:
    """What is known of a block beforehand, so that a transaction's own branch is all that lacks."""

    header: bytes
    coinbase: ShownCoinbase


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPlace:
    """An inclusion, and id and branch of the block's first transaction where its list was at hand."""

    inclusion: Inclusion
    first: tuple[str, tuple[str, ...]] | None


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


async def ask_place(
    server: Esplora, txid: str, block: BlockPosition, known: ShownBlock | None, rules: HeaderRules
) -> ShownPlace | None:
    """Return a transaction's header and Merkle branch, None if the server has no means to show them.

    Raise `Invalid` when what it shows contradicts itself. A block's list of ids gives the branches
    of all of our transactions and of its coinbase at once; some servers have none, others have
    nothing else, and one more transaction of a block that is known needs its own branch alone.
    """
    header = known.header if known else await server.header(block.hash)
    if header is None:
        return None
    # a list is longer than a branch, and worth it where the coinbase is wanted too
    proof = await server.proof(txid) if known else None
    txids = await server.block_txids(block.hash) if proof is None else None
    if txids is None and not known:
        proof = await server.proof(txid)
    if txids is not None:
        if txid not in txids:
            raise contradiction(server, f"block {block.hash} is listed without transaction {txid}")
        position = txids.index(txid)
        branch = position, tuple(merkle_branch(txids, position))
    elif proof is not None:
        branch = proof.pos, proof.merkle
    else:
        return None
    shown = Inclusion(
        txid=txid, block=block.hash, height=block.height, header=header, position=branch[0], hashes=branch[1]
    )
    if (problem := shown.problem(HeaderRules(least_difficulty=rules.least_difficulty))) is not None:
        raise contradiction(server, problem)
    first = (txids[0], tuple(merkle_branch(txids, 0))) if txids else None
    return ShownPlace(inclusion=shown, first=first)


def contradiction(server: Esplora, observed: str) -> Invalid:
    """Return what is raised about a server whose answers cannot all be true."""
    return Invalid(server.http.source, f"{server.http.host}: {observed}; another indexer is asked")
