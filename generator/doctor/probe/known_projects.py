"""Which projects of a log are worth asking for: those with the longest histories first."""

from collections import Counter

from generator.ledger import Entry
from generator.snapshot import Known, Project


def known_identifiers(known: Known) -> list[str]:
    """Return the identifiers of a log's Angor projects, those with the most entries first."""
    entries = Counter(entry.place for entry in known.of(Entry))
    projects = [project for project in known.of(Project) if project.identifier]
    projects.sort(key=lambda project: (-entries[project.id], project.id))
    return [project.identifier for project in projects]
