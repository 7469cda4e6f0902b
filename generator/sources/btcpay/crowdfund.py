"""A crowdfund's public record, and the number BTCPay itself shows for it; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from typing import Final

import msgspec

from generator.money import MSAT_PER_SAT
from generator.snapshot import Goal, Project
from generator.sources.btcpay.attribution import Reading
from generator.sources.btcpay.payments import net_value
from generator.sources.btcpay.wire import Crowdfund, Invoice, currency_code, moment, msat, number

#: What a project's record says it lacks when the server does not show an app's settings to our key.
SETTINGS: Final = "crowdfund settings"
_TITLE: Final = 500  #: characters kept of a title or tagline
_TEXT: Final = 20_000  #: characters kept of a description


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNumber:
    """What BTCPay's crowdfund page shows; amounts in the crowdfund's target currency."""

    raised: Decimal
    pending: Decimal
    contributors: int  #: invoices, not people
    progress_percent: Decimal | None
    pending_percent: Decimal | None


def project_record(
    reading: Reading, *, source: str, unread: tuple[str, ...], complete: bool, standing: Project | None
) -> Project:
    """Return what the server says about a project; texts only of a crowdfund, whose page is public.

    Where the settings could not be read, what is `standing` stays.
    """
    app = reading.crowdfund
    slug, kind = reading.project.slug, reading.kind
    if reading.refused:
        unread = (*unread, SETTINGS)
        if standing is not None:
            return msgspec.structs.replace(standing, unread=unread, complete=complete)
    if app is None:
        return Project(id=slug, source=source, kind=kind, unread=unread, complete=complete)
    return Project(
        id=slug,
        source=source,
        kind=kind,
        title=(app.title or "")[:_TITLE],
        tagline=(app.tagline or "")[:_TITLE],
        description=(app.description or "")[:_TEXT],
        goal=goal_of(app),
        starts_at=moment(app.start_date) if app.start_date else None,
        ends_at=moment(app.end_date) if app.end_date else None,
        unread=unread,
        complete=complete,
    )


def goal_of(app: Crowdfund) -> Goal | None:
    """Return a crowdfund's goal in millisatoshis or fiat; None without one or when it is no amount."""
    currency, target = currency_code(app.target_currency), number(app.target_amount)
    if not currency or target is None or target <= 0:
        return None
    if currency == "SATS":
        amount = target * MSAT_PER_SAT
        return Goal(amount_msat=int(amount)) if amount == amount.to_integral_value() else None
    if currency == "BTC":
        found = msat(target)
        return Goal(amount_msat=found) if found else None
    return Goal(value=target, currency=currency)


def own_number(app: Crowdfund, invoices: Iterable[Invoice], now: datetime) -> OwnNumber:
    """Return the totals of BTCPay's crowdfund page (`CrowdfundAppType`, BTCPay Server 2.4.1).

    It ignores late payments and counts invoices as contributors, so it differs
    from `raised`; both are right by their own rule.
    """
    since = last_reset(app, now)
    own = [invoice for invoice in invoices if since is None or invoice.created_time >= since.timestamp()]
    sums = [_shown(app, invoice) for invoice in own if _same_currency(app, invoice)]
    raised = sum((part[0] for part in sums), Decimal(0))
    pending = sum((part[1] for part in sums), Decimal(0))
    target = number(app.target_amount)
    with localcontext(prec=60):
        return OwnNumber(
            raised=raised,
            pending=pending,
            contributors=sum(invoice.status in ("Settled", "Processing") for invoice in own),
            progress_percent=raised / target * 100 if target else None,
            pending_percent=pending / target * 100 if target else None,
        )


def last_reset(app: Crowdfund, now: datetime) -> datetime | None:
    """Return the start of the current period of a crowdfund that begins anew, else None."""
    start = moment(app.start_date) if app.start_date else None
    if start is None or app.reset_every == "Never" or app.reset_every_amount < 1:
        return None
    last, steps = start, 1
    while (following := _stepped(start, app.reset_every, app.reset_every_amount * steps)) <= now:
        last, steps = following, steps + 1
    return last


def _stepped(start: datetime, unit: str, amount: int) -> datetime:
    if unit in ("Hour", "Day"):
        return start + amount * (timedelta(hours=1) if unit == "Hour" else timedelta(days=1))
    months = start.year * 12 + start.month - 1 + amount * (12 if unit == "Year" else 1)
    for day in range(start.day, start.day - 4, -1):  # the 31st becomes the last day of a shorter month
        try:
            return start.replace(year=months // 12, month=months % 12 + 1, day=day)
        except ValueError:
            continue
    return datetime.max.replace(tzinfo=UTC)


def _same_currency(app: Crowdfund, invoice: Invoice) -> bool:
    return invoice.currency.upper() == (app.target_currency or "").upper()


def _shown(app: Crowdfund, invoice: Invoice) -> tuple[Decimal, Decimal]:
    """Return what one invoice adds to raised and pending."""
    nothing = Decimal(0)
    amount = number(invoice.amount) or nothing
    if app.enforce_target_amount and invoice.status == "New":
        return nothing, amount
    if not invoice.payments and invoice.state == ("Settled", "Marked"):
        return amount, nothing
    if invoice.state == ("Invalid", "Marked"):
        return nothing, nothing
    by_status = {"Settled": nothing, "Processing": nothing}
    for method, payment in invoice.payments:
        in_time = payment.received_date <= invoice.expiration_time
        if payment.status in by_status and (in_time or invoice.state == ("Settled", "Marked")):
            by_status[payment.status] += net_value(method, payment) or nothing
    return by_status["Settled"], by_status["Processing"]
