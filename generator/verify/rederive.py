"""Every on-chain row is derived again from evidence, and no evidence lacks its row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from typing import Final

from generator.config import Config
from generator.judge.bookkeeping import Bookkeeper, ProjectFindings
from generator.judge.profile import profile_of
from generator.judge.project_record import project_record
from generator.judge.recorded_chain import TXID, RecordedChain
from generator.ledger import Entry, transaction_of
from generator.origin import Origin, of
from generator.places import ANGOR, angor_place
from generator.protocol.angor.project_identifier import KeyProblem
from generator.protocol.proof.checked_claims import Result
from generator.protocol.proof.committed_terms import CommittedTerms, establish_terms
from generator.protocol.proof.founding import Founded, choose_founding
from generator.protocol.proof.header_rules import rules_of
from generator.report.joined_projects import hidden_projects
from generator.snapshot import EventRecord, Finding, Known, Project, Run
from generator.snapshot.finding import CHECKS
from generator.snapshot.takedown import TAKEN_DOWN
from generator.verify.bare_rows import unlike
from generator.verify.bindings_check import check_bindings
from generator.verify.census_check import check_census
from generator.verify.last_reads import MOST_PASTS, LastReads
from generator.verify.not_derived import never_checked, redacted_projects, reported, unlisted
from generator.verify.published_chain import PublishedChain, changed_amounts
from generator.verify.results import CheckResult, checked
from generator.verify.unconfirmed_check import WaitingAgain

#: What a row, and the record of a project, say that nobody vouches for.
_OF_ENTRY: Final = of(Entry.ORIGINS, ANGOR, Origin.DERIVED)
_OF_PROJECT: Final = of(Project.ORIGINS, ANGOR, Origin.DERIVED)


@dataclass(slots=True)
class _Problems:
    """What does not follow from evidence, by check."""

    terms: list[str] = field(default_factory=list)
    derived: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)  #: places of projects without published events
    redacted: list[str] = field(default_factory=list)  #: places whose definition was taken down
    withdrawn: list[str] = field(default_factory=list)  #: what a later line took back

    def __bool__(self) -> bool:
        return bool(self.terms or self.derived or self.missing or self.findings)

    def add(self, other: "_Problems") -> None:
        """Take in what was found of one project."""
        for each in fields(self):
            getattr(self, each.name).extend(getattr(other, each.name))


def check_proof(known: Known, config: Config, last: Run) -> Iterator[CheckResult]:
    """Yield whether the rows of the chain follow from the published evidence."""
    evidence = RecordedChain.of(known, ANGOR, rules_of(config.network))
    published = PublishedChain.of(known)
    problems = _Problems(derived=[*published.strays(), *changed_amounts(known)])
    hidden = hidden_projects(known, config)
    redacted = {record.id for record in known.of(EventRecord) if record.redacted}
    past = _Past(reads=LastReads.of(known, config), config=config)
    for project in published.projects:
        if project.identifier in hidden and project.event_id not in evidence.events:
            problems.hidden.append(project.id)
            continue
        if project.event_id in redacted and project.event_id not in evidence.events:
            problems.redacted.append(project.id)
            rows = published.entries.get(project.id, [])
            problems.derived += (problem for row in rows for problem in unlike(row, evidence))
            continue
        rederiving = _Rederiving(
            project=project,
            evidence=evidence,
            published=published,
            disputed=published.disputed,
            config=config,
            last=last,
            tip_height=past.reads.tip_of(project.id),
        )
        problems.add(past.judged(rederiving))
    yield check_bindings(known, config)
    waiting = WaitingAgain.of(known)
    problems.derived += waiting.problems()
    yield checked("terms", problems.terms, len(published.projects))
    yield checked("entries-derived", problems.derived, sum(map(len, published.entries.values())))
    yield checked("entries-missing", problems.missing, len(evidence.transactions))
    yield checked("findings-repeated", problems.findings, sum(map(len, published.findings.values())))
    yield check_census(known, evidence, config.network)
    yield from never_checked(problems.hidden, problems.withdrawn)
    yield from waiting.told()
    yield from unlisted(published.projects, config)
    yield from reported(entry for entries in published.entries.values() for entry in entries)
    yield from redacted_projects(problems.redacted)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What was known when projects were read that the last run could not read."""

    reads: LastReads
    config: Config
    _evidence: dict[str, tuple[RecordedChain, frozenset[str]]] = field(default_factory=dict)  #: by run

    def judged(self, rederiving: "_Rederiving") -> _Problems:
        """Return what does not follow from what is known, nor from what was known at the project's own run.

        What other projects brought since may say more of its blocks than its rows could.
        """
        problems, run = rederiving.compare(), self.reads.run_of(rederiving.project.id)
        many = run not in self._evidence and len(self._evidence) == MOST_PASTS
        if not problems or many or run >= self.reads.known.runs[-1].id:
            return problems
        evidence, disputed = self._known_at(run)
        then = replace(rederiving, evidence=evidence, disputed=disputed, problems=_Problems()).compare()
        return problems if then else then

    def _known_at(self, run: str) -> tuple[RecordedChain, frozenset[str]]:
        if run not in self._evidence:
            then = self.reads.known.until(run)
            evidence = RecordedChain.of(then, ANGOR, rules_of(self.config.network))
            self._evidence[run] = evidence, PublishedChain.of(then).disputed
        return self._evidence[run]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rederiving:
    """One project, from its founding to its last spend."""

    project: Project
    evidence: RecordedChain
    published: PublishedChain
    disputed: frozenset[str]  #: blocks that another indexer did not have
    config: Config
    last: Run
    tip_height: int  #: from which depth is counted
    problems: _Problems = field(default_factory=_Problems)

    def compare(self) -> _Problems:
        """Return what does not follow."""
        try:
            self._compare()
        except KeyProblem as error:
            self.problems.terms.append(f"{self.project.id}: {error}")
        return self.problems

    def _compare(self) -> None:
        identifier, place = self.project.identifier, self.project.id
        if place != angor_place(identifier):
            self.problems.terms.append(f"{place} is not the place of {identifier}")
        founded = choose_founding(self.evidence.candidates(identifier), identifier, self.config.network)
        if isinstance(founded, str):
            self._nothing_follows(founded, "founding")
            return
        checks = ProjectFindings(source=ANGOR, place=place)
        event = self.evidence.events.get(founded.founding.event_id)
        definition = establish_terms(event, founded, identifier, network=self.config.network, checks=checks)
        if definition is None:
            self._nothing_follows("the event that the founding commits to is not proven", "terms")
            return
        self._compare_record(definition, founded)
        book = self._book(definition, founded, checks)
        self._compare_entries(book.entries(self.evidence.facts(identifier, founded, definition.terms)))
        self._compare_findings(checks.findings)

    def _nothing_follows(self, why: str, lacking: str) -> None:
        self.problems.terms.append(f"{self.project.id}: {why}")
        self.problems.derived += (f"{entry.id}: its project has no {lacking}" for entry in self._entries())

    def _entries(self) -> list[Entry]:
        return self.published.entries.get(self.project.id, [])

    def _book(self, definition: CommittedTerms, founded: Founded, checks: ProjectFindings) -> Bookkeeper:
        return Bookkeeper(
            definition=definition,
            founded=founded,
            disputed=self.disputed,
            checks=checks,
            first_seen=lambda entry: entry,
            at=self.last.at,
            tip_height=self.tip_height,
            confirmations=self.config.sources.confirmations,
        )

    def _compare_record(self, definition: CommittedTerms, founded: Founded) -> None:
        """Compare what the log says about the project, the founder's newest published words included."""
        author, place, network = definition.terms.nostr_pubkey, self.project.id, self.config.network
        profile = profile_of(author, self.evidence.events.values(), at=self.last.at + timedelta(days=1))
        derived = project_record(definition, founded, profile, network=network, source=ANGOR)
        taken = self.published.words_taken(self.project)
        for name in sorted(_OF_PROJECT):
            said, ours = getattr(self.project, name), getattr(derived, name)
            if said != ours and not (name in taken and said == ""):
                self.problems.terms.append(f"{place}: {name} is {said!r:.120}, evidence says {ours!r:.120}")

    def _compare_entries(self, derived: Iterable[Entry]) -> None:
        ours = {entry.id: entry for entry in derived}
        theirs = {entry.id: entry for entry in self._entries()}
        for name, entry in sorted(theirs.items()):
            if name not in ours:
                self.problems.derived.append(f"{name}: no evidence gives this row")
            else:
                self.problems.derived += _different(entry, ours[name])
        for name in sorted(ours.keys() - theirs.keys()):
            taken_back = ours[name].key in self.published.withdrawn
            rows = self.problems.withdrawn if taken_back else self.problems.missing
            rows.append(f"{name}: evidence gives this row of {self.project.id}")

    def _compare_findings(self, derived: Iterable[Finding]) -> None:
        """Compare what is derived of findings; what a server said of the project is its word."""
        repeated = set(of(CHECKS, ANGOR, Origin.DERIVED))
        published = self.published.findings.get(self.project.id, ())
        theirs = {finding.id: finding for finding in published if finding.check in repeated}
        problems, again = self.problems.findings, {finding.id: finding for finding in derived}
        for name in sorted(theirs.keys() - again.keys()):
            problems.append(f"{name}: published as {theirs[name].result}, and no evidence gives it")
        for ours in again.values():
            said = theirs.get(ours.id)
            if said is None and self._went_with_its_row(ours):
                self.problems.withdrawn.append(f"{ours.id}: evidence gives it of {self.project.id}")
            elif said is None and ours.result is not Result.OK:
                problems.append(f"{ours.id}: {ours.result} when repeated, and not published")
            elif said is not None and said.result is not ours.result:
                problems.append(f"{ours.id}: published as {said.result}, {ours.result} when repeated")
            elif said is not None and said.reason not in (ours.reason, TAKEN_DOWN):
                problems.append(f"{ours.id}: {said.reason!r:.120}, when repeated {ours.reason!r:.120}")

    def _went_with_its_row(self, finding: Finding) -> bool:
        """Tell whether a failed check was taken back together with all rows of its transaction."""
        txid = finding.subject[:TXID]
        about = finding.key in self.published.withdrawn and txid in self.evidence.transactions
        return (
            about
            and finding.result is not Result.OK
            and all(transaction_of(entry) != txid for entry in self._entries())
        )


def _different(said: Entry, ours: Entry) -> Iterator[str]:
    waiting = said.height is None
    for name in _OF_ENTRY:
        if name == "at" and waiting:
            continue  # the time it was first seen at is ours alone to tell
        if getattr(said, name) != getattr(ours, name):
            yield f"{said.id}: {name} is {getattr(said, name)}, evidence says {getattr(ours, name)}"
