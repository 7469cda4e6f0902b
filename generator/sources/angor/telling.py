"""What a run says about each project, and what it says when a project could not be completed; pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from generator.judge.bookkeeping import Bookkeeper
from generator.judge.project_findings import ProjectFindings
from generator.protocol.nostr import Event
from generator.protocol.proof.facts import NOTE, RejectedInvestment, parents_of, transactions_of
from generator.protocol.proof.placed_transaction import PlacedTransaction
from generator.snapshot import Project, Record, Result
from generator.sources.angor.agreement import Agreement
from generator.sources.angor.archive import Archive
from generator.sources.angor.chain import Sight, read_in
from generator.sources.angor.recording import Case, evidence, project_of
from generator.sources.angor.withdrawals import withdrawals


@dataclass(slots=True, kw_only=True)
class Telling:
    """Collects the records of a run, project by project; evidence is told once for all."""

    archive: Archive
    network: str
    at: datetime
    tip_height: int  #: from which depth is counted
    up_to: int  #: the block up to which every indexer could see
    confirmations: int
    counts: Counter[str]
    agreed: Agreement = field(default_factory=Agreement)  #: on which blocks the indexers agree
    _told: list[Record] = field(default_factory=list)
    _events: list[Event] = field(default_factory=list)
    _transactions: list[PlacedTransaction] = field(default_factory=list)

    def records(self) -> Iterator[Record]:
        """Yield evidence, then what it is evidence of."""
        yield from evidence(self._events, self._transactions, source=self.archive.source)
        yield from self._told
        yield from self.agreed.records(self.archive)

    def show(self, events: Iterable[Event]) -> None:
        """Add events as evidence."""
        self._events += events

    def tell(self, case: Case, checks: ProjectFindings) -> None:
        """Add the records of a project that was read to the end."""
        slug, sight, founded = checks.project, case.sight, case.founded
        book = Bookkeeper(
            project=slug,
            definition=case.definition,
            founded=founded,
            checks=checks,
            first_seen=self.archive.first_seen,
            at=self.at,
            tip_height=self.tip_height,
            confirmations=self.confirmations,
            disputed=self.agreed.disputed,
        )
        book.inclusion(founded.placed, founded.placed.txid)
        entries = list(book.entries(case.facts))
        _history(case, checks)
        _standing(case, checks)
        self._witness(sight, checks)
        project = self._steady(case, project_of(slug, case, network=self.network, source=self.archive.source))
        told: list[Record] = [project, *entries, *checks.findings]
        gone = withdrawals(
            self.archive, slug, told, seen=read_in(sight, case.facts).keys(), gone=case.fates.gone
        )
        self._told += [*told, *gone, *self.archive.renamed(sight.identifier, slug)]
        self._events += [case.definition.event, *case.profile.events]
        later = [placed for placed, _ in founded.later]
        own = (founded.placed, *later, *transactions_of(case.facts))
        self._transactions += [*own, *parents_of(case.facts)]
        self._count(case)

    def _steady(self, case: Case, project: Project) -> Project:
        """Keep a count that a server that is behind does not reach: what is late is no news."""
        standing = self.archive.project(project.id)
        before = standing.address_txs if standing else None
        if before is None or case.fates.gone or (project.address_txs or 0) >= before:
            return project
        return msgspec.structs.replace(project, address_txs=before)

    def untold(self, sight: Sight, checks: ProjectFindings, *, listed: bool) -> None:
        """Add why a project has no terms; one that had them before keeps what is recorded."""
        why = sight.founding if isinstance(sight.founding, str) else "its terms cannot be established"
        standing = self.archive.project(checks.project)
        if standing is not None:
            if (standing.founding_height or 0) > self.up_to:  # beyond what was looked at
                self.counts["projects_kept"] += 1
                return
            self.keep(sight.identifier, checks, why)
            return
        if isinstance(sight.founding, str):
            if not listed:  # anybody can announce a project that was never founded
                self.counts["unfounded_projects" if sight.complete else "unread_projects"] += 1
                return
            checks.note("founding-commitment", sight.identifier, Result.NOT_CHECKED, why)
            if not sight.complete:
                checks.note("history", sight.identifier, Result.FAILED, _shortfall(sight))
        seen = read_in(sight).keys()
        self._told += checks.findings
        self._told += withdrawals(self.archive, checks.project, checks.findings, seen=seen, gone={})
        self.counts["projects_without_terms"] += 1

    def keep(self, identifier: str, checks: ProjectFindings, reason: str) -> None:
        """Leave a project's records as they are and say that they may be behind."""
        only = ProjectFindings(source=checks.source, project=checks.project)
        only.note("history", identifier, Result.NOT_CHECKED, reason)
        standing = self.archive.project(checks.project)
        if standing is not None:
            self._told.append(msgspec.structs.replace(standing, complete=False))
        self._told += only.findings
        self.counts["projects_kept"] += 1

    def _witness(self, sight: Sight, checks: ProjectFindings) -> None:
        """Note a disagreement; where nobody was there to agree, what was said before stands."""
        if sight.sighting.disagreement:
            checks.note("witness", sight.identifier, Result.FAILED, sight.sighting.disagreement)
        elif not sight.sighting.witnessed:
            for finding in self.archive.findings(checks.project):
                if finding.check == "witness":
                    checks.note(finding.check, finding.subject, finding.result, finding.reason)

    def _count(self, case: Case) -> None:
        refused = [fact for fact in case.facts if isinstance(fact, RejectedInvestment)]
        malformed = sum(fact.check == NOTE for fact in refused)
        self.counts.update(
            projects=1,
            transactions=case.sight.transactions,
            investments=len(case.facts) - len(refused),
            refused_transactions=len(refused) - malformed,
            malformed_transactions=malformed,
            foreign_transactions=case.sight.transactions - len(case.sight.candidates),
        )


def _standing(case: Case, checks: ProjectFindings) -> None:
    request, event = case.profile.taken_back, case.definition.event
    if case.profile.refused:
        checks.note("profile", case.sight.identifier, Result.NOT_CHECKED, case.profile.refused)
    if request is not None:
        problem = (
            f"the author asked relays to delete event {event.id} with event {request.id}; "
            "the founding transaction commits to it, so it counts"
        )
        checks.note("definition-standing", case.sight.identifier, Result.FAILED, problem)


def _shortfall(sight: Sight) -> str:
    history = sight.sighting.history
    return f"{history.confirmed} confirmed transactions are listed, the indexer counts {history.expected}"


def _history(case: Case, checks: ProjectFindings) -> None:
    hidden = case.fates.hidden
    problem = None
    if not case.sight.complete:
        problem = _shortfall(case.sight)
    elif hidden:
        problem = f"{len(hidden)} recorded transactions are not shown and not shown to be gone: {hidden[0]}"
    checks.expect("history", case.sight.identifier, problem)
