"""The routes of Greenfield that a reporter may ask, each with the right it needs and its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from generator.sandbox.btcpay import keys
from generator.sandbox.btcpay.books import Books
from generator.sandbox.btcpay.documents import Desk, Json
from generator.sandbox.btcpay.keys import Key
from generator.sandbox.btcpay.model import Invoice
from generator.sandbox.btcpay.search import BadQuery, Pairs, Search, flag
from generator.sandbox.btcpay.settings import (
    crowdfund_document,
    key_document,
    payout_document,
    pull_document,
    rate_documents,
    request_document,
    server_document,
    store_document,
    till_document,
)
from generator.sandbox.btcpay.till import Till
from generator.sandbox.btcpay.versions import Version


class Missing(Exception):
    """Something that does not exist: 404 with this code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


NO_APP: Final = ("app-not-found", "The app with specified ID was not found")
NO_REQUEST: Final = ("payment-request-not-found", "The payment request was not found")
NO_INVOICE: Final = ("invoice-not-found", "The invoice was not found")
NO_PULL_PAYMENT: Final = ("pullpayment-not-found", "The pull payment was not found")


class Forbidden(Exception):
    """A key that lacks a right, or a store that is not there: the server does not tell which."""

    def __init__(self, right: str) -> None:
        super().__init__(right)
        self.right = right


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request that was let in."""

    books: Books
    desk: Desk
    key: Key | None
    path: dict[str, str]  #: ids in the path: store, invoice, app, till, pull
    pairs: Pairs
    shown: frozenset[str]  #: ids of crowdfunds whose texts a report may show
    version: Version
    till: Till
    body: bytes = b""

    @property
    def names(self) -> dict[str, str]:
        """Return the query by lower-case name, the first of each."""
        return {name.lower(): value for name, value in reversed(self.pairs)}


def _key(question: Question) -> object:
    key = question.key
    return key_document(key.text, key.permissions, question.desk.texts) if key else None


def _health(question: Question) -> object:
    del question
    return {"synchronized": True}


def _server(question: Question) -> object:
    return server_document(question.version, question.desk.texts)


def _stores(question: Question) -> object:
    key = question.key
    seen = [
        store for store in question.books.stores.values() if key and key.may(keys.VIEW_SETTINGS, store.id)
    ]
    if not seen:
        raise Forbidden(keys.VIEW_SETTINGS)
    return [store_document(store, question.desk.texts) for store in seen]


def _store(question: Question) -> object:
    return store_document(question.books.stores[question.path["store"]], question.desk.texts)


def _rates(question: Question) -> object:
    store = question.books.stores[question.path["store"]]
    pairs = [value for name, value in question.pairs if name.lower() == "currencypair"]
    for pair in pairs:
        if "_" not in pair:
            raise BadQuery(("currencyPair", f"'{pair}' is not a valid currency pair"))
    return rate_documents(question.books, pairs or [f"BTC_{store.currency}"])


def _rails(question: Question) -> object:
    store = question.books.stores[question.path["store"]]
    return [{"paymentMethodId": rail, "enabled": True} for rail in store.rails]


def _invoices(question: Question) -> object:
    search = Search.parse(question.pairs)
    found = search.page(question.books.invoices, question.path["store"])
    return [_written(question, invoice, with_methods=search.with_methods) for invoice in found]


def _invoice(question: Question) -> object:
    return _written(question, _found(question), with_methods=flag(question.names, "includePaymentMethods"))


def _written(question: Question, invoice: Invoice, *, with_methods: bool) -> Json:
    version = question.version
    return version.invoice(question.desk.invoice(invoice, with_methods=with_methods and version.is_bulk))


def _methods(question: Question) -> object:
    accounted = flag(question.names, "onlyAccountedPayments", default=True)
    methods = question.desk.methods(_found(question), accounted=accounted)
    return [question.version.method(method) for method in methods]


def _crowdfund(question: Question) -> object:
    app = question.books.crowdfunds.get(question.path["app"])
    if app is None:
        raise Missing(*NO_APP)
    _show_app(question, app.store)
    return crowdfund_document(app, question.desk.texts, published=app.id in question.shown)


def _till(question: Question) -> object:
    till = question.path["till"]
    if till not in question.books.tills:
        raise Missing(*NO_APP)
    _show_app(question, question.books.tills[till])
    return till_document(till, question.books.tills[till], question.desk.texts)


def _request(question: Question) -> object:
    request, store = question.path["request"], question.path["store"]
    if question.books.requests.get(request) != store:
        raise Missing(*NO_REQUEST)
    return request_document(request, store, question.desk.texts)


def _show_app(question: Question, store: str) -> None:
    may_change = question.key is not None and question.key.may(keys.MODIFY_SETTINGS, store)
    if not (question.version.shows_apps or may_change):
        raise Forbidden(keys.MODIFY_SETTINGS)


def _pulls(question: Question) -> object:
    archived = flag(question.names, "includeArchived")
    return [
        pull_document(pull, question.desk.base, question.desk.texts)
        for pull in question.books.pulls
        if pull.store == question.path["store"] and (archived or not pull.archived)
    ]


def _payouts_of_pull(question: Question) -> object:
    pull = question.path["pull"]
    if all(known.id != pull for known in question.books.pulls):
        raise Missing(*NO_PULL_PAYMENT)
    return [document for document in _payouts(question) if document["pullPaymentId"] == pull]


def _payouts_of_store(question: Question) -> object:
    return [question.version.payout(document) for document in _payouts(question)]


def _payouts(question: Question) -> list[Json]:
    """List payouts; those of archived pull payments are in no answer since 1.6.8 (d0b26e9f6)."""
    cancelled = flag(question.names, "includeCancelled")
    store = question.path.get("store")
    archived = {pull.id for pull in question.books.pulls if pull.archived}
    return [
        payout_document(payout, question.desk.texts)
        for payout in question.books.payouts
        if store in (None, payout.store)
        and payout.pull not in archived
        and (cancelled or payout.state != "Cancelled")
    ]


def _found(question: Question) -> Invoice:
    found = question.books.invoices.get(question.path["store"], question.path["invoice"])
    if found is None:
        raise Missing(*NO_INVOICE)
    return found


#: Rights of routes that ask for no right in a store.
ANYONE: Final = ""
ANY_KEY: Final = "any key"

Answer = Callable[[Question], object]

#: path below ``/api/v1`` → (right it needs, answer)
ROUTES: Final[dict[str, tuple[str, Answer]]] = {
    "/health": (ANYONE, _health),
    "/api-keys/current": (ANY_KEY, _key),
    "/server/info": (ANY_KEY, _server),
    "/stores": (ANY_KEY, _stores),
    "/stores/{store}": (keys.VIEW_SETTINGS, _store),
    "/stores/{store}/rates": (keys.VIEW_SETTINGS, _rates),
    "/stores/{store}/payment-methods": (keys.VIEW_SETTINGS, _rails),
    "/stores/{store}/invoices": (keys.VIEW_INVOICES, _invoices),
    "/stores/{store}/invoices/{invoice}": (keys.VIEW_INVOICES, _invoice),
    "/stores/{store}/invoices/{invoice}/payment-methods": (keys.VIEW_INVOICES, _methods),
    "/apps/crowdfund/{app}": (ANY_KEY, _crowdfund),
    "/apps/pos/{till}": (ANY_KEY, _till),
    "/stores/{store}/payment-requests/{request}": (keys.VIEW_REQUESTS, _request),
    "/stores/{store}/pull-payments": (keys.VIEW_PULLS, _pulls),
    "/pull-payments/{pull}/payouts": (ANYONE, _payouts_of_pull),
    "/stores/{store}/payouts": (keys.VIEW_PAYOUTS, _payouts_of_store),
}
