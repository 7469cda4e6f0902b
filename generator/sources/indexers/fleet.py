"""The indexers of a run, in order: the first healthy one answers, the next is its witness.

Answers that can be checked are checked here, so that a server that is wrong is
replaced by the next one just like a server that is down.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Self, TypeVar

import httpx

from generator.errors import Invalid, SourceError, Unavailable
from generator.protocol.bitcoin import Malformed, Transaction
from generator.protocol.proof.inclusion import Inclusion, Spot, least_difficulty
from generator.sources.http import Http, HttpLimits
from generator.sources.indexers.esplora import MANY, Esplora, Spender
from generator.sources.indexers.inclusion import ask_inclusion
from generator.sources.indexers.sighting import WitnessedHistory, compared
from generator.sources.indexers.tips import tip_problem

T = TypeVar("T")

#: Hash of the first block by network; all signets share one (Bitcoin Core, chainparams.cpp).
GENESIS: Final[Mapping[str, str]] = {
    "main": "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
    "angornet": "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
    "signet": "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
    "testnet4": "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043",
    "regtest": "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
}
#: Blocks by which a server may be behind before it counts as stuck.
MAX_LAG: Final = 6
#: Wrong answers after which a server is not asked again in this run.
MAX_WRONG: Final = 3


@dataclass(slots=True, kw_only=True)
class Indexers:
    """Asks the servers in order; remembers immutable answers."""

    servers: Sequence[Esplora]
    network: str
    source: str = "angor"  #: name for messages
    least_difficulty: int = 0  #: of a header that shows anything
    counts: Counter[str] = field(default_factory=Counter)
    transactions: dict[str, Transaction] = field(default_factory=dict)  #: verified, by txid
    inclusions: dict[tuple[str, str], Inclusion] = field(default_factory=dict)  #: by txid and block hash
    common_height: int = -1  #: the lowest tip among the servers that were healthy when the run began
    _broken: set[int] = field(default_factory=set)
    _turns: dict[int, asyncio.Semaphore] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        urls: Iterable[str],
        *,
        client: httpx.AsyncClient,
        network: str,
        limits: HttpLimits | None = None,
        source: str = "angor",
    ) -> Self:
        """Return the indexers at these addresses, read with one client."""
        chosen = limits or HttpLimits()
        servers = [
            Esplora(http=Http(client=client, source=source, base_url=url, limits=chosen)) for url in urls
        ]
        return cls(
            servers=servers, network=network, source=source, least_difficulty=least_difficulty(network)
        )

    @property
    def healthy(self) -> list[Esplora]:
        """Return the servers that still answer, in order."""
        return [server for number, server in enumerate(self.servers) if number not in self._broken]

    @property
    def all_healthy(self) -> bool:
        """Tell whether every server still answers."""
        return not self._broken

    @property
    def tip_height(self) -> int:
        """Return the best height among the healthy servers."""
        return max((server.tip_height for server in self.healthy), default=-1)

    async def open(self, *, at_least: int = 0) -> None:
        """Look at every server's tip; raise `Unavailable` naming each when none is usable.

        `at_least` is the height the last run saw: a server that lags behind it,
        or behind its neighbours, is not asked.
        """
        self._broken.clear()
        genesis = GENESIS[self.network]
        probes = [_probe(server, genesis) for server in self.servers]
        outcomes = await asyncio.gather(*probes, return_exceptions=True)
        for number, outcome in enumerate(outcomes):
            if isinstance(outcome, SourceError):
                self._exclude(self.servers[number], outcome.message)
            elif isinstance(outcome, BaseException):
                raise outcome
        await self._doubt_tips(at_least)
        best = max(self.tip_height, at_least)
        for server in self.healthy:
            if server.tip_height < best - MAX_LAG:
                observed = f"{server.http.host} stands at block {server.tip_height}"
                self._exclude(server, f"{observed}, expected {best - MAX_LAG} or later")
        self.require()
        self.common_height = min(server.tip_height for server in self.healthy)

    async def _doubt_tips(self, at_least: int) -> None:
        """Exclude servers that claim a tip far above everybody's and the last run's without its block."""
        for server in sorted(self.healthy, key=lambda one: one.tip_height, reverse=True):
            others = [other for other in self.healthy if other is not server]
            believed = max(at_least, max((other.tip_height for other in others), default=-1))
            if server.tip_height <= believed + MAX_LAG:
                return
            try:
                problem = await tip_problem(server, others, self.least_difficulty)
            except SourceError as error:
                problem = error.message
            if problem is None:
                return
            self._exclude(server, problem)

    def require(self) -> None:
        """Raise `Unavailable` naming each server's fault when none is left."""
        if not self.healthy:
            faults = "; ".join(server.faults[-1] for server in self.servers if server.faults)
            raise Unavailable(self.source, f"no indexer answers: {faults or 'none is configured'}")

    async def history(self, address: str) -> WitnessedHistory:
        """Return an address's history and compare its length with the witness's count."""
        server, history = await self._first(lambda one: one.history(address))
        witness = next((other for other in self.healthy if other is not server), None)
        if witness is None:
            return WitnessedHistory(history=history)
        try:
            if await witness.tx_count(address) == history.confirmed:
                self.counts["witnessed"] += 1
                return WitnessedHistory(history=history, witnessed=True)
            other = await witness.history(address)
        except SourceError as error:
            self._fault(witness, error)
            return WitnessedHistory(history=history)
        return compared((server, history), (witness, other))

    async def counted(self, address: str, *, turn: int) -> tuple[int, int]:
        """Return an address's transactions, confirmed and waiting, from the server whose turn it is."""
        return (await self._first(lambda server: server.counted(address), turn=turn))[1]

    async def spent_outputs(self, txids: Sequence[str]) -> dict[str, frozenset[int]]:
        """Return which outputs of transactions are spent, in as few questions as the servers take."""
        parts = [txids[start : start + MANY] for start in range(0, len(txids), MANY)]
        answers = await asyncio.gather(*(self._spent(part) for part in parts))
        return {txid: spent for part in answers for txid, spent in part.items()}

    async def _spent(self, txids: Sequence[str]) -> dict[str, frozenset[int]]:
        return (await self._first(lambda server: _ask_spent(server, txids)))[1]

    async def blocks_at(self, height: int) -> frozenset[str]:
        """Return the hashes that the servers have at a height; empty unless every one of them has one."""
        answers = await self._all(lambda server: server.block_at(height)) or [None]
        return frozenset() if None in answers else frozenset(found for found in answers if found is not None)

    async def agreed(self, spot: Spot) -> bool | None:
        """Tell whether two servers have the same block at a height, None where fewer can say."""
        answers = []
        for server in self.healthy[:2]:
            try:
                answers.append(await self._turn(server, lambda one: one.block_at(spot.height)))
            except SourceError as error:
                self._fault(server, error)
        said = {answer for answer in answers if answer is not None}
        if said - {spot.block}:
            return False
        return True if len(answers) > 1 and None not in answers else None

    async def known_to_any(self, txid: str) -> bool:
        """Tell whether a server has a transaction now; one that gives no answer may have it."""
        answers = await self._all(lambda server: server.raw(txid))
        return not answers or any(raw is not None for raw in answers)

    async def transaction(self, txid: str) -> Transaction:
        """Return a transaction whose bytes hash to this id."""
        if txid not in self.transactions:
            _, found = await self._first(lambda server: _ask_transaction(server, txid))
            self.transactions[txid] = found
        return self.transactions[txid]

    async def shown_again(self, txid: str, problem: Callable[[Transaction], Awaitable[str]]) -> Transaction:
        """Return a transaction from the first server that shows it without a problem, else the one at hand.

        Its id does not cover its witness, so servers can show different ones.
        """

        async def check(server: Esplora, found: Transaction) -> None:
            if reason := await problem(found):
                msg = f"{server.http.host}: the witness of {txid} cannot be the one in the chain ({reason})"
                raise Invalid(self.source, msg)

        with suppress(SourceError):
            _, self.transactions[txid] = await self._first(
                lambda server: _ask_transaction(server, txid), check=check
            )
        return self.transactions[txid]

    async def spenders(self, txid: str, addresses: Mapping[int, str]) -> dict[int, Spender]:
        """Return who spends which of these outputs, each looked up in the spending bytes themselves."""

        async def check(server: Esplora, found: dict[int, Spender]) -> None:
            for vout, spender in found.items():
                await self._really_spends(server, spender, (txid, vout))

        _, spenders = await self._first(lambda server: server.spenders(txid, addresses), check=check)
        return spenders

    async def _really_spends(self, server: Esplora, spender: Spender, outpoint: tuple[str, int]) -> None:
        inputs = (await self.transaction(spender.txid)).inputs
        if spender.vin < len(inputs):
            spent = inputs[spender.vin]
            if (spent.prev_txid, spent.vout) == outpoint:
                return
        txid, vout = outpoint
        msg = f"{server.http.host}: input {spender.vin} of {spender.txid} does not spend {txid}:{vout}"
        raise Invalid(self.source, msg)

    async def inclusion(self, txid: str, spot: Spot) -> Inclusion | None:
        """Return a checked Merkle branch, None when no server can show one."""
        key = (txid, spot.block)
        if key in self.inclusions:
            return self.inclusions[key]
        errors: list[SourceError] = []
        for server in self.healthy:
            try:
                found = await self._turn(
                    server, lambda one: ask_inclusion(one, txid, spot, self.least_difficulty)
                )
            except SourceError as error:
                self._fault(server, error)
                errors.append(error)
                continue
            if found is not None:
                self.inclusions[key] = found
                return found
        if errors:
            raise errors[-1]
        return None

    async def _turn(self, server: Esplora, ask: Callable[[Esplora], Awaitable[T]]) -> T:
        """Ask when it is our turn, unless the server broke while we waited for it."""
        turns = self._turns.setdefault(
            self.servers.index(server), asyncio.Semaphore(server.http.limits.concurrency)
        )
        async with turns:
            if server not in self.healthy:
                raise Unavailable(self.source, server.faults[-1])
            return await ask(server)

    async def _all(self, ask: Callable[[Esplora], Awaitable[T]]) -> list[T]:
        """Return every healthy server's answer; nothing when one of them fails."""
        answers: list[T] = []
        for server in self.healthy:
            try:
                answers.append(await self._turn(server, ask))
            except SourceError as error:
                self._fault(server, error)
                return []
        return answers

    async def _first(
        self,
        ask: Callable[[Esplora], Awaitable[T]],
        *,
        check: Callable[[Esplora, T], Awaitable[None]] | None = None,
        turn: int = 0,
    ) -> tuple[Esplora, T]:
        """Return the first healthy server whose answer passes the check, with that answer.

        The order begins at the server whose turn it is.
        """
        errors: list[SourceError] = []
        begin = turn % max(1, len(self.healthy))
        for server in (*self.healthy[begin:], *self.healthy[:begin]):
            try:
                answer = await self._turn(server, ask)
                if check is not None:
                    await check(server, answer)
            except SourceError as error:
                self._fault(server, error)
                errors.append(error)
            else:
                return server, answer
        self.require()
        kind = Unavailable if any(isinstance(error, Unavailable) for error in errors) else Invalid
        raise kind(self.source, "; ".join(error.message for error in errors))

    def _fault(self, server: Esplora, error: SourceError) -> None:
        if server not in self.healthy:
            return
        self.counts["indexer_faults"] += 1
        server.faults.append(error.message)
        # one that is often wrong is still better than none
        wrong = len(server.faults) >= MAX_WRONG and len(self.healthy) > 1
        if isinstance(error, Unavailable) or wrong:
            self._broken.add(self.servers.index(server))

    def _exclude(self, server: Esplora, reason: str) -> None:
        server.faults.append(reason)
        self._broken.add(self.servers.index(server))


async def _probe(server: Esplora, genesis: str) -> None:
    """Probe within the time of one request: a server that is slow to say its height is no help."""
    patience_s = server.http.limits.request_s
    try:
        async with asyncio.timeout(patience_s):
            await server.probe(genesis)
    except TimeoutError:
        msg = f"tip height: {server.http.host}: no answer within {patience_s:g} s"
        raise Unavailable(server.http.source, msg) from None


async def _ask_spent(server: Esplora, txids: Sequence[str]) -> dict[str, frozenset[int]]:
    spent = await server.spent_of_many(txids)
    if spent is None:
        spent = [await server.spent_of(txid) for txid in txids]
    return dict(zip(txids, spent, strict=True))


async def _ask_transaction(server: Esplora, txid: str) -> Transaction:
    raw = await server.raw(txid)
    if raw is None:
        raise Invalid(server.http.source, f"{server.http.host} does not have transaction {txid}")
    try:
        transaction = Transaction.parse(raw)
    except Malformed as error:
        msg = f"{server.http.host}: transaction {txid} is malformed ({error})"
        raise Invalid(server.http.source, msg) from None
    if transaction.txid != txid or transaction.could_be_merkle_node:
        msg = f"{server.http.host}: the bytes of transaction {txid} hash to {transaction.txid}"
        raise Invalid(server.http.source, msg)
    return transaction
