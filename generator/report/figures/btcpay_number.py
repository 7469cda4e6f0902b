"""BTCPay's own number for a crowdfund beside ours, and every reason of the difference, as figures."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from msgspec import structs

from generator.ledger import Kind
from generator.report.figures.bounds import Bound, added
from generator.report.figures.figure import COUNT, CURRENCY, Figure, FigureDefinition, decimal_text
from generator.report.figures.project_context import ProjectContext
from generator.report.figures.source_bounds import bound_of
from generator.report.joined_projects import JoinedProject
from generator.sentence import say
from generator.snapshot import Difference, OwnNumber

RAISED: Final = FigureDefinition(
    "btcpay_raised", "What BTCPay's own page counts as raised, by its rule, of the same invoices.", CURRENCY
)
PENDING: Final = FigureDefinition(
    "btcpay_pending", "What BTCPay's own crowdfund page counts as pending, by its rule.", CURRENCY
)
COUNTED_HERE: Final = FigureDefinition(
    "btcpay_counted",
    "What this report counts of the same invoices that has a value in the goal's currency.",
    CURRENCY,
)
CONTRIBUTORS: Final = FigureDefinition(
    "btcpay_contributors", "What BTCPay's own page calls contributors: invoices, not people.", COUNT
)
DIFFERENCE: Final = FigureDefinition(
    "btcpay_difference",
    "{why}",
    CURRENCY,
    by="reason",
    meaning="By how much BTCPay's own number for a crowdfund is not ours, for one reason.",
)
INVOICES: Final = FigureDefinition(
    "btcpay_invoices",
    "{why}",
    COUNT,
    by="reason",
    meaning="Invoices and payments for which BTCPay's own number and ours differ, for one reason.",
)
#: Why the two numbers differ, in the order of the page.
REASONS: Final = {
    "declared": say(
        "Marked settled by the owner without a payment: BTCPay counts it, this report only lists it."
    ),
    "late": say("Paid after the invoice expired: real coins, which BTCPay leaves out."),
    "currency": say("Invoices priced in another currency than the goal: BTCPay leaves them out."),
    "coin": say("Paid in another coin or through a plugin: BTCPay counts it, this report only says so."),
    "fee": say("Network fees that payers paid on top: part of what came, not of BTCPay's number."),
    "period": say("Invoices from before the crowdfund began anew: BTCPay leaves them out."),
    "cap": say("Paid to invoices that are still open, under a hard cap: BTCPay counts them as pending."),
    "other": say("Payments whose state the two rules read differently."),
}


def btcpay_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield BTCPay's own number and its differences from ours; nothing where no server said so."""
    numbers = _numbers(context.project)
    if not numbers:
        return
    bound = bound_of(context.project.when_read, (Kind.PAYMENT,))
    inputs = tuple(dict.fromkeys(f"record:{number.source}" for number in numbers))
    currency = numbers[-1].currency
    for definition, of, value in _values(numbers):
        own = Bound.UNKNOWN if definition is DIFFERENCE and bound is not Bound.EXACT else bound
        if (
            definition is not DIFFERENCE and value < 0
        ):  # fees above the payments: nobody raised less than none
            value, own = Fraction(), added(own, Bound.AT_MOST)  # noqa: PLW2901 -- the number that is shown
        yield definition.figure(
            context.slug,
            decimal_text(value) if isinstance(value, Fraction) else value,
            of=of,
            unit=definition.unit or currency,
            bound=own,
            inputs=inputs,
            why=REASONS[of].text if of in REASONS else "",
        )


def _values(numbers: Sequence[OwnNumber]) -> Iterator[tuple[FigureDefinition, str, Fraction | int]]:
    """Yield definition, reason and value of each figure: money as fractions, counts as integers."""
    yield RAISED, "", _sum(number.raised for number in numbers)
    yield PENDING, "", _sum(number.pending for number in numbers)
    yield COUNTED_HERE, "", _sum(number.counted for number in numbers)
    yield CONTRIBUTORS, "", sum(number.contributors for number in numbers)
    for reason in REASONS:
        parts = [part for number in numbers for part in number.differences if part.reason == reason]
        if any(part.value for part in parts):  # money of another currency may have no value in this one
            yield DIFFERENCE, reason, _sum(part.value for part in parts)
        if parts:
            yield INVOICES, reason, sum(part.count for part in parts)


def _numbers(project: JoinedProject) -> list[OwnNumber]:
    periods = {record.id: f"{record.period_at:%Y-%m}" for record in project.records if record.period_at}
    return [_in_period(number, periods.get(number.place, "")) for number in project.own_numbers]


def _in_period(number: OwnNumber, period: str) -> OwnNumber:
    """Return what a month still brings after a crowdfund began anew, if it was read before that."""
    if number.created_month >= period or {part.reason for part in number.differences} == {"period"}:
        return number
    gone = Difference(reason="period", value=-number.counted, count=max(1, number.contributors))
    nothing = Decimal(0)
    return structs.replace(
        number, raised=nothing, pending=nothing, contributors=0, differences=(gone,) if number.counted else ()
    )


def _sum(parts: Iterable[Decimal]) -> Fraction:
    return sum(map(Fraction, parts), Fraction())
