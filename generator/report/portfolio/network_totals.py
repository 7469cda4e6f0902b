"""The whole network at a glance: how many projects, how many new each month, and of which type."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from generator.report.census import NetworkCensus, Standing
from generator.report.days import day_of
from generator.report.figures.bounds import Bound
from generator.report.figures.figure import COUNT, Figure, FigureDefinition
from generator.report.model import ProjectReport
from generator.report.portfolio.portfolio_context import PortfolioContext, summed

PROJECTS: Final = FigureDefinition(
    "projects",
    "Projects in this report, and those that were founded and are not read, or whose terms are unknown.",
    COUNT,
)
READ: Final = FigureDefinition(
    "projects_read", "Projects of which everything that their sources hold was read.", COUNT
)
ANNOUNCED: Final = FigureDefinition(
    "projects_announced",
    "Announced projects that are {of}.",
    COUNT,
    by="state",
    meaning="Announced projects by what became of them; each stands in one state.",
)
NEW: Final = FigureDefinition(
    "projects_new",
    "Projects whose announced first day lies in {of}.",
    COUNT,
    by="month",
    meaning="Projects whose announced first day lies in one month, up to the day of the report.",
)
OF_TYPE: Final = FigureDefinition(
    "projects_of", "Projects of the type {of}.", COUNT, by="type", meaning="Projects of one type."
)
RAISED_OF: Final = FigureDefinition(
    "raised_of",
    "Sum of raised over projects of the type {of}.",
    by="type",
    meaning="Raised by projects of one type.",
)
LOCKED_OF: Final = FigureDefinition(
    "locked_of",
    "Sum of locked over projects of the type {of}.",
    by="type",
    meaning="Locked in stages of projects of one type.",
)
OTHER: Final = "other"
#: Angor's types; what is not one of them is counted as another.
TYPES: Final = ("invest", "fund", "subscribe")
_MONTHS: Final = 12


def read_projects(projects: Iterable[ProjectReport], census: NetworkCensus) -> list[ProjectReport]:
    """Return the projects of which everything was read; one that is kept from before is none."""
    partly = {row.slug for row in census.of(Standing.UNREAD, Standing.UNKNOWN_TERMS, Standing.UNFOUNDED)}
    return [
        project
        for project in projects
        if project.slug not in partly and project.figures["raised"].value is not None
    ]


def census_figures(context: PortfolioContext) -> Iterator[Figure]:
    """Yield how many projects there are, and how many of them were read."""
    census, pages = context.census, len(context.projects)
    without = [row for row in census.of(Standing.UNREAD, Standing.UNKNOWN_TERMS) if not row.slug]
    read = read_projects(context.projects, census)
    known = Bound.EXACT if context.listed else Bound.UNKNOWN
    yield PROJECTS.figure(None, pages + len(without), bound=known)
    yield READ.figure(None, len(read), bound=known)


def network_figures(context: PortfolioContext) -> Iterator[Figure]:
    """Yield the figures of a whole network; counts are unknown while its list of projects is."""
    if not context.network_wide:
        return
    for standing in Standing:
        known = Bound.EXACT if context.listed else Bound.UNKNOWN
        count = len(context.census.of(standing))
        yield ANNOUNCED.figure(None, count, of=state_name(standing), bound=known)
    by_type: defaultdict[str, list[ProjectReport]] = defaultdict(list)
    for project in context.projects:
        by_type[project.kind if project.kind in TYPES else OTHER].append(project)
    for name, projects in sorted(by_type.items()):
        yield _count(context, OF_TYPE, len(projects), of=name)
        for definition, figure in ((RAISED_OF, "raised"), (LOCKED_OF, "locked")):
            parts = [project.figures[figure] for project in projects]
            yield summed(definition, parts, listed=context.whole, of=name)
    starts = Counter(f"{day:%Y-%m}" for project in context.projects if (day := begun(project, context.today)))
    for month in months(min(starts, default=""), f"{context.today:%Y-%m}"):
        yield _count(context, NEW, starts[month], of=month)


def state_name(standing: Standing) -> str:
    """Return how names of figures spell what became of a project: ``not-read``."""
    return standing.value.replace(", ", "-").replace(" ", "-")


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


def _count(context: PortfolioContext, definition: FigureDefinition, value: int, of: str = "") -> Figure:
    bound = Bound.EXACT if context.whole else Bound.AT_LEAST if context.listed else Bound.UNKNOWN
    return definition.figure(None, value, of=of, bound=bound)
