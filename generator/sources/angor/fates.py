"""What became of recorded transactions that a run does not show.

A server that is slow, behind, or sends a short list shows less than there is; so
not being shown is no evidence. A transaction is gone only when its block has left
the chain and nobody knows it any more, when it waited and every server says it
does not have it, or when a confirmed transaction spends what it spent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from generator.sources.angor.withdrawals import Recorded
from generator.sources.indexers import Indexers

#: After this nodes forget transactions that wait (Bitcoin Core: ``-mempoolexpiry``, 336 hours).
FORGOTTEN: Final = timedelta(hours=336)
DROPPED: Final = "neither in a block nor waiting for one: replaced or dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """The recorded transactions of a project that were not shown."""

    gone: Mapping[str, str] = field(default_factory=dict)  #: txid → the evidence, one sentence
    hidden: tuple[str, ...] = ()  #: of blocks that every server could show: one of them should have


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquest:
    """Asks the servers about transactions that were not shown."""

    indexers: Indexers
    at: datetime
    tip_height: int  #: the best known, also from earlier runs
    asked: int  #: how many servers answer; one that fails meanwhile might have said otherwise

    async def fates(self, missing: Iterable[Recorded], seen: Mapping[str, bool]) -> Fates:
        """Return what became of transactions; a server that fails here takes nothing back.

        `seen` are the ids of those this run read, with whether they are in a block.
        """
        gone: dict[str, str] = {}
        hidden: list[str] = []
        spent = self._spent(txid for txid, confirmed in seen.items() if confirmed)
        standing: dict[int, frozenset[str]] = {}
        for one in sorted(missing, key=lambda recorded: recorded.txid):
            if (other := self._rival(one.txid, spent)) is not None:
                gone[one.txid] = f"replaced by {other}, which spends the same"
            elif one.block is None:
                if await self._dropped(one):
                    gone[one.txid] = DROPPED
            elif one.block.height <= self.indexers.common_height:
                height = one.block.height
                if height not in standing:
                    standing[height] = await self.indexers.blocks_at(height)
                if standing[height] and one.block.hash not in standing[height] and await self._unknown(one):
                    gone[one.txid] = f"no longer in the chain: block {height} was reorganised"
                else:
                    hidden.append(one.txid)
        return Fates(gone=gone, hidden=tuple(hidden))

    def _spent(self, txids: Iterable[str]) -> dict[str, str]:
        known = self.indexers.transactions
        return {spent.outpoint: txid for txid in txids if txid in known for spent in known[txid].inputs}

    def _rival(self, txid: str, spent: Mapping[str, str]) -> str | None:
        bytes_of = self.indexers.transactions.get(txid)
        if bytes_of is None:
            return None
        return next((spent[one.outpoint] for one in bytes_of.inputs if one.outpoint in spent), None)

    async def _dropped(self, one: Recorded) -> bool:
        """Tell whether nobody has a waiting transaction; a server that is not asked or behind may."""
        if self.indexers.common_height < self.tip_height:
            return False
        old = one.since is not None and self.at - one.since > FORGOTTEN
        return (old or self.indexers.all_healthy) and await self._unknown(one)

    async def _unknown(self, one: Recorded) -> bool:
        known = await self.indexers.known_to_any(one.txid)
        return not known and len(self.indexers.healthy) == self.asked
