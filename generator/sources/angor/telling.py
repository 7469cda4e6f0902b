"""What a run says about each project, and what it says when a project could not be completed; pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from generator.nostr import Event
from generator.snapshot import Record, Result
from generator.sources.angor.archive import Archive
from generator.sources.angor.chain import Refused, Sight
from generator.sources.angor.definition import Checks
from generator.sources.angor.entries import Bookkeeper, transactions_of
from generator.sources.angor.founding import Placed
from generator.sources.angor.records import Case, evidence, project_record


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
    _told: list[Record] = field(default_factory=list)
    _events: list[Event] = field(default_factory=list)
    _transactions: list[Placed] = field(default_factory=list)

    def records(self) -> Iterator[Record]:
        """Yield evidence, then what it is evidence of."""
        yield from evidence(self._events, self._transactions, source=self.archive.source)
        yield from self._told

    def tell(self, case: Case, checks: Checks) -> None:
        """Add the records of a project that was read to the end."""
        slug, sight, founded = checks.project, case.sight, case.founded
        book = Bookkeeper(
            project=slug,
            definition=case.definition,
            archive=self.archive,
            checks=checks,
            at=self.at,
            tip_height=self.tip_height,
            confirmations=self.confirmations,
        )
        book.inclusion(founded.placed, founded.placed.txid)
        entries = list(book.entries(case.facts))
        _history(sight, checks)
        project = project_record(slug, case, network=self.network, source=self.archive.source)
        told: list[Record] = [project, *entries, *checks.findings]
        gone = self._vanished(slug, told) if project.complete else ()
        self._told += [*told, *gone, *self.archive.renamed(sight.identifier, slug)]
        self._events += [case.definition.event, *case.profile.events]
        later = [placed for placed, _ in founded.later]
        self._transactions += [founded.placed, *later, *transactions_of(case.facts)]
        self._count(case)

    def untold(self, sight: Sight, checks: Checks, *, listed: bool) -> None:
        """Add why a project has no terms; one that had them before keeps what is recorded."""
        why = sight.founding if isinstance(sight.founding, str) else "its terms cannot be established"
        if self.archive.project(checks.project) is not None:
            self.keep(sight.identifier, checks, why)
            return
        if isinstance(sight.founding, str):
            if not listed:  # anybody can announce a project that was never founded
                self.counts["unfounded_projects"] += 1
                return
            checks.note("founding-commitment", sight.identifier, Result.NOT_CHECKED, why)
        self._told += [*checks.findings, *self._vanished(checks.project, checks.findings)]
        self.counts["projects_without_terms"] += 1

    def keep(self, identifier: str, checks: Checks, reason: str) -> None:
        """Leave a project's records as they are and say that they may be behind."""
        only = Checks(source=checks.source, project=checks.project)
        only.note("history", identifier, Result.NOT_CHECKED, reason)
        standing = self.archive.project(checks.project)
        if standing is not None:
            self._told.append(msgspec.structs.replace(standing, complete=False))
        self._told += only.findings
        self.counts["projects_kept"] += 1

    def _vanished(self, slug: str, told: Iterable[Record]) -> Iterator[Record]:
        return self.archive.vanished(slug, told, tip_height=self.tip_height, up_to=self.up_to)

    def _count(self, case: Case) -> None:
        listed = case.sight.sighting.history.listings
        refused = sum(isinstance(fact, Refused) for fact in case.facts)
        read = len(case.facts) + len(case.founded.txids)
        self.counts.update(
            projects=1,
            transactions=len(listed),
            investments=len(case.facts) - refused,
            refused_transactions=refused,
            malformed_transactions=len(case.sight.candidates) - read,
            foreign_transactions=len(listed) - len(case.sight.candidates),
        )


def _history(sight: Sight, checks: Checks) -> None:
    history, identifier = sight.sighting.history, sight.identifier
    problem = f"{history.confirmed} confirmed transactions are listed, the indexer counts {history.expected}"
    checks.expect("history", identifier, None if history.complete else problem)
    if sight.sighting.disagreement:
        checks.note("witness", identifier, Result.FAILED, sight.sighting.disagreement)
