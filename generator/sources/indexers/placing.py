"""Where transactions stand: their bytes, branches and coinbases, and the targets of epochs; asked once."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from generator.errors import SourceError
from generator.protocol.bitcoin import Boundary, Header, Transaction
from generator.protocol.bitcoin.compact_target import EPOCH_BLOCKS
from generator.protocol.bitcoin.epochs import Epochs, epoch_of
from generator.protocol.proof.placed_transaction import BlockPosition, Inclusion, ShownCoinbase
from generator.sources.indexers.boundaries import ask_boundary
from generator.sources.indexers.checked_answers import (
    ShownBlock,
    ShownPlace,
    ask_place,
    ask_transaction,
    contradiction,
)
from generator.sources.indexers.esplora import Esplora
from generator.sources.indexers.once import Once
from generator.sources.indexers.server_pool import now
from generator.sources.indexers.spreading import SpreadingPool
from generator.sources.indexers.tips import MAX_LAG


@dataclass(slots=True, kw_only=True)
class PlacingPool(SpreadingPool):
    """Servers that show blocks; what they show is checked by `rules`, which learn from it."""

    transactions: dict[str, Transaction] = field(default_factory=dict)  #: verified, by txid
    inclusions: dict[tuple[str, str], Inclusion] = field(default_factory=dict)  #: by txid and block hash
    boundaries: dict[int, Header] = field(default_factory=dict)  #: asked for in this run, by height
    _blocks: dict[str, ShownBlock] = field(default_factory=dict)  #: whose coinbase is known, by hash
    _fetching: Once[str, Transaction] = field(default_factory=Once)  #: by txid
    _following: asyncio.Lock = field(default_factory=asyncio.Lock)
    _unknown_boundary: int | None = None  #: the epoch before which no server shows one in this run

    def keep(self, inclusions: Mapping[tuple[str, str], Inclusion]) -> None:
        """Take what was recorded, so that it is not asked for again."""
        for (txid, block), inclusion in inclusions.items():
            self.inclusions[txid, block] = inclusion
            if inclusion.coinbase is not None:
                self._blocks[block] = ShownBlock(header=inclusion.header, coinbase=inclusion.coinbase)

    async def transaction(self, txid: str, block: BlockPosition | None = None) -> Transaction:
        """Return a transaction whose bytes hash to this id; `block` is where it stands."""
        question = partial(ask_transaction, txid=txid)

        async def fetch() -> Transaction:
            found = await self.ask_idle(question, kind="transaction", block=block)
            return found or (await self.ask_first(question))[1]

        if txid not in self.transactions:
            self.transactions.setdefault(txid, await self._fetching.get(txid, fetch))
        return self.transactions[txid]

    async def inclusion(self, txid: str, block: BlockPosition) -> Inclusion | None:
        """Return a checked Merkle branch, with the block's coinbase if any server shows it.

        None when no server can show a branch. Raise the last server's `SourceError` when none shows
        one and some fail.
        """
        await self.follow_epochs(block.height)
        kept = self.inclusions.get((txid, block.hash))
        if kept is not None and kept.coinbase is not None:
            return kept
        question = partial(
            ask_place, txid=txid, block=block, known=self._blocks.get(block.hash), rules=self.rules
        )
        if (place := await self.ask_idle(question, kind="inclusion", block=block)) is not None:
            found = await self._with_coinbase(place, block)
            if found.problem(self.rules) is None:
                return self._kept(found)
        errors: list[SourceError] = []
        for server in await self.in_order():
            try:
                place = await self.ask(server, question)
                if place is not None:
                    return self._kept(await self._checked_place(server, place, block))
            except SourceError as error:
                errors.append(error)
        if kept is None and errors:
            raise errors[-1]
        return kept

    async def _checked_place(self, server: Esplora, place: ShownPlace, block: BlockPosition) -> Inclusion:
        found = await self._with_coinbase(place, block)
        if (problem := found.problem(self.rules)) is not None:
            error = contradiction(server, problem)
            self.fault(server, error, sent_at=now())
            raise error
        return found

    async def _with_coinbase(self, place: ShownPlace, block: BlockPosition) -> Inclusion:
        """Return an inclusion with the block's coinbase and the height it states, if anybody has it."""
        found, known = place.inclusion, self._blocks.get(block.hash)
        coinbase = known.coinbase if known else None
        if coinbase is None and place.first is not None:
            txid, hashes = place.first
            self.counts["coinbases"] += txid not in self.transactions
            with suppress(SourceError):
                coinbase = ShownCoinbase(transaction=await self.transaction(txid, block), hashes=hashes)
        if coinbase is None:
            return found
        stated = coinbase.height
        return replace(found, coinbase=coinbase, height=found.height if stated is None else stated)

    def _kept(self, found: Inclusion) -> Inclusion:
        self.keep({(found.txid, found.block): found})
        return found

    async def follow_epochs(self, height: int) -> None:
        """Ask for the boundaries up to the epoch of a block, one question each, where targets have epochs.

        One that is not deep yet waits, and so does what no server shows.
        """
        epochs = self.rules.epochs
        if epochs is None:
            return
        wanted = epoch_of(height)
        async with self._following:
            while epochs.anchor.epoch < wanted and epochs.next_boundary <= wanted:
                if not await self._follow(epochs):
                    return

    async def _follow(self, epochs: Epochs) -> bool:
        """Ask for the next boundary; return whether somebody showed it."""
        epoch = epochs.next_boundary
        height = epoch * EPOCH_BLOCKS
        if self._unknown_boundary == epoch or height > self.tip_height - MAX_LAG:
            return False
        question = partial(ask_boundary, height=height, anchored=epoch == epochs.anchor.epoch)
        self.counts["boundaries"] += 1
        for server in await self.in_order():
            with suppress(SourceError):
                found = await self.ask(server, question)
                if found is None:
                    continue
                if (problem := epochs.add(found)) is None:
                    self._note_boundary(height, found)
                    return True
                self.fault(server, contradiction(server, problem), sent_at=now())
        self._unknown_boundary = epoch
        return False

    def _note_boundary(self, height: int, found: Boundary) -> None:
        self.boundaries[height] = found.first
        if found.last is not None:
            self.boundaries[height - 1] = found.last
