"""Step 6: every on-chain row is derived again from evidence, and no evidence lacks its row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import msgspec

from generator.config import Config
from generator.judge.bookkeeping import Bookkeeper
from generator.judge.evidence import Evidence
from generator.judge.project_findings import ProjectFindings
from generator.ledger import Entry
from generator.money import msat_from_sat
from generator.protocol.angor.keys import KeyProblem
from generator.protocol.angor.terms import ProjectType, Terms
from generator.protocol.nostr import Event
from generator.protocol.proof.definition import Definition, define
from generator.protocol.proof.founding import Founded, choose_founding
from generator.report.subjects import ANGOR
from generator.snapshot import Finding, Goal, Key, Known, Project, Result, Run, Stage, Withdrawn
from generator.sources.angor.agreement import CHECK as DISPUTED
from generator.sources.angor.profile import profile_of
from generator.verify.outcome import Check, checked, unchecked

STEP: Final = "proof"
NAMES: Final = ("terms", "entries-derived", "entries-missing", "findings-repeated")
_KINDS: Final = {ProjectType.INVEST: "invest", ProjectType.FUND: "fund", ProjectType.SUBSCRIBE: "subscribe"}
#: What a row says that evidence decides; whether it is deep enough to count is compared apart.
_FIELDS: Final = (
    "project",
    "kind",
    "amount_msat",
    "at",
    "verification",
    "party",
    "stage",
    "opens_at",
    "spends",
    "height",
    "block",
)
_TERMS: Final = (
    "kind",
    "goal",
    "starts_at",
    "ends_at",
    "expires_at",
    "penalty_days",
    "founder_key",
    "nostr_pubkey",
    "event_id",
    "founding_txid",
    "founding_height",
    "stages",
    "title",
    "tagline",
    "description",
    "website",
)


@dataclass(slots=True)
class _Problems:
    """What does not follow from evidence, by check."""

    terms: list[str] = field(default_factory=list)
    derived: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)  #: rows that a later line took back


def check_proof(known: Known, config: Config, last: Run) -> Iterator[Check]:
    """Yield whether the rows of the chain follow from the published evidence."""
    evidence = Evidence.of(known, ANGOR, config.network)
    projects = [one for one in known.of(Project) if one.source == ANGOR]
    entries = [one for one in known.of(Entry) if one.source == ANGOR]
    findings = [one for one in known.of(Finding) if one.source == ANGOR and one.project]
    problems = _Problems()
    told = {project.id for project in projects}
    problems.derived += [
        f"{one.id} is of {one.project}, which is no project" for one in entries if one.project not in told
    ]
    withdrawn = frozenset(
        key for key, chain in known.history.items() if isinstance(chain[-1].record, Withdrawn)
    )
    disputed = frozenset(one.subject for one in known.of(Finding) if one.check == DISPUTED)
    for project in projects:
        rederiving = _Rederiving(
            project=project,
            evidence=evidence,
            config=config,
            last=last,
            problems=problems,
            withdrawn=withdrawn,
            disputed=disputed,
        )
        try:
            rederiving.compare(
                [one for one in entries if one.project == project.id],
                [one for one in findings if one.project == project.id],
            )
        except KeyProblem as error:
            problems.terms.append(f"{project.id}: {error}")
    yield checked(STEP, "terms", problems.terms, len(projects))
    yield checked(STEP, "entries-derived", problems.derived, len(entries))
    yield checked(STEP, "entries-missing", problems.missing, len(evidence.transactions))
    yield checked(STEP, "findings-repeated", problems.findings, len(findings))
    if problems.withdrawn:
        reason = f"{len(problems.withdrawn)} rows were taken back though their evidence stands, such as "
        yield unchecked(
            STEP, "rows-withdrawn", reason + problems.withdrawn[0] + "; only the chain itself can tell"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rederiving:
    """One project, from its founding to its last spend."""

    project: Project
    evidence: Evidence
    config: Config
    last: Run
    problems: _Problems
    withdrawn: frozenset[Key]
    disputed: frozenset[str]  #: blocks that another indexer did not have

    def compare(self, entries: list[Entry], findings: list[Finding]) -> None:
        identifier, slug = self.project.identifier, self.project.id
        if self.config.slug_of(identifier) != slug:
            self.problems.terms.append(f"{slug} is not the slug of {identifier}")
        checks = ProjectFindings(source=ANGOR, project=slug)
        founded = choose_founding(self.evidence.candidates(identifier), identifier, self.config.network)
        if isinstance(founded, str):
            self.problems.terms.append(f"{slug}: {founded}")
            self.problems.derived += (f"{one.id}: its project has no founding" for one in entries)
            return
        event = self.evidence.events.get(founded.says.event_id)
        definition = define(event, founded, identifier, network=self.config.network, checks=checks)
        if definition is None:
            self.problems.terms.append(f"{slug}: the event that the founding commits to is not proven")
            self.problems.derived += (f"{one.id}: its project has no terms" for one in entries)
            return
        self._terms(definition, founded)
        book = self._book(definition, founded, checks)
        book.inclusion(founded.placed, founded.placed.txid)
        derived = list(book.entries(self.evidence.facts(identifier, founded, definition.terms)))
        self._entries(entries, derived)
        self._findings(findings, checks.findings)

    def _book(self, definition: Definition, founded: Founded, checks: ProjectFindings) -> Bookkeeper:
        return Bookkeeper(
            project=self.project.id,
            definition=definition,
            founded=founded,
            disputed=self.disputed,
            checks=checks,
            first_seen=lambda entry: entry,
            at=self.last.at,
            tip_height=self.last.tip_height or 0,
            confirmations=self.config.sources.confirmations,
        )

    def _terms(self, definition: Definition, founded: Founded) -> None:
        wanted = project_of(self.project, definition.terms, definition.event, founded)
        wanted = self._worded(wanted, definition.terms.nostr_pubkey)
        for name in _TERMS:
            said, ours = getattr(self.project, name), getattr(wanted, name)
            if said != ours:
                self.problems.terms.append(
                    f"{self.project.id}: {name} is {said!r:.120}, evidence says {ours!r:.120}"
                )

    def _worded(self, wanted: Project, author: str) -> Project:
        """Add the founder's own words from the newest published events."""
        profile = profile_of(author, self.evidence.events.values(), at=self.last.at + timedelta(days=1))
        return msgspec.structs.replace(
            wanted,
            title=profile.title,
            tagline=profile.tagline,
            description=profile.description,
            website=profile.website,
        )

    def _entries(self, said: Iterable[Entry], derived: Iterable[Entry]) -> None:
        ours = {one.id: one for one in derived}
        theirs = {one.id: one for one in said}
        for name, entry in sorted(theirs.items()):
            if name not in ours:
                self.problems.derived.append(f"{name}: no evidence gives this row")
            else:
                self.problems.derived += _different(entry, ours[name])
        for name in sorted(ours.keys() - theirs.keys()):
            row = f"{name}: evidence gives this row of {self.project.id}"
            (self.problems.withdrawn if ours[name].key in self.withdrawn else self.problems.missing).append(
                row
            )

    def _findings(self, said: Iterable[Finding], ours: Iterable[Finding]) -> None:
        theirs = {one.id: one for one in said}
        for one in {finding.id: finding for finding in ours}.values():
            found = theirs.get(one.id)
            if found is None and one.result is not Result.OK:
                self.problems.findings.append(f"{one.id}: {one.result} when repeated, and not published")
            elif found is not None and found.result is not one.result:
                self.problems.findings.append(
                    f"{one.id}: published as {found.result}, {one.result} when repeated"
                )


def project_of(standing: Project, terms: Terms, event: Event, founded: Founded) -> Project:
    """Return what the terms say about a project, in the record's own fields."""
    invest = terms.project_type is ProjectType.INVEST
    subscribe = terms.project_type is ProjectType.SUBSCRIBE
    target = 0 if subscribe else terms.target_amount_sat
    stages = terms.stages if invest else ()
    return msgspec.structs.replace(
        standing,
        kind=_KINDS[terms.project_type],
        goal=Goal(amount_msat=msat_from_sat(target)) if target else None,
        starts_at=terms.start_date,
        ends_at=terms.end_date if invest else None,
        expires_at=terms.expiry_date,
        penalty_days=None if subscribe else terms.penalty_days,
        founder_key=terms.founder_key,
        nostr_pubkey=terms.nostr_pubkey,
        event_id=event.id,
        founding_txid=founded.placed.txid,
        founding_height=founded.height,
        stages=tuple(
            Stage(number=number, percent=one.percent, opens_at=one.release_date)
            for number, one in enumerate(stages, 1)
        ),
    )


def _different(said: Entry, ours: Entry) -> Iterator[str]:
    waiting = said.height is None
    for name in _FIELDS:
        if name == "at" and waiting:
            continue  # the time it was first seen at is ours alone to tell
        if getattr(said, name) != getattr(ours, name):
            yield f"{said.id}: {name} is {getattr(said, name)}, evidence says {getattr(ours, name)}"
    if said.status is not ours.status:
        yield f"{said.id}: status is {said.status}, evidence says {ours.status}"
