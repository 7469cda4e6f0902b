"""What one project's page must say, folded from what its actors noted when they acted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from generator.sandbox.acts import Act, ActKind, ActStatus
from generator.sandbox.btcpay.crowdfund_page import CrowdfundPage
from generator.sandbox.btcpay.deeds import Deed, DeedKind, Standing
from generator.sandbox.worth import Market, Receipt, Value, decimal_text

#: figure → the acts it sums
FLOWS: Final = {
    "claimed": ActKind.CLAIM,
    "penalty": ActKind.PENALTY,
    "released": ActKind.RELEASE,
    "recovered": ActKind.RECOVERY,
    "unclassified": ActKind.UNCLASSIFIED,
    "fee": ActKind.FEE,
}
_LEAVES_STAGE: Final = ("claimed", "penalty", "recovered", "unclassified")
#: act → the part of a stage it adds to
_PART: Final = {
    ActKind.INVESTMENT: "funded",
    ActKind.CLAIM: "claimed",
    ActKind.PENALTY: "left",
    ActKind.RECOVERY: "left",
    ActKind.UNCLASSIFIED: "left",
}


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
    begun: tuple[datetime, ...] = ()  #: beginnings of a recurring goal's periods, by now; the last is now's
    days_left: int = 0  #: until the next one begins
    paid_out: int = 0  #: msat that left, for no donor, from stores that are bound to it alone
    of_calendar: bool = False  #: periods are told from the first gift on, by the day of each gift


Gift: TypeAlias = Act | Deed


class ProjectTruth:
    """One project's acts and deeds."""

    def __init__(self, aim: Aim, acts: Iterable[Act], deeds: Iterable[Deed], market: Market) -> None:
        self.aim, self.market = aim, market
        self.acts = [act for act in acts if aim.identifier and act.identifier == aim.identifier]
        self.deeds = [deed for deed in deeds if deed.project == aim.slug]
        self.paid = self._payments(Standing.CONFIRMED)
        self.invested = [act for act in self._of(ActKind.INVESTMENT) if act.status is ActStatus.CONFIRMED]
        if aim.of_calendar:
            first = min((gift.at for gift in self.gifts()), default=aim.begun[-1])
            self.aim = replace(aim, begun=aim.begun[-1 - sum(at > first for at in aim.begun) :])

    def headlines(self) -> dict[str, int]:
        """Return the headline figures."""
        flows = {name: self._sum(kind, ActStatus.CONFIRMED) for name, kind in FLOWS.items()}
        invested = self._sum(ActKind.INVESTMENT, ActStatus.CONFIRMED)
        raised = invested + sum(deed.amount_msat for deed in self.paid)
        refunded = sum(deed.amount_msat for deed in self.deeds if deed.kind is DeedKind.REFUNDED)
        return {
            "raised": raised,
            "pending": self._sum(ActKind.INVESTMENT, ActStatus.PENDING)
            + sum(deed.amount_msat for deed in self._payments(Standing.PENDING)),
            "refunded": refunded,
            "paid_out": self.aim.paid_out,
            **flows,
            "locked": invested - sum(flows[name] for name in _LEAVES_STAGE),
            "in_penalty": flows["penalty"] - flows["released"],
            "net": raised - refunded - flows["recovered"] - flows["released"],
            "returned": refunded + flows["recovered"] + flows["released"],
            "proven": invested,  # every confirmed act on the chain leaves its proof there
            "reported_chain": 0,
            "reported_server": raised - invested,
            "with_founder": raised - invested - refunded + flows["claimed"],
            "contributions": len({act.txid for act in self.invested}) + len(self.paid),
            "payments": len(self.paid),
            "investor_keys": len({act.investor_key for act in self.invested}),
            "declarations": sum(deed.kind is DeedKind.DECLARED for deed in self.deeds),
        }

    def goal(self) -> dict[str, Value]:
        """Return goal and progress: percent of the goal, two decimals, rounded down."""
        aim = self.aim
        value = None if aim.goal_value is None else decimal_text(Fraction(aim.goal_value))
        share = self.share(
            [gift for gift in self.gifts() if not aim.begun or self.counted(gift) >= aim.begun[-1]]
        )
        progress = None if share is None else percent_text(share)
        return {"goal": value if aim.goal_msat is None else aim.goal_msat, "progress": progress}

    def counted(self, gift: Gift) -> datetime:
        """Return the moment by which a contribution belongs to a period of the goal."""
        return gift.at if self.aim.of_calendar else made(gift)

    def share(self, gifts: Sequence[Gift]) -> Fraction | None:
        """Return which part of the goal some contributions are, None without goal or known worth."""
        if self.aim.goal_msat is not None:
            return Fraction(sum(gift.amount_msat for gift in gifts), self.aim.goal_msat)
        worth = None if self.aim.goal_value is None else self.worth(gifts)
        return None if worth is None else worth / Fraction(self.aim.goal_value or 1)

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
        for deed in self.paid:
            sums[deed.rail] += deed.amount_msat
            counts[deed.rail] += 1
        if self.invested:
            sums["ANGOR"] = sum(act.amount_msat for act in self.invested)
            counts["ANGOR"] = len({act.txid for act in self.invested})
        amounts: dict[str, Value] = {f"rail@{rail}": amount for rail, amount in sums.items()}
        return amounts | {f"rail_count@{rail}": count for rail, count in counts.items()}

    def receipts(self, gifts: Sequence[Gift] | None = None) -> list[Receipt]:
        """Return confirmed contributions with what each was worth to whoever gave it."""
        return [
            Receipt(utc_day(gift.at), gift.amount_msat)
            if isinstance(gift, Act)
            else Receipt(utc_day(gift.at), gift.amount_msat, gift.currency, gift.value)
            for gift in (self.gifts() if gifts is None else gifts)
        ]

    def went(self) -> list[tuple[date, int]]:
        """Return day and msat of all that went back to those who gave."""
        back = [act for kind in (ActKind.RECOVERY, ActKind.RELEASE) for act in self._of(kind)]
        found = [(utc_day(act.at), act.amount_msat) for act in back if act.status is ActStatus.CONFIRMED]
        refunds = [deed for deed in self.deeds if deed.kind is DeedKind.REFUNDED]
        return [*found, *((utc_day(deed.at), deed.amount_msat) for deed in refunds)]

    def gifts(self) -> list[Gift]:
        """Return every confirmed contribution."""
        return [*self.invested, *self.paid]

    def until(self, now: datetime) -> date:
        """Return the day up to which weeks are told: today, or the announced last day once it is past."""
        return min(utc_day(now), self.aim.ends_on or date.max)

    def locked_by_day(self) -> dict[date, int]:
        """Return what is still locked, by the day from which it may be claimed."""
        found: Counter[date] = Counter()
        for act in self.acts:
            if act.opens_on and act.status is ActStatus.CONFIRMED and act.kind in _PART:
                found[act.opens_on] += act.amount_msat * (1 if act.kind is ActKind.INVESTMENT else -1)
        return dict(found)

    def came(self) -> list[tuple[date, int]]:
        """Return day and msat of every confirmed contribution."""
        return [(utc_day(gift.at), gift.amount_msat) for gift in self.gifts()]

    def _of(self, kind: ActKind) -> Iterator[Act]:
        return (act for act in self.acts if act.kind is kind)

    def _sum(self, kind: ActKind, status: ActStatus) -> int:
        return sum(act.amount_msat for act in self._of(kind) if act.status is status)

    def _payments(self, standing: Standing) -> list[Deed]:
        return [deed for deed in self.deeds if deed.kind is DeedKind.PAID and deed.standing is standing]

    def worth(self, gifts: Sequence[Gift]) -> Fraction | None:
        """Return what those with a price in the goal's currency were worth when they came, if any has."""
        values = [self.market.then(receipt, self.aim.goal_currency) for receipt in self.receipts(gifts)]
        known = [value for value in values if value is not None]
        return sum(known, Fraction()) if known or not values else None


def made(gift: Gift) -> datetime:
    """Return when a contribution's invoice was made; for others, when it came."""
    return (gift.made if isinstance(gift, Deed) else None) or gift.at


def declared(deeds: Iterable[Deed]) -> dict[str, Value]:
    """Sum declarations by currency."""
    sums: dict[str, Fraction] = {}
    for deed in deeds:
        if deed.kind is DeedKind.DECLARED and deed.value is not None:
            sums[deed.currency] = sums.get(deed.currency, Fraction()) + Fraction(deed.value)
    return {f"declared@{currency}": decimal_text(value) for currency, value in sums.items()}


def other_coins(slug: str, deeds: Iterable[Deed]) -> dict[str, Value]:
    """Sum what was paid for a project in other coins, by coin and rail, and count it."""
    sums: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for deed in deeds:
        counted = deed.kind is DeedKind.OTHER_COIN and deed.standing is Standing.CONFIRMED
        if counted and deed.project == slug:
            sums[f"{deed.currency}-{deed.rail}"] += deed.amount_msat
            counts[f"{deed.currency}-{deed.rail}"] += 1
    found: dict[str, Value] = {f"other_coin_count@{name}": count for name, count in counts.items()}
    return found | {f"other_coin@{name}": decimal_text(Fraction(sum_, 10**11)) for name, sum_ in sums.items()}


def own_number(page: CrowdfundPage | None) -> dict[str, Value]:
    """Return what BTCPay's own page shows of a crowdfund, and why that is not what a report counts."""
    if page is None:
        return {}
    found: dict[str, Value] = {
        "btcpay_raised": decimal_text(page.raised),
        "btcpay_pending": decimal_text(page.pending),
        "btcpay_counted": decimal_text(page.reported),
        "btcpay_contributors": page.contributors,
    }
    for reason, (value, count) in page.reasons.items():
        found[f"btcpay_invoices@{reason}"] = count
        if value:
            found[f"btcpay_difference@{reason}"] = decimal_text(value)
    return found


def utc_day(at: datetime) -> date:
    """Return the UTC day of a time."""
    return at.astimezone(UTC).date()


def percent_text(share: Fraction) -> str:
    """Return a share as percent with two decimals, rounded down."""
    hundredths = int(share * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02d}"
