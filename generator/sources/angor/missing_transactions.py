"""What became of recorded transactions that a run does not show.

A server that is slow, behind, or sends a short list shows less than there is; so
not being shown is no evidence. A transaction is gone only when its block has left
the chain and nobody knows it any more, when it waited and every server says it
does not have it, or when a confirmed transaction spends what it spent.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from generator.judge.recorded_chain import block_of, txid_of
from generator.ledger import Kind
from generator.protocol.proof.facts import RejectedInvestment
from generator.protocol.proof.placed_transaction import BlockPosition
from generator.sources.angor.archive import Archive, txid_in
from generator.sources.angor.project_reading import MissingTransactions, ProjectReading
from generator.sources.indexers import Indexers

#: After this nodes forget transactions that wait (Bitcoin Core: ``-mempoolexpiry``, 336 hours).
FORGOTTEN: Final = timedelta(hours=336)
DROPPED: Final = "neither in a block nor waiting for one: replaced or dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedTransaction:
    """A transaction that something in the log is about."""

    txid: str
    block: BlockPosition | None = None  #: None while unconfirmed, and where only a finding speaks of it
    since: datetime | None = None  #: when an unconfirmed one was first seen


def recorded_transactions(
    archive: Archive, place: str, *, rejected: Collection[str]
) -> dict[str, RecordedTransaction]:
    """Return the transactions a project's records are about, by txid.

    Nobody asks for the spends of a transaction that is `rejected` as an
    investment, so they are left out.
    """
    found = {
        txid: RecordedTransaction(txid=txid)
        for finding in archive.findings(place)
        if (txid := txid_in(finding.subject))
    }
    orphans = set(rejected)
    for entry in sorted(archive.entries(place), key=lambda entry: entry.kind is Kind.RELEASE):
        txid = txid_of(entry.id)
        if txid_of(entry.spends) in orphans:
            orphans.add(txid)  # a penalty's release comes after it
        else:
            found[txid] = RecordedTransaction(txid=txid, block=block_of(entry), since=entry.at)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingSearch:
    """Asks the servers about transactions that were not shown."""

    indexers: Indexers
    archive: Archive
    at: datetime
    tip_height: int  #: the best known, also from earlier runs
    asked: int  #: how many servers answer; one that fails meanwhile might have said otherwise

    async def search(self, reading: ProjectReading) -> None:
        """Find out what became of what is recorded and not shown; a short list shows too little to ask.

        A server that fails here takes nothing back.
        """
        if reading.definition and reading.all_listed:
            rejected = {fact.placed.txid for fact in reading.facts if isinstance(fact, RejectedInvestment)}
            known = recorded_transactions(self.archive, reading.place, rejected=rejected)
            seen = reading.seen
            missing = [transaction for txid, transaction in sorted(known.items()) if txid not in seen]
            confirmed = [txid for txid, in_block in seen.items() if in_block]
            reading.missing = await self._became_of(missing, self._spent_by(confirmed))

    async def _became_of(
        self, missing: Iterable[RecordedTransaction], spent: Mapping[str, str]
    ) -> MissingTransactions:
        gone: dict[str, str] = {}
        hidden: list[str] = []
        blocks: dict[int, frozenset[str]] = {}
        for transaction in missing:
            txid, block = transaction.txid, transaction.block
            if (other := self._replacement(txid, spent)) is not None:
                gone[txid] = f"replaced by {other}, which spends the same"
            elif block is None:
                if await self._dropped(transaction):
                    gone[txid] = DROPPED
            elif block.height <= self.indexers.common_height:
                if block.height not in blocks:
                    blocks[block.height] = await self.indexers.blocks_at(block.height)
                standing = blocks[block.height]
                if standing and block.hash not in standing and await self._unknown(txid):
                    gone[txid] = f"no longer in the chain: block {block.height} was reorganised"
                else:
                    hidden.append(txid)
        return MissingTransactions(gone=gone, hidden=tuple(hidden))

    def _spent_by(self, txids: Iterable[str]) -> dict[str, str]:
        """Return which of these transactions spends an outpoint."""
        known = self.indexers.transactions
        return {spent.outpoint: txid for txid in txids if txid in known for spent in known[txid].inputs}

    def _replacement(self, txid: str, spent: Mapping[str, str]) -> str | None:
        transaction = self.indexers.transactions.get(txid)
        if transaction is None:
            return None
        outpoints = (spending.outpoint for spending in transaction.inputs)
        return next((spent[outpoint] for outpoint in outpoints if outpoint in spent), None)

    async def _dropped(self, transaction: RecordedTransaction) -> bool:
        """Tell whether nobody has a waiting transaction; a server that is not asked or behind may."""
        if self.indexers.common_height < self.tip_height:
            return False
        old = transaction.since is not None and self.at - transaction.since > FORGOTTEN
        return (old or self.indexers.all_healthy) and await self._unknown(transaction.txid)

    async def _unknown(self, txid: str) -> bool:
        known = await self.indexers.known_to_any(txid)
        return not known and len(self.indexers.healthy) == self.asked
