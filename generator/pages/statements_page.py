"""The statements of a project, and of all together: month by month, what came in, went back and was left."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import msgspec

from generator.pages.files import STATEMENTS
from generator.pages.page import Content, Page
from generator.pages.portfolio_words import known_part, not_read
from generator.pages.state_marks import last_change, not_fresh, source_states
from generator.report import ProjectReport, Report
from generator.report.statements.statement import ALL_ACCOUNTS, Statement
from generator.sentence import say

#: What each account of `month_sums.ACCOUNTS` is called.
ACCOUNT_NAMES: Final = {
    "locked": say("Locked in stages"),
    "with_founder": say("With founders"),
    "in_penalty": say("In the penalty"),
    "unclassified": say("Unclassified spends"),
    ALL_ACCOUNTS: say("All places"),
}


class StatementRow(msgspec.Struct, frozen=True, kw_only=True):
    """One statement with the first day of its month."""

    first_day: date  #: of the month
    statement: Statement


def pages(report: Report, project: ProjectReport) -> Iterator[Page]:
    """Yield the page of one project's statements, if it has some and extras."""
    if not has_statements(project):
        return
    yield Page(
        path=f"p/{project.slug}/statements/index.html",
        template="statements.html",
        title=say("Statements of {title}", title=project.title),
        section="projects",
        description=say("Month by month: what was there, came in, went back and was left."),
        values={
            "project": project,
            **source_states(report, project),
            "rows": statement_rows(project.statements),
            "table": "statements.csv",
        },
    )


def has_statements(project: ProjectReport) -> bool:
    """Tell whether a project has a page of its statements."""
    return project.has_extras and bool(project.statements)


def portfolio_pages(report: Report, _content: Content) -> Iterator[Page]:
    """Yield the page of the statements of all projects together."""
    yield Page(
        path="statements/index.html",
        template="all_statements.html",
        title=say("Statements"),
        section="data",
        description=say("Month by month: what all projects had, received, gave back and were left with."),
        values={
            "rows": statement_rows(report.statements),
            "table": STATEMENTS,
            "account_names": ACCOUNT_NAMES,
            "known_part": known_part(report, "net"),
            "silent": not_read(report.projects),
            "frozen": {edition.month for edition in report.editions},
            "changed_at": last_change(report.projects),
            "not_fresh": not_fresh(report),
        },
    )


def statement_rows(statements: Sequence[Statement]) -> list[StatementRow]:
    """Return the statements newest first, each with the first day of its month."""
    return [
        StatementRow(first_day=first_day(statement.month), statement=statement)
        for statement in reversed(statements)
    ]


def first_day(month: str) -> date:
    """Return the first day of a month such as ``2026-01``."""
    return date.fromisoformat(f"{month}-01")
