"""What the chain says about one project, gathered from the indexers: facts, no judgement about money yet."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from generator.errors import Invalid
from generator.protocol.angor.founding_transaction import is_founding
from generator.protocol.angor.investments import Matched, StageOutput, investment_note
from generator.protocol.angor.op_return_layouts import InvestmentNote
from generator.protocol.angor.project_identifier import NETWORKS, address_of, project_script
from generator.protocol.angor.stage_spends import Spend
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import Transaction, address_of_script
from generator.protocol.proof.facts import (
    EARLY,
    NOTE,
    Fact,
    Investment,
    RejectedInvestment,
    Release,
    Spending,
    match_investment,
    penalty_spend,
    penalty_vout,
    stage_spend,
    transactions_of,
)
from generator.protocol.proof.founding import Founded, choose_founding
from generator.protocol.proof.placed_transaction import BlockPosition, PlacedTransaction
from generator.protocol.proof.witness_verdict import (
    WitnessVerdict,
    outputs_spent,
    parents_needed,
    run_witness,
)
from generator.snapshot import Result
from generator.sources.indexers import AddressHistory, Indexers, Listing, Spender, WitnessedHistory

T = TypeVar("T")

#: ``OP_RETURN`` and the push of a 33-byte key begin every note of the protocol.
_NOTE: Final = "6a21"


NOT_READ: Final = WitnessedHistory(history=AddressHistory(listings={}, expected=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A project's address as the chain shows it."""

    identifier: str
    address: str
    candidates: tuple[PlacedTransaction, ...]  #: transactions that pay the project and name a key
    founding: Founded | str  #: or why there is none
    sighting: WitnessedHistory = NOT_READ
    unchanged_txs: int | None = None  #: what the address counts, where that showed that nothing is new

    @property
    def complete(self) -> bool:
        """Tell whether the address's whole history is known."""
        return self.unchanged_txs is not None or self.sighting.history.complete

    @property
    def transactions(self) -> int:
        """Return how many transactions the address has, as far as is known."""
        return len(self.sighting.history.listings) if self.unchanged_txs is None else self.unchanged_txs


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

    async def sight(self, identifier: str) -> Sight:
        """Return a project's candidates and founding; raise `SourceError`."""
        address = address_of(identifier, self.network)
        sighting = await self.indexers.history(address)
        listings = [one for one in sighting.history.listings.values() if looks_ours(one, identifier)]
        candidates = await all_of(self._candidate(one.txid, one.block, identifier) for one in listings)
        ours = tuple(placed for placed in candidates if placed is not None)
        return Sight(
            identifier=identifier,
            address=address,
            sighting=sighting,
            candidates=ours,
            founding=choose_founding(ours, identifier, self.network),
        )

    async def _candidate(
        self, txid: str, block: BlockPosition | None, identifier: str
    ) -> PlacedTransaction | None:
        block = block or self.above.get(txid)
        transaction = await self.indexers.transaction(txid)
        outputs = transaction.outputs
        if len(outputs) < 2 or outputs[0].script != project_script(identifier):  # noqa: PLR2004 -- fee and note
            return None  # the listing said otherwise; its bytes decide
        if is_founding(identifier, self.network, outputs):
            return await self.place(txid, block)
        return PlacedTransaction(transaction=transaction, block=block)

    async def investments(self, sight: Sight, founded: Founded, terms: Terms) -> list[Fact]:
        """Return every investment with its spends, and what only looks like one, ordered by place."""
        script = project_script(sight.identifier)
        judged: list[Awaitable[Fact]] = []
        for placed in sorted(sight.candidates, key=_place):
            if placed.txid not in founded.txids:
                note = investment_note(placed.transaction.outputs, script)
                judged.append(self._judged(placed, note, founded, terms))
        return await all_of(judged)

    async def _judged(
        self, placed: PlacedTransaction, note: InvestmentNote | None, founded: Founded, terms: Terms
    ) -> Fact:
        if note is None:
            return RejectedInvestment(
                placed=placed, check=NOTE, reason="output 1 is not the note of an investment"
            )
        matched = match_investment(placed, note, founded, terms)
        if isinstance(matched, RejectedInvestment):
            # where it stands is why: that must be seen in the evidence too
            early = matched.check == EARLY
            return replace(matched, placed=await self.place(placed.txid, placed.block)) if early else matched
        return Investment(
            placed=await self.place(placed.txid, placed.block),
            matched=matched,
            spendings=tuple(await self._spendings(placed.txid, matched)),
        )

    async def _spendings(self, txid: str, matched: Matched) -> list[Spending]:
        stages = {stage.vout: stage for stage in matched.stages}
        scripts = {vout: stage.script for vout, stage in stages.items()}
        spenders = await self._spenders(txid, scripts)
        return await all_of(self._spending(stages[vout], one) for vout, one in sorted(spenders.items()))

    async def _spending(self, stage: StageOutput, spender: Spender) -> Spending:
        placed = await self.place(spender.txid, spender.block)
        placed, verdict, parents = await self._verdict(placed, spender.vin)
        spend = stage_spend(stage, placed, spender.vin, verdict)
        release = None
        if (vout := penalty_vout(spend)) is not None:
            release = await self._release(stage, placed.transaction, spend, vout)
        return Spending(
            stage=stage,
            placed=placed,
            vin=spender.vin,
            spend=spend,
            verdict=verdict,
            release=release,
            parents=parents,
        )

    async def _verdict(
        self, placed: PlacedTransaction, vin: int
    ) -> tuple[PlacedTransaction, WitnessVerdict, tuple[PlacedTransaction, ...]]:
        """Run the witness of an input; one that cannot be real is asked of the other servers."""
        transaction = await self.indexers.transaction(placed.txid)
        verdict, parents = await self._run(transaction, vin)
        if verdict.result is not Result.OK:

            async def problem(shown: Transaction) -> str:
                return (await self._run(shown, vin))[0].reason

            transaction = await self.indexers.shown_again(placed.txid, problem)
            verdict, parents = await self._run(transaction, vin)
        return replace(placed, transaction=transaction), verdict, parents

    async def _run(
        self, transaction: Transaction, vin: int
    ) -> tuple[WitnessVerdict, tuple[PlacedTransaction, ...]]:
        needed = sorted(parents_needed(transaction, vin))
        shown = await all_of(self._parent(txid) for txid in needed)
        parents = [parent for parent in shown if parent is not None]
        spent = outputs_spent(transaction, {parent.txid: parent for parent in parents})
        verdict = run_witness(transaction, vin, spent)
        return verdict, tuple(PlacedTransaction(transaction=parent, block=None) for parent in parents)

    async def _parent(self, txid: str) -> Transaction | None:
        """Return a transaction that is spent, None when no server shows it."""
        try:
            return await self.indexers.transaction(txid)
        except Invalid:
            return None

    async def _release(
        self, stage: StageOutput, penalty: Transaction, spend: Spend, vout: int
    ) -> Release | None:
        spenders = await self._spenders(penalty.txid, {vout: penalty.outputs[vout].script})
        if vout not in spenders:
            return None
        one = spenders[vout]
        placed = await self.place(one.txid, one.block)
        return Release(
            placed=placed, vin=one.vin, spend=penalty_spend(stage, spend, placed.transaction, one.vin)
        )

    async def _spenders(self, txid: str, scripts: Mapping[int, bytes]) -> dict[int, Spender]:
        """Return who spends which of these outputs, asking only about those not settled long ago."""
        found = {vout: self.settled[f"{txid}:{vout}"] for vout in scripts if f"{txid}:{vout}" in self.settled}
        hrp = NETWORKS[self.network].hrp
        asked = {
            vout: address_of_script(script, hrp) or ""
            for vout, script in scripts.items()
            if vout not in found
        }
        return {**found, **(await self.indexers.spenders(txid, asked) if asked else {})}

    async def place(self, txid: str, block: BlockPosition | None) -> PlacedTransaction:
        """Return a transaction with its inclusion, if any indexer can show one."""
        block = block or self.above.get(txid)
        task = self._placing.get((txid, block))
        if task is None:
            task = self._placing[txid, block] = asyncio.ensure_future(self._place(txid, block))
        return await task

    async def _place(self, txid: str, block: BlockPosition | None) -> PlacedTransaction:
        transaction = await self.indexers.transaction(txid)
        if block is None:
            return PlacedTransaction(transaction=transaction, block=None)
        return PlacedTransaction(
            transaction=transaction, block=block, inclusion=await self.indexers.inclusion(txid, block)
        )


def read_in(sight: Sight, facts: Iterable[Fact] = ()) -> dict[str, bool]:
    """Return the ids of all transactions that were read, with whether they are in a block."""
    placed = [*sight.candidates, *transactions_of(facts)]
    return {one.txid: one.block is not None for one in placed}


async def all_of(asking: Iterable[Awaitable[T]]) -> list[T]:
    """Await everything, to the end, then raise the first error; no request is left running behind."""
    answers = await asyncio.gather(*asking, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return [answer for answer in answers if not isinstance(answer, BaseException)]


def looks_ours(listing: Listing, identifier: str) -> bool:
    """Tell whether a listed transaction may be a founding or an investment of a project."""
    fee, *rest = listing.scripts[:2] or ("",)
    return bool(rest) and fee == project_script(identifier).hex() and rest[0].startswith(_NOTE)


def _place(placed: PlacedTransaction) -> tuple[int, str]:
    return placed.block.height if placed.block else 2**31, placed.txid
