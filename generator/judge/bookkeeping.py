"""From the facts of the chain to ledger entries and findings; pure.

Only an investment whose every stage output was derived again becomes entries. A
spend is what the script in its witness says, never what its shape suggests.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from generator.ledger import Entry, Kind, Status, Verification
from generator.money import msat_from_sat
from generator.protocol.angor.schedule import amounts_problem
from generator.protocol.angor.stage_spends import SpendKind
from generator.protocol.angor.terms import ProjectType, Terms
from generator.protocol.proof.checked_claims import CheckedClaims
from generator.protocol.proof.committed_terms import CommittedTerms
from generator.protocol.proof.facts import WITNESS, Fact, Investment, RejectedInvestment, Release, Spending
from generator.protocol.proof.founding import Founded
from generator.protocol.proof.placed_transaction import PlacedTransaction
from generator.snapshot import Finding, Result


@dataclass(slots=True, kw_only=True)
class ProjectFindings(CheckedClaims):
    """The claims about one project, and their form in the log."""

    source: str
    place: str

    @property
    def findings(self) -> list[Finding]:
        """One finding a claim, named ``<check>/<subject>``."""
        return [
            Finding(
                id=f"{claim.check}/{claim.subject}",
                source=self.source,
                place=self.place,
                **asdict(claim),
            )
            for claim in self.claims
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookkeeper:
    """Writes the entries of one project as of one run."""

    definition: CommittedTerms
    founded: Founded
    checks: ProjectFindings
    first_seen: Callable[[Entry], Entry]  #: dates what is not in a block yet
    at: datetime  #: of the run: the time of what is not in a block yet
    tip_height: int
    confirmations: int
    disputed: frozenset[str] = frozenset()  #: blocks that another indexer does not have

    def entries(self, facts: Iterable[Fact]) -> Iterator[Entry]:
        """Yield the entries of accepted investments; note a finding for each transaction looked at."""
        terms = self.definition.terms
        self._inclusion(self.founded.placed, self.founded.placed.txid)
        for fact in facts:
            if isinstance(fact, RejectedInvestment):
                result = Result.FAILED if fact.certain else Result.NOT_CHECKED
                self.checks.note(fact.check, fact.placed.txid, result, fact.reason)
            else:
                self.checks.note("stage-scripts", fact.placed.txid, Result.OK)
                self._window(fact.placed)
                # money locked in other shares than the terms' counts all the same
                amounts_sat = [stage.value_sat for stage in fact.matched.stages]
                problem = amounts_problem(terms, fact.matched.note, fact.matched.fee_sat, amounts_sat)
                self.checks.expect("stage-amounts", fact.placed.txid, problem)
                self._inclusion(fact.placed, fact.placed.txid)
                yield from self._investment(fact)
                for spending in fact.spendings:
                    yield from self._spending(fact.placed, spending)

    def _investment(self, fact: Investment) -> Iterator[Entry]:
        txid, party = fact.placed.txid, fact.matched.note.investor_key
        if fact.matched.fee_sat:
            yield self._entry(
                (fact.placed,), Kind.FEE, id=f"{txid}:0", value_sat=fact.matched.fee_sat, party=party
            )
        for stage in fact.matched.stages:
            if stage.value_sat:
                yield self._entry(
                    (fact.placed,),
                    Kind.INVESTMENT,
                    id=f"{txid}:{stage.vout}",
                    value_sat=stage.value_sat,
                    party=party,
                    stage=stage.index + 1,
                    opens_at=stage.opens_at,
                )

    def _spending(self, funding: PlacedTransaction, spending: Spending) -> Iterator[Entry]:
        """Yield a stage's spend and what became of its penalty.

        Amounts are the stage's own: what a miner gets is no movement between
        the accounts of a report.
        """
        stage, spend = spending.stage, spending.spend
        subject = f"{spending.placed.txid}/{spending.vin}"
        unclassified = spend.reason if spend.kind is SpendKind.UNCLASSIFIED else None
        self.checks.note(WITNESS, subject, spending.verdict.result, spending.verdict.reason)
        self.checks.expect("spend-script", subject, unclassified)
        self._inclusion(spending.placed, subject)
        rests, spent = (spending.placed, funding), f"{funding.txid}:{stage.vout}"
        yield self._entry(rests, Kind(spend.kind), id=subject, spends=spent, **_of_stage(spending))
        if spend.kind is SpendKind.PENALTY:
            days, promised = spend.penalty_days, stage.penalty_days
            problem = f"locked for {days} days, the terms say {promised}"
            self.checks.expect("penalty-days", subject, None if days == promised else problem)
        if spending.release is not None:
            yield from self._release(rests, spending, spending.release)

    def _release(
        self, rests: tuple[PlacedTransaction, ...], spending: Spending, release: Release
    ) -> Iterator[Entry]:
        subject = f"{release.placed.txid}/{release.vin}"
        known = release.spend.kind is SpendKind.RELEASE
        if self.checks.expect("spend-script", subject, None if known else release.spend.reason):
            self._inclusion(release.placed, subject)
            rests, spent = (release.placed, *rests), f"{spending.placed.txid}:{spending.spend.penalty_vout}"
            yield self._entry(rests, Kind.RELEASE, id=subject, spends=spent, **_of_stage(spending))

    def _entry(
        self,
        rests: tuple[PlacedTransaction, ...],
        kind: Kind,
        *,
        value_sat: int,
        opened: bool = True,
        **fields: Any,  # noqa: ANN401 -- fields of Entry
    ) -> Entry:
        """Return the entry of the first of the transactions it rests on."""
        placed = rests[0]
        block = placed.block
        entry = Entry(
            source=self.checks.source,
            place=self.checks.place,
            kind=kind,
            amount_msat=msat_from_sat(value_sat),
            at=datetime.fromtimestamp(block.time, UTC) if block else self.at,
            status=Status.CONFIRMED if self._deep(placed) else Status.PENDING,
            verification=self._level(kind, rests, opened=opened),
            evidence=evidence_of(placed),
            height=block.height if block else None,
            block=block.hash if block else "",
            **fields,
        )
        return entry if block else self.first_seen(entry)

    def _level(self, kind: Kind, rests: tuple[PlacedTransaction, ...], *, opened: bool) -> Verification:
        """Return proven when everything an entry rests on, from the founding on, stands in the chain.

        Terms and scripts hold already, or there would be no entry; only of an
        unclassified spend nobody derived a script. A witness is in no branch:
        it must have been run.
        """
        stands = all(self._stands(placed) for placed in (self.founded.placed, *rests))
        derived = kind is not Kind.UNCLASSIFIED and opened
        return Verification.PROVEN if stands and derived else Verification.REPORTED

    def _stands(self, placed: PlacedTransaction) -> bool:
        shown = placed.inclusion
        return (
            shown is not None and not placed.doubt and shown.block not in self.disputed and self._deep(placed)
        )

    def _deep(self, placed: PlacedTransaction) -> bool:
        return placed.block is not None and self.tip_height - placed.block.height + 1 >= self.confirmations

    def _inclusion(self, placed: PlacedTransaction, subject: str) -> None:
        """Note whether a transaction was shown to be in its block."""
        if placed.is_proven:
            self.checks.note("inclusion", subject, Result.OK)
        elif placed.inclusion is not None:
            self.checks.note("inclusion", subject, Result.NOT_CHECKED, placed.doubt)
        elif placed.block is not None:
            reason = f"no indexer shows header and Merkle branch of block {placed.block.hash}"
            self.checks.note("inclusion", subject, Result.NOT_CHECKED, reason)

    def _window(self, placed: PlacedTransaction) -> None:
        terms = self.definition.terms
        if terms.project_type is not ProjectType.INVEST:
            return
        if placed.block is None:
            self.checks.note("window", placed.txid, Result.NOT_CHECKED, "not in a block yet")
            return
        at = datetime.fromtimestamp(placed.block.time, UTC)
        self.checks.expect("window", placed.txid, _outside(terms, at))


def _of_stage(spending: Spending) -> dict[str, Any]:
    """Return what the rows of a spend and of its penalty's release say of the stage."""
    stage = spending.stage
    return {
        "value_sat": stage.value_sat,
        "party": stage.investor_key,
        "stage": stage.index + 1,
        "opens_at": stage.opens_at,
        "opened": spending.verdict.result is Result.OK,
    }


def evidence_of(placed: PlacedTransaction) -> tuple[str, ...]:
    """Return the ids of the evidence records of a transaction: its bytes, its branch, its header."""
    if placed.inclusion is None:
        return (placed.txid,)
    return (placed.txid, f"{placed.txid}@{placed.inclusion.block}", placed.inclusion.block)


def _outside(terms: Terms, at: datetime) -> str | None:
    if terms.start_date is not None and at < terms.start_date:
        return f"in a block of {at:%Y-%m-%d}, before the window opens on {terms.start_date:%Y-%m-%d}"
    if terms.end_date is not None and at > terms.end_date:
        return f"in a block of {at:%Y-%m-%d}, after the window closed on {terms.end_date:%Y-%m-%d}"
    return None
