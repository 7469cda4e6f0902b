"""What a run records of each project, and what of one that could not be read to the end; pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from generator.judge.bookkeeping import Bookkeeper, ProjectFindings
from generator.judge.project_record import project_record, without_words
from generator.protocol.bitcoin import Header
from generator.protocol.nostr import Event
from generator.protocol.proof.committed_terms import CommittedTerms
from generator.protocol.proof.facts import NOTE, RejectedInvestment, parents_of, transactions_of
from generator.protocol.proof.founding import Founded
from generator.protocol.proof.placed_transaction import PlacedTransaction
from generator.snapshot import (
    Announced,
    Cause,
    Census,
    Project,
    Record,
    Result,
)
from generator.sources.angor.agreement import Agreement
from generator.sources.angor.archive import Archive
from generator.sources.angor.census import announced
from generator.sources.angor.evidence_records import evidence_records
from generator.sources.angor.moderation import CHECK as MODERATION
from generator.sources.angor.project_reading import ProjectReading
from generator.sources.angor.withdrawals import withdrawals


@dataclass(slots=True, kw_only=True)
class RunRecords:
    """Collects the records of a run, project by project; evidence once for all."""

    archive: Archive
    network: str
    at: datetime
    tip_height: int  #: from which depth is counted
    up_to: int  #: the block up to which every indexer could see
    confirmations: int
    counts: Counter[str]
    agreed: Agreement = field(default_factory=Agreement)  #: on which blocks the indexers agree
    boundaries: Mapping[int, Header] = field(default_factory=dict)  #: of epochs, by height
    _records: list[Record] = field(default_factory=list)
    _events: list[Event] = field(default_factory=list)
    _transactions: list[PlacedTransaction] = field(default_factory=list)

    def records(self) -> Iterator[Record]:
        """Yield evidence, then what it is evidence of."""
        yield from evidence_records(
            self._events, self._transactions, self.boundaries, source=self.archive.source
        )
        yield from self._records

    def add_events(self, events: Iterable[Event]) -> None:
        """Add events as evidence."""
        self._events += events

    def add(self, reading: ProjectReading, *, listed: bool) -> None:
        """Add the records of a project; `listed` in the configuration, or else discovered."""
        recorded = self.archive.project(reading.place)
        unshown = isinstance(reading.founding, str) and not reading.failure
        if recorded and unshown and (recorded.founding_height or 0) > self.up_to:  # beyond what was looked at
            self.counts["projects_kept"] += 1
            return
        self._records.append(announced(reading, self.archive, network=self.network, at=self.at))
        if reading.hidden:
            reading.checks.note(MODERATION, reading.identifier, Result.FAILED, reading.hidden)
        if reading.failure:
            self._keep(reading, reading.failure)
        elif reading.founded is None or reading.definition is None:
            self._add_without_terms(reading, listed=listed)
        else:
            self._add_whole(reading, reading.founded, reading.definition, listed=listed)

    def add_half_read(self, placed: Iterable[PlacedTransaction]) -> None:
        """Add evidence of a project that was not read to the end."""
        self._transactions += placed

    def add_without_turn(self, reading: ProjectReading) -> None:
        """Say of a project that the run ended before its turn, unless that changes nothing.

        What was unread or only announced stays so; what was read whole before may be behind.
        """
        before = self.archive.announced(reading.place)
        if before is not None and before.outcome is Census.UNFOUNDED:
            return
        self._records += self._moderated(reading)
        if before is not None and before.outcome is Census.UNREAD:
            return
        reason = "the run ended before its turn; the next run goes on"
        self._records.append(
            Announced(
                id=reading.place,
                source=self.archive.source,
                outcome=Census.UNREAD,
                cause=Cause.BUDGET,
                reason=reason,
                since=before.since if before else self.at,
            )
        )
        if self.archive.project(reading.place) is not None:
            self._keep(reading, reason)

    def _add_whole(
        self, reading: ProjectReading, founded: Founded, definition: CommittedTerms, *, listed: bool
    ) -> None:
        """Add a project that was read to the end, and take back what it no longer tells."""
        book = Bookkeeper(
            definition=definition,
            founded=founded,
            checks=reading.checks,
            first_seen=self.archive.first_seen,
            at=self.at,
            tip_height=self.tip_height,
            confirmations=self.confirmations,
            disputed=self.agreed.disputed,
        )
        entries = list(book.entries(reading.facts))
        _note_history(reading)
        _note_words(reading, definition)
        self._note_witness(reading)
        project = self._project(reading, founded, definition)
        events = (definition.event, *reading.profile.events)
        if reading.hidden and not listed:  # what is stored is published
            project = without_words(project, events)
        else:
            self._events += events
        self._add_observed(reading, [project, *entries])
        self._transactions += [founded.placed, *(placed for placed, _ in founded.later)]
        self._transactions += [*transactions_of(reading.facts), *parents_of(reading.facts)]
        self._count(reading)

    def _add_observed(self, reading: ProjectReading, records: Iterable[Record]) -> None:
        """Add records and findings of a project, and take back what was recorded and is not among them."""
        observed = [*records, *reading.checks.findings]
        self._records += observed
        self._records += withdrawals(
            self.archive, reading.place, observed, seen=reading.seen.keys(), gone=reading.missing.gone
        )

    def _project(self, reading: ProjectReading, founded: Founded, definition: CommittedTerms) -> Project:
        """Make the project's record, with how far it was read.

        A count that a server that is behind does not reach stays as it was: what is late is no news.
        """
        source = self.archive.source
        record = project_record(definition, founded, reading.profile, network=self.network, source=source)
        txs, recorded = reading.address_txs, self.archive.project(reading.place)
        before = recorded.address_txs if recorded else None
        if before is not None and not reading.missing.gone and (txs or 0) < before:
            txs = before
        return msgspec.structs.replace(record, complete=reading.complete, address_txs=txs)

    def _add_without_terms(self, reading: ProjectReading, *, listed: bool) -> None:
        """Add why a project has no terms; one that had them before keeps what is recorded."""
        no_founding = reading.founding if isinstance(reading.founding, str) else ""
        if self.archive.project(reading.place) is not None:
            self._keep(reading, no_founding or "its terms cannot be established")
            return
        if no_founding:
            if not listed:  # anybody can announce a project that was never founded
                self.counts["unfounded_projects" if reading.all_listed else "unread_projects"] += 1
                self._records += self._moderated(reading)
                return
            reading.checks.note("founding-commitment", reading.identifier, Result.NOT_CHECKED, no_founding)
            if reading.shortfall:
                reading.checks.note("history", reading.identifier, Result.FAILED, reading.shortfall)
        self._add_observed(reading, ())
        self.counts["projects_without_terms"] += 1

    def _keep(self, reading: ProjectReading, reason: str) -> None:
        """Leave a project's records, say that they may be behind, and what moderators say of it."""
        only = ProjectFindings(source=reading.checks.source, place=reading.place)
        only.note("history", reading.identifier, Result.NOT_CHECKED, reason)
        self._records += self._moderated(reading)
        if (recorded := self.archive.project(reading.place)) is not None:
            self._records.append(msgspec.structs.replace(recorded, complete=False))
        elif reading.founded and reading.definition:  # evidence that there is something to read
            self._transactions.append(reading.founded.placed)
            self._events += [] if reading.hidden else [reading.definition.event]
        self._records += only.findings
        self.counts["projects_kept"] += 1

    def _moderated(self, reading: ProjectReading) -> Iterator[Record]:
        """Yield what moderators say of a project that is not read, where anybody knows whose it is."""
        if reading.hidden:
            only = ProjectFindings(source=reading.checks.source, place=reading.place)
            only.note(MODERATION, reading.identifier, Result.FAILED, reading.hidden)
            yield from only.findings
        elif reading.hidden is not None:
            for finding in self.archive.findings(reading.place):
                if finding.check == MODERATION:
                    yield self.archive.withdrawn(finding, "no list of a moderator hides it any more")

    def _note_witness(self, reading: ProjectReading) -> None:
        """Note a disagreement; where nobody was there to agree, what was said before stands."""
        address = reading.address
        if address and address.disagreement:
            reading.checks.note("witness", reading.identifier, Result.FAILED, address.disagreement)
        elif address is None or not address.witnessed:
            for finding in self.archive.findings(reading.place):
                if finding.check == "witness":
                    reading.checks.note(finding.check, finding.subject, finding.result, finding.reason)

    def _count(self, reading: ProjectReading) -> None:
        rejected = [fact for fact in reading.facts if isinstance(fact, RejectedInvestment)]
        malformed = sum(fact.check == NOTE for fact in rejected)
        self.counts.update(
            projects=1,
            transactions=reading.transactions,
            investments=len(reading.facts) - len(rejected),
            refused_transactions=len(rejected) - malformed,
            malformed_transactions=malformed,
            foreign_transactions=reading.transactions - len(reading.candidates),
        )


def _note_words(reading: ProjectReading, definition: CommittedTerms) -> None:
    """Note a profile that cannot be read, and a request to delete the definition, which binds nobody."""
    request = reading.profile.taken_back
    if reading.profile.refused:
        reading.checks.note("profile", reading.identifier, Result.NOT_CHECKED, reading.profile.refused)
    if request is not None:
        problem = (
            f"the author asked relays to delete event {definition.event.id} with event {request.id}; "
            "the founding transaction commits to it, so it counts"
        )
        reading.checks.note("definition-standing", reading.identifier, Result.FAILED, problem)


def _note_history(reading: ProjectReading) -> None:
    """Note whether everything was shown that the server counts and the log holds."""
    hidden = reading.missing.hidden
    problem = reading.shortfall
    if hidden and not problem:
        problem = f"{len(hidden)} recorded transactions are not shown and not shown to be gone: {hidden[0]}"
    reading.checks.expect("history", reading.identifier, problem)
