"""The first page: what all projects raised, where the money is, how old each source is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from generator.charts import pace
from generator.charts.chart import Chart
from generator.pages.lists import Sheet, sheets
from generator.pages.page import Page
from generator.pages.state_marks import STANDINGS, State, contradicted, evidence, freshness
from generator.report.model import Figure, ProjectReport, Report, SourceState, Way
from generator.wording import Form, Shown, Words, value_of

#: Width of a meter's drawing, percent: what is above the goal is visible up to there.
METER = Decimal(120)
#: Changes of the week on the first page, the latest.
CHANGES = 25
#: Projects whose worth in a currency stands on the first page, once there are more of them.
WORTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One project in the table."""

    project: ProjectReport
    standing: State
    evidence: State
    sources: tuple[str, ...]  #: labels
    stale: tuple[SourceState, ...]
    failed: bool  #: a check of its own definition failed
    done: str | None  #: width of the meter in percent, cut at 120
    quiet: bool  #: ended: the meter is grey


def pages(report: Report, total: Chart | None, by_source: Chart | None) -> Iterator[Page]:
    """Yield the portfolio page, and the rest of its list of projects on pages of its own."""
    every = rows(report)
    first, *others = sheets(every)
    yield _page(report, first, (total, by_source), [row.project for row in every])
    for sheet in others:
        yield Page(
            path=f"projects/{sheet.number}/index.html",
            template="projects.html",
            title=f"Projects, page {sheet.number}",
            section="projects",
            description="What each project raised, where the money is and what can be checked.",
            values={"sheet": sheet},
        )


def _page(
    report: Report,
    sheet: Sheet[Row],
    drawn: tuple[Chart | None, Chart | None],
    every: list[ProjectReport],
) -> Page:
    total, by_source = drawn
    given = [one for one in every if one.figures["raised"].value != 0]
    if len(given) > WORTH:
        given.sort(key=lambda one: (-value_of(one.figures["raised"]), one.slug))
    return Page(
        path="index.html",
        template="portfolio.html",
        title="Funding report",
        section="projects",
        description="What each project raised, where the money is and what can be checked.",
        values={
            "headline": headline(report),
            "sheet": sheet,
            "worth": given[:WORTH],
            "left": len(given) > WORTH,
            "changes": report.changes[:CHANGES],
            "chart": total,
            "by_source": by_source,
            "ways": [(_label(report, way), way) for way in report.ways],
            "pace": pace.pace(report.projects, report.as_of),
            "sources": [(source, freshness(source)) for source in report.sources],
            "stale": [source for source in report.sources if source.stale],
            "slugs": {project.slug: project for project in report.projects},
            "declared": declared(report.figures.values()),
        },
    )


def headline(report: Report) -> Words:
    """Return the first sentence: what was raised, by how many projects."""
    raised = report.figures["raised"]
    count = len(report.projects)
    many = "one project" if count == 1 else f"{count} projects"
    if not count:
        return ("No project is reported yet.",)
    if raised.value is not None:
        return ("Backers gave ", Shown(raised, Form.SHORT), f" to {many}, confirmed.")
    return (f"The total of {many} is not known: at least one of them has not been read yet.",)


def _label(report: Report, way: Way) -> str:
    """Return what a source is called."""
    return next((one.label for one in report.sources if one.name.upper() == way.name), way.name)


def rows(report: Report) -> list[Row]:
    """Return the projects by share of goal, highest first; those without a share come last."""
    states = {source.name: source for source in report.sources}
    found = [_row(project, states) for project in report.projects]
    return sorted(found, key=lambda row: (-_share(row.project), row.project.slug))


def meter(figure: Figure) -> str | None:
    """Return the width of a progress meter, percent; None where progress is not known."""
    return None if figure.value is None else f"{min(Decimal(figure.value), METER):f}"


def declared(figures: Iterable[Figure]) -> list[Figure]:
    """Return the sums of declarations, one for each currency."""
    return [figure for figure in figures if figure.name.startswith("declared@")]


def _share(project: ProjectReport) -> Decimal:
    value = project.figures["progress"].value
    return Decimal(-1) if value is None else Decimal(value)


def _row(project: ProjectReport, states: dict[str, SourceState]) -> Row:
    speakers = [states[name] for name in project.sources if name in states]
    return Row(
        project=project,
        standing=STANDINGS[project.standing],
        evidence=evidence(project.figures["raised"]),
        sources=tuple(source.label for source in speakers),
        stale=tuple(source for source in speakers if source.stale),
        failed=bool(contradicted(project)),
        done=meter(project.figures["progress"]),
        quiet=project.standing.value.startswith("ended"),
    )
