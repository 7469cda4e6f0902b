"""The questions of a run to its indexers: the first healthy one answers, the next is its witness.

Answers that can be checked are checked here, so that a server that is wrong is
replaced by the next one just like a server that is down.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Self

import httpx

from generator.errors import Invalid, SourceError
from generator.protocol.bitcoin import MalformedData, Transaction, merkle_branch
from generator.protocol.proof.placed_transaction import BlockPosition, Inclusion, least_difficulty
from generator.sources.http import Http, HttpLimits
from generator.sources.indexers.address_history import WitnessedHistory, joined, read_history
from generator.sources.indexers.esplora import Esplora
from generator.sources.indexers.server_pool import SOURCE, ServerPool
from generator.sources.indexers.spends import MANY, Spender, ask_spenders, ask_spent_outputs


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
    header = await server.header(block.hash)
    if header is None:
        return None
    branch = await _branch(server, txid, block)
    if branch is None:
        return None
    position, hashes = branch
    shown = Inclusion(
        txid=txid, block=block.hash, height=block.height, header=header, position=position, hashes=hashes
    )
    if (problem := shown.problem(least_difficulty)) is not None:
        raise _contradiction(server, problem)
    return shown


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


@dataclass(slots=True, kw_only=True)
class Indexers(ServerPool):
    """Asks the servers in order; remembers immutable answers."""

    transactions: dict[str, Transaction] = field(default_factory=dict)  #: verified, by txid
    inclusions: dict[tuple[str, str], Inclusion] = field(default_factory=dict)  #: by txid and block hash

    @classmethod
    def of(
        cls,
        urls: Iterable[str],
        *,
        client: httpx.AsyncClient,
        network: str,
        limits: HttpLimits | None = None,
    ) -> Self:
        """Make the indexers at these addresses, read with one client."""
        chosen = limits or HttpLimits()
        readers = [Http(client=client, source=SOURCE, base_url=url, limits=chosen) for url in urls]
        servers = [Esplora(http=http) for http in readers]
        return cls(servers=servers, network=network, least_difficulty=least_difficulty(network))

    async def history(self, address: str) -> WitnessedHistory:
        """Return an address's history and compare its length with the witness's count."""
        server, history = await self.ask_first(lambda server: read_history(server, address))
        witness = next((other for other in self.healthy if other is not server), None)
        if witness is None:
            return WitnessedHistory(history=history)
        try:
            if (await self.ask(witness, lambda witness: witness.counted(address)))[0] == history.confirmed:
                self.counts["witnessed"] += 1
                return WitnessedHistory(history=history, witnessed=True)
            other = await self.ask(witness, lambda witness: read_history(witness, address))
        except SourceError:
            return WitnessedHistory(history=history)
        return joined((server, history), (witness, other))

    async def counted(self, address: str, *, turn: int) -> tuple[int, int]:
        """Return an address's transactions, confirmed and waiting, from the server whose turn it is."""
        return (await self.ask_first(lambda server: server.counted(address), turn=turn))[1]

    async def spent_outputs(self, txids: Sequence[str]) -> dict[str, frozenset[int]]:
        """Return which outputs of transactions are spent, in as few questions as the servers take."""
        parts = [txids[start : start + MANY] for start in range(0, len(txids), MANY)]
        questions = [partial(ask_spent_outputs, txids=part) for part in parts]
        answers = await asyncio.gather(*map(self.ask_first, questions))
        return {txid: spent for _, part in answers for txid, spent in part.items()}

    async def blocks_at(self, height: int) -> frozenset[str]:
        """Return the hashes that the servers have at a height; empty unless every one of them has one."""
        answers = await self.ask_all(lambda server: server.block_at(height)) or [None]
        return frozenset() if None in answers else frozenset(found for found in answers if found is not None)

    async def agreed(self, block: BlockPosition) -> bool | None:
        """Tell whether two servers have the same block at a height, None where fewer can say."""
        answers = []
        for server in self.healthy[:2]:
            with suppress(SourceError):
                answers.append(await self.ask(server, lambda server: server.block_at(block.height)))
        said = {answer for answer in answers if answer is not None}
        if said - {block.hash}:
            return False
        return True if len(answers) > 1 and None not in answers else None

    async def known_to_any(self, txid: str) -> bool:
        """Tell whether a server has a transaction now; one that gives no answer may have it."""
        answers = await self.ask_all(lambda server: server.raw(txid))
        return not answers or any(raw is not None for raw in answers)

    async def transaction(self, txid: str) -> Transaction:
        """Return a transaction whose bytes hash to this id."""
        if txid not in self.transactions:
            _, found = await self.ask_first(lambda server: ask_transaction(server, txid))
            self.transactions[txid] = found
        return self.transactions[txid]

    async def shown_again(self, txid: str, problem: Callable[[Transaction], Awaitable[str]]) -> Transaction:
        """Return a transaction from the first server that shows it without a problem, else the one at hand.

        Its id does not cover its witness, so servers can show different ones.
        """

        async def check(server: Esplora, found: Transaction) -> None:
            if reason := await problem(found):
                msg = f"{server.http.host}: the witness of {txid} cannot be the one in the chain ({reason})"
                raise Invalid(SOURCE, msg)

        with suppress(SourceError):
            _, self.transactions[txid] = await self.ask_first(
                lambda server: ask_transaction(server, txid), check=check
            )
        return self.transactions[txid]

    async def spenders(self, txid: str, addresses: Mapping[int, str]) -> dict[int, Spender]:
        """Return who spends which of these outputs, each looked up in the spending bytes themselves."""

        async def check(server: Esplora, found: dict[int, Spender]) -> None:
            for vout, spender in found.items():
                await self._require_spend(server, spender, (txid, vout))

        return (await self.ask_first(lambda server: ask_spenders(server, txid, addresses), check=check))[1]

    async def _require_spend(self, server: Esplora, spender: Spender, outpoint: tuple[str, int]) -> None:
        inputs = (await self.transaction(spender.txid)).inputs
        if spender.vin < len(inputs):
            spent = inputs[spender.vin]
            if (spent.prev_txid, spent.vout) == outpoint:
                return
        txid, vout = outpoint
        msg = f"{server.http.host}: input {spender.vin} of {spender.txid} does not spend {txid}:{vout}"
        raise Invalid(SOURCE, msg)

    async def inclusion(self, txid: str, block: BlockPosition) -> Inclusion | None:
        """Return a checked Merkle branch, None when no server can show one.

        Raise the last server's `SourceError` when none shows one and some fail.
        """
        key = (txid, block.hash)
        if key in self.inclusions:
            return self.inclusions[key]
        errors: list[SourceError] = []
        for server in await self.in_order():
            try:
                found = await self.ask(
                    server, lambda server: ask_inclusion(server, txid, block, self.least_difficulty)
                )
            except SourceError as error:
                errors.append(error)
                continue
            if found is not None:
                self.inclusions[key] = found
                return found
        if errors:
            raise errors[-1]
        return None
