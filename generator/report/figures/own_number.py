"""BTCPay's own number for a crowdfund beside ours, and every reason of the difference, as figures."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

from msgspec import structs

from generator.report.figures.definitions import COUNT, figure_id
from generator.report.figures.headline import decimal_text
from generator.report.model import Figure
from generator.report.subjects import BTCPAY, Knowledge, Subject
from generator.snapshot import Difference, OwnNumber

OWN: Final = {
    "btcpay_raised": "What BTCPay's own page counts as raised, by its rule, of the same invoices.",
    "btcpay_pending": "What BTCPay's own crowdfund page counts as pending, by its rule.",
    "btcpay_counted": "What this report counts of the same invoices that has a value in the goal's currency.",
    "btcpay_contributors": "What BTCPay's own page calls contributors: invoices, not people.",
}
DIFFERENCE: Final = "btcpay_difference"
COUNTED: Final = "btcpay_invoices"
#: Why the two numbers differ, in the order of the page.
REASONS: Final = {
    "declared": "Marked settled by the owner without a payment: BTCPay counts it, this report only lists it.",
    "late": "Paid after the invoice expired: real coins, which BTCPay leaves out.",
    "currency": "Invoices priced in another currency than the goal: BTCPay leaves them out.",
    "coin": "Paid in another coin or through a plugin: BTCPay counts it, this report only says so.",
    "fee": "Network fees that payers paid on top: part of what came, not of BTCPay's number.",
    "period": "Invoices from before the crowdfund began anew: BTCPay leaves them out.",
    "cap": "Paid to invoices that are still open, under a hard cap: BTCPay counts them as pending.",
    "other": "Payments whose state the two rules read differently.",
}


def own_figures(subject: Subject) -> list[Figure]:
    """Return BTCPay's own number and its differences from ours; nothing where no server said so."""
    periods = {record.source: f"{record.period_at:%Y-%m}" for record in subject.records if record.period_at}
    numbers = [_in_period(one, periods.get(one.source, "")) for one in subject.own_numbers]
    if not numbers:
        return []
    complete = subject.knowledge((BTCPAY,), "payments") is Knowledge.FULL
    inputs = tuple(dict.fromkeys(f"record:{one.source}" for one in numbers))
    currency = numbers[-1].currency

    def figure(name: str, value: Fraction | int, formula: str) -> Figure:
        counts = isinstance(value, int)
        return Figure(
            id=figure_id(subject.slug, name),
            project=subject.slug,
            name=name,
            value=value if isinstance(value, int) else decimal_text(value),
            unit=COUNT if counts else currency,
            complete=complete,
            verification=None,
            formula=formula,
            inputs=inputs,
        )

    found = [
        figure("btcpay_raised", _sum(one.raised for one in numbers), OWN["btcpay_raised"]),
        figure("btcpay_pending", _sum(one.pending for one in numbers), OWN["btcpay_pending"]),
        figure("btcpay_counted", _sum(one.counted for one in numbers), OWN["btcpay_counted"]),
        figure("btcpay_contributors", sum(one.contributors for one in numbers), OWN["btcpay_contributors"]),
    ]
    for reason, why in REASONS.items():
        parts = [part for one in numbers for part in one.differences if part.reason == reason]
        if any(part.value for part in parts):  # money of another currency may have no value in this one
            found.append(figure(f"{DIFFERENCE}@{reason}", _sum(part.value for part in parts), why))
        if parts:
            found.append(figure(f"{COUNTED}@{reason}", sum(part.count for part in parts), why))
    return found


def _in_period(one: OwnNumber, period: str) -> OwnNumber:
    """Return what a month still brings after a crowdfund began anew; it was read before that."""
    if one.created_month >= period:
        return one
    gone = Difference(reason="period", value=-one.counted, count=max(1, one.contributors))
    nothing = Decimal(0)
    return structs.replace(
        one, raised=nothing, pending=nothing, contributors=0, differences=(gone,) if one.counted else ()
    )


def _sum(parts: Iterable[Decimal]) -> Fraction:
    return sum(map(Fraction, parts), Fraction())
