"""What a report must say, folded from what the actors noted when they acted.

Nothing is read back from a server or the chain, and nothing is shared with the
report: where both agree to the last millisatoshi, both are right.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final

from generator.sandbox.acts import Act, ActKind, ActStatus
from generator.sandbox.btcpay.crowdfund_page import CrowdfundPage
from generator.sandbox.btcpay.deeds import Deed, DeedKind, Standing
from generator.sandbox.own_number import own_number
from generator.sandbox.prices import Prices
from generator.sandbox.watching import first_day
from generator.sandbox.worth import Market, Receipt, Value, decimal_text

ALL: Final = "all"
_SOON: Final = 90  #: days
_WEEK: Final = timedelta(days=7)
_NO_PRICES: Final = Prices(())
#: figure → the acts it sums
_FLOWS: Final = {
    "claimed": ActKind.CLAIM,
    "penalty": ActKind.PENALTY,
    "released": ActKind.RELEASE,
    "recovered": ActKind.RECOVERY,
    "unclassified": ActKind.UNCLASSIFIED,
    "fee": ActKind.FEE,
}
#: The world's BTCPay server as figures name it.
_SERVER: Final = "BTCPAY-PAY"
_LEAVES_STAGE: Final = ("claimed", "penalty", "recovered", "unclassified")
_HEADLINES: Final = (
    *(
        "raised",
        "pending",
        "refunded",
        *_FLOWS,
        "locked",
        "in_penalty",
        "net",
        "returned",
        "with_founder",
        *("proven", "reported_chain", "reported_server"),
    ),
    *("contributions", "payments", "investor_keys", "declarations"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A reported project: its slug, its Angor identifier if it has one, and its goal in one of two ways."""

    slug: str
    identifier: str = ""
    goal_msat: int | None = None
    goal_value: Decimal | None = None
    goal_currency: str = ""
    kind: str = ""  #: Angor's type of it, empty for others
    starts_on: date | None = None  #: the announced first day
    ends_on: date | None = None  #: the announced last day


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """All there is to know, as of `now`; only projects with an `Aim` are reported."""

    aims: Sequence[Aim]
    acts: Sequence[Act]
    deeds: Sequence[Deed]
    now: datetime
    prices: Prices = _NO_PRICES
    currencies: Sequence[str] = ()  #: those whose prices are recorded, day by day
    network_wide: bool = False  #: the report is of the whole network
    asked: Sequence[str] = ()  #: the sources that answer, asked once, now
    pages: Mapping[str, CrowdfundPage] = field(default_factory=dict)  #: BTCPay's own, by slug

    def figures(self) -> dict[str, Value]:
        """Return figure id → value, exactly the figures that a report of these projects has."""
        market = Market(self.prices, tuple(self.currencies), _day(self.now))
        projects = [_Project(aim, self.acts, self.deeds, market) for aim in self.aims]
        found: dict[str, Value] = {}
        for project in projects:
            own = {**project.headlines(), **project.declared(), **project.goal(), **project.stages()}
            own |= _series(project.came(), project.until(self.now))
            own |= _declared_share(project.headlines()) | _proven_share(project.headlines())
            own |= project.rails()
            own |= market.figures(project.receipts()) | market.series(project.receipts())
            own |= own_number(self.pages.get(project.aim.slug))
            found |= {f"{project.aim.slug}/{name}": value for name, value in own.items()}
        headlines = [project.headlines() for project in projects]
        whole: dict[str, Value] = {name: sum(headline[name] for headline in headlines) for name in _HEADLINES}
        whole |= _declared_share(whole) | _proven_share(whole)
        whole |= _declared([deed for project in projects for deed in project.deeds])
        whole |= _series([came for project in projects for came in project.came()], _day(self.now))
        whole |= _sources(projects)
        whole |= market.rates() | market.figures(
            [receipt for project in projects for receipt in project.receipts()]
        )
        whole |= self._stakes(projects) | first_day(self.asked)
        whole |= self._network(projects) if self.network_wide else {}
        return found | {f"{ALL}/{name}": value for name, value in whole.items()}

    def _stakes(self, projects: Iterable["_Project"]) -> dict[str, Value]:
        """Return what is locked by when it may be claimed: now, within 90 days, later."""
        sums = {"claimable": 0, "due_soon": 0, "due_later": 0}
        for project in projects:
            for day, locked in project.locked_by_day().items():
                wait = (day - _day(self.now)).days
                sums["claimable" if wait <= 0 else "due_soon" if wait <= _SOON else "due_later"] += locked
        return dict(sums)

    def _network(self, projects: Sequence["_Project"]) -> dict[str, Value]:
        """Return how many projects there are, of which type, and how many began in each month."""
        found: Counter[str] = Counter({"projects": len(projects)})
        began: Counter[str] = Counter()
        for project in projects:
            kind, sums = project.aim.kind or "other", project.headlines()
            found[f"projects_of@{kind}"] += 1
            found[f"raised_of@{kind}"] += sums["raised"]
            found[f"locked_of@{kind}"] += sums["locked"]
            if project.aim.starts_on and project.aim.starts_on <= _day(self.now):
                began[f"{project.aim.starts_on:%Y-%m}"] += 1
        day = date.fromisoformat(f"{min(began)}-01") if began else None
        while day is not None and day <= _day(self.now):
            found[f"projects_new@{day:%Y-%m}"] = began[f"{day:%Y-%m}"]
            day = (day + timedelta(days=31)).replace(day=1)
        return dict(found)

    def write(self, path: Path) -> None:
        """Write the figures as JSON, one a line."""
        text = json.dumps(self.figures(), indent=0, sort_keys=True, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")


class _Project:
    """One project's acts and deeds."""

    def __init__(self, aim: Aim, acts: Iterable[Act], deeds: Iterable[Deed], market: Market) -> None:
        self.aim = aim
        self.market = market
        self.acts = [act for act in acts if aim.identifier and act.identifier == aim.identifier]
        self.deeds = [deed for deed in deeds if deed.project == aim.slug]

    def headlines(self) -> dict[str, int]:
        """Return the headline figures."""
        flows = {name: self._sum(kind, ActStatus.CONFIRMED) for name, kind in _FLOWS.items()}
        invested = self._sum(ActKind.INVESTMENT, ActStatus.CONFIRMED)
        raised = invested + sum(deed.amount_msat for deed in self._payments(Standing.CONFIRMED))
        refunded = sum(deed.amount_msat for deed in self.deeds if deed.kind is DeedKind.REFUNDED)
        investments = [act for act in self._of(ActKind.INVESTMENT) if act.status is ActStatus.CONFIRMED]
        return {
            "raised": raised,
            "pending": self._sum(ActKind.INVESTMENT, ActStatus.PENDING)
            + sum(deed.amount_msat for deed in self._payments(Standing.PENDING)),
            "refunded": refunded,
            **flows,
            "locked": invested - sum(flows[name] for name in _LEAVES_STAGE),
            "in_penalty": flows["penalty"] - flows["released"],
            "net": raised - refunded - flows["recovered"] - flows["released"],
            "returned": refunded + flows["recovered"] + flows["released"],
            "proven": invested,  # every confirmed act on the chain leaves its proof there
            "reported_chain": 0,
            "reported_server": raised - invested,
            "with_founder": raised - invested - refunded + flows["claimed"],
            "contributions": len({act.txid for act in investments}) + len(self._payments(Standing.CONFIRMED)),
            "payments": len(self._payments(Standing.CONFIRMED)),
            "investor_keys": len({act.investor_key for act in investments}),
            "declarations": sum(deed.kind is DeedKind.DECLARED for deed in self.deeds),
        }

    def declared(self) -> dict[str, Value]:
        """Return the sum of declarations in each currency."""
        return _declared(self.deeds)

    def goal(self) -> dict[str, Value]:
        """Return goal and progress: percent of the goal, two decimals, rounded down."""
        aim = self.aim
        if aim.goal_msat is not None:
            raised = self.headlines()["raised"]
            return {"goal": aim.goal_msat, "progress": _percent(Fraction(raised, aim.goal_msat))}
        if aim.goal_value is None:
            return {"goal": None, "progress": None}
        worth = self._worth(aim.goal_currency)
        progress = None if worth is None else _percent(worth / Fraction(aim.goal_value))
        return {"goal": decimal_text(Fraction(aim.goal_value)), "progress": progress}

    def stages(self) -> dict[str, Value]:
        """Return for each opening day what was funded, claimed, left and is still locked."""
        parts: Counter[tuple[str, date]] = Counter()
        for act in self.acts:
            if act.opens_on and act.status is ActStatus.CONFIRMED:
                parts[_PART.get(act.kind, ""), act.opens_on] += act.amount_msat
        found: dict[str, Value] = {}
        for day in sorted(day for part, day in parts if part == "funded"):
            funded, claimed, left = (parts[part, day] for part in ("funded", "claimed", "left"))
            found[f"stage_funded@{day}"] = funded
            found[f"stage_claimed@{day}"] = claimed
            found[f"stage_left@{day}"] = left
            found[f"stage_locked@{day}"] = funded - claimed - left
        return found

    def rails(self) -> dict[str, Value]:
        """Return what came by which rail, and how often."""
        sums: Counter[str] = Counter()
        counts: Counter[str] = Counter()
        for deed in self._payments(Standing.CONFIRMED):
            sums[deed.rail] += deed.amount_msat
            counts[deed.rail] += 1
        if invested := self.invested():
            sums["ANGOR"] = sum(act.amount_msat for act in invested)
            counts["ANGOR"] = len({act.txid for act in invested})
        amounts: dict[str, Value] = {f"rail@{rail}": amount for rail, amount in sums.items()}
        return amounts | {f"rail_count@{rail}": count for rail, count in counts.items()}

    def invested(self) -> list[Act]:
        """Return the confirmed investments."""
        return [act for act in self._of(ActKind.INVESTMENT) if act.status is ActStatus.CONFIRMED]

    def paid(self) -> list[Deed]:
        """Return the confirmed payments."""
        return self._payments(Standing.CONFIRMED)

    def receipts(self) -> list[Receipt]:
        """Return every confirmed contribution with what it was worth to whoever gave it."""
        found = [Receipt(_day(act.at), act.amount_msat) for act in self.invested()]
        return found + [
            Receipt(_day(deed.at), deed.amount_msat, deed.currency, deed.value)
            for deed in self._payments(Standing.CONFIRMED)
        ]

    def until(self, now: datetime) -> date:
        """Return the day up to which weeks are told: today, or the announced last day once it is past."""
        return min(_day(now), self.aim.ends_on or date.max)

    def locked_by_day(self) -> dict[date, int]:
        """Return what is still locked, by the day from which it may be claimed."""
        found: Counter[date] = Counter()
        for act in self.acts:
            if act.opens_on and act.status is ActStatus.CONFIRMED and act.kind in _PART:
                found[act.opens_on] += act.amount_msat * (1 if act.kind is ActKind.INVESTMENT else -1)
        return dict(found)

    def came(self) -> list[tuple[date, int]]:
        """Return day and msat of every confirmed contribution."""
        invested = [
            (_day(act.at), act.amount_msat)
            for act in self._of(ActKind.INVESTMENT)
            if act.status is ActStatus.CONFIRMED
        ]
        return invested + [(_day(deed.at), deed.amount_msat) for deed in self._payments(Standing.CONFIRMED)]

    def _of(self, kind: ActKind) -> Iterator[Act]:
        return (act for act in self.acts if act.kind is kind)

    def _sum(self, kind: ActKind, status: ActStatus) -> int:
        return sum(act.amount_msat for act in self._of(kind) if act.status is status)

    def _payments(self, standing: Standing) -> list[Deed]:
        return [deed for deed in self.deeds if deed.kind is DeedKind.PAID and deed.standing is standing]

    def _worth(self, currency: str) -> Fraction | None:
        """Return what all contributions were worth when they came; None if one has no such price."""
        values = [self.market.then(receipt, currency) for receipt in self.receipts()]
        known = [value for value in values if value is not None]
        return sum(known, Fraction()) if len(known) == len(values) else None


#: act → the part of a stage it adds to
_PART: Final = {
    ActKind.INVESTMENT: "funded",
    ActKind.CLAIM: "claimed",
    ActKind.PENALTY: "left",
    ActKind.RECOVERY: "left",
    ActKind.UNCLASSIFIED: "left",
}


def _sources(projects: Sequence[_Project]) -> dict[str, Value]:
    """Return what came through Angor and through the one BTCPay server, by the end of each day."""
    acts = [act for project in projects for act in project.invested()]
    deeds = [deed for project in projects for deed in project.paid()]
    found: dict[str, Value] = {
        "from_count@ANGOR": len({act.txid for act in acts}),
        f"from_count@{_SERVER}": len(deeds),
    }
    came = {
        "ANGOR": [(act.at, act.amount_msat) for act in acts],
        _SERVER: [(deed.at, deed.amount_msat) for deed in deeds],
    }
    for name, some in came.items():
        total = 0
        for at, amount_msat in sorted(some):
            total += amount_msat
            found[f"from_by@{name}-{_day(at)}"] = total
        found[f"from@{name}"] = total
    return found


def _declared_share(counts: Mapping[str, Value]) -> dict[str, Value]:
    """Return which part of what came was only declared, by count."""
    declared, paid = int(counts["declarations"] or 0), int(counts["payments"] or 0)
    both = declared + paid
    return {"declared_share": _percent(Fraction(declared, both)) if both else None}


def _proven_share(sums: Mapping[str, Value]) -> dict[str, Value]:
    """Return which part of what was raised happened on the chain; the rest only a server knows."""
    proven, raised = int(sums["proven"] or 0), int(sums["raised"] or 0)
    return {"proven_share": _percent(Fraction(proven, raised)) if raised else None}


def _declared(deeds: Iterable[Deed]) -> dict[str, Value]:
    sums: dict[str, Fraction] = {}
    for deed in deeds:
        if deed.kind is DeedKind.DECLARED and deed.value is not None:
            sums[deed.currency] = sums.get(deed.currency, Fraction()) + Fraction(deed.value)
    return {f"declared@{currency}": decimal_text(value) for currency, value in sums.items()}


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


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _percent(share: Fraction) -> str:
    hundredths = int(share * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02d}"
