"""What pages say of the report around them, and all that a page about a part of it may read of it.

A page that reads anything else of the report fails, because these values have nothing else. So the key of a
unit covers what its pages depend on.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Self

import msgspec

from generator.config import Config
from generator.report import Figure, ProjectReport, Report, SourceState
from generator.report.annotations import Annotation, of_project
from generator.report.census import CensusRow, NetworkCensus
from generator.report.figures.currency_values import MONTH_RATE
from generator.report.prices import Prices, PricesOfDays
from generator.report.store_account import StoreAccount
from generator.sentence import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteWords:
    """What stands on every page; every field is the report's own of that name."""

    title: str
    titles: Mapping[str, str]
    base_url: str
    network: str
    demo: bool

    @classmethod
    def of(cls, report: Report) -> Self:
        """Take these of a report."""
        return cls(**{field.name: getattr(report, field.name) for field in fields(cls)})


class ShareGlimpse(msgspec.Struct, frozen=True, kw_only=True):
    """What a project's pages read of a place of a store."""

    accepted: str


class StoreGlimpse(msgspec.Struct, frozen=True, kw_only=True):
    """What a project's pages read of a store: none of its sums, which any project's payment changes."""

    state: SourceState  #: at rest
    paid_out: Figure
    shares: tuple[ShareGlimpse, ...]

    @classmethod
    def of(cls, account: StoreAccount) -> Self:
        """Take these of an account."""
        shares = tuple(ShareGlimpse(accepted=share.accepted) for share in account.shares)
        return cls(state=account.state.at_rest, paid_out=account.paid_out, shares=shares)


class ProjectUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the maintainer's that a project's page lists."""

    day: date
    title: Written
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSurroundings(SiteWords):
    """What the pages of one project read of the report besides the project itself."""

    config: Config
    project_count: int
    day_prices: PricesOfDays  #: of the days of its entries and of the last month's end
    figures: Mapping[str, Figure]  #: rates of the last month's end
    sources: tuple[SourceState, ...]  #: those that speak about it, at rest
    stores: tuple[StoreGlimpse, ...]  #: those of its sources, and of its doubtful money
    census: NetworkCensus  #: its own row, if it has one
    edition: str  #: newest month that is frozen; empty without one
    updates: tuple[ProjectUpdate, ...]  #: pages of the maintainer's about it, the newest first
    annotations: tuple[Annotation, ...]  #: notes of the maintainer's about it, the newest first

    @property
    def prices(self) -> Prices:
        """The prices of its days."""
        return self.day_prices.found


class Surroundings:
    """The surroundings of every project of a report, found without looking through all of it for each."""

    def __init__(
        self,
        report: Report,
        updates: Mapping[str, tuple[ProjectUpdate, ...]] | None = None,
    ) -> None:
        """Take the maintainer's updates by slug."""
        self._report = report
        self._updates = updates or {}
        rates = (MONTH_RATE.name_of(currency) for currency in report.prices.currencies)
        self._rates = {name: report.figures[name] for name in rates}
        self._rows: defaultdict[str, list[CensusRow]] = defaultdict(list)
        for row in report.census.rows:
            self._rows[row.slug].append(row)

    def of(self, project: ProjectReport) -> ProjectSurroundings:
        """Return what the pages of a project may read."""
        report = self._report
        of_money = {*project.sources, *(finding.source for finding in project.findings)}
        return ProjectSurroundings(
            **{field.name: getattr(report, field.name) for field in fields(SiteWords)},
            config=report.config,
            project_count=report.project_count,
            day_prices=project.day_prices,
            figures=self._rates,
            sources=tuple(state.at_rest for state in report.sources if state.name in project.sources),
            stores=tuple(
                StoreGlimpse.of(account) for account in report.stores if account.state.name in of_money
            ),
            census=NetworkCensus(rows=tuple(self._rows.get(project.slug, ()))),
            edition=report.edition,
            updates=self._updates.get(project.slug, ()),
            annotations=of_project(report.annotations, project.slug),
        )
