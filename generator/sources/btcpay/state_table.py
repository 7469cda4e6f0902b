"""The state table: how a payment counts, by the state of its invoice and its own.

Payments are counted, not invoices: a payment counts by its own status,
whatever its invoice's, except on an invoice that its owner marked invalid.
`STATES` is that rule, cell by cell, as code and as what the method page prints.
"""

from dataclasses import dataclass, replace
from typing import Final

from generator.ledger import UNKNOWN_STATUS, Status

#: Classes of payments. `ON_TIME` becomes `LATE` for a payment received after its invoice expired.
ON_TIME, LATE, PARTIAL, OVER, MANUAL = "on_time", "late", "partial", "over", "manual"
MARKED_INVALID: Final = "marked invalid"
REPLACED: Final = "replaced"

INVOICE_STATUSES: Final = ("New", "Processing", "Settled", "Expired", "Invalid")
#: An invoice's additional status decides the class of its payments.
_CLASSES: Final = {
    "None": ON_TIME,
    "PaidPartial": PARTIAL,
    "PaidLate": ON_TIME,  # whether the payment itself was late is told by its own time
    "PaidOver": OVER,
    "Marked": MANUAL,
}
ADDITIONAL_STATUSES: Final = tuple(_CLASSES)
#: A payment's own status decides whether it counts, and why not.
_COUNTING: Final = {
    "Settled": (Status.CONFIRMED, ""),
    "Processing": (Status.PENDING, ""),
    "Invalid": (Status.EXCLUDED, REPLACED),
}
PAYMENT_STATUSES: Final = tuple(_COUNTING)
#: Invoices that may still change by themselves.
OPEN: Final = frozenset({"New", "Processing"})


@dataclass(frozen=True, slots=True)
class Treatment:
    """How one payment counts: its status in the ledger, its class, and why it is excluded."""

    status: Status
    group: str
    reason: str = ""


def _treatment(invoice: str, additional: str, payment: str) -> Treatment:
    if (invoice, additional) == ("Invalid", "Marked"):
        return Treatment(Status.EXCLUDED, MANUAL, MARKED_INVALID)
    status, reason = _COUNTING[payment]
    return Treatment(status, _CLASSES[additional], reason)


#: (invoice, additional, payment) → how the payment counts.
STATES: Final[dict[tuple[str, str, str], Treatment]] = {
    (invoice, additional, payment): _treatment(invoice, additional, payment)
    for invoice in INVOICE_STATUSES
    for additional in ADDITIONAL_STATUSES
    for payment in PAYMENT_STATUSES
}
#: The same for payments received after their invoice expired.
_LATE: Final = {
    state: replace(treatment, group=LATE) if treatment.group == ON_TIME else treatment
    for state, treatment in STATES.items()
}
_UNKNOWN: Final = Treatment(Status.EXCLUDED, ON_TIME, UNKNOWN_STATUS)
_UNKNOWN_LATE: Final = Treatment(Status.EXCLUDED, LATE, UNKNOWN_STATUS)


def treatment_of(state: tuple[str, str], payment: str, *, late: bool) -> Treatment:
    """Look up how a payment counts; a word that is in no cell excludes it, never sums it."""
    if late:
        return _LATE.get((*state, payment), _UNKNOWN_LATE)
    return STATES.get((*state, payment), _UNKNOWN)
