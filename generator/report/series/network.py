"""The whole network at a glance: how many projects, how many new each month, and of which type."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from generator.report.figures.definitions import COUNT, MSAT, figure_id
from generator.report.figures.sums import grade
from generator.report.model import Figure, ProjectReport
from generator.report.series.funding import day_of

PROJECTS: Final = "projects"
NEW: Final = "projects_new"
OF_TYPE: Final = "projects_of"
RAISED_OF: Final = "raised_of"
LOCKED_OF: Final = "locked_of"
OTHER: Final = "other"
#: Angor's types; what is not one of them is counted as another.
TYPES: Final = ("invest", "fund", "subscribe")
_MONTHS: Final = 12


def network_figures(projects: Sequence[ProjectReport], today: date, *, known: bool) -> dict[str, Figure]:
    """Return the figures of the network by name; unknown while the list of projects is (`known`)."""
    found = [_count(PROJECTS, "Projects in this report.", len(projects), known=known)]
    by_type: defaultdict[str, list[ProjectReport]] = defaultdict(list)
    for project in projects:
        by_type[type_of(project)].append(project)
    for name, some in sorted(by_type.items()):
        found.append(_count(f"{OF_TYPE}@{name}", f"Projects of the type {name}.", len(some), known=known))
        found += [
            _sum(f"{of}@{name}", f"Sum of {flow} over projects of the type {name}.", flow, some)
            for of, flow in ((RAISED_OF, "raised"), (LOCKED_OF, "locked"))
        ]
    starts = Counter(f"{day:%Y-%m}" for project in projects if (day := begun(project, today)))
    found += [
        _count(
            f"{NEW}@{month}",
            f"Projects whose announced first day lies in {month}.",
            starts[month],
            known=known,
        )
        for month in months(min(starts, default=""), f"{today:%Y-%m}")
    ]
    return {figure.name: figure for figure in found}


def type_of(project: ProjectReport) -> str:
    """Return Angor's type of a project, or that it is another."""
    return project.kind if project.kind in TYPES else OTHER


def begun(project: ProjectReport, today: date) -> date | None:
    """Return the announced first day of a project; None without one, or while it is still ahead."""
    day = day_of(project.starts_at) if project.starts_at else None
    return day if day and day <= today else None


def months(first: str, last: str) -> Iterator[str]:
    """Yield the months from one to another, both included, as ``2025-05``; none from an empty one."""
    if not first:
        return
    year, month = int(first[:4]), int(first[5:])
    while (name := f"{year:04d}-{month:02d}") <= last:
        yield name
        year, month = (year + 1, 1) if month == _MONTHS else (year, month + 1)


def _count(name: str, formula: str, value: int, *, known: bool) -> Figure:
    return Figure(
        id=figure_id(None, name),
        project=None,
        name=name,
        value=value if known else None,
        unit=COUNT,
        complete=known,
        verification=None,
        formula=formula,
        inputs=(),
    )


def _sum(name: str, formula: str, flow: str, projects: Sequence[ProjectReport]) -> Figure:
    parts = [project.figures[flow] for project in projects]
    values = [part.value for part in parts if isinstance(part.value, int)]
    known = len(values) == len(parts)
    return Figure(
        id=figure_id(None, name),
        project=None,
        name=name,
        value=sum(values) if known else None,
        unit=MSAT,
        complete=known and all(part.complete for part in parts),
        verification=grade(part.verification for part in parts) if known else None,
        formula=formula,
        inputs=tuple(part.id for part in parts),
    )
