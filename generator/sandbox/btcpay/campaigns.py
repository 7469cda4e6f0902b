"""Where people may give at the sandbox's BTCPay server, and what a bitcoin cost on each day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Final

from generator.sandbox.btcpay.chance import base58
from generator.sandbox.btcpay.deeds import CROWDFUND, POS, REQUEST, REST, PaidPlace
from generator.sandbox.btcpay.model import CHAIN, LIGHTNING, LNURL, Crowdfund, Store
from generator.sandbox.pictures import address_of
from generator.sandbox.worth import Prices

DAY: Final = 86_400
#: kind of place → key of a configuration's ``btcpay:``
_BINDINGS: Final = {CROWDFUND: "app", POS: "pos", REQUEST: "payment_request", REST: "store"}
#: What one bitcoin is in the units of invoices that are priced in it.
BITCOIN: Final = {"BTC": Decimal(1), "SATS": Decimal(100_000_000)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One place to give: a crowdfund, another app, a payment request, or (the rest of) a store."""

    slug: str  #: project that counts its money; empty where no project does
    store: str
    app: Crowdfund | None
    currencies: tuple[str, ...]  #: in which its invoices are priced
    rails: tuple[str, ...]
    starts: int
    kind: str = REST  #: of a place that is no crowdfund
    number: str = ""  #: its id at the server, empty for what is left of the store
    title: str = ""  #: the configuration's, of a place that says none itself
    german: str = ""  #: the configuration's title in German

    @property
    def place(self) -> PaidPlace:
        """Return where its money belongs."""
        if self.app:
            return PaidPlace(self.store, CROWDFUND, self.app.id)
        return PaidPlace(self.store, self.kind, self.number)

    @property
    def binding(self) -> tuple[str, str]:
        """Return what ``btcpay:`` of a configuration says of it: key and id."""
        return _BINDINGS[self.place.kind], self.place.number or self.store

    @property
    def page(self) -> str:
        """Return the order page of its invoices, empty for a store's own."""
        return self.app.page if self.app else ""

    @property
    def terms(self) -> tuple[str, ...]:
        """Return the search terms under which its invoices are filed."""
        return (self.app.term,) if self.app else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a crowdfund is to be: its words, prices and goal."""

    slug: str
    title: str
    tagline: str
    description: str
    currencies: tuple[str, ...]
    target: str
    days_ago: int
    days_left: int | None
    german: str = ""  #: its title, as the configuration says it


#: Crowdfunds of the second store; the last belongs to a project that raises by Angor as well.
SHEETS: Final = (
    Sheet(
        slug="garden",
        title="A garden for Mill Lane",
        tagline="Forty beds, one well, no fence",
        description="Soil, seeds and a shed for everyone who lives on Mill Lane.",
        currencies=("EUR",),
        target="6000.0 EUR",
        days_ago=200,
        days_left=40,
        german="Garten Mill Lane",
    ),
    Sheet(
        slug="lamp",
        title="Lamp, an open reading light",
        tagline="A light that anyone can repair",
        description="Drawings, firmware and a first run of two hundred lamps.",
        currencies=("SATS", "SATS", "BTC", "EUR"),
        target="9000000 SATS",
        days_ago=150,
        days_left=None,
    ),
    Sheet(
        slug="makers-hall",
        title="Makers' Hall, small change",
        tagline="For those who bring a screw rather than a lathe",
        description="Screws, oil and tea. The machines are funded in stages.",
        currencies=("EUR", "SATS"),
        target="0.10 BTC",
        days_ago=75,
        days_left=27,
    ),
)
HARBOUR: Final = "harbour"


def homes_of(campaigns: Iterable[Campaign]) -> dict[str, str]:
    """Return the stores that are bound to one project alone, with its slug."""
    slugs: dict[str, set[str]] = {}
    for campaign in campaigns:
        if campaign.slug:
            slugs.setdefault(campaign.store, set()).add(campaign.slug)
    return {store: next(iter(own)) for store, own in slugs.items() if len(own) == 1}


def open_stores(dice: Random) -> tuple[Store, Store]:
    """Return a store that is one project as a whole, and one that holds crowdfunds."""
    return (
        Store(id=base58(dice, 44), name="Harbour Radio", currency="EUR", rails=(CHAIN, LIGHTNING, LNURL)),
        Store(id=base58(dice, 44), name="Commons Workshop", currency="EUR", rails=(CHAIN, LIGHTNING, LNURL)),
    )


def open_campaigns(dice: Random, stores: tuple[Store, Store], now: int) -> tuple[Campaign, ...]:
    """Return every campaign that a project is bound to: the whole first store, and the crowdfunds."""
    whole, shared = stores
    radio = Campaign(
        slug=HARBOUR,
        title="Harbour Radio",
        store=whole.id,
        app=None,
        currencies=("EUR", "USD", "SATS"),
        rails=whole.rails,
        starts=now - 240 * DAY,
    )
    return (radio, *(_campaign(sheet, shared, base58(dice, 28), now) for sheet in SHEETS))


def rival_of(campaign: Campaign) -> Campaign:
    """Return a crowdfund that nobody reports and whose id begins with that of one that is."""
    app = campaign.app
    if app is None:
        msg = f"campaign {campaign.slug} is no crowdfund, so nothing can look like one"
        raise ValueError(msg)
    rival = Crowdfund(
        id=app.id + "9",
        store=app.store,
        name="rival",
        title="Somebody else's garden",
        tagline="Not the one you think of",
        description="Its term begins like another's.",
        created=app.created,
        starts=app.starts,
        ends=None,
        currency="EUR",
        target=None,
    )
    return Campaign(
        slug="",
        store=campaign.store,
        app=rival,
        currencies=("EUR",),
        rails=campaign.rails,
        starts=campaign.starts,
    )


def _campaign(sheet: Sheet, store: Store, number: str, now: int) -> Campaign:
    target, currency = sheet.target.split(" ")
    starts = now - sheet.days_ago * DAY
    app = Crowdfund(
        id=number,
        store=store.id,
        name=sheet.slug,
        title=sheet.title,
        tagline=sheet.tagline,
        description=sheet.description,
        picture=address_of(sheet.slug) if sheet.slug == "garden" else "",
        created=starts - 3600,
        starts=starts,
        ends=None if sheet.days_left is None else now + sheet.days_left * DAY,
        currency=currency,
        target=Decimal(target),
    )
    return Campaign(
        slug=sheet.slug,
        store=store.id,
        app=app,
        currencies=sheet.currencies,
        rails=store.rails,
        starts=starts,
        german=sheet.german,
    )


class Market:
    """The price of one bitcoin, by currency; the indexers of the same seed tell the same."""

    def __init__(self, seed: int) -> None:
        self._quotes = Prices.of(seed).quotes
        self._first = self._quotes[0].at

    def price(self, currency: str, at: int) -> Decimal:
        """Return the price in a currency at a time, as an invoice made then freezes it."""
        if currency in BITCOIN:
            return BITCOIN[currency]
        day = (datetime.fromtimestamp(at, UTC) - self._first).days
        return self._quotes[min(max(day, 0), len(self._quotes) - 1)].prices[currency]
