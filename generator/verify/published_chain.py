"""What the log says of the chain, by project: what verification holds against evidence; pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from generator.ledger import Entry
from generator.places import ANGOR
from generator.snapshot import Finding, Key, Known, Project, Redaction, Withdrawn
from generator.snapshot.finding import HEADER_AGREEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedChain:
    """What the log says of the chain."""

    projects: tuple[Project, ...]
    entries: Mapping[str, list[Entry]]  #: by place
    findings: Mapping[str, list[Finding]]  #: by place
    withdrawn: frozenset[Key]
    disputed: frozenset[str]  #: blocks that another indexer did not have
    redactions: Mapping[str, Redaction]  #: by what was taken down

    @classmethod
    def of(cls, known: Known) -> "PublishedChain":
        """Read it from a fold."""
        taken_back = (key for key, chain in known.history.items() if isinstance(chain[-1].record, Withdrawn))
        return cls(
            projects=tuple(project for project in known.of(Project) if project.source == ANGOR),
            entries=_by_project(known.of(Entry)),
            findings=_by_project(finding for finding in known.of(Finding) if finding.place),
            withdrawn=frozenset(taken_back),
            disputed=frozenset(
                finding.subject for finding in known.of(Finding) if finding.check == HEADER_AGREEMENT
            ),
            redactions={record.id: record for record in known.of(Redaction) if record.source == ANGOR},
        )

    def words_taken(self, project: Project) -> frozenset[str]:
        """Return the fields of a project's record whose texts were taken down."""
        said = (self.redactions.get(name) for name in (project.id, *project.evidence))
        return frozenset(name for redaction in said if redaction for name in redaction.words)

    def strays(self) -> Iterator[str]:
        """Yield rows that belong to no project."""
        places = {project.id for project in self.projects}
        for place in sorted(self.entries.keys() - places):
            yield from (f"{entry.id} is of {place}, which is no project" for entry in self.entries[place])


def changed_amounts(known: Known) -> Iterator[str]:
    """Yield rows of the chain that an older line gives another amount: an output has one for ever.

    Pages show what a sum of the past was before; else an older line could say any.
    """
    for (kind, source, name), chain in known.history.items():
        if (kind, source) != ("entry", ANGOR):
            continue
        said = [line.record.amount_msat for line in chain if isinstance(line.record, Entry)]
        if len(set(said)) > 1:
            yield f"{name}: its lines say {min(said)} and {max(said)} msat, and an output is worth one amount"


R = TypeVar("R", Entry, Finding)


def _by_project(records: Iterable[R]) -> Mapping[str, list[R]]:
    found: defaultdict[str, list[R]] = defaultdict(list)
    for record in records:
        if record.source == ANGOR:
            found[record.place].append(record)
    return found
