"""The first page: what all projects raised, where the money is, how old each source is."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, Self

from generator.charts import by_source, funding_over_time, pace
from generator.pages import structured_data
from generator.pages.contribution_words import contributions
from generator.pages.list_pages import Sheet, sheets
from generator.pages.news_words import sentence
from generator.pages.own_words import called_in
from generator.pages.page import Content, Page
from generator.pages.period_words import each_text
from generator.pages.portfolio_words import (
    back_line,
    evidence_line,
    headline,
    known_part,
    not_read,
    pace_line,
    standing,
    week_line,
    week_rows,
)
from generator.pages.state_marks import (
    STATUSES,
    StateMark,
    contradicted,
    evidence,
    freshness,
    last_change,
    not_fresh,
)
from generator.pages.statements_page import first_day
from generator.report import Figure, ProjectReport, Report, SourceState
from generator.report.annotations import of_project
from generator.report.figures.balance_values import ON_DAYS, TODAY
from generator.report.figures.currency_values import AT_RECEIPT
from generator.report.figures.currency_values import TODAY as RAISED_TODAY
from generator.report.ledger_rows import rows_behind
from generator.report.portfolio.project_order import behind_first
from generator.sentence import Sentence, say

DESCRIPTION: Final = say("What each project raised, where the money is and what can be checked.")
#: Width of a meter's drawing, percent: what is above the goal is visible up to there.
METER: Final = Decimal(120)
#: Names of the sums at the head of the page.
HEADS: Final = ("raised", "locked", "with_founder", "returned")
#: Changes of the week on the first page, the latest.
CHANGES: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRow:
    """One project in the table."""

    project: ProjectReport
    status: StateMark
    evidence: StateMark
    sources: tuple[str, ...]  #: labels
    stale: tuple[SourceState, ...]
    failed: bool  #: a check of its own definition failed
    done: str | None  #: width of the meter in percent, cut at 120
    quiet: bool  #: ended: the meter is grey
    pace: Sentence | None  #: what it needs and gets a day
    each: Sentence | None  #: how often its goal begins anew
    worth: Figure | None  #: of what was raised, at receipt, in the first currency

    def called_in(self, code: str) -> Self:
        """Return the same with the project's name in a language."""
        return replace(self, project=called_in(self.project, code))


def pages(report: Report, _content: Content) -> Iterator[Page]:
    """Yield the portfolio page."""
    yield _portfolio(report, sheets(rows(report))[0])


def list_pages(report: Report) -> Iterator[Page]:
    """Yield the pages of the list of projects, after the first page, which has its beginning."""
    for sheet in sheets(rows(report))[1:]:
        yield Page(
            path=f"projects/{sheet.number}/index.html",
            template="projects.html",
            title=say("Projects, page {number}", number=sheet.number),
            section="projects",
            description=DESCRIPTION,
            values={
                "sheet": sheet,
                "changed_at": last_change(row.project for row in sheet.rows),
                "not_fresh": not_fresh(report),
            },
        )


def _portfolio(report: Report, sheet: Sheet[ProjectRow]) -> Page:
    sources = by_source.chart(report)
    total = None if sources else funding_over_time.of_portfolio(report)  # its upper edge says the same
    drawn = (pace.chart(report), total, sources)
    silent = not_read(report.projects)
    return Page(
        path="index.html",
        template="portfolio.html",
        title=say("Funding report"),
        section="projects",
        description=DESCRIPTION,
        structured=structured_data.of_report(report),
        values={
            "annotations": of_project(report.annotations, ""),
            **_sources(report, silent),
            "headline": headline(report),
            "standing": standing(report),
            "evidence_line": evidence_line(report),
            "week": (week_line(report), back_line(report)),
            "week_rows": week_rows(report),
            "silent": silent,
            "contributions": contributions(report.figures["contributions"]),
            "with_founders": known_part(report, "with_founder"),
            "worths": _worths(report),
            "row_counts": _row_counts(report.projects),
            "sheet": sheet,
            **dict(zip(("pace", "total", "by_source"), drawn, strict=True)),
            "changes": [
                (change, sentence(change.news) if change.news else None)
                for change in report.changes
                if change.kind not in ("contributions", "project")  # amounts stand above, names below
            ][:CHANGES],
            "newcomers": [
                (at, list(some))
                for at, some in groupby(
                    (change for change in report.changes if change.kind == "project"), attrgetter("at")
                )
            ],
            "titles": {project.slug: project.title for project in report.projects},
            "unread": report.census.unread,
            "edition_day": first_day(report.edition) if report.edition else None,
            "declared": declared(report.figures.values()),
        },
        charts=tuple(chart for chart in drawn if chart),
        folder="projects",
    )


def _sources(report: Report, silent: Sequence[ProjectReport]) -> dict[str, Any]:
    """Return what is said of sources; one of which nothing was read but `silent` projects needs no word."""
    labels = {source.name.upper(): source.label for source in report.sources}
    stale = [source for source in report.sources if source.stale]
    named = {name for project in silent for name in project.sources}
    lost = {source.name for source in stale if source.name in named and source.data_at is None}
    said = {f"never-{name}" for name in lost} | ({"left-out"} if silent else set())
    return {
        "subtotals": [(labels.get(source.name, source.name), source) for source in report.by_source],
        "sources": [(source, freshness(source, last_run=True)) for source in report.sources],
        "stale": [source for source in stale if source.name not in lost],
        "notes": [note for note in report.notes if note.id not in said],
        "fresh": len(report.sources) - len(stale),
    }


def _row_counts(projects: Iterable[ProjectReport]) -> Counter[str]:
    """Return how many rows of ledgers make each sum at the head of the page, by its name."""
    found: Counter[str] = Counter()
    for project in projects:
        told = [figure for name in HEADS if (figure := project.figures[name]).value is not None]
        found.update(rows_behind(project.ledger_sums.behind, told))
    return found


def _worths(report: Report) -> dict[str, Figure | None]:
    """Return what the sums at the head of the page are worth in the first currency; None without one."""
    currency = next(iter(report.prices.currencies), "")
    found: dict[str, Figure | None] = {
        name: report.today.get(f"all/{definition.name_of(currency)}") for name, definition in TODAY.items()
    }
    for name, definition in (("raised", AT_RECEIPT), ("returned", ON_DAYS)):
        found[name] = report.figures.get(definition.name_of(currency))
    return found | {"today": report.today.get(f"all/{RAISED_TODAY.name_of(currency)}")}


def rows(report: Report) -> list[ProjectRow]:
    """Return the projects, those furthest behind first."""
    states = {source.name: source for source in report.sources}
    currency = next(iter(report.prices.currencies), "")
    return [_row(project, states, currency) for project in behind_first(report.projects, report.as_of.date())]


def meter(figure: Figure) -> str | None:
    """Return the width of a progress meter, percent; None where progress is not known."""
    return None if figure.value is None else f"{min(Decimal(figure.value), METER):f}"


def declared(figures: Iterable[Figure]) -> list[Figure]:
    """Return the sums of declarations, one for each currency."""
    return [figure for figure in figures if figure.name.startswith("declared@")]


def _row(project: ProjectReport, states: dict[str, SourceState], currency: str) -> ProjectRow:
    speakers = [states[name] for name in project.sources if name in states]
    periods = project.terms.periods
    return ProjectRow(
        project=project,
        status=STATUSES[project.status],
        evidence=evidence(project.figures["raised"], project.figures["proven"]),
        sources=tuple(source.label for source in speakers),
        stale=tuple(source for source in speakers if source.stale),
        failed=bool(contradicted(project)),
        done=meter(project.figures["progress"]),
        quiet=project.status.value.startswith("ended"),
        pace=pace_line(project),
        each=each_text(periods.rule) if periods.recurs and periods.rule else None,
        worth=project.single_figures.get(AT_RECEIPT.name_of(currency)),
    )
