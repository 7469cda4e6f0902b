"""Every way of paying at a BTCPay server, and what it leaves on the invoice, by the version that makes it.

By the source of BTCPay Server at its tags; what changed an invoice's marks:
6d3e1bb40 (1.6.0, a till's order id), 88f8f3938 (1.6.3, order pages), 8b8f72129
(1.9.3, a crowdfund's own page), b1c81b696 (1.11, random order ids and search
terms), 9f04bd473 (2.1.5, LNURL's page), 15be593bb (1.2.0, ``paymentRequestId``).

Texts of a row may hold ``<id>`` (of the app or request paid), ``<term>`` (its
search term), ``<random>``, ``<number>`` (of a shop's order), and ``<crowdfund>``,
``<pos>``, ``<request>``: ids of the same store's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import Final

from generator.sandbox.btcpay.chance import base58
from generator.sandbox.btcpay.deeds import CROWDFUND, POS, REQUEST, REST
from generator.sandbox.btcpay.model import LNURL, Invoice

#: kind of place → what its search term begins with
TERMS: Final = {CROWDFUND: "crowdfund-app_", POS: "pos-app_", REQUEST: "PAY_REQUEST_", REST: ""}
#: A server's life: the day of each upgrade and the version from then on, oldest first.
HISTORY: Final = (
    ("2020-12-15", "1.0.6.5"),
    ("2021-07-20", "1.2.0"),
    ("2022-05-05", "1.5.0"),
    ("2022-07-08", "1.6.0"),
    ("2022-07-23", "1.6.3"),
    ("2023-05-10", "1.9.3"),
    ("2023-07-27", "1.11"),
    ("2024-11-05", "2.0.0"),
    ("2025-07-10", "2.1.5"),
    ("2025-11-20", "2.4.1"),
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way of paying; `row` is the rule of attribution that finds its money, `rest` what no place claims.

    Rows: A1 page and term, A2 term alone, A3 old order id, A6 page alone, A8 return page; `request` by the
    payment request's id; empty where nothing leads to the place it was paid at.
    """

    name: str
    kind: str
    since: str  #: first version that does it
    before: str  #: first version that no longer does, empty for none
    order: str  #: ``metadata.orderId``
    page: str  #: ``metadata.orderUrl``; one that begins with a slash is the server's own
    filed: str  #: a search row of its own that no payer can write
    row: str
    request: str = ""  #: ``metadata.paymentRequestId``
    redirect: str = ""  #: ``checkout.redirectURL``
    mail: str = ""  #: ``metadata.buyerEmail``
    hidden: str = ""  #: a search row that stands in no answer
    rail: str = ""  #: the only one it can be paid by
    address: str = ""  #: the Lightning address that was paid
    extra: tuple[tuple[str, str], ...] = ()  #: further ``metadata``
    wants: str = ""  #: kind of place whose money a forger would have it counted as
    excuse: str = ""  #: why no reader of the API can see through a forgery

    def made_by(self, version: str) -> bool:
        """Tell whether a version of the server makes such invoices."""
        at = _numbers(version)
        return _numbers(self.since) <= at and (not self.before or at < _numbers(self.before))

    def dressed(self, invoice: Invoice, ids: Mapping[str, str], dice: Random) -> Invoice:
        """Return an invoice with this way's marks; `ids` by kind of place, of the invoice's store."""
        own = ids.get(self.kind, "")
        words = {"id": own, "term": TERMS[self.kind] + own, "random": base58(dice), **ids}
        words["number"] = str(dice.randint(100_000, 999_999))

        def said(text: str) -> str:
            return re.sub("<(\\w+)>", lambda found: words[found[1]], text)

        return replace(
            invoice,
            order=said(self.order),
            order_page=said(self.page),
            terms=tuple(filter(None, map(said, (self.filed, self.hidden, self.address)))),
            request=said(self.request),
            redirect=said(self.redirect),
            mail=said(self.mail),
            address=said(self.address),
            extra=tuple((key, said(value)) for key, value in self.extra),
            rails=(self.rail,) if self.rail else invoice.rails,
        )


def eras(history: Iterable[tuple[str, str]], until: int) -> Iterator[tuple[str, int, int]]:
    """Yield (version, from, until) in Unix seconds for each version of a server's life."""
    days = [(int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()), name) for day, name in history]
    ends = [min(day, until) for day, _ in (*days[1:], (until, ""))]
    return ((name, begins, ends) for (begins, name), ends in zip(days, ends, strict=True) if begins < ends)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


_TILL: Final = "/apps/<id>/pos"
_TERM: Final = "<term>"
#: Spellings of a till's page: letters of any case, views by name or number, behind prefixes, with a query.
_TILL_PAGES: Final = (
    *(_TILL, f"{_TILL}/", f"{_TILL}/2", f"{_TILL}/0", f"{_TILL}/cart", f"{_TILL}/PRINT", f"{_TILL}?x=1"),
    "/Apps/<id>/POS/Static",
    "https://example.org/pay/apps/<id>/pos/Light/",
)
_OWN_TILL: Final = "https://till.example.org/"
_SHOP: Final = "https://shop.example.org/wp-admin/post.php?post=<number>&action=edit"
_WOO: Final = (("posData", '{"WooCommerce":{"Order ID":<number>,"Order Key":"wc_order_<random>"}}'),)
_PLAN: Final = (("offeringId", "<random>"), ("planId", "<random>"))
_SHOPIFY: Final = "https://admin.shopify.com/store/x/orders/<number>"
_ADA: Final = "ada@pay.example.org"


def _by_lnurl(kind: str) -> Iterator[Way]:
    """Yield codes of an app's items: printed at a till (which leads back to it), or a crowdfund's perk."""
    page, code, back = "/BTC/UILNURL/pay/app/<id>", "item by LNURL", _TILL if kind == POS else ""
    yield Way(code, kind, "1.4.0", "1.5.0", "", "", "", "A8" if back else "", rail=LNURL, redirect=back)
    yield Way(code, kind, "1.5.0", "1.11", "<term>", "", "", "A3", rail=LNURL, redirect=back)
    yield Way(code, kind, "1.11", "2.1.5", "<random>", "", _TERM, "A2", rail=LNURL, redirect=back)
    yield Way(code, kind, "2.1.5", "", "<random>", f"{page}/tea", _TERM, "A1", rail=LNURL, redirect=back)
    alias = page.replace("UILNURL", "lnurl")
    yield Way(f"{code}'s other name", kind, "2.1.5", "", "<random>", alias, _TERM, "A1", rail=LNURL)


# A table: name, kind, since, before, order id, order page, search row, rule.
# fmt: off
WAYS: Final = (
    Way("page", CROWDFUND, "1.0.6.5", "1.6.3", "<term>", "", "", "A3"),
    Way("page and its hub", CROWDFUND, "1.6.3", "1.9.3", "<term>", "/apps/hub?id=<random>", "", "A3"),
    Way("page on its own domain", CROWDFUND, "1.6.3", "1.9.3", "<term>", "https://bed.example/", "", "A3"),
    Way("page", CROWDFUND, "1.6.3", "1.11", "<term>", "/apps/<id>/crowdfund", "", "A1"),
    Way("page", CROWDFUND, "1.11", "", "<random>", "/apps/<id>/crowdfund", _TERM, "A1"),
    Way("page, spelt", CROWDFUND, "1.11", "", "<random>", "https://x/a/Apps/<id>/Crowdfund/?b", _TERM, "A1"),
    *_by_lnurl(CROWDFUND),
    Way("page", POS, "1.0.6.5", "1.6.0", "", "", "", "A8", redirect=_TILL),
    Way("page", POS, "1.6.0", "1.6.3", "<term>", "", "", "A3", redirect=_TILL),
    Way("page", POS, "1.6.3", "1.11", "<term>", _TILL, "", "A1", redirect=_TILL),
    Way("page on its own domain", POS, "1.6.3", "1.11", "<term>", _OWN_TILL, "", "A3"),
    Way("page on its own domain", POS, "1.11", "", "<random>", _OWN_TILL, _TERM, "A2"),
    Way("buyer's order id", POS, "1.0.6.5", "1.6.3", "table <random>", "", "", "A8", redirect=_TILL),
    Way("buyer's order id", POS, "1.6.3", "1.11", "table <random>", f"{_TILL}/Cart", "", "A6"),
    Way("buyer's order id", POS, "1.11", "", "table <random>", _TILL, _TERM, "A1"),
    *(Way(f"page {at}", POS, "1.11", "", "<random>", at, _TERM, "A1", redirect=_TILL) for at in _TILL_PAGES),
    *_by_lnurl(POS),
    Way("page", REQUEST, "1.0.6.5", "1.2.0", "<term>", "", "", "request"),
    Way("page", REQUEST, "1.2.0", "1.6.3", "<term>", "", "", "request", request="<id>"),
    Way("page", REQUEST, "1.6.3", "", "<term>", "/payment-requests/<id>", "", "request", request="<id>"),
    Way("invoice of the owner", REST, "1.0.6.5", "", "<random>", "", "", "rest"),
    Way("pay button", REST, "1.0.6.5", "", "", "", "", "rest"),
    Way("pay button, its own order id", REST, "1.0.6.5", "", "book <random>", "", "", "rest"),
    Way("Lightning address", REST, "1.4.0", "", "", "", "", "rest", rail=LNURL, address=_ADA),
    Way("WooCommerce", REST, "1.0.6.5", "", "<number>", _SHOP, "", "rest", extra=_WOO),
    Way("Shopify", REST, "2.0.0", "", "", _SHOPIFY, "", "rest", extra=(("shopifyOrderId", "<number>"),)),
    Way("subscription", REST, "2.3.0", "", "", "", "", "rest", extra=_PLAN),
    Way("subscription renewed", REST, "2.3.0", "", "", "", "", "rest"),
)
# fmt: on
