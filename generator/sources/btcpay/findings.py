"""The findings of a BTCPay source: what a reader must know that is no figure; pure."""

from collections.abc import Iterable, Iterator
from typing import Final

from generator.snapshot import Finding, Result
from generator.sources.btcpay.store_place import StorePlace
from generator.text_format import counted

CLAIMED_ONCE: Final = "claimed-once"  #: subject: place that counts
APP_FOUND: Final = "app-found"  #: subject: place
APP_KNOWN: Final = "app-known"  #: subject: place
SETTINGS_READ: Final = "settings-read"  #: subject: place
REFUNDS_READ: Final = "refunds-read"  #: subject: place
HIDDEN: Final = "refunds-hidden"  #: subject: place
UNEXPLAINED: Final = "payouts-unexplained"  #: subject: place
UNREADABLE: Final = "payouts-unreadable"  #: subject: place
AHEAD: Final = "payouts-ahead"  #: subject: place
PROMISED: Final = "refunds-promised"  #: subject: place
BY_ORDER: Final = "refunds-by-order"  #: subject: place
UNPROVEN: Final = "refunds-unproven"  #: subject: place
OTHER_COIN: Final = "refunds-other-coin"  #: subject: place
#: What is said of settings, each time that they are asked for.
OF_SETTINGS: Final = frozenset({APP_FOUND, APP_KNOWN, SETTINGS_READ})
#: What is said of payouts, each time that they are read.
OF_PAYOUTS: Final = frozenset(
    {REFUNDS_READ, HIDDEN, UNEXPLAINED, UNREADABLE, AHEAD, PROMISED, BY_ORDER, UNPROVEN, OTHER_COIN}
)
UNASSIGNED: Final = "unassigned"  #: subject: place
NAMED: Final = "named-in-text"  #: subject: place
READABLE: Final = "records-readable"  #: subject: place
SHARED: Final = "payment-shared"  #: subject: source of the store that counts
MOVED: Final = "attribution-moved"  #: subject: month of creation, with what it was counted by


def claimed_once(twice: Iterable[tuple[str, str]], source: str) -> Iterator[Finding]:
    """Yield a finding for each pair of places (counts, also claims) whose invoices overlap."""
    for owner, other in sorted(twice):
        reason = (
            f"invoices that {owner} claims as well count there alone: more ties them to it, "
            "or it stands first in config.yaml"
        )
        yield _finding(other, owner, check=CLAIMED_ONCE, source=source, reason=reason, result=Result.OK)


def shared(place: str, holder: str, count: int, source: str) -> Finding:
    """Make the finding that payments are of invoices of an earlier store too: one output paid both."""
    reason = (
        f"{counted(count, 'payment')} of this store {'is' if count == 1 else 'are'} of an invoice of another "
        f"store too ({holder}), and counted there alone"
    )
    return _finding(place, holder, check=SHARED, source=source, reason=reason, result=Result.OK)


def unassigned(place: str, paid: str, source: str) -> Finding:
    """Make the finding that money of the store may belong to a place; `paid` says how much."""
    reason = (
        f"{paid} may belong here: made before BTCPay marked every invoice, and nothing on them decides; "
        "counted as unassigned money of the store"
    )
    return _finding(place, place, check=UNASSIGNED, source=source, reason=reason)


def named(place: str, paid: str, source: str) -> Finding:
    """Make the finding that money of the rest only names a place; `paid` says how much."""
    reason = f"{paid} named this goal in text a payer can write; counted for the rest of the store"
    return _finding(place, place, check=NAMED, source=source, reason=reason, result=Result.OK)


def attribution_moved(place: str, month: str, change: str, source: str) -> Finding:
    """Make the finding that money of a month stands elsewhere now, and no setting of ours says why."""
    reason = (
        f"of invoices created in {month}, money counted here {change}; the rest stands in another place of "
        "the store, and no setting changed: what BTCPay says of these invoices did"
    )
    return _finding(place, month, check=MOVED, source=source, reason=reason)


def app_gone(place: str, source: str) -> Finding:
    """Make the finding that a crowdfund was deleted on its server; its money stays."""
    reason = "BTCPay has no such crowdfund any more; texts and goal are those it last showed"
    return _finding(place, place, check=APP_FOUND, source=source, reason=reason)


def app_unknown(place: str, reason: str, source: str) -> Finding:
    """Make the finding that nothing shows an app or request that is bound; `reason` says what was seen."""
    reason = f"nothing was ever read here of what is bound, are source and id right in config.yaml? {reason}"
    return _finding(place, place, check=APP_KNOWN, source=source, reason=reason)


def settings_unread(place: str, reason: str, source: str) -> Finding:
    """Make the finding that a crowdfund's settings could not be read, with the server's reason."""
    reason = f"texts and goal are those it last showed, if any: {reason}"
    return _finding(place, place, check=SETTINGS_READ, source=source, reason=reason)


def unreadable(place: StorePlace, source: str) -> Iterator[Finding]:
    """Yield the finding that invoices or payments of a place are of no known shape, status or day."""
    invoices, payments = place.counts["malformed_invoices"], place.counts["malformed_payments"]
    statuses = place.counts["unknown_status_payments"]
    said = []
    if invoices or payments or statuses:
        parts = (
            counted(invoices, "invoice"),
            counted(payments, "payment"),
            f"the status of {counted(statuses, 'payment')}" if statuses else "0",
        )
        what = " and ".join(part for part in parts if not part.startswith("0"))
        least = "so sums are at least what is shown"
        said.append(f"{what} of BTCPay cannot be read, {least}; is Sunlit too old?")
    if ahead := place.counts["payments_ahead"]:
        what = counted(ahead, "payment")
        said.append(
            f"BTCPay dates {what} after this run, so sums are at least what is shown; "
            "is the server's clock right?"
        )
    if said:
        yield _finding(place.place, place.place, check=READABLE, source=source, reason=" ".join(said))


def of_app(place: StorePlace, source: str) -> Finding:
    """Make the finding about an app whose settings are unread, or that is nowhere."""
    if place.unknown:
        return app_unknown(place.place, place.unread, source)
    return app_gone(place.place, source) if place.gone else settings_unread(place.place, place.unread, source)


def refunds_unread(place: str, reason: str, source: str) -> Finding:
    """Make the finding that a place's refunds could not be read, with the server's reason."""
    return _finding(place, place, check=REFUNDS_READ, source=source, reason=reason)


def refund_doubt(
    place: str, check: str, reason: str, source: str, result: Result = Result.NOT_CHECKED
) -> Finding:
    """Make a finding of `OF_PAYOUTS` about a place."""
    return _finding(place, place, check=check, source=source, reason=reason, result=result)


def _finding(
    place: str, subject: str, *, check: str, source: str, reason: str, result: Result = Result.NOT_CHECKED
) -> Finding:
    return Finding(
        id=f"{check}/{place}/{subject}",
        source=source,
        place=place,
        check=check,
        subject=subject,
        result=result,
        reason=reason,
    )
