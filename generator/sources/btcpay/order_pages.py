"""Which app the address of a page of BTCPay names: `metadata.orderUrl` and `checkout.redirectURL`; pure.

Host, query, fragment and what stands before the shape are the payer's or a proxy's, so only
the end of the path is looked at. Routes as in BTCPay Server 1.0 to 2.4.1.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

_LONGEST: Final = 2048  #: no route of BTCPay's is longer
#: An app's id does not ignore case; the words of a route do. A view is a word or its number.
_APP: Final = re.compile(
    r"(?:^|/)(?i:apps)/(?P<app>[^/]+)/(?:(?P<crowdfund>(?i:crowdfund))|(?i:pos)(?:/(?i:static|cart|light|print|[0-3]))?)(?P<slash>/?)\Z"
)
_LNURL: Final = re.compile(
    r"/[^/]+/(?i:UILNURL|lnurl)/(?i:pay)/(?i:app)/(?P<app>[^/]+)(?:/[^/]+)?(?P<slash>/?)\Z"
)
_HUB: Final = re.compile(r"(?:^|/)apps/hub/?\Z", re.IGNORECASE)


class PageKind(StrEnum):
    """What a page is."""

    __hash__ = str.__hash__  # as of `ledger.Kind`

    CROWDFUND = "crowdfund"
    POS = "pos"
    LNURL = "lnurl"  #: a code of an app, of either kind
    NONE = "none"  #: no page is named
    ROOT = "root"  #: an app on a domain of its own
    HUB = "hub"  #: live updates of a crowdfund before 1.9.3; names nothing
    OTHER = "other"  #: a shop, a payment request, anything else


class OrderPage(NamedTuple):
    """What an address names."""

    kind: PageKind
    app: str = ""  #: id of the app, where it names one
    slash: bool = False  #: it ends in a slash: may be a root page, behind a prefix that a payer wrote

    @property
    def neutral(self) -> bool:
        """Tell whether the page names nothing, so that it contradicts nothing."""
        return self.kind in _NEUTRAL

    def names(self, kind: str, app: str) -> bool:
        """Tell whether the page is one of an app; `kind` is ``crowdfund`` or ``pos``."""
        return self.app == app and self.kind in (kind, PageKind.LNURL)


_NEUTRAL: Final = frozenset({PageKind.NONE, PageKind.ROOT, PageKind.HUB})
NO_PAGE: Final = OrderPage(PageKind.NONE)


def page_at(address: object, prefix: str = "") -> OrderPage:
    """Read an address as a server sends it, of any JSON type; `prefix` is the path of the server's url."""
    if not isinstance(address, str):
        return NO_PAGE
    place = address.partition("#")[0].partition("?")[0].strip()
    if len(place) > _LONGEST:  # behind a prefix that a payer wrote
        end = _page_at(place[-_LONGEST:], "")
        return end if end.app else OrderPage(PageKind.OTHER)
    return _page_at(place, prefix) if place else NO_PAGE


@lru_cache(maxsize=4096)
def _page_at(place: str, prefix: str) -> OrderPage:
    before, absolute, path = place.partition("://")
    path = f"/{path.partition('/')[2]}" if absolute else before
    if app := _APP.search(path):
        kind = PageKind.CROWDFUND if app["crowdfund"] else PageKind.POS
        return OrderPage(kind, app["app"], bool(app["slash"]))
    if app := _LNURL.search(path):
        return OrderPage(PageKind.LNURL, app["app"], bool(app["slash"]))
    if _HUB.search(path):
        return OrderPage(PageKind.HUB)
    if path.removeprefix(prefix.rstrip("/")) in ("", "/"):
        return OrderPage(PageKind.ROOT)
    return OrderPage(PageKind.OTHER) if absolute else NO_PAGE  # a text that is no address names no page
