"""Which projects stand as they were recorded, found out with one question each.

A project is told from recorded evidence, without reading it again, when its
address has as many transactions as when it was last read to the end and none
waits, when no output that was open has been spent since, and when the highest
block that recorded money stands in is still at its height: a block commits to all
before it. Whatever is pending, unproven, disputed or of another shape than the
evidence is read again, and everything is after seven days
(`generator.sources.FULL_EVERY`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from generator.errors import SourceError
from generator.judge.bookkeeping import ProjectFindings
from generator.judge.recorded_chain import RecordedChain, block_of
from generator.protocol.angor.project_identifier import address_of
from generator.protocol.angor.stage_spends import SpendKind
from generator.protocol.nostr import Event
from generator.protocol.proof.facts import WITNESS, Fact, Investment
from generator.protocol.proof.founding import choose_founding
from generator.snapshot import Result
from generator.snapshot.finding import HEADER_AGREEMENT
from generator.sources.angor.archive import Archive
from generator.sources.angor.chain import all_of
from generator.sources.angor.project_reading import ProjectReading, read_terms
from generator.sources.angor.turns import TOGETHER
from generator.sources.budget import Budget
from generator.sources.indexers import AddressHistory, Indexers, WitnessedHistory

#: Findings that another reading may settle.
_OPEN: Final = frozenset({"inclusion", WITNESS, "history", "witness"})


@dataclass(slots=True, kw_only=True)
class Refresh:
    """Asks the indexers what has changed since the last run."""

    indexers: Indexers
    archive: Archive
    network: str
    budget: Budget
    #: what addresses count, confirmed and waiting, by identifier, as far as servers said
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    _witnessed: set[str] = field(default_factory=set)  #: of those without any, whom two servers agree on

    async def unchanged(
        self, readings: Iterable[ProjectReading], events: Mapping[str, Event]
    ) -> dict[str, ProjectReading]:
        """Return the projects that stand as recorded, by identifier, as evidence tells them.

        At most half of the budget goes into counting; what was not counted is not among them.
        """
        if not await self._chain_stands():
            return {}
        chain = RecordedChain.of(self.archive.known, self.archive.source, self.indexers.rules)
        candidates = [
            recorded
            for reading in readings
            if (recorded := self._recorded(reading, chain, events)) is not None
        ]
        await self.budget.half.wait_for(self._count_all(candidates))
        kept = [
            recorded
            for recorded in candidates
            if self.counts.get(recorded.identifier) == (recorded.unchanged_txs, 0)
        ]
        spent: set[tuple[str, int]] = set()
        if not await self.budget.wait_for(self._add_spent(kept, spent)):
            return {}
        return {
            recorded.identifier: recorded
            for recorded in kept
            if spent.isdisjoint(_open_outputs(recorded.facts))
        }

    async def unpaid(self, readings: Iterable[ProjectReading]) -> dict[str, ProjectReading]:
        """Return the projects whose address nothing was ever paid to, by identifier; one question each."""
        asked = list(readings)
        await self.budget.half.wait_for(self._count_all(asked))
        found = [reading for reading in asked if self.counts.get(reading.identifier) == (0, 0)]
        for reading in found:
            reading.founding = choose_founding((), reading.identifier, self.network)
            reading.unchanged_txs = 0
            nothing, agreed = AddressHistory(listings={}, expected=0), reading.identifier in self._witnessed
            reading.address = WitnessedHistory(history=nothing, witnessed=agreed)
        return {reading.identifier: reading for reading in found}

    async def _chain_stands(self) -> bool:
        """Tell whether every server has the highest block that recorded money stands in, undisputed."""
        if self.archive.about(HEADER_AGREEMENT):
            return False
        blocks = {block for entry in self.archive.all_entries() if (block := block_of(entry)) is not None}
        if not blocks:
            return True
        top = max(block.height for block in blocks)
        recorded = {block.hash for block in blocks if block.height == top}
        return await self.indexers.blocks_at(top) == recorded

    def _recorded(
        self, reading: ProjectReading, chain: RecordedChain, events: Mapping[str, Event]
    ) -> ProjectReading | None:
        """Fill a reading from evidence, None where the project must be read."""
        identifier, place = reading.identifier, reading.place
        record = self.archive.project(place)
        if record is None or record.address_txs is None or not record.complete or self._unsettled(place):
            return None
        candidates = tuple(chain.candidates(identifier))
        recorded = ProjectReading(
            identifier=identifier,
            checks=ProjectFindings(source=self.archive.source, place=place),
            founding=choose_founding(candidates, identifier, self.network),
            candidates=candidates,
            unchanged_txs=record.address_txs,
        )
        read_terms(recorded, events, self.network)
        if recorded.founded is None or recorded.definition is None:
            return None
        recorded.facts = tuple(chain.facts(identifier, recorded.founded, recorded.definition.terms))
        if any(placed.inclusion and placed.doubt for placed in recorded.rests_on):
            return None
        # where they differ, something was taken back, or is not told by evidence alone
        entry_ids = {entry.id for entry in self.archive.entries(place)}
        return recorded if set(_entry_ids(recorded.facts)) == entry_ids else None

    def _unsettled(self, place: str) -> bool:
        pending = any(entry.height is None for entry in self.archive.entries(place))
        findings = self.archive.findings(place)
        return pending or any(
            finding.check in _OPEN and finding.result is not Result.OK for finding in findings
        )

    async def _count_all(self, readings: Sequence[ProjectReading]) -> None:
        """Count each address's transactions, where a server says.

        Each project asks one server, another one in the next run, so that no server
        alone decides for long; where time ends, other projects are the last ones then.
        """
        runs = len(self.archive.known.runs)
        numbered = list(enumerate(readings))
        first = runs * TOGETHER % max(1, len(numbered))
        turned = (*numbered[first:], *numbered[:first])
        await all_of(self._count(reading.identifier, number + runs) for number, reading in turned)

    async def _count(self, identifier: str, turn: int) -> None:
        with suppress(SourceError):
            address = address_of(identifier, self.network)
            server, count = await self.indexers.counted(address, turn=turn)
            if count == (0, 0) and len(self.indexers.healthy) > 1:
                # electrum servers answer so where they fail, and for histories that are too long
                witness, count = await self.indexers.counted(address, turn=turn + 1)
                if witness is server:  # the other one failed, so that the project is read, or unread
                    return
                self._witnessed.add(identifier)
            self.counts[identifier] = count

    async def _add_spent(self, readings: Iterable[ProjectReading], spent: set[tuple[str, int]]) -> None:
        """Add which of the open outputs are spent by now; all of them where no server can say."""
        opened = sorted({outpoint for reading in readings for outpoint in _open_outputs(reading.facts)})
        txids = sorted({txid for txid, _ in opened})
        try:
            found = await self.indexers.spent_outputs(txids)
        except SourceError:
            spent.update(opened)
            return
        spent.update((txid, vout) for txid, vout in opened if vout in found[txid])


def _open_outputs(facts: Iterable[Fact]) -> Iterator[tuple[str, int]]:
    """Yield the outpoints whose spend would be news: stages, and penalties not released."""
    for fact in facts:
        if isinstance(fact, Investment):
            spent = {spending.stage.vout for spending in fact.spendings}
            txid = fact.placed.txid
            yield from ((txid, stage.vout) for stage in fact.matched.stages if stage.vout not in spent)
            for spending in fact.spendings:
                vout = spending.spend.penalty_vout
                if vout is not None and spending.release is None:
                    yield spending.placed.txid, vout


def _entry_ids(facts: Iterable[Fact]) -> Iterator[str]:
    """Yield the ids of the entries that facts give."""
    for fact in facts:
        if isinstance(fact, Investment):
            txid = fact.placed.txid
            if fact.matched.fee_sat:
                yield f"{txid}:0"
            yield from (f"{txid}:{stage.vout}" for stage in fact.matched.stages if stage.value_sat)
            for spending in fact.spendings:
                yield f"{spending.placed.txid}/{spending.vin}"
                release = spending.release
                if release is not None and release.spend.kind is SpendKind.RELEASE:
                    yield f"{release.placed.txid}/{release.vin}"
