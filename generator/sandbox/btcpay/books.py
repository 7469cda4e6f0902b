"""What one BTCPay server knows: its books, with invoices by id and each store's newest first."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from generator.sandbox.btcpay.model import Crowdfund, Invoice, Payout, PullPayment, Store


class Shelf:
    """Every invoice of a server; one that is put again takes the place of its earlier self."""

    def __init__(self, invoices: Iterable[Invoice] = ()) -> None:
        self._by_id: dict[str, Invoice] = {}
        self._orders: dict[str, list[tuple[int, str]]] = {}  #: store → (created, id), oldest first
        self._unsorted: set[str] = set()
        self.put(*invoices)

    def put(self, *invoices: Invoice) -> None:
        """Add invoices, or change them; a change keeps store and time of creation."""
        for invoice in invoices:
            if invoice.id not in self._by_id:
                self._orders.setdefault(invoice.store, []).append((invoice.created, invoice.id))
                self._unsorted.add(invoice.store)
            self._by_id[invoice.id] = invoice

    def get(self, store: str, invoice_id: str) -> Invoice | None:
        """Return one invoice of a store, None when it has none of this id."""
        found = self._by_id.get(invoice_id)
        return found if found and found.store == store else None

    def newest_first(self, store: str, first: int | None, last: int | None) -> Iterator[list[Invoice]]:
        """Yield a store's invoices created from `first` to `last`, those of one second together."""
        order = self._order(store)
        start = 0 if first is None else bisect_left(order, (first, ""))
        end = len(order) if last is None else bisect_left(order, (last + 1, ""))
        for _, together in groupby((order[n] for n in range(end - 1, start - 1, -1)), lambda pair: pair[0]):
            yield [self._by_id[name] for _, name in together]

    def _order(self, store: str) -> list[tuple[int, str]]:
        order = self._orders.get(store, [])
        if store in self._unsorted:
            order.sort()
            self._unsorted.discard(store)
        return order

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shelf) and self._by_id == other._by_id

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[Invoice]:
        return iter(list(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)


@dataclass(slots=True)
class Books:
    """Everything one server knows."""

    now: int
    stores: dict[str, Store] = field(default_factory=dict)
    crowdfunds: dict[str, Crowdfund] = field(default_factory=dict)
    tills: dict[str, str] = field(default_factory=dict)  #: id of a point of sale → its store
    requests: dict[str, str] = field(default_factory=dict)  #: id of a payment request → its store
    invoices: Shelf = field(default_factory=Shelf)
    pulls: list[PullPayment] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    prices: dict[str, Decimal] = field(default_factory=dict)  #: currency → price of one bitcoin now
