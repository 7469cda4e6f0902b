"""Where the money of one invoice belongs in its store; pure.

BTCPay's own link from an invoice to an app is in its database only. What a reader sees are marks of
different strength: a search term, which is decisive unless a payer wrote a text that begins with it,
and the order page, whose end no payer can write. So a term counts, and a page contradicts. Every
invoice has one verdict: it counts for a bound place, is of the rest of its store, or is unassigned.
Only one that is older than the server's separate search terms (1.11.0) can be unassigned, because
only then BTCPay itself left no better mark.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from generator.sources.btcpay.digest_set import DigestSet, digest_of
from generator.sources.btcpay.greenfield.wire import Invoice
from generator.sources.btcpay.order_pages import OrderPage, PageKind, page_at
from generator.sources.btcpay.switch import TERMS_AT
from generator.sources.btcpay.terms import explained, term_of

#: BTCPay Server 1.6.3 writes the order page (btcpayserver#3995).
_PAGES_AT: Final = int(datetime(2022, 7, 23, tzinfo=UTC).timestamp())
#: An order id that BTCPay itself made, for something that may be bound or not.
_OWN_ORDER_ID: Final = re.compile(r"(?:PAY_REQUEST_|(?:crowdfund|pos)-app_)[1-9A-HJ-NP-Za-km-z]+\Z")


class Tie(StrEnum):
    """What ties an invoice to a claimant, the strongest first."""

    __hash__ = str.__hash__  # as of `ledger.Kind`

    REQUEST = "by payment request"
    PAGE_AND_TERM = "by order page and term"  #: A1
    TERM = "by term"  #: A2
    PAGE = "by order page"  #: A6
    ORDER_ID = "by old order id"  #: A3
    RETURN_PAGE = "by return page"  #: A8
    DOUBT = "may belong"  #: older than the switch, and no mark decides
    NAMED = "named in text a payer can write"  #: A4, A7
    NOTHING = ""  #: A5, and all others


_RANK: Final = {tie: rank for rank, tie in enumerate(Tie)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """A crowdfund, point of sale or payment request of one store that a project is bound to.

    What is bound to the rest of the store is none: it has what no claimant has.
    """

    kind: str  #: ``crowdfund``, ``pos`` or ``request``
    id: str
    place: str
    listed: DigestSet | frozenset[bytes] = (
        frozenset()
    )  #: digests of the ids that the server lists under its term
    switch: int = TERMS_AT  #: Unix seconds; an older invoice need not carry the marks of today
    old_till: bool = False  #: its owner says that old invoices which lead back to it are its own
    here: bool = True  #: False of a point of sale that may be another store's: it doubts nothing here
    term: str = field(init=False)  #: the search term under which BTCPay files its invoices

    def __post_init__(self) -> None:
        """Make the term once: each invoice is compared with it."""
        object.__setattr__(self, "term", term_of(self.kind, self.id))


class InvoiceVerdict(NamedTuple):
    """Where one invoice belongs, by the names of places.

    It counts for `owner`, is unassigned between `candidates`, or is of the rest of its store.
    """

    owner: str = ""
    how: Tie = Tie.NOTHING
    also: tuple[str, ...] = ()  #: whose it would be if `owner` were not bound
    candidates: tuple[str, ...] = ()
    named: tuple[str, ...] = ()  #: of the rest: who is named where a payer can write


_REST: Final = InvoiceVerdict()


class Attribution:
    """Gives each invoice of one store its verdict, whatever the order in which they come."""

    def __init__(self, claimants: Iterable[Claimant], prefix: str = "", rest: str = "") -> None:
        """Take the claimants in the order of the configuration; `prefix` is the path of the server's url.

        `rest` is the place of the rest where that is bound too: what is doubtful may be its own.
        """
        self._claimants = tuple(claimants)
        self._prefix = prefix
        self._rest = (rest,) if rest else ()
        self._requests = tuple(claimant for claimant in self._claimants if claimant.kind == "request")
        apps = {claimant.id for claimant in self._claimants if claimant.kind != "request"}
        self._by_app = {
            app: tuple(found for found in self._claimants if found.kind == "request" or found.id == app)
            for app in apps
        }

    def verdict(self, invoice: Invoice) -> InvoiceVerdict:
        """Judge one invoice."""
        page = page_at(invoice.metadata.order_url, self._prefix)
        everyone = page.neutral or page.slash
        asked = self._claimants if everyone else self._by_app.get(page.app, self._requests)
        if not asked:
            return _REST
        marks = _Marks(invoice, page, digest_of(invoice.id), self._prefix)
        ties = [(_TIES[claimant.kind](marks, claimant), claimant.place) for claimant in asked]
        return _decided(tuple(ties), self._rest)


@lru_cache(maxsize=1024)
def _decided(ties: tuple[tuple[Tie, str], ...], rest: tuple[str, ...]) -> InvoiceVerdict:
    """Weigh what ties an invoice to each place; very many invoices have the same ties."""
    counting = sorted(
        (tie for tie in ties if _RANK[tie[0]] < _RANK[Tie.DOUBT]), key=lambda tie: _RANK[tie[0]]
    )
    if counting:
        (how, owner), *others = counting
        return InvoiceVerdict(owner, how, also=tuple(place for _, place in others))
    if candidates := tuple(place for tie, place in ties if tie is Tie.DOUBT):
        return InvoiceVerdict(how=Tie.DOUBT, candidates=candidates + rest)
    named = tuple(place for tie, place in ties if tie is Tie.NAMED)
    return InvoiceVerdict(how=Tie.NAMED, named=named) if named else _REST


class _Marks(NamedTuple):
    """One invoice as it is judged."""

    invoice: Invoice
    page: OrderPage
    digest: bytes
    prefix: str

    def of_another(self, claimant: Claimant) -> bool:
        """Tell whether BTCPay or a plugin left a mark on an old invoice that a claimant's would not have."""
        metadata = self.invoice.metadata
        order = metadata.order_id
        if metadata.payment_request_id or metadata.by_woocommerce:
            return True
        if isinstance(order, str) and order != claimant.term and _OWN_ORDER_ID.match(order):
            return True
        back = self.invoice.checkout.redirect_url
        if back is not msgspec.UNSET and not back:
            return True  # a point of sale always says where its page is, or what its owner or payer chose
        leads = page_at(back, self.prefix)
        if leads.app and not leads.names(claimant.kind, claimant.id):
            return True
        return any(method.by_address for method in self.invoice.payment_methods)


def _request(marks: _Marks, claimant: Claimant) -> Tie:
    metadata = marks.invoice.metadata
    if metadata.payment_request_id:
        return Tie.REQUEST if metadata.payment_request_id == claimant.id else Tie.NOTHING
    if metadata.order_id != claimant.term or not marks.page.neutral:
        return Tie.NOTHING
    return Tie.ORDER_ID if marks.invoice.created_time < claimant.switch else Tie.NAMED


def _app(marks: _Marks, claimant: Claimant) -> Tie:
    """Decide A1 to A8 for one crowdfund or point of sale."""
    listed = marks.digest in claimant.listed
    if marks.page.names(claimant.kind, claimant.id):
        return _named_by_page(marks, claimant, listed=listed)
    if not marks.page.neutral:
        root = marks.page.slash and listed and not explained(marks.invoice, claimant.term)
        return Tie.TERM if root else Tie.NOTHING  # the root of its own domain, behind another's name
    old = marks.invoice.created_time < claimant.switch
    if not listed:
        return _unlisted(marks, claimant) if old and claimant.kind == "pos" else Tie.NOTHING
    if not explained(marks.invoice, claimant.term):
        return Tie.TERM
    exactly = marks.invoice.metadata.order_id == claimant.term
    return (Tie.ORDER_ID if exactly else Tie.DOUBT) if old else Tie.NAMED


def _named_by_page(marks: _Marks, claimant: Claimant, *, listed: bool) -> Tie:
    """Decide where the page names the claimant; one that ends in a slash must be confirmed by the term.

    Such a page may be the root of another app's domain, behind a prefix that a payer wrote.
    """
    old = marks.invoice.created_time < claimant.switch
    if marks.page.slash and not (listed and not explained(marks.invoice, claimant.term)):
        if old and listed and marks.invoice.metadata.order_id == claimant.term:
            return Tie.ORDER_ID  # as a root page would, whosever it is
        return Tie.DOUBT if old and (listed or claimant.kind == "pos") else Tie.NAMED
    if listed:
        return Tie.PAGE_AND_TERM
    return Tie.PAGE if old else Tie.NAMED


def _unlisted(marks: _Marks, till: Claimant) -> Tie:
    """Decide about an old invoice of no term: a point of sale left none, or only the order id of its payer.

    A crowdfund always left its term.
    """
    leads = page_at(marks.invoice.checkout.redirect_url, marks.prefix)
    if (
        till.old_till
        and marks.page.kind is PageKind.NONE
        and marks.invoice.created_time < _PAGES_AT
        and leads.names(till.kind, till.id)
    ):
        return Tie.RETURN_PAGE
    made_by_another = marks.page.kind is PageKind.HUB or marks.of_another(till)
    return Tie.NOTHING if made_by_another or not till.here else Tie.DOUBT


_TIES: Final[dict[str, Callable[[_Marks, Claimant], Tie]]] = {
    "crowdfund": _app,
    "pos": _app,
    "request": _request,
}
