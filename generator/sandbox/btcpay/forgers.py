"""Payers who write another's search term, id or page into what they control, and pay for it.

Each is real money, whose place is where it was really paid. `FORGERS` are the
variants that a reader can see through; `UNDECIDABLE` those that leave the same
marks as honest money (`Way.excuse` says which), so that no reader of the API can.
"""

from collections.abc import Iterator
from typing import Final

from generator.sandbox.btcpay.deeds import CROWDFUND, POS, REQUEST, REST
from generator.sandbox.btcpay.model import LNURL
from generator.sandbox.btcpay.ways import TERMS, Way

_PAGES: Final = {
    CROWDFUND: "/apps/<crowdfund>/crowdfund",
    POS: "/apps/<pos>/pos",
    REQUEST: "/payment-requests/<request>",
}
_OWN: Final = "https://till.example.org/"
_TERM: Final = "<term>"
#: What a payer may write anywhere, for each kind of place wanted: its term, what looks like it, its id.
_SHAPES: Final = ("{term}", "{term}9", "{term}@example.org", "{term} thanks", " {term}", "APP#{id}", "{id}")


def _texts(wants: str) -> Iterator[str]:
    number = f"<{wants}>"
    return (shape.format(term=TERMS[wants] + number, id=number) for shape in _SHAPES)


def _at_the_till(wants: str) -> Iterator[Way]:
    """Yield buyers at a till: order id, e-mail, return page; host, prefix and query of its page."""
    name, till, page = f"till, for a {wants}: ", "/apps/<id>/pos", _PAGES[wants]
    term = TERMS[wants] + f"<{wants}>"

    def way(what: str, order: str = "<random>", at: str = till, mail: str = "", back: str = till) -> Way:
        return Way(
            name + what, POS, "1.11", "", order, at, _TERM, "A1", mail=mail, redirect=back, wants=wants
        )

    for text in _texts(wants):
        yield way(f"orderId {text}", order=text)
        yield way(f"email {text}", mail=text)
    yield way(f"redirectUrl {page}", back=page)
    yield way("everything at once", term, f"https://evil.example.org{page}{till}?a={page}", term, page)
    for host in (f"https://{term}", f"https://evil.example.org{page}", "https://<crowdfund>.crowdfund"):
        yield way(f"page at {host}", term, host + till)
    yield Way(f"{name}on its own domain", POS, "1.11", "", term, _OWN, _TERM, "A2", mail=term, wants=wants)
    for end in (f"?redirect={page}", f"#{page}", f"?{term}"):
        yield way(f"page with {end}", term, till + end)


def _by_code(wants: str) -> Iterator[Way]:
    """Yield wallets that ask for an app's code behind a prefix of their own."""
    page, code = _PAGES[wants], "/BTC/UILNURL/pay/app/<id>/tea"
    for at in (f"https://evil.example.org{page}{code}", f"{code}?a={page}", f"https://x{page}/lnurl{code}"):
        name = f"code, for a {wants}: {at}"
        yield Way(name, POS, "2.1.5", "", "<random>", at, _TERM, "A1", rail=LNURL, wants=wants)


def _at_the_crowdfund() -> Iterator[Way]:
    """Yield givers at a crowdfund's page who would pay at the till, or for a request."""
    page = "/apps/<id>/crowdfund"
    for wants in (POS, REQUEST):
        for text in _texts(wants):
            name = f"crowdfund, for a {wants}: email {text}"
            yield Way(name, CROWDFUND, "1.11", "", "<random>", page, _TERM, "A1", mail=text, wants=wants)


def _without_page(wants: str) -> Iterator[Way]:
    """Yield pay buttons, the store's LNURL and Lightning address, and customers of a shop."""
    term = TERMS[wants] + f"<{wants}>"
    for text in _texts(wants):
        name = f"pay button, for a {wants}: orderId {text}"
        yield Way(name, REST, "1.11", "", text, "", "", "rest", wants=wants)
        name = f"shop, for a {wants}: email {text}"
        shop = "https://shop.example.org/checkout"
        yield Way(name, REST, "1.11", "", "<number>", shop, "", "rest", mail=text, wants=wants)
    name = f"store's LNURL, for a {wants}: orderId and redirectUrl"
    back = _PAGES[wants]
    yield Way(name, REST, "1.11", "", term, "", "", "rest", rail=LNURL, redirect=back, wants=wants)
    name = f"Lightning address, for a {wants}: host"
    yield Way(name, REST, "2.0.0", "", "", "", "", "rest", rail=LNURL, address=f"Ada@{term}", wants=wants)


#: Every one made by a version that files apps' invoices under terms, so none is like an old invoice.
FORGERS: Final = (
    *_at_the_till(CROWDFUND),
    *_at_the_till(REQUEST),
    *_by_code(CROWDFUND),
    *_at_the_crowdfund(),
    *_without_page(CROWDFUND),
    *_without_page(POS),
    *_without_page(REQUEST),
    Way(
        "request, for a crowdfund: e-mail in its form",
        *(REQUEST, "1.11", "", "<term>", "/payment-requests/<id>", "", "request"),
        request="<id>",
        mail="crowdfund-app_<crowdfund>",
        wants=CROWDFUND,
    ),
)
_OLD: Final = "before 1.11 a crowdfund's own invoices are marked by that order id and nothing else"
_HIDDEN: Final = "until 1.13 an address can be searched for that stands in no answer"
_PREFIX: Final = "the proxy lets a payer choose the path before an app's own domain"
UNDECIDABLE: Final = (
    Way(
        "pay button of old: orderId exactly the term",
        *(REST, "1.6.3", "1.11", "crowdfund-app_<crowdfund>", "", "", "rest"),
        wants=CROWDFUND,
        excuse=_OLD,
    ),
    Way(
        "pay button of old: an address that begins with the term",
        *(REST, "1.11", "2.0.0", "", "", "", "rest"),
        hidden="crowdfund-app_<crowdfund>@example.org",
        wants=CROWDFUND,
        excuse=_HIDDEN,
    ),
    Way(
        "till on its own domain: prefix and e-mail",
        *(POS, "1.11", "", "<random>", "https://till.example.org/apps/<crowdfund>/crowdfund/", _TERM, "A2"),
        mail="crowdfund-app_<crowdfund>",
        wants=CROWDFUND,
        excuse=_PREFIX,
    ),
)
