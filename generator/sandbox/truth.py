"""What a report must say, folded from what the actors noted when they acted.

Nothing is read back from a server or the chain, and nothing is shared with the
report: where both agree to the last millisatoshi, both are right.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Final

from generator.sandbox.acts import Act
from generator.sandbox.btcpay.crowdfund_page import CrowdfundPage
from generator.sandbox.btcpay.deeds import Deed, DeedKind, PaidPlace
from generator.sandbox.movement_truth import movement_figures
from generator.sandbox.pace_truth import pace_figures
from generator.sandbox.period_truth import period_figures
from generator.sandbox.project_truth import (
    FLOWS,
    Aim,
    ProjectTruth,
    declared,
    other_coins,
    own_number,
    percent_text,
    utc_day,
)
from generator.sandbox.size_truth import size_figures
from generator.sandbox.statement_truth import (
    account_figures,
    pending_figures,
    returned_on_days,
    statement_figures,
    week_figures,
    week_worths,
)
from generator.sandbox.store_truth import StoreTruth, source_of, stores_of
from generator.sandbox.worth import Market, Prices, Value

ALL: Final = "all"
_SOON: Final = 90  #: days
#: What can become of an announced project.
_STATES: Final = ("read", "not-read", "only-announced", "founded-terms-unknown", "hidden")
_WEEK: Final = timedelta(days=7)
_DAYS_BACK: Final = timedelta(days=6)  #: with today a week
_NO_PRICES: Final = Prices(())
_HEADLINES: Final = (
    *(
        "raised",
        "pending",
        "refunded",
        *FLOWS,
        "locked",
        "in_penalty",
        "net",
        "returned",
        *("with_founder", "paid_out"),
        *("proven", "reported_chain", "reported_server"),
    ),
    *("contributions", "payments", "investor_keys", "declarations"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """All there is to know, as of `now`; only projects with an `Aim` are reported."""

    aims: Sequence[Aim]
    acts: Sequence[Act]
    deeds: Sequence[Deed]
    others: Sequence[Deed] = ()  #: deeds in the same stores that are in no project's bitcoin
    places: Sequence[PaidPlace] = ()  #: bound ones, and the rest of each store that is read
    homes: Mapping[str, str] = field(default_factory=dict)  #: store bound to one project alone → its slug
    now: datetime
    prices: Prices = _NO_PRICES
    currencies: Sequence[str] = ()  #: those whose prices are recorded, day by day
    min_group: int = 5  #: payments that a class of sizes has at least
    network_wide: bool = False  #: the report is of the whole network
    unread: frozenset[str] = frozenset()  #: projects that nobody may read
    #: source → on how many days it answered and did not, and how many runs failed
    asked: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    pages: Mapping[str, CrowdfundPage] = field(default_factory=dict)  #: BTCPay's own, by slug

    def figures(self) -> dict[str, Value]:
        """Return figure id → value, exactly the figures that a report of these projects has."""
        market = Market(self.prices, tuple(self.currencies), utc_day(self.now))
        stores, paid_out = self.stores, Counter[str]()
        for store, slug in self.homes.items():
            paid_out[slug] += stores.get(store, StoreTruth()).paid_out
        aims = [replace(aim, paid_out=paid_out[aim.slug]) for aim in self.aims if aim.slug not in self.unread]
        projects = [ProjectTruth(aim, self.acts, self.deeds, market) for aim in aims]
        found: dict[str, Value] = {}
        for project in projects:
            own = {**project.headlines(), **declared(project.deeds), **project.goal(), **project.stages()}
            own |= period_figures(project)
            payouts = self._payouts(project.aim.slug)
            own |= movement_figures(project, payouts) | statement_figures([project], payouts, market)
            own |= _series(project.came(), project.until(self.now))
            own |= week_worths(project, [name[7:] for name in own if name.startswith("inflow@")])
            own |= pace_figures(project, market.today) | size_figures(project, self.min_group)
            own |= pending_figures(project) | _shares(project.headlines()) | project.rails()
            own |= week_figures([project], market, market.today - _DAYS_BACK, whole=False)
            own |= _worths(project, market)
            own |= own_number(self.pages.get(project.aim.slug))
            own |= other_coins(project.aim.slug, self.others)
            found |= {f"{project.aim.slug}/{name}": value for name, value in own.items()}
        headlines = [project.headlines() for project in projects]
        sums = {name: sum(headline[name] for headline in headlines) for name in _HEADLINES}
        whole: dict[str, Value] = {**sums, **_shares(sums)}
        whole |= declared([deed for project in projects for deed in project.deeds])
        whole |= _series([came for project in projects for came in project.came()], utc_day(self.now))
        whole |= self._movements(projects, market)
        whole |= _sources(projects)
        whole |= market.rates() | market.figures(
            [receipt for project in projects for receipt in project.receipts()]
        )
        whole |= market.held(sums, "at_month_end", market.month_end) | market.held(
            sums, "today", market.today
        )
        whole |= self._stakes(projects) | _days(self.asked)
        for store in dict.fromkeys(place.store for place in self.places):
            read = [place for place in self.places if place.store == store]
            whole |= stores.get(store, StoreTruth()).figures(read)
        whole |= {"projects": len(self.aims), "projects_read": len(projects)}
        whole |= self._network(projects) if self.network_wide else {}
        return found | {f"{ALL}/{name}": value for name, value in whole.items()}

    @property
    def stores(self) -> dict[str, StoreTruth]:
        """Where the money of each BTCPay store belongs, by the store's id."""
        return stores_of((*self.deeds, *self.others))

    def _payouts(self, slug: str) -> list[Deed]:
        """Return what was paid out, to no donor, from stores that are bound to this project alone."""
        return [
            deed
            for deed in self.others
            if deed.kind is DeedKind.PAID_OUT and self.homes.get(deed.place.store) == slug
        ]

    def _movements(self, projects: Sequence["ProjectTruth"], market: Market) -> dict[str, Value]:
        """Return the statements of all projects, their accounts, and what came and went in the week."""
        payouts = [deed for project in projects for deed in self._payouts(project.aim.slug)]
        return {
            **statement_figures(projects, payouts, market),
            **account_figures(projects, payouts),
            **week_figures(projects, market, market.today - _DAYS_BACK, whole=True),
            **returned_on_days([went for project in projects for went in project.went()], market),
        }

    def _stakes(self, projects: Iterable["ProjectTruth"]) -> dict[str, Value]:
        """Return what is locked by when it may be claimed: now, within 90 days, later."""
        sums = {"claimable": 0, "due_soon": 0, "due_later": 0}
        for project in projects:
            for day, locked in project.locked_by_day().items():
                wait = (day - utc_day(self.now)).days
                sums["claimable" if wait <= 0 else "due_soon" if wait <= _SOON else "due_later"] += locked
        return dict(sums)

    def _network(self, projects: Sequence["ProjectTruth"]) -> dict[str, Value]:
        """Return how many projects there are, of which type, and how many began in each month."""
        found: Counter[str] = Counter({f"projects_announced@{state}": 0 for state in _STATES})
        began: Counter[str] = Counter()
        for project in projects:
            kind, sums = project.aim.kind or "other", project.headlines()
            found[f"projects_of@{kind}"] += 1
            found["projects_announced@read"] += bool(project.aim.kind)
            found[f"raised_of@{kind}"] += sums["raised"]
            found[f"locked_of@{kind}"] += sums["locked"]
            if project.aim.starts_on and project.aim.starts_on <= utc_day(self.now):
                began[f"{project.aim.starts_on:%Y-%m}"] += 1
        day = date.fromisoformat(f"{min(began)}-01") if began else None
        while day is not None and day <= utc_day(self.now):
            found[f"projects_new@{day:%Y-%m}"] = began[f"{day:%Y-%m}"]
            day = (day + timedelta(days=31)).replace(day=1)
        return dict(found)

    def write(self, path: Path) -> None:
        """Write the figures as JSON, one a line."""
        text = json.dumps(self.figures(), indent=0, sort_keys=True, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _sources(projects: Sequence[ProjectTruth]) -> dict[str, Value]:
    """Return what came through Angor and through each BTCPay store, by the end of each day."""
    acts = [act for project in projects for act in project.invested]
    came = {"ANGOR": [(act.at, act.amount_msat) for act in acts]}
    for project in projects:
        for deed in project.paid:
            name = source_of(deed.place.store).upper()
            came.setdefault(name, []).append((deed.at, deed.amount_msat))
    counts = {name: len(some) for name, some in came.items()} | {"ANGOR": len({act.txid for act in acts})}
    found: dict[str, Value] = {f"from_count@{name}": count for name, count in counts.items()}
    for name, some in came.items():
        total = 0
        for at, amount_msat in sorted(some):
            total += amount_msat
            found[f"from_by@{name}-{utc_day(at)}"] = total
        found[f"from@{name}"] = total
    return found


def _shares(sums: Mapping[str, int]) -> dict[str, Value]:
    """Return which part of what came was only declared, by count, and which of what was raised is proven."""
    declared, proven, raised = sums["declarations"], sums["proven"], sums["raised"]
    came = declared + sums["payments"]
    return {
        "declared_share": percent_text(Fraction(declared, came)) if came else None,
        "proven_share": percent_text(Fraction(proven, raised)) if raised else None,
    }


def _series(came: Sequence[tuple[date, int]], last: date) -> dict[str, Value]:
    """Return what had come by the end of each day, and in each week until a day or the last gift."""
    found: dict[str, Value] = {}
    total, weekly = 0, Counter[date]()
    for day, amount_msat in sorted(came):
        total += amount_msat
        found[f"raised@{day}"] = total
        weekly[day - timedelta(days=day.weekday())] += amount_msat
    monday = min(weekly, default=None)
    while monday is not None and monday <= max(last, *weekly):
        year, week, _ = monday.isocalendar()
        found[f"inflow@{year}-W{week:02d}"] = weekly[monday]
        monday += _WEEK
    return found


def _worths(project: ProjectTruth, market: Market) -> dict[str, Value]:
    """Return what one project's sums are or were worth, and what had come towards its goal by each day."""
    receipts, goal_currency = project.receipts(), project.aim.goal_currency
    currencies = [
        *market.currencies[:1],
        *([] if project.aim.begun or not goal_currency else [goal_currency]),
    ]
    found = market.figures(receipts) | returned_on_days(project.went(), market)
    found |= market.held(project.headlines(), "at_month_end", market.month_end)
    for currency in currencies:
        found |= market.series(receipts, currency, f"at_receipt@{currency}-")
    return found


def _days(asked: Mapping[str, tuple[int, int, int]]) -> dict[str, Value]:
    """Return on how many days each source answered and did not, and how many runs failed."""
    names = ("days_answered", "days_missing", "runs_failed")
    return {f"{name}@{at}": days[n] for at, days in asked.items() for n, name in enumerate(names)}
