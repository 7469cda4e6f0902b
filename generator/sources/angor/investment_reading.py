"""A project's investments with what became of each stage, gathered from the chain: facts, no entries yet."""

from dataclasses import dataclass, replace

from generator.errors import Invalid
from generator.protocol.angor.investments import Matched, StageOutput, investment_note
from generator.protocol.angor.project_identifier import project_script
from generator.protocol.angor.stage_spends import Spend
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import Transaction
from generator.protocol.proof import facts
from generator.protocol.proof.founding import Founded
from generator.protocol.proof.placed_transaction import PlacedTransaction
from generator.snapshot import Result
from generator.sources.angor.chain import Chain, all_of
from generator.sources.angor.project_reading import ProjectReading
from generator.sources.indexers import Spender


async def read_investments(reading: ProjectReading, chain: Chain) -> None:
    """Read every investment with its spends, and what only looks like one, ordered by place."""
    founded, definition = reading.founded, reading.definition
    if founded and definition:
        reader = _InvestmentReader(
            chain=chain, identifier=reading.identifier, founded=founded, terms=definition.terms
        )
        paying = [placed for placed in reading.candidates if placed.txid not in founded.txids]
        paying.sort(key=lambda placed: placed.order)
        await chain.fetch_spends(placed.transaction for placed in paying)
        reading.facts = tuple(await all_of(map(reader.fact, paying)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _InvestmentReader:
    """Reads what pays one project."""

    chain: Chain
    identifier: str
    founded: Founded
    terms: Terms

    async def fact(self, placed: PlacedTransaction) -> facts.Fact:
        """Return what a transaction that pays the project turns out to be."""
        note = investment_note(placed.transaction.outputs, project_script(self.identifier))
        if note is None:
            reason = "output 1 is not the note of an investment"
            return facts.RejectedInvestment(placed=placed, check=facts.NOTE, reason=reason)
        matched = facts.match_investment(placed, note, self.founded, self.terms)
        if isinstance(matched, facts.RejectedInvestment) and matched.check != facts.EARLY:
            return matched
        # where it stands decides: that must be seen in the evidence too, and servers can be one off
        said, placed = placed.block, await self._place(placed)
        if placed.block != said:
            matched = facts.match_investment(placed, note, self.founded, self.terms)
        if isinstance(matched, facts.RejectedInvestment):
            return replace(matched, placed=placed)
        return facts.Investment(
            placed=placed,
            matched=matched,
            spendings=tuple(await self._spendings(placed.txid, matched)),
        )

    async def _place(self, found: PlacedTransaction | Spender) -> PlacedTransaction:
        return await self.chain.place(found.txid, found.block)

    async def _spendings(self, txid: str, matched: Matched) -> list[facts.Spending]:
        stages = {stage.vout: stage for stage in matched.stages}
        scripts = {vout: stage.script for vout, stage in stages.items()}
        spenders = await self.chain.spenders(txid, scripts)
        return await all_of(
            self._spending(stages[vout], spender) for vout, spender in sorted(spenders.items())
        )

    async def _spending(self, stage: StageOutput, spender: Spender) -> facts.Spending:
        placed, verdict, parents = await self._verdict(await self._place(spender), spender.vin)
        spend = facts.stage_spend(stage, placed, spender.vin, verdict)
        release = None
        if (vout := spend.penalty_vout) is not None:
            release = await self._release(stage, placed.transaction, spend, vout)
        return facts.Spending(
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
    ) -> tuple[PlacedTransaction, facts.WitnessVerdict, tuple[PlacedTransaction, ...]]:
        """Run the witness of an input; one that cannot be real is asked of the other servers."""
        indexers = self.chain.indexers
        transaction = await indexers.transaction(placed.txid)
        verdict, parents = await self._run(transaction, vin)
        if verdict.result is not Result.OK:

            async def problem(shown: Transaction) -> str:
                return (await self._run(shown, vin))[0].reason

            transaction = await indexers.shown_again(placed.txid, problem)
            verdict, parents = await self._run(transaction, vin)
        return replace(placed, transaction=transaction), verdict, parents

    async def _run(
        self, transaction: Transaction, vin: int
    ) -> tuple[facts.WitnessVerdict, tuple[PlacedTransaction, ...]]:
        needed = sorted(facts.parents_needed(transaction, vin))
        shown = await all_of(self._parent(txid) for txid in needed)
        parents = [parent for parent in shown if parent is not None]
        spent = facts.outputs_spent(transaction, {parent.txid: parent for parent in parents})
        verdict = facts.run_witness(transaction, vin, spent)
        return verdict, tuple(PlacedTransaction(transaction=parent, block=None) for parent in parents)

    async def _parent(self, txid: str) -> Transaction | None:
        """Return a transaction that is spent, None when no server shows it."""
        try:
            return await self.chain.indexers.transaction(txid)
        except Invalid:
            return None

    async def _release(
        self, stage: StageOutput, penalty: Transaction, spend: Spend, vout: int
    ) -> facts.Release | None:
        spenders = await self.chain.spenders(penalty.txid, {vout: penalty.outputs[vout].script})
        if vout not in spenders:
            return None
        spender = spenders[vout]
        return facts.penalty_release(stage, spend, await self._place(spender), spender.vin)
