"""The report as values: everything a page states, computed once, before any HTML or chart.

Templates format these values and never compute. Every published number is a
`Figure`; its id is ``<slug>/<name>`` or ``all/<name>``.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Final

from generator.config import Config
from generator.ledger import Declaration, Entry, OtherMoney
from generator.report.annotations import Annotation
from generator.report.census import NetworkCensus
from generator.report.days import DayRange
from generator.report.figures.currency_values import AT_RECEIPT
from generator.report.figures.definitions import DECLARED
from generator.report.figures.figure import ALL, Figure, Point
from generator.report.figures.project_context import GoalTerms
from generator.report.health.coverage import Health
from generator.report.health.independence import Independence
from generator.report.health.source_states import SourceState
from generator.report.history.changes import Change
from generator.report.history.edits import Edit, edited_goals
from generator.report.history.news import NewsEvent
from generator.report.history.restatements import Restatement
from generator.report.ledger_sums import LedgerSums
from generator.report.notes import Note
from generator.report.prices import Prices, PricesOfDays
from generator.report.series.stages import StageRow
from generator.report.series.subtotals import Subtotal
from generator.report.statements.edition import Edition
from generator.report.statements.month_sums import MonthPart
from generator.report.statements.statement import Statement
from generator.report.status import ProjectStatus
from generator.report.store_account import StoreAccount
from generator.snapshot import Finding, Goal, ProjectPicture, Stage

#: Events that a feed tells.
LATEST: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectReport:
    """One project page."""

    slug: str
    title: str
    titles: Mapping[str, str]  #: in other languages of the site, by code; the maintainer's
    tagline: str
    description: str  #: Markdown or HTML of the source, not yet cleaned
    website: str
    kind: str  #: invest, fund, subscribe, crowdfund, pos, request, store
    sources: tuple[str, ...]  #: names of the sources that speak about it
    status: ProjectStatus
    goal: Goal | None
    terms: GoalTerms  #: how and when the goal is measured
    starts_at: datetime | None
    ends_at: datetime | None
    end_known: bool  #: False while the source that decides about it is unread
    expires_at: datetime | None
    penalty_days: int | None
    identifier: str
    address: str
    founder_key: str
    event_id: str
    founding_txid: str
    figures: Mapping[str, Figure]  #: every figure of this project by name, series and stages too
    funding: tuple[Point, ...]  #: cumulative raised at the end of each UTC day with a contribution
    goal_funding: tuple[Point, ...]  #: the same of what the goal is compared with, in its unit
    weeks: tuple[Point, ...]  #: inflow by ISO week, from the first to `shown_until` or its end, zeros too
    goal_weeks: tuple[Point, ...]  #: the same in the unit of the goal
    gaps: tuple[DayRange, ...]  #: days without a successful observation
    stages: tuple[StageRow, ...]
    entries: tuple[Entry, ...]  #: ordered by time, then id
    ledger_sums: LedgerSums
    day_prices: PricesOfDays  #: of the days of its rows, and of the last month's end
    declarations: tuple[Declaration, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    other_money: tuple[OtherMoney, ...] = ()  #: in other coins, or by rails not known to be bitcoin
    rails: tuple[Subtotal, ...] = ()  #: the largest first
    receipts: tuple[Point, ...] = ()  #: value at receipt by the end of each of these days, first currency
    planned: tuple[Stage, ...] = ()  #: the stages an Invest project announced, funded or not
    goal_by: str = ""  #: who names the goal: ``config``, or a source; empty without one
    shown_until: date  #: series end here: the day of the last change, or the last full month's if later
    today: date | None = None  #: the report's day, where a deadline or a period runs; None elsewhere
    changed_at: datetime | None = None  #: time of the run that last observed something new about it
    changed_in: Mapping[str, datetime] = field(default_factory=dict)  #: the same of the rows of each month
    first_seen_at: datetime | None = None  #: time of the first run that observed it
    edits: tuple[Edit, ...] = ()  #: oldest first
    restatements: tuple[Restatement, ...] = ()  #: oldest first
    statements: tuple[Statement, ...] = ()  #: of months in which money moved, oldest first
    picture: ProjectPicture | None = None  #: what was found where it says that its picture is
    has_extras: bool = True  #: feeds and languages of its own, and what search engines and other sites show
    pending_months: Mapping[str, Figure] = field(default_factory=dict)  #: what is pending, by month seen
    news: tuple[NewsEvent, ...] = ()  #: what people follow, oldest first

    @property
    def has_rows(self) -> bool:
        """Whether its ledger has anything to show; else it has no page."""
        return bool(self.entries or self.declarations)

    def since(self, at: datetime) -> tuple[Entry, ...]:
        """Return the entries of a time and later."""
        return self.entries[bisect_left(self.entries, at, key=attrgetter("at")) :]

    @property
    def latest_news(self) -> tuple[NewsEvent, ...]:
        """What a feed tells, oldest first."""
        return self.news[-LATEST:]

    @property
    def has_stages(self) -> bool:
        """Whether stage outputs of it were funded."""
        return bool(self.stages)

    @property
    def open_stages(self) -> tuple[StageRow, ...]:
        """The stages that hold money, or may; what was claimed of them stands on the project's page alone."""
        return tuple(replace(stage, claims=()) for stage in self.stages if stage.locked.value != 0)

    @property
    def single_figures(self) -> Mapping[str, Figure]:
        """Those that lists of projects show: of no family, sums of declarations, values at receipt."""
        return {
            name: figure
            for name, figure in self.figures.items()
            if "@" not in name or name.startswith((f"{DECLARED.name}@", f"{AT_RECEIPT.name}@"))
        }

    @property
    def month_parts(self) -> tuple[MonthPart, ...]:
        """What the statements of all projects take of its own."""
        return tuple(statement.part for statement in self.statements)

    def nested_figures(self) -> Iterator[Figure]:
        """Yield the figures of subtotals, series, stages, past terms and statements."""
        for subtotal in self.rails:
            yield from subtotal.figures
        days = (*self.receipts, *self.funding, *self.goal_funding, *self.weeks, *self.goal_weeks)
        yield from (point.figure for point in days)
        for stage in self.stages:
            yield from stage.figures
        for edit in self.edits:
            yield from (goal for goal in edited_goals(edit) if goal is not None)
        for restatement in self.restatements:
            yield from (restatement.before, restatement.after)
        for statement in self.statements:
            yield from statement.figures
        yield from self.pending_months.values()
        for event in self.news:
            yield from event.figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole site, before it is drawn."""

    title: str
    base_url: str
    network: str
    demo: bool
    as_of: datetime
    snapshot: str  #: id
    run: str  #: id of the last run
    tip_height: int | None
    config: Config  #: as it is published: nothing of the report depends on more
    projects: tuple[ProjectReport, ...]  #: in config order, network-wide: by raised, then slug
    figures: Mapping[str, Figure]  #: of the portfolio by name, series too
    today: Mapping[str, Figure]  #: by id: what moves with the clock, also of projects; ``today.json``
    shown_until: date  #: as of a project, the latest of all
    funding: tuple[Point, ...]
    sources: tuple[SourceState, ...]
    notes: tuple[Note, ...]
    findings: tuple[Finding, ...] = field(default=())  #: about sources rather than projects
    by_source: tuple[Subtotal, ...] = ()  #: sources that answered, the largest first
    prices: Prices = field(default_factory=Prices)
    weeks: tuple[Point, ...] = ()  #: inflow of the portfolio by ISO week, to `shown_until`
    gaps: tuple[DayRange, ...] = ()  #: days between run records
    health: tuple[Health, ...] = ()  #: of every configured source, in the order of `sources`
    stores: tuple[StoreAccount, ...] = ()  #: of BTCPay, in config order
    view: Independence = field(default_factory=Independence)  #: who told what is known of Angor
    census: NetworkCensus = field(default_factory=NetworkCensus)
    incidents: tuple[NewsEvent, ...] = ()  #: of sources, oldest first
    annotations: tuple[Annotation, ...] = ()  #: of the maintainer's, newest first; no number rests on them
    changes: tuple[Change, ...] = ()  #: of the seven days before as-of, newest first
    statements: tuple[Statement, ...] = ()  #: of all projects together, oldest first
    editions: tuple[Edition, ...] = ()  #: of months that were frozen, oldest first; none of its own numbers

    def nested_figures(self) -> Iterator[Figure]:
        """Yield the figures of the portfolio's series, sources, stores and statements."""
        yield from (point.figure for point in (*self.funding, *self.weeks))
        for subtotal in self.by_source:
            yield from subtotal.figures
        for account in self.stores:
            yield from account.figures
        yield from self.census.figures
        for statement in self.statements:
            yield from statement.figures

    @property
    def titles(self) -> Mapping[str, str]:
        """The title in other languages of the site, by code."""
        return self.config.site.titles

    @property
    def edition(self) -> str:
        """The newest month that is frozen; empty without one."""
        return self.editions[-1].month if self.editions else ""

    @property
    def project_count(self) -> int:
        """How many projects have pages."""
        return len(self.projects)

    def all_figures(self) -> tuple[Figure, ...]:
        """Return every published number but those of today, ordered by id."""
        own = [figure for project in self.projects for figure in project.figures.values()]
        return tuple(sorted([*self.figures.values(), *own], key=lambda figure: figure.id))

    def figure(self, figure_id: str) -> Figure | None:
        """Return the figure with this id, such as ``well/raised``; None if there is none."""
        slug, _, name = figure_id.partition("/")
        if figure_id in self.today:
            return self.today[figure_id]
        if slug == ALL:
            return self.figures.get(name)
        return next((project.figures.get(name) for project in self.projects if project.slug == slug), None)
