"""The state table: how a payment counts, by the state of its invoice and its own.

Payments are counted, not invoices: a payment counts by its own status,
whatever its invoice's, except on an invoice that its owner marked invalid.
`STATES` is that rule, cell by cell, as code and as what the method page prints.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from generator.ledger import Status

#: Classes of payments. `ON_TIME` becomes `LATE` for a payment received after its invoice expired.
ON_TIME, LATE, PARTIAL, OVER, MANUAL = "on_time", "late", "partial", "over", "manual"
MARKED_INVALID: Final = "marked invalid"
REPLACED: Final = "replaced"
UNKNOWN: Final = "unknown status"

INVOICE_STATUSES: Final = ("New", "Processing", "Settled", "Expired", "Invalid")
ADDITIONAL_STATUSES: Final = ("None", "PaidPartial", "PaidLate", "PaidOver", "Marked")
PAYMENT_STATUSES: Final = ("Settled", "Processing", "Invalid")
#: Invoices that may still change by themselves.
OPEN: Final = frozenset({"New", "Processing"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How one payment counts: its status in the ledger, its class, and why it is excluded."""

    status: Status
    group: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table as the method page prints it."""

    invoice: str
    additional: str
    payment: str
    cell: Cell


def _cells(group: str) -> tuple[Cell, Cell, Cell]:
    """Return the rule: a settled payment counts, a processing one is pending, a replaced one is excluded."""
    return (
        Cell(status=Status.CONFIRMED, group=group),
        Cell(status=Status.PENDING, group=group),
        Cell(status=Status.EXCLUDED, group=group, reason=REPLACED),
    )


_VERDICT: Final = (Cell(status=Status.EXCLUDED, group=MANUAL, reason=MARKED_INVALID),) * 3

#: (invoice, additional) → cells for a payment that is settled, processing, invalid.
_BY_INVOICE: Final[dict[tuple[str, str], tuple[Cell, Cell, Cell]]] = {
    ("New", "None"): _cells(ON_TIME),
    ("New", "PaidPartial"): _cells(PARTIAL),
    ("New", "PaidLate"): _cells(ON_TIME),
    ("New", "PaidOver"): _cells(OVER),
    ("New", "Marked"): _cells(MANUAL),
    ("Processing", "None"): _cells(ON_TIME),
    ("Processing", "PaidPartial"): _cells(PARTIAL),
    ("Processing", "PaidLate"): _cells(ON_TIME),
    ("Processing", "PaidOver"): _cells(OVER),
    ("Processing", "Marked"): _cells(MANUAL),
    ("Settled", "None"): _cells(ON_TIME),
    ("Settled", "PaidPartial"): _cells(PARTIAL),
    ("Settled", "PaidLate"): _cells(ON_TIME),
    ("Settled", "PaidOver"): _cells(OVER),
    ("Settled", "Marked"): _cells(MANUAL),
    ("Expired", "None"): _cells(ON_TIME),
    ("Expired", "PaidPartial"): _cells(PARTIAL),
    ("Expired", "PaidLate"): _cells(ON_TIME),
    ("Expired", "PaidOver"): _cells(OVER),
    ("Expired", "Marked"): _cells(MANUAL),
    ("Invalid", "None"): _cells(ON_TIME),
    ("Invalid", "PaidPartial"): _cells(PARTIAL),
    ("Invalid", "PaidLate"): _cells(ON_TIME),
    ("Invalid", "PaidOver"): _cells(OVER),
    ("Invalid", "Marked"): _VERDICT,
}

#: (invoice, additional, payment) → how the payment counts.
STATES: Final[dict[tuple[str, str, str], Cell]] = {
    (*state, payment): cell
    for state, cells in _BY_INVOICE.items()
    for payment, cell in zip(PAYMENT_STATUSES, cells, strict=True)
}
_UNKNOWN: Final = Cell(status=Status.EXCLUDED, group=ON_TIME, reason=UNKNOWN)


def cell_of(state: tuple[str, str], payment: str, *, late: bool) -> Cell:
    """Return how a payment counts; a word that is in no cell excludes it, never sums it."""
    cell = STATES.get((*state, payment), _UNKNOWN)
    if late and cell.group == ON_TIME:
        return Cell(status=cell.status, group=LATE, reason=cell.reason)
    return cell


def rows() -> Iterator[Row]:
    """Yield the table line by line, for the method page."""
    for (invoice, additional, payment), cell in STATES.items():
        yield Row(invoice=invoice, additional=additional, payment=payment, cell=cell)
