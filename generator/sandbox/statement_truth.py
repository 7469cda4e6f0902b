"""What statements of months must say, and what the accounts of all projects held, from what actors noted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from generator.sandbox.acts import ActKind, ActStatus
from generator.sandbox.btcpay.deeds import Deed, DeedKind, Standing
from generator.sandbox.project_truth import Gift, ProjectTruth, utc_day
from generator.sandbox.worth import Market, Value, decimal_text

#: act → the account that it takes from and the one that it brings to; empty: from or to investors
_WAY: Final = {
    ActKind.INVESTMENT: ("", "locked"),
    ActKind.CLAIM: ("locked", "with_founder"),
    ActKind.PENALTY: ("locked", "in_penalty"),
    ActKind.RELEASE: ("in_penalty", ""),
    ActKind.RECOVERY: ("locked", ""),
    ActKind.UNCLASSIFIED: ("locked", "unclassified"),
}
_ACCOUNTS: Final = ("locked", "in_penalty", "with_founder", "unclassified")


def statement_figures(
    projects: Sequence[ProjectTruth], payouts: Iterable[Deed], market: Market
) -> dict[str, Value]:
    """Return opening + received - returned = closing of each UTC month in which money moved.

    `payouts` stand beside the equation. Each month has the worth of what was received, too.
    """
    moves = [move for project in projects for move in _moves(project)]
    received, returned = Counter[str](), Counter[str]()
    for sums, some in (
        (received, (move for project in projects for move in project.came())),
        (returned, (move for project in projects for move in project.went())),
    ):
        for day, amount_msat in some:
            sums[f"{day:%Y-%m}"] += amount_msat
    paid_out = Counter[str]()
    for deed in payouts:
        paid_out[f"{utc_day(deed.at):%Y-%m}"] += deed.amount_msat
    found: dict[str, Value] = {f"paid_out@{month}": amount_msat for month, amount_msat in paid_out.items()}
    balance = 0
    for month in sorted({*paid_out, *(month for month, *_ in moves)}):
        found[f"opening@{month}"] = balance
        found[f"received@{month}"], found[f"returned@{month}"] = received[month], returned[month]
        balance += received[month] - returned[month]
        found[f"closing@{month}"] = balance
        gifts = [(project, _of_month(project, month)) for project in projects]
        for currency in market.currencies:
            receipts = [receipt for project, some in gifts for receipt in project.receipts(some)]
            found[f"received_at_receipt@{currency}@{month}"] = market.worth(receipts, currency)
    return found


def account_figures(projects: Sequence[ProjectTruth], payouts: Iterable[Deed]) -> dict[str, Value]:
    """Return the contributions of each month in which money moved, and what each account held."""
    moves = [move for project in projects for move in _moves(project)]
    sums: Counter[tuple[str, str, bool]] = Counter()
    for month, source, target, amount_msat in moves:
        sums[month, source, False] += amount_msat
        sums[month, target, True] += amount_msat
    held: Counter[str] = Counter()
    found: dict[str, Value] = {}
    paid_out = {f"{utc_day(deed.at):%Y-%m}" for deed in payouts}
    for month in sorted({*paid_out, *(month for month, *_ in moves)}):
        found[f"received_count@{month}"] = sum(gift_count(_of_month(project, month)) for project in projects)
        for name in _ACCOUNTS:
            found[f"account_opening@{name}@{month}"] = held[name]
            came, went = sums[month, name, True], sums[month, name, False]
            found[f"account_in@{name}@{month}"], found[f"account_out@{name}@{month}"] = came, went
            held[name] += came - went
            found[f"account_closing@{name}@{month}"] = held[name]
        for part in ("opening", "in", "out", "closing"):
            amounts = (found[f"account_{part}@{name}@{month}"] for name in _ACCOUNTS)
            found[f"account_{part}@all_accounts@{month}"] = sum(int(each or 0) for each in amounts)
    return found


def week_figures(
    projects: Sequence[ProjectTruth], market: Market, first: date, *, whole: bool
) -> dict[str, Value]:
    """Return what came from a day until today; of all projects also nothing, and what went back."""
    gifts = [
        (project, [gift for gift in project.gifts() if first <= utc_day(gift.at) <= market.today])
        for project in projects
    ]
    receipts = [receipt for project, some in gifts for receipt in project.receipts(some)]
    if not receipts and not whole:
        return {}
    found: dict[str, Value] = {
        "week_in": sum(receipt.amount_msat for receipt in receipts),
        "week_count": sum(gift_count(some) for _, some in gifts),
    }
    for currency in market.currencies:
        found[f"week_worth@{currency}"] = market.worth(receipts, currency)
    if whole:
        went = [move for project in projects for move in project.went()]
        found["week_back"] = sum(amount_msat for day, amount_msat in went if first <= day <= market.today)
    return found


def week_worths(project: ProjectTruth, weeks: Iterable[str]) -> dict[str, Value]:
    """Return the worth of what came in each of some weeks, for a goal in a currency."""
    currency = project.aim.goal_currency
    if not currency:
        return {}
    found: dict[str, Value] = {}
    for week in weeks:
        some = [gift for gift in project.gifts() if f"{utc_day(gift.at):%G-W%V}" == week]
        value = project.worth(some)
        found[f"inflow_at_receipt@{currency}-{week}"] = None if value is None else decimal_text(value)
    return found


def pending_figures(project: ProjectTruth) -> dict[str, Value]:
    """Return what came and is not confirmed, by the UTC month in which it was seen."""
    found = Counter[str]()
    for act in project.acts:
        if act.kind is ActKind.INVESTMENT and act.status is ActStatus.PENDING:
            found[f"pending_in@{utc_day(act.at):%Y-%m}"] += act.amount_msat
    for deed in project.deeds:
        if deed.kind is DeedKind.PAID and deed.standing is Standing.PENDING:
            found[f"pending_in@{utc_day(deed.at):%Y-%m}"] += deed.amount_msat
    return dict(found)


def returned_on_days(went: Sequence[tuple[date, int]], market: Market) -> dict[str, Value]:
    """Return what went back at the price of the day on which it went."""
    found: dict[str, Value] = {}
    for currency in market.currencies:
        prices = [(market.price(currency, day), amount_msat) for day, amount_msat in went]
        known = [price * amount_msat / 10**11 for price, amount_msat in prices if price is not None]
        found[f"returned_on_days@{currency}"] = (
            decimal_text(sum(known, Fraction())) if known or not went else None
        )
    return found


def gift_count(gifts: Iterable[Gift]) -> int:
    """Return how many contributions these are: an investment has one act for each stage."""
    return len({id(gift) if isinstance(gift, Deed) else gift.txid for gift in gifts})


def _of_month(project: ProjectTruth, month: str) -> list[Gift]:
    return [gift for gift in project.gifts() if f"{utc_day(gift.at):%Y-%m}" == month]


def _moves(project: ProjectTruth) -> Iterator[tuple[str, str, str, int]]:
    """Yield month, account left, account reached and msat of all that moved, but what was paid out."""
    for act in project.acts:
        if act.kind in _WAY and act.status is ActStatus.CONFIRMED:
            yield (f"{utc_day(act.at):%Y-%m}", *_WAY[act.kind], act.amount_msat)
    for deed in project.paid:
        yield f"{utc_day(deed.at):%Y-%m}", "", "with_founder", deed.amount_msat
    for deed in project.deeds:
        if deed.kind is DeedKind.REFUNDED:
            yield f"{utc_day(deed.at):%Y-%m}", "with_founder", "", deed.amount_msat
