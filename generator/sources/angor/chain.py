"""Transactions with their place in the chain, and who spends them; asked for at once, and once in a run."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from generator.protocol.angor.project_identifier import NETWORKS
from generator.protocol.bitcoin import Transaction, address_of_script
from generator.protocol.proof.placed_transaction import BlockPosition, PlacedTransaction
from generator.sources.indexers import Indexers, Spender

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Chain:
    """Gathers facts; asks nothing twice in a run, and nothing that is settled."""

    indexers: Indexers
    network: str
    settled: Mapping[str, Spender] = field(default_factory=dict)  #: by outpoint
    #: by txid, where earlier runs saw transactions in blocks that not every server of this run has
    above: Mapping[str, BlockPosition] = field(default_factory=dict)
    _placing: dict[tuple[str, BlockPosition | None], asyncio.Task[PlacedTransaction]] = field(
        default_factory=dict
    )

    async def place(self, txid: str, block: BlockPosition | None) -> PlacedTransaction:
        """Return a transaction with its inclusion, if any indexer can show one."""
        block = block or self.above.get(txid)
        task = self._placing.get((txid, block))
        if task is None:
            task = self._placing[txid, block] = asyncio.ensure_future(self._place(txid, block))
        return await task

    async def _place(self, txid: str, block: BlockPosition | None) -> PlacedTransaction:
        transaction = await self.indexers.transaction(txid, block)
        inclusion = await self.indexers.inclusion(txid, block) if block else None
        if inclusion is None:
            return PlacedTransaction(transaction=transaction, block=block)
        # a server's word on a height can be one off
        return PlacedTransaction(
            transaction=transaction,
            block=inclusion.stands,
            inclusion=inclusion,
            doubt=inclusion.doubt(self.indexers.rules),
        )

    async def fetch_spends(self, transactions: Iterable[Transaction]) -> None:
        """Ask at once for the spends of those whose outputs are not all settled long ago."""
        wanted = [
            paying.txid
            for paying in transactions
            if any(f"{paying.txid}:{vout}" not in self.settled for vout in range(2, len(paying.outputs)))
        ]
        if len(wanted) > 1:
            await self.indexers.fetch_spends(wanted)

    async def spenders(self, txid: str, scripts: Mapping[int, bytes]) -> dict[int, Spender]:
        """Return who spends which of these outputs, asking only about those not settled long ago."""
        outpoints = {vout: f"{txid}:{vout}" for vout in scripts}
        settled = {
            vout: self.settled[outpoint] for vout, outpoint in outpoints.items() if outpoint in self.settled
        }
        hrp = NETWORKS[self.network].hrp
        asked = {
            vout: address_of_script(script, hrp) or ""
            for vout, script in scripts.items()
            if vout not in settled
        }
        return {**settled, **(await self.indexers.spenders(txid, asked) if asked else {})}


async def all_of(asking: Iterable[Awaitable[T]]) -> list[T]:
    """Await everything, to the end, then raise the first error; no request is left running behind."""
    answers = await asyncio.gather(*asking, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return [answer for answer in answers if not isinstance(answer, BaseException)]
