"""The invoice list's filters and order, with the habits of BTCPay Server 2.4.1.

Default take is unlimited; newest first, equal times in no fixed order; unknown
statuses are dropped from the filter; a bad query is 422 with an array.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Final, Self

from generator.sandbox.btcpay.books import Shelf
from generator.sandbox.btcpay.model import Invoice

#: One query as (name, value) pairs, in the order sent.
Pairs = Sequence[tuple[str, str]]

_STATUSES: Final = {name.lower(): name for name in ("New", "Processing", "Settled", "Expired", "Invalid")} | {
    "paid": "Processing",
    "complete": "Settled",
    "confirmed": "Settled",
}
_LAST_SECOND: Final = 253_402_300_799  #: of the year 9999, where the server's date type ends
_TERM_LENGTH: Final = 512


class BadQuery(Exception):
    """A query that the server answers with 422 and these (path, message) pairs."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__(*problems)
        self.problems = problems


class BrokenQuery(Exception):
    """A query that reaches the database and breaks there: 500 with an empty body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One question to the invoice list."""

    orders: tuple[str, ...] = ()
    statuses: frozenset[str] = frozenset()
    first: int | None = None
    last: int | None = None
    term: str = ""
    archived: bool = False
    with_methods: bool = False
    skip: int = 0
    take: int | None = None

    @classmethod
    def parse(cls, pairs: Pairs) -> Self:
        """Read a query; raise `BadQuery` or `BrokenQuery` as the server would."""
        names = {name.lower(): value for name, value in reversed(pairs)}  # the first of a name counts
        first, last = _seconds(names, "startDate"), _seconds(names, "endDate")
        if first is not None and last is not None and first > last:
            raise BadQuery(
                ("startDate", "startDate should not be above endDate"),
                ("endDate", "endDate should not be below startDate"),
            )
        skip, take = _number(names, "skip"), _number(names, "take")
        if (skip or 0) < 0 or (take or 0) < 0:
            raise BrokenQuery
        return cls(
            orders=tuple(_all(pairs, "orderid")),
            statuses=frozenset(
                _STATUSES[value.lower()] for value in _all(pairs, "status") if value.lower() in _STATUSES
            ),
            first=first,
            last=last,
            term=names.get("textsearch", "")[:_TERM_LENGTH],
            archived=flag(names, "includeArchived"),
            with_methods=flag(names, "includePaymentMethods"),
            skip=skip or 0,
            take=take,
        )

    def page(self, invoices: Shelf, store: str) -> list[Invoice]:
        """Return the page of a store's invoices that this question asks for."""
        groups = invoices.newest_first(store, self.first, self.last)
        found = (
            invoice
            for group in groups
            for invoice in sorted(group, key=self._place)
            if self._matches(invoice)
        )
        return list(islice(found, self.skip, None if self.take is None else self.skip + self.take))

    def _matches(self, invoice: Invoice) -> bool:
        return (
            (self.archived or not invoice.archived)
            and (not self.statuses or invoice.status in self.statuses)
            and (not self.orders or invoice.order in self.orders)
            and (not self.term or any(text.startswith(self.term) for text in invoice.indexed))
        )

    def _place(self, invoice: Invoice) -> bytes:
        """Order invoices of one second: a database does with them as it likes, with each limit anew."""
        limit = None if self.take is None else self.skip + self.take
        return blake2b(f"{limit}/{invoice.id}".encode(), digest_size=8).digest()


def flag(names: dict[str, str], name: str, *, default: bool = False) -> bool:
    """Return a yes-or-no parameter; `names` has lower-case keys."""
    value = names.get(name.lower(), str(default)).lower()
    if value not in ("true", "false"):
        raise BadQuery((name, f"The value '{value}' is not valid."))
    return value == "true"


def _number(names: dict[str, str], name: str) -> int | None:
    text = names.get(name.lower())
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        raise BadQuery((name, f"The value '{text}' is not valid.")) from None


def _seconds(names: dict[str, str], name: str) -> int | None:
    try:
        seconds = _number(names, name)
    except BadQuery:
        seconds = _LAST_SECOND + 1
    if seconds is not None and not -_LAST_SECOND <= seconds <= _LAST_SECOND:
        raise BadQuery((name, "Invalid unix timestamp"))
    return seconds


def _all(pairs: Pairs, name: str) -> Iterable[str]:
    return (value for key, value in pairs if key.lower() == name)
