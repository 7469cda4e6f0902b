"""What is remembered of projects, in parts: a payment rewrites the part of its project, not all of them."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from generator.build.cache import load_all, save
from generator.report.remembered_projects import ProjectSummary

Summaries = Mapping[str, ProjectSummary]  # by slug

#: So many that one is small among thousands of projects, so few that all are soon written.
PARTS: Final = 64


def load_projects(folder: Path, log: Callable[[str], None]) -> dict[str, ProjectSummary]:
    """Read what is remembered, by slug; a part that cannot be used is said, and counts as none."""
    parts = load_all((_path(folder, number) for number in range(PARTS)), dict[str, ProjectSummary], log)
    return {slug: summary for part in parts.values() for slug, summary in part.items()}


def save_projects(folder: Path, kept: Summaries, known: Summaries, log: Callable[[str], None]) -> None:
    """Write the parts in which something is not what is `known`, until the disk refuses one."""
    parts: defaultdict[int, dict[str, ProjectSummary]] = defaultdict(dict)
    for slug, summary in kept.items():
        parts[_part(slug)][slug] = summary
    news = {_part(slug) for slug, summary in kept.items() if known.get(slug) is not summary}
    news |= {_part(slug) for slug in known.keys() - kept.keys()}
    for number in sorted(news):
        if not save(_path(folder, number), parts[number], log):
            break


def _part(slug: str) -> int:
    return sha256(slug.encode()).digest()[0] % PARTS


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number:02}.json"
