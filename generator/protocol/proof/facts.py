"""What is known about a project's investments, each judged by bytes alone: the input of the bookkeeping."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from generator.protocol.angor.investments import Matched, Mismatch, StageOutput, match_stages
from generator.protocol.angor.op_return_layouts import InvestmentNote
from generator.protocol.angor.stage_spends import Spend, SpendKind, classify, classify_release
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import (
    InvalidWitness,
    Output,
    Transaction,
    UndecidedWitness,
    check_witness,
    spent_outpoints,
)
from generator.protocol.proof.checked_claims import Result
from generator.protocol.proof.founding import Founded
from generator.protocol.proof.placed_transaction import PlacedTransaction

#: The check of a spend's witness: script, control block and signatures.
WITNESS: Final = "spend-witness"


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessVerdict:
    """Whether the witness that a server shows for an input can be the real one."""

    result: Result
    reason: str = ""


def parents_needed(transaction: Transaction, vin: int) -> frozenset[str]:
    """Return the ids of the transactions whose outputs the verdict on an input needs."""
    return frozenset(outpoint.partition(":")[0] for outpoint in spent_outpoints(transaction, vin))


def outputs_spent(transaction: Transaction, parents: Mapping[str, Transaction]) -> dict[str, Output]:
    """Return the outputs that a transaction spends, by outpoint, as far as `parents` (by txid) hold them."""
    return {
        entry.outpoint: parents[entry.prev_txid].outputs[entry.vout]
        for entry in transaction.inputs
        if entry.prev_txid in parents and entry.vout < len(parents[entry.prev_txid].outputs)
    }


def run_witness(transaction: Transaction, vin: int, spent: Mapping[str, Output]) -> WitnessVerdict:
    """Return whether an input's witness opens the output it spends; `spent` holds outputs by outpoint."""
    try:
        check_witness(transaction, vin, spent)
    except InvalidWitness as error:
        return WitnessVerdict(result=Result.FAILED, reason=str(error))
    except UndecidedWitness as error:
        return WitnessVerdict(result=Result.NOT_CHECKED, reason=str(error))
    return WitnessVerdict(result=Result.OK)


#: The check of what a transaction that pays the project says about itself.
NOTE: Final = "investment-note"
#: The check that a project was founded before anybody invested.
EARLY: Final = "after-founding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A penalty's time lock was over and the coins were taken."""

    placed: PlacedTransaction
    vin: int
    spend: Spend


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """The spend of one stage output."""

    stage: StageOutput
    placed: PlacedTransaction
    vin: int
    spend: Spend
    verdict: WitnessVerdict
    release: Release | None = None
    parents: tuple[PlacedTransaction, ...] = ()  #: whose outputs the spending transaction's signatures cover


@dataclass(frozen=True, slots=True, kw_only=True)
class Investment:
    """A transaction whose every stage output was derived again, and what became of them."""

    placed: PlacedTransaction
    matched: Matched
    spendings: tuple[Spending, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedInvestment:
    """A transaction that looks like an investment and is not accepted as one."""

    placed: PlacedTransaction
    check: str  #: name of the finding
    reason: str
    certain: bool = True  #: False: not every allowed possibility was tried


#: What a transaction that pays a project and names a key turned out to be.
Fact: TypeAlias = Investment | RejectedInvestment


def match_investment(
    placed: PlacedTransaction, note: InvestmentNote, founded: Founded, terms: Terms
) -> Matched | RejectedInvestment:
    """Return the stages of an investment, each derived again, or why it is none."""
    if placed.block is not None and placed.block.height < founded.height:
        reason = f"in block {placed.block.height}, before the founding in block {founded.height}"
        return RejectedInvestment(placed=placed, check=EARLY, reason=reason)
    match match_stages(terms, note, placed.transaction.outputs):
        case Mismatch(reason=reason, exhaustive=exhaustive):
            return RejectedInvestment(placed=placed, check="stage-scripts", reason=reason, certain=exhaustive)
        case Matched() as matched:
            return matched


def stage_spend(stage: StageOutput, placed: PlacedTransaction, vin: int, verdict: WitnessVerdict) -> Spend:
    """Classify the spend of a stage; a witness that cannot be the real one leaves it unclassified."""
    if verdict.result is Result.FAILED:
        reason = f"the witness shown is not the one in the chain: {verdict.reason}"
        return Spend(kind=SpendKind.UNCLASSIFIED, leaf=None, reason=reason)
    return classify(stage, placed.transaction, vin)


def penalty_release(stage: StageOutput, spend: Spend, placed: PlacedTransaction, vin: int) -> Release:
    """Classify what took a penalty, locked for the days of its own script or else of the terms."""
    days = spend.penalty_days if spend.penalty_days is not None else stage.penalty_days
    taken = classify_release(stage.investor_key, days, placed.transaction.inputs[vin].witness)
    return Release(placed=placed, vin=vin, spend=taken)


def parents_of(facts: Iterable[Fact]) -> Iterator[PlacedTransaction]:
    """Yield the transactions whose outputs signatures cover; their place in the chain is of no matter."""
    for fact in facts:
        if isinstance(fact, Investment):
            for spending in fact.spendings:
                yield from spending.parents


def transactions_of(facts: Iterable[Fact]) -> Iterator[PlacedTransaction]:
    """Yield every transaction that facts rest on."""
    for fact in facts:
        yield fact.placed
        if isinstance(fact, Investment):
            for spending in fact.spendings:
                yield spending.placed
                if spending.release is not None:
                    yield spending.release.placed
