"""Whom the report speaks about: one subject for each project, joined from the log and the configuration."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeVar

from generator.config import Config, ProjectConfig
from generator.ledger import Declaration, Entry, Status, Verification
from generator.snapshot import Finding, Known, Outcome, OwnNumber, Project, Result

T = TypeVar("T")

ANGOR = "angor"
BTCPAY = "btcpay"
#: Reason shown for an entry that a check contradicts; such an entry moves nothing.
CONTRADICTED = "a check contradicts it"


class Knowledge(Enum):
    """How much of a number its sources have told us."""

    NONE = auto()  #: nobody who could know has answered: the number is unknown
    PART = auto()  #: at least this much
    FULL = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One project: what the configuration says, what the sources say, and its money."""

    slug: str
    setting: ProjectConfig | None  #: None where the network was discovered
    expected: tuple[str, ...]  #: names of the sources that should speak about it, Angor first
    records: tuple[Project, ...]  #: what they say, in the same order
    entries: tuple[Entry, ...]  #: ordered by time, then id
    declarations: tuple[Declaration, ...]
    findings: tuple[Finding, ...]
    own_numbers: tuple[OwnNumber, ...] = ()  #: what BTCPay's own page counts, by month of creation

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the names of the expected sources, then of others that left records."""
        return tuple(dict.fromkeys([*self.expected, *(record.source for record in self.records)]))

    def knowledge(self, speakers: Collection[str], unread: str = "") -> Knowledge:
        """Tell how much is known of a number that these kinds of source speak about.

        A source that never delivered this project, or says that it could not
        read `unread`, tells nothing; with nobody told, the number is unknown,
        not zero. A number that no source of this project speaks about is known
        to be zero as soon as all of them have answered.
        """
        relevant = [name for name in self.expected if speaker(name) in speakers]
        if not relevant:
            answered = {record.source for record in self.records} >= set(self.expected)
            return Knowledge.FULL if answered else Knowledge.NONE
        told = [
            record for record in self.records if record.source in relevant and unread not in record.unread
        ]
        if not told:
            return Knowledge.NONE
        whole = {record.source for record in told} == set(relevant) and all(one.complete for one in told)
        return Knowledge.FULL if whole else Knowledge.PART


def speaker(source: str) -> str:
    """Return the kind of a source: Angor, or a BTCPay server."""
    return ANGOR if source == ANGOR else BTCPAY


def expected_sources(setting: ProjectConfig) -> tuple[str, ...]:
    """Return the names of the sources that a configured project is read from."""
    names = [ANGOR] if setting.angor else []
    if setting.btcpay:
        names.append(f"{BTCPAY}-{setting.btcpay.source}")
    return tuple(names)


def subjects(known: Known, config: Config) -> list[Subject]:
    """Return every reported project: the configured ones in their order, then the discovered ones by slug."""
    records = _by_project((record.id, record) for record in known.of(Project))
    entries = _by_project((entry.project, entry) for entry in known.of(Entry))
    declarations = _by_project((one.project, one) for one in known.of(Declaration))
    findings = _by_project((one.project, one) for one in known.of(Finding) if one.project)
    own = _by_project((one.project, one) for one in known.of(OwnNumber))
    wanted: dict[str, ProjectConfig | None] = {setting.slug: setting for setting in config.projects}
    if config.angor.discover == "all":
        hidden = hidden_projects(known, config)
        wanted |= dict.fromkeys(slug for slug in _discovered(known, config) if slug not in hidden)
    found = []
    for slug, setting in wanted.items():
        expected = expected_sources(setting) if setting else (ANGOR,)
        found.append(
            Subject(
                slug=slug,
                setting=setting,
                expected=expected,
                records=tuple(sorted(records.get(slug, ()), key=lambda record: _rank(record, expected))),
                entries=_settled(entries.get(slug, ())),
                declarations=tuple(sorted(declarations.get(slug, ()), key=lambda one: (one.day, one.key))),
                findings=tuple(sorted(findings.get(slug, ()), key=lambda one: one.key)),
                own_numbers=tuple(one for one in own.get(slug, ()) if one.source in expected),
            )
        )
    return found


def hidden_projects(known: Known, config: Config) -> frozenset[str]:
    """Return the slugs of discovered projects that the moderators' lists leave out."""
    if config.angor.moderation == "none" or config.angor.discover != "all":
        return frozenset()
    failed = {
        one.project for one in known.of(Finding) if one.check == "moderation" and one.result is Result.FAILED
    }
    return frozenset(failed & set(_discovered(known, config)))


def discovery_answered(known: Known) -> bool:
    """Tell whether Angor ever answered: before that the number of projects itself is unknown."""
    return any(
        asked.source == ANGOR and asked.outcome is Outcome.OK for run in known.runs for asked in run.asked
    )


def _discovered(known: Known, config: Config) -> list[str]:
    """Return slugs of Angor projects that no configured project reports already."""
    slugs = {setting.slug for setting in config.projects}
    identifiers = {setting.angor for setting in config.projects if setting.angor}
    return sorted(
        record.id
        for record in known.of(Project)
        if record.source == ANGOR and record.id not in slugs and record.identifier not in identifiers
    )


def _rank(record: Project, expected: tuple[str, ...]) -> tuple[bool, int, str]:
    known = record.source in expected
    return (not known, expected.index(record.source) if known else 0, record.source)


def _settled(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Order entries; one that a check contradicts becomes excluded, so that rows and figures agree."""
    shown = (
        entry.excluded(CONTRADICTED)
        if entry.verification is Verification.FAILED and entry.status is not Status.EXCLUDED
        else entry
        for entry in entries
    )
    return tuple(sorted(shown, key=lambda entry: (entry.at, entry.id, entry.source)))


def _by_project(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    grouped: dict[str, list[T]] = {}
    for slug, value in pairs:
        grouped.setdefault(slug, []).append(value)
    return grouped
