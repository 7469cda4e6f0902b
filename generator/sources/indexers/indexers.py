"""The questions of a run to its indexers: the first healthy one answers, the next is its witness.

Answers that can be checked are checked here, so that a server that is wrong is
replaced by the next one just like a server that is down.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Self

import httpx

from generator.errors import Invalid, SourceError, Unavailable
from generator.protocol.bitcoin import Transaction
from generator.protocol.proof.header_rules import rules_of
from generator.protocol.proof.placed_transaction import BlockPosition
from generator.sources.http import HostPace, Http, HttpLimits
from generator.sources.indexers.address_history import AddressHistory, WitnessedHistory, joined, read_history
from generator.sources.indexers.checked_answers import ask_transaction
from generator.sources.indexers.esplora import Esplora
from generator.sources.indexers.placing import PlacingPool
from generator.sources.indexers.server_pool import SOURCE
from generator.sources.indexers.spends import MANY, Spender, ask_spenders, ask_spent_outputs, fetch_outspends


@dataclass(slots=True, kw_only=True)
class Indexers(PlacingPool):
    """Asks the servers in order; remembers immutable answers."""

    #: by block hash, the servers that placed something there in this run
    _placed: dict[str, set[Esplora]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(
        cls,
        urls: Iterable[str],
        *,
        client: httpx.AsyncClient,
        network: str,
        limits: HttpLimits | None = None,
        pace: Callable[[str], HostPace] = lambda _: HostPace(),
    ) -> Self:
        """Make the indexers at these addresses, read with one client and at each one's pace."""
        chosen = limits or HttpLimits()
        # who is asked for JSON sends text as JSON too (blockcore's server)
        readers = [
            Http(
                client=client,
                source=SOURCE,
                base_url=url,
                limits=chosen,
                headers={"Accept": "*/*"},
                pace=pace(url),
            )
            for url in urls
        ]
        servers = [Esplora(http=http) for http in readers]
        return cls(servers=servers, network=network, rules=rules_of(network))

    async def history(self, address: str) -> WitnessedHistory:
        """Return an address's history and compare its length with the count of a witness not asked yet.

        Raise `SourceError` when none lists it, or when one lists nothing and another one fails: electrum
        servers list nothing where they fail, too.
        """
        asked: set[Esplora] = set()

        async def read(server: Esplora) -> AddressHistory:
            asked.add(server)
            return await read_history(server, address)

        server, history = await self.ask_first(read)
        self._note(server, (listing.block for listing in history.listings.values()))
        witness = next((other for other in self.healthy if other not in asked), None)
        if witness is None:
            if len(asked) > 1 and not history.listings:
                msg = f"address {address}: {server.http.host} lists nothing, another indexer gives no answer"
                raise Unavailable(SOURCE, f"{msg}; the next run asks again")
            return WitnessedHistory(history=history)
        try:
            if (await self.ask(witness, lambda witness: witness.counted(address)))[0] == history.confirmed:
                self.counts["witnessed"] += 1
                return WitnessedHistory(history=history, witnessed=True)
            other = await self.ask(witness, lambda witness: read_history(witness, address))
        except SourceError:
            if not history.listings:
                raise
            return WitnessedHistory(history=history)
        return joined((server, history), (witness, other))

    async def counted(self, address: str, *, turn: int) -> tuple[Esplora, tuple[int, int]]:
        """Return the server whose turn it is, and an address's transactions, confirmed and waiting."""
        return await self.ask_first(lambda server: server.counted(address), turn=turn)

    async def spent_outputs(self, txids: Sequence[str]) -> dict[str, frozenset[int]]:
        """Return which outputs of transactions are spent, in as few questions as the servers take."""
        parts = [txids[start : start + MANY] for start in range(0, len(txids), MANY)]
        answers = await asyncio.gather(*map(self._spent_outputs, parts))
        return {txid: spent for part in answers for txid, spent in part.items()}

    async def _spent_outputs(self, txids: Sequence[str]) -> dict[str, frozenset[int]]:
        """Ask a server that takes them at once, if there is one."""
        at_once = partial(ask_spent_outputs, txids=txids, at_once=True)
        for server in self.healthy:
            with suppress(SourceError):
                if server.takes_many and (found := await self.ask(server, at_once)) is not None:
                    return found
        return (await self.ask_first(partial(ask_spent_outputs, txids=txids)))[1] or {}

    async def blocks_at(self, height: int) -> frozenset[str]:
        """Return the hashes that the servers have at a height; empty unless every one of them has one."""
        answers = await self.ask_all(lambda server: server.block_at(height)) or [None]
        return frozenset() if None in answers else frozenset(found for found in answers if found is not None)

    async def agreed(self, block: BlockPosition) -> bool | None:
        """Tell whether two servers have the same block at a height, None where fewer can say."""
        placed = [server for server in self.healthy if server in self._placed.get(block.hash, ())][:1]
        others = [server for server in self.healthy if server not in placed]
        answers: list[str | None] = [block.hash for _ in placed]  # it said so where it listed a transaction
        for server in others[: 2 - len(placed)]:
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

    async def fetch_spends(self, txids: Sequence[str]) -> None:
        """Ask for the spends of many transactions at once, so that `spenders` need not for each."""
        parts = [txids[start : start + MANY] for start in range(0, len(txids), MANY)]
        questions = [self.ask_first(partial(fetch_outspends, txids=part)) for part in parts]
        await asyncio.gather(*questions, return_exceptions=True)

    async def spenders(self, txid: str, addresses: Mapping[int, str]) -> dict[int, Spender]:
        """Return who spends which of these outputs, each looked up in the spending bytes themselves."""

        async def check(server: Esplora, found: dict[int, Spender]) -> None:
            for vout, spender in found.items():
                await self._require_spend(server, spender, (txid, vout))

        server, found = await self.ask_first(
            partial(ask_spenders, txid=txid, addresses=addresses), check=check
        )
        self._note(server, (spender.block for spender in found.values()))
        return found

    def _note(self, server: Esplora, blocks: Iterable[BlockPosition | None]) -> None:
        """Note that a server itself says that these blocks stand at their heights."""
        for block in blocks:
            if block is not None:
                self._placed[block.hash].add(server)

    async def _require_spend(self, server: Esplora, spender: Spender, outpoint: tuple[str, int]) -> None:
        inputs = (await self.transaction(spender.txid, spender.block)).inputs
        if spender.vin < len(inputs):
            spent = inputs[spender.vin]
            if (spent.prev_txid, spent.vout) == outpoint:
                return
        txid, vout = outpoint
        msg = f"{server.http.host}: input {spender.vin} of {spender.txid} does not spend {txid}:{vout}"
        raise Invalid(SOURCE, msg)
