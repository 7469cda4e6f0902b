"""Reports of projects of which nothing changed: what the whole report takes of them, the rest when asked for.

The whole report needs little of each project. That is kept with the hash of all that the project's report
is made from; whatever else is asked of it is worked out then.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final, cast

import msgspec

from generator.ledger import Entry
from generator.report.figures.figure import Figure
from generator.report.figures.project_context import GoalTerms
from generator.report.history.news import NewsEvent
from generator.report.ledger_sums import LedgerSums
from generator.report.model import ProjectReport
from generator.report.prices import PricesOfDays
from generator.report.project_inputs import ProjectInputs
from generator.report.project_report import project_report
from generator.report.series.stages import StageRow
from generator.report.statements.month_sums import MonthPart
from generator.report.status import ProjectStatus
from generator.snapshot import Goal


class ProjectSummary(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is kept of a project's report; all but the first three are its own fields and properties."""

    inputs: str  #: hash of what the report is made from
    told: str  #: hash of the report
    figure_count: int
    title: str
    kind: str
    sources: tuple[str, ...]
    status: ProjectStatus
    identifier: str
    starts_at: datetime | None
    ends_at: datetime | None
    end_known: bool
    changed_at: datetime | None
    shown_until: date
    today: date | None
    single_figures: dict[str, Figure]
    has_stages: bool
    open_stages: tuple[StageRow, ...]
    month_parts: tuple[MonthPart, ...]
    founder_key: str
    latest_news: tuple[NewsEvent, ...]
    ledger_sums: LedgerSums

    @classmethod
    def of(cls, report: ProjectReport, *, inputs: str, told: str) -> "ProjectSummary":
        """Summarise a report."""
        own = {name: getattr(report, name) for name in _OWN}
        return cls(inputs=inputs, told=told, figure_count=len(report.figures), **own)


_OWN: Final = ProjectSummary.__struct_fields__[3:]


class ProjectMemory:
    """Makes reports of projects, or remembers them; afterwards `kept` is what there is to remember."""

    def __init__(self, known: Mapping[str, ProjectSummary], digest: Callable[..., str]) -> None:
        self._known = known
        self._digest = digest
        self.kept: dict[str, ProjectSummary] = {}

    def project(self, given: ProjectInputs) -> ProjectReport:
        """Return the report of a project: anew, or as far as it is remembered."""
        inputs, slug = self._digest(given), given.project.slug
        summary, full = self._known.get(slug), None
        if summary is None or summary.inputs != inputs:
            full = project_report(given)
            summary = ProjectSummary.of(full, inputs=inputs, told=self._digest(full))
        self.kept[slug] = summary
        return cast("ProjectReport", RememberedProject(given, summary, full))


class RememberedProject:
    """A `ProjectReport` of which the summary is at hand."""

    def __init__(self, given: ProjectInputs, summary: ProjectSummary, full: ProjectReport | None) -> None:
        self._given = given
        self.summary = summary
        self._full = full
        self.slug = given.project.slug
        self.declarations = given.project.declarations
        self.findings = given.project.findings
        self.edits = given.edits
        self.has_extras = given.has_extras
        self.first_seen_at = given.first_seen_at
        self.titles = given.project.setting.titles if given.project.setting else {}
        self.figures = _Figures(self)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever a report of a project has
        if name.startswith("__"):
            raise AttributeError(name)
        if name in _OWN:
            return getattr(self.summary, name)
        return getattr(self.full, name)

    def __reduce__(self) -> tuple[Callable[..., "RememberedProject"], tuple[Any, ...]]:
        """Travel to another process whole: there nothing is remembered."""
        return RememberedProject, (self._given, self.summary, self.full)

    def called(self, title: str) -> Any:  # noqa: ANN401 -- stands for a `ProjectReport`, as this does
        """Return the same under another title."""
        project, full = self._given.project, self._full
        setting = project.setting and project.setting.model_copy(update={"title": title})
        return RememberedProject(
            replace(self._given, project=replace(project, setting=setting)),
            msgspec.structs.replace(self.summary, title=title),
            full and replace(full, title=title),
        )

    @cached_property
    def terms(self) -> GoalTerms:
        """Goal and dates."""
        return self._given.terms

    @property
    def goal(self) -> Goal | None:
        """What it asks for."""
        return self.terms.goal

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The rows, each with its period."""
        return self.terms.periods.named(self._given.project.entries)

    def since(self, at: datetime) -> tuple[Entry, ...]:
        """Return the rows of a time and later, each with its period."""
        rows = self._given.project.rows.since(at)
        return self.terms.periods.named(rows) if rows else ()

    @property
    def has_rows(self) -> bool:
        """Whether there are rows of money, or declarations."""
        return bool(len(self._given.project.rows) or self.declarations)

    @property
    def day_prices(self) -> PricesOfDays:
        """The prices of its days."""
        return self._given.prices

    @property
    def restatements(self) -> tuple[Any, ...]:
        """The restatements; their bounds follow from figures."""
        return self.full.restatements if self._given.restatements else ()

    @property
    def full(self) -> ProjectReport:
        """The whole report."""
        if self._full is None:
            self._full = project_report(self._given)
        return self._full


class _Figures(Mapping[str, Figure]):
    """Figures by name: single ones as remembered, others of the whole report."""

    def __init__(self, project: RememberedProject) -> None:
        self._project = project

    def __getitem__(self, name: str) -> Figure:
        known = self._project.summary.single_figures
        return known[name] if name in known else self._project.full.figures[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._project.full.figures)

    def __len__(self) -> int:
        return self._project.summary.figure_count
