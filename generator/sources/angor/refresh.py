"""Which projects stand as they were recorded, found out with one question each.

A project is told from recorded evidence, without reading it again, when its
address has as many transactions as when it was last read to the end and none
waits, when no output that was open has been spent since, and when the highest
block that recorded money stands in is still at its height: a block commits to all
before it. Whatever is pending, unproven, disputed or of another shape than the
evidence is read again, and everything is after seven days.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from generator.errors import SourceError
from generator.judge.project_findings import ProjectFindings
from generator.judge.recorded_chain import RecordedChain, block_of
from generator.protocol.angor.project_identifier import address_of
from generator.protocol.angor.stage_spends import SpendKind
from generator.protocol.nostr import Event
from generator.protocol.proof.committed_terms import CommittedTerms, establish_terms
from generator.protocol.proof.facts import Fact, Investment
from generator.protocol.proof.founding import Founded, choose_founding
from generator.protocol.proof.witness_verdict import WITNESS
from generator.snapshot import Asked, Result
from generator.sources.angor.agreement import CHECK as AGREEMENT
from generator.sources.angor.archive import Archive
from generator.sources.angor.chain import Sight, all_of
from generator.sources.indexers import Indexers

FULL_EVERY: Final = timedelta(days=7)
#: Findings that another look may settle.
_OPEN: Final = frozenset({"inclusion", WITNESS, "history", "witness"})
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A project as recorded evidence tells it."""

    sight: Sight
    founded: Founded
    definition: CommittedTerms
    checks: ProjectFindings
    facts: tuple[Fact, ...]

    @property
    def open_outputs(self) -> Iterator[tuple[str, int]]:
        """Yield the outpoints whose spend would be news: stages, and penalties not released."""
        for fact in self.facts:
            if isinstance(fact, Investment):
                spent = {spending.stage.vout for spending in fact.spendings}
                txid = fact.placed.txid
                yield from ((txid, one.vout) for one in fact.matched.stages if one.vout not in spent)
                for spending in fact.spendings:
                    vout = spending.spend.penalty_vout
                    if vout is not None and spending.release is None:
                        yield spending.placed.txid, vout


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshPlan:
    """Whether a run reads everything, and when everything was last read."""

    full: bool
    full_at: datetime

    @property
    def remembered(self) -> str:
        """Return how the next run is told when everything was last read."""
        return self.full_at.strftime(_TIME)


def planned(last: Asked | None, at: datetime, *, full: bool) -> RefreshPlan:
    """Return what a run reads: everything when that is asked for, or due; `last` is the last answer."""
    said = last.reads.get("full_at", "") if last else at.strftime(_TIME)
    try:
        before = datetime.strptime(said, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return RefreshPlan(full=True, full_at=at)
    due = full or not before <= at < before + FULL_EVERY
    return RefreshPlan(full=due, full_at=at if due else before)


@dataclass(slots=True, kw_only=True)
class Refresh:
    """Asks the indexers what has changed since the last run."""

    indexers: Indexers
    archive: Archive
    network: str
    source: str

    async def unchanged(
        self, slugs: Iterable[tuple[str, str]], events: dict[str, Event]
    ) -> dict[str, Standing]:
        """Return the projects that stand as recorded, by identifier; `slugs` are (identifier, slug)."""
        if not await self._chain_stands():
            return {}
        evidence = RecordedChain.of(self.archive.known, self.source, self.network)
        candidates = {
            identifier: standing
            for identifier, slug in slugs
            if (standing := self._standing(identifier, slug, evidence, events)) is not None
        }
        counted = await all_of(
            self._counted(standing.sight.address, turn) for turn, standing in enumerate(candidates.values())
        )
        kept = {
            identifier: standing
            for (identifier, standing), count in zip(candidates.items(), counted, strict=True)
            if count == (standing.sight.unchanged_txs, 0)
        }
        spent = await self._spent(kept.values())
        return {
            identifier: standing
            for identifier, standing in kept.items()
            if spent.isdisjoint(standing.open_outputs)
        }

    async def empty(self, identifiers: Iterable[str]) -> dict[str, Sight]:
        """Return the addresses that nothing was ever paid to, by identifier; one question each."""
        wanted = list(identifiers)
        counted = await all_of(
            self._counted(address_of(one, self.network), n) for n, one in enumerate(wanted)
        )
        return {
            identifier: Sight(
                identifier=identifier,
                address=address_of(identifier, self.network),
                candidates=(),
                founding=choose_founding((), identifier, self.network),
                unchanged_txs=0,
            )
            for identifier, count in zip(wanted, counted, strict=True)
            if count == (0, 0)
        }

    async def _chain_stands(self) -> bool:
        """Tell whether every server has the highest block that recorded money stands in, undisputed."""
        if self.archive.about(AGREEMENT):
            return False
        blocks = {block for one in self.archive.all_entries() if (block := block_of(one)) is not None}
        if not blocks:
            return True
        top = max(block.height for block in blocks)
        recorded = {block.hash for block in blocks if block.height == top}
        return await self.indexers.blocks_at(top) == recorded

    def _standing(
        self, identifier: str, slug: str, evidence: RecordedChain, events: dict[str, Event]
    ) -> Standing | None:
        """Return a project from evidence, None where it must be looked at."""
        record = self.archive.project(slug)
        if record is None or record.address_txs is None or not record.complete or self._unsettled(slug):
            return None
        candidates = evidence.candidates(identifier)
        founded = choose_founding(candidates, identifier, self.network)
        if isinstance(founded, str):
            return None
        checks = ProjectFindings(source=self.source, project=slug)
        event = events.get(founded.says.event_id)
        definition = establish_terms(event, founded, identifier, network=self.network, checks=checks)
        if definition is None:
            return None
        facts = tuple(evidence.facts(identifier, founded, definition.terms))
        if _ids(facts) != {entry.id for entry in self.archive.entries(slug)}:
            return None  # something was taken back, or is not told by evidence alone
        return Standing(
            sight=Sight(
                identifier=identifier,
                address=address_of(identifier, self.network),
                candidates=tuple(candidates),
                founding=founded,
                unchanged_txs=record.address_txs,
            ),
            founded=founded,
            definition=definition,
            checks=checks,
            facts=facts,
        )

    def _unsettled(self, slug: str) -> bool:
        pending = any(entry.height is None for entry in self.archive.entries(slug))
        findings = self.archive.findings(slug)
        return pending or any(one.check in _OPEN and one.result is not Result.OK for one in findings)

    async def _counted(self, address: str, turn: int) -> tuple[int, int] | None:
        """Return an address's transactions, confirmed and waiting; None when no server says.

        Each project asks one server, another one in the next run, so that no
        server alone decides for long.
        """
        try:
            return await self.indexers.counted(address, turn=turn + len(self.archive.known.runs))
        except SourceError:
            return None

    async def _spent(self, standings: Iterable[Standing]) -> set[tuple[str, int]]:
        """Return which of the open outputs are spent by now; all of them where no server can say."""
        opened = sorted({outpoint for standing in standings for outpoint in standing.open_outputs})
        txids = sorted({txid for txid, _ in opened})
        try:
            spent = await self.indexers.spent_outputs(txids)
        except SourceError:
            return set(opened)
        return {(txid, vout) for txid, vout in opened if vout in spent[txid]}


def _ids(facts: Iterable[Fact]) -> set[str]:
    """Return the ids of the entries that facts give."""
    return {name for fact in facts if isinstance(fact, Investment) for name in _entries(fact)}


def _entries(fact: Investment) -> Iterator[str]:
    txid = fact.placed.txid
    if fact.matched.fee_sat:
        yield f"{txid}:0"
    yield from (f"{txid}:{stage.vout}" for stage in fact.matched.stages if stage.value_sat)
    for spending in fact.spendings:
        yield f"{spending.placed.txid}/{spending.vin}"
        release = spending.release
        if release is not None and release.spend.kind is SpendKind.RELEASE:
            yield f"{release.placed.txid}/{release.vin}"
