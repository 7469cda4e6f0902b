"""The report as values: everything a page states, computed once, before any HTML or chart.

Templates format these values and never compute. Every published number is a
`Figure`; its id is ``<slug>/<name>`` or ``all/<name>``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self, TypeAlias

from generator.config import Config
from generator.ledger import Declaration, Entry
from generator.report.prices import Prices
from generator.snapshot import Finding, Goal, Outcome, Rate, Stage

#: A term of a project as its record holds it.
Term: TypeAlias = str | int | datetime | Goal | tuple[Stage, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One published number."""

    id: str
    project: str | None  #: slug, None for the portfolio (id ``all/…``)
    name: str
    value: int | str | None  #: msat and counts are int, percent and fiat decimal text, unknown is None
    unit: str  #: ``msat``, ``count``, ``percent`` or a currency code
    complete: bool  #: False: at least this much ("≥")
    verification: str | None  #: proven, reported, or None where it does not apply
    formula: str  #: how it is made, one sentence
    inputs: tuple[str, ...]  #: figure ids, or ``entries:<kind>[:<status>]`` selectors of the ledger CSV


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One place of a series."""

    day: date  #: the day, or the Monday of a week
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way in which money came: a payment rail, or a source."""

    name: str  #: as in its figures' names, upper case
    raised: Figure
    count: Figure
    days: tuple[Point, ...] = ()  #: of a source: its part of raised by the end of each day it has a row of


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    """All stage outputs of a project that open on one UTC day."""

    opens_on: date
    number: int | None  #: planned stage number (Invest), None where each investor has own dates
    funded: Figure
    claimed: Figure
    left: Figure  #: penalty, recovery and unclassified: taken out before or instead of a claim
    locked: Figure
    claims: tuple[Entry, ...]  #: the claim entries, for date and transaction links


class Standing(StrEnum):
    """A project's state in one word, worked out from goal, dates and as-of."""

    UPCOMING = "upcoming"
    REACHED = "goal reached"
    ON_PACE = "on pace"
    BEHIND = "behind pace"
    OPEN = "collecting"  #: a goal, but no dates to measure a pace by
    ENDED = "ended below goal"
    NO_GOAL = "no goal"
    UNKNOWN = "not known yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What one source last said, and how old that is at the as-of time."""

    name: str
    label: str  #: for people: ``BTCPay pay.example.org``
    outcome: Outcome | None  #: of the last run record, None if it was never asked
    message: str
    data_at: datetime | None  #: last time it answered, None if never
    age: timedelta | None  #: as-of minus data_at
    stale: bool  #: older than quality.max_age_hours, or never answered
    counts: Mapping[str, int]


class Watch(StrEnum):
    """What one day brought from one source."""

    ANSWERED = "answered"
    FAILED = "asked, no answer"
    QUIET = "not asked, none was due"  #: between two answers no farther apart than quality.max_age_hours
    SILENT = "nobody looked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A run in which a source gave nothing that could be recorded."""

    source: str
    at: datetime
    outcome: Outcome
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookHealth:
    """How much of what a webhook should have brought did come; unknown where nobody could tell."""

    since: datetime  #: of the first run record that looked
    taken: Figure  #: by the server's own list
    failed: Figure
    unknown: Figure  #: taken by the server's list, not known to the receiver in the same folder
    payments: Figure  #: by polling
    late: Figure

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Return all of them."""
        return (self.taken, self.failed, self.unknown, self.payments, self.late)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How well one source was read over the last 90 days, or since it was first asked."""

    state: SourceState
    days: tuple[tuple[date, Watch], ...]  #: oldest first, without a hole; empty if it was never asked
    answered: Figure  #: days with an answer
    missing: Figure  #: days on which it failed or nobody looked
    failed: Figure  #: run records without an answer
    longest: (
        timedelta | None
    )  #: between two answers that touch these days, or since the last; None without any
    failures: tuple[Failure, ...]  #: newest first
    webhook: WebhookHealth | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A gap or anomaly in one sentence; `id` is stable and citable."""

    id: str
    day: date | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that happened or was restated lately, in one sentence without amounts; `id` is stable."""

    id: str
    at: datetime  #: when it happened; for edited terms and restated rows when it was observed
    project: str  #: slug
    kind: str  #: contributions, claim, penalty, …, project, terms, restated
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A run record as changes name it."""

    run: str  #: id
    at: datetime
    snapshot: str  #: id


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A term that a source said otherwise before."""

    id: str
    project: str  #: slug
    source: str
    term: str  #: field of the record, such as ``goal``
    word: str  #: for people: ``deadline``
    before: Term
    after: Term
    seen_before: Look  #: the last run at which the old term stood
    seen_after: Look  #: the run that saw the new one


@dataclass(frozen=True, slots=True, kw_only=True)
class Restatement:
    """A sum of one month that an earlier run stated otherwise."""

    id: str
    project: str  #: slug
    sum: str  #: ``raised``, ``claimed`` …, or ``value@EUR``
    month: str  #: ``2025-05``
    before: Figure
    after: Figure
    seen_before: Look
    seen_after: Look
    reasons: tuple[str, ...]  #: how many rows, and why; reasons of the maintainer as published
    rows: tuple[str, ...]  #: ids of the rows that changed

    def complete_as(self, figure: Figure) -> Self:
        """Return the same with "at least" where the project's own sum says so."""
        if figure.complete:
            return self
        before, after = (replace(one, complete=False) for one in (self.before, self.after))
        return replace(self, before=before, after=after)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectReport:
    """One project page."""

    slug: str
    title: str
    tagline: str
    description: str  #: Markdown or HTML of the source, not yet cleaned
    website: str
    kind: str  #: invest, fund, subscribe, crowdfund, pos, request, store
    sources: tuple[str, ...]  #: names of the sources that speak about it
    standing: Standing
    goal: Goal | None
    starts_at: datetime | None
    ends_at: datetime | None
    expires_at: datetime | None
    penalty_days: int | None
    identifier: str
    address: str
    founder_key: str
    event_id: str
    founding_txid: str
    figures: Mapping[str, Figure]  #: every figure of this project by name, series and stages too
    funding: tuple[Point, ...]  #: cumulative raised at the end of each UTC day with a contribution
    weeks: tuple[Point, ...]  #: inflow by ISO week, from the first to as-of or the project's end, zeros too
    gaps: tuple[tuple[date, date], ...]  #: inclusive day ranges without a successful observation
    stages: tuple[StageRow, ...]
    entries: tuple[Entry, ...]  #: ordered by time, then id
    declarations: tuple[Declaration, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    rails: tuple[Way, ...] = ()  #: the largest first
    receipts: tuple[Point, ...] = ()  #: value at receipt by the end of each of these days, first currency
    planned: tuple[Stage, ...] = ()  #: the stages an Invest project announced, funded or not
    goal_by: str = ""  #: who names the goal: ``config``, or a source; empty without one
    changed_at: datetime | None = None  #: time of the run that last observed something new about it
    first_seen_at: datetime | None = None  #: time of the first run that observed it
    edits: tuple[Edit, ...] = ()  #: oldest first
    restatements: tuple[Restatement, ...] = ()  #: oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole site, before it is drawn."""

    title: str
    base_url: str
    network: str
    demo: bool
    as_of: datetime
    snapshot: str  #: id
    tip_height: int | None
    config: Config  #: as it is published: nothing of the report depends on more
    projects: tuple[ProjectReport, ...]  #: in config order, network-wide: by raised, then slug
    figures: Mapping[str, Figure]  #: of the portfolio by name, series too
    funding: tuple[Point, ...]
    sources: tuple[SourceState, ...]
    rates: tuple[Rate, ...]
    notes: tuple[Note, ...]
    findings: tuple[Finding, ...] = field(default=())  #: about sources rather than projects
    ways: tuple[Way, ...] = ()  #: sources that answered, the largest first
    prices: Prices = field(default_factory=Prices)
    weeks: tuple[Point, ...] = ()  #: inflow of the portfolio by ISO week
    gaps: tuple[tuple[date, date], ...] = ()  #: inclusive day ranges between run records
    health: tuple[Health, ...] = ()  #: of every configured source, in the order of `sources`
    changes: tuple[Change, ...] = ()  #: of the seven days before as-of, newest first

    def all_figures(self) -> tuple[Figure, ...]:
        """Return every published number, ordered by id."""
        own = [figure for project in self.projects for figure in project.figures.values()]
        return tuple(sorted([*self.figures.values(), *own], key=lambda figure: figure.id))

    def figure(self, figure_id: str) -> Figure | None:
        """Return the figure with this id, such as ``well/raised``; None if there is none."""
        slug, _, name = figure_id.partition("/")
        if slug == "all":
            return self.figures.get(name)
        return next((one.figures.get(name) for one in self.projects if one.slug == slug), None)
