"""What is known about a project's investments, each judged by bytes alone: the input of the bookkeeping."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from generator.protocol.angor.investments import Matched, Mismatch, Stage, match_stages
from generator.protocol.angor.opreturn import InvestmentNote
from generator.protocol.angor.spends import Spend, SpendKind, classify, classify_release
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import Transaction
from generator.protocol.proof.checked_claims import Result
from generator.protocol.proof.founding import Founded
from generator.protocol.proof.inclusion import Placed
from generator.protocol.proof.spend_witness import Opening

#: The check of what a transaction that pays the project says about itself.
NOTE: Final = "investment-note"
#: The check that a project was founded before anybody invested.
EARLY: Final = "after-founding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A penalty's time lock was over and the coins were taken."""

    placed: Placed
    vin: int
    spend: Spend


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """The spend of one stage output."""

    stage: Stage
    placed: Placed
    vin: int
    spend: Spend
    opening: Opening
    release: Release | None = None
    parents: tuple[Placed, ...] = ()  #: whose outputs the spending transaction's signatures cover


@dataclass(frozen=True, slots=True, kw_only=True)
class Investment:
    """A transaction whose every stage output was derived again, and what became of them."""

    placed: Placed
    matched: Matched
    spendings: tuple[Spending, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A transaction that looks like an investment and is not accepted as one."""

    placed: Placed
    check: str  #: name of the finding
    reason: str
    certain: bool = True  #: False: not every allowed possibility was tried


def judge(placed: Placed, note: InvestmentNote, founded: Founded, terms: Terms) -> Matched | Refused:
    """Return the stages of an investment, each derived again, or why it is none."""
    if placed.spot is not None and placed.spot.height < founded.height:
        reason = f"in block {placed.spot.height}, before the founding in block {founded.height}"
        return Refused(placed=placed, check=EARLY, reason=reason)
    match match_stages(terms, note, placed.transaction.outputs):
        case Mismatch(reason=reason, exhaustive=exhaustive):
            return Refused(placed=placed, check="stage-scripts", reason=reason, certain=exhaustive)
        case Matched() as matched:
            return matched


def spent_stage(stage: Stage, placed: Placed, vin: int, opening: Opening) -> Spend:
    """Return what the spend of a stage is; a witness that cannot be the real one explains nothing."""
    if opening.result is Result.FAILED:
        reason = f"the witness shown is not the one in the chain: {opening.reason}"
        return Spend(kind=SpendKind.UNCLASSIFIED, leaf=None, reason=reason)
    return classify(stage, placed.transaction, vin)


def penalty_vout(spend: Spend) -> int | None:
    """Return where the penalty of a spend lies in the spending transaction; None when it is no penalty."""
    return spend.penalty_vout if spend.kind is SpendKind.PENALTY else None


def released(stage: Stage, spend: Spend, spender: Transaction, vin: int) -> Spend:
    """Return what the spend of a penalty is."""
    days = spend.penalty_days if spend.penalty_days is not None else stage.penalty_days
    return classify_release(stage.investor_key, days, spender.inputs[vin].witness)


def parents_of(facts: Iterable[Investment | Refused]) -> Iterator[Placed]:
    """Yield the transactions whose outputs signatures cover; their place in the chain is of no matter."""
    for fact in facts:
        if isinstance(fact, Investment):
            for spending in fact.spendings:
                yield from spending.parents


def transactions_of(facts: Iterable[Investment | Refused]) -> Iterator[Placed]:
    """Yield every transaction that facts rest on."""
    for fact in facts:
        yield fact.placed
        if isinstance(fact, Investment):
            for spending in fact.spendings:
                yield spending.placed
                if spending.release is not None:
                    yield spending.release.placed
