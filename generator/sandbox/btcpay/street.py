"""A BTCPay server of some years, whose stores are paid by every way there is: `build_street`.

Each store holds a crowdfund, a point of sale, a payment request, a crowdfund
that nobody reports, and sales of a shop beside them. An invoice is made by the
version that the server had on its day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Final, Literal

from generator.sandbox.btcpay.books import Books
from generator.sandbox.btcpay.campaigns import DAY, Campaign, Market
from generator.sandbox.btcpay.chance import base58, chance
from generator.sandbox.btcpay.deeds import CROWDFUND, POS, REQUEST, REST, Deeds
from generator.sandbox.btcpay.donor import Donor, Visit
from generator.sandbox.btcpay.model import CHAIN, LIGHTNING, LNURL, Crowdfund, Invoice, Store
from generator.sandbox.btcpay.owners import Owner, refundable
from generator.sandbox.btcpay.payback import Payback, pay_back
from generator.sandbox.btcpay.town import Town
from generator.sandbox.btcpay.visits import VISITS
from generator.sandbox.btcpay.ways import HISTORY, WAYS, Way, eras

_SETTLES: Final = 14 * DAY  #: what begins later than this may still change
_RAILS: Final = (CHAIN, LIGHTNING, LNURL)
_PAID: Final = VISITS[0]
_LASTING: Final = tuple(visit for visit in VISITS if not visit.fresh)
#: The kind of the crowdfund that nobody reports.
_RIVAL: Final = "rival"


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """What to build. `forgers` are paid by once each, `ways` `visits` times in each version that has them.

    The first visit of each is paid in full, the others go as they do.
    """

    seed: int = 1
    now: int = 0  #: Unix seconds
    stores: int = 1
    history: tuple[tuple[str, str], ...] = HISTORY
    ways: tuple[Way, ...] = WAYS
    forgers: tuple[Way, ...] = ()
    visits: int = 2
    coins: tuple[str, ...] = ()  #: rails of plugins, each paid by once at every place
    paybacks: tuple[Payback, ...] = ()  #: each done once in every store
    reset: tuple[int, str] | None = None  #: the crowdfunds begin anew
    app: Literal["open", "disabled", "archived", "deleted"] = "open"  #: what became of the crowdfunds


def build_street(street: Street, deeds: Deeds) -> Town:
    """Play a server's life and note it in `deeds`.

    The town's campaigns have the slugs ``crowdfund-1``, ``pos-1``, ``request-1`` and ``rest-1`` in the
    first store and so on; a deed's `project` is the slug that counts it when all are bound, its `place`
    where it was really paid. `store_truth.stores_of(deeds)` folds it by store and place.

    A server that was rebuilt is a street of another seed, whose history begins on that day, with the
    same deeds: slugs stay, all ids are new. One that moved is `Town.server` with another prefix or port.
    """
    dice = chance(street.seed, "btcpay/street")
    donor = Donor(chance(street.seed, "btcpay/street/donors"), Market(street.seed), street.now, deeds)
    books = Books(now=street.now)
    books.prices = {currency: donor.market.price(currency, street.now) for currency in ("EUR", "USD")}
    owner = Owner(chance(street.seed, "btcpay/street/owners"), books, deeds)
    campaigns: list[Campaign] = []
    for number in range(1, street.stores + 1):
        store = Store(id=base58(dice, 44), name=f"Store {number}", currency="EUR", rails=_RAILS)
        here = {
            kind: _campaign(kind, number, store, base58(dice, 28), street)
            for kind in (CROWDFUND, POS, REQUEST, REST, _RIVAL)
        }
        books.stores[store.id] = store
        deeds.pages.pop(here[CROWDFUND].slug, None)  # an earlier server's
        if street.app != "deleted":
            books.crowdfunds |= {place.app.id: place.app for place in here.values() if place.app}
        books.tills[here[POS].number] = store.id
        paid = list(_invoices(street, donor, here))
        books.invoices.put(*(invoice for _, invoice in paid))
        _pay_back(street, owner, paid)
        campaigns += list(here.values())[:-1]
    return Town.of(street.seed, books, tuple(campaigns))


def _campaign(kind: str, number: int, store: Store, own: str, street: Street) -> Campaign:
    begins = next(eras(street.history, street.now))[1]
    app = None
    if kind == CROWDFUND:
        app = Crowdfund(
            id=own,
            store=store.id,
            name=f"crowdfund-{number}",
            title=f"Beds for street {number}",
            tagline="Since many versions",
            description="Paid by every way there is.",
            created=begins,
            starts=begins,
            ends=None,
            currency="SATS",
            target=Decimal(90_000_000),
            reset=street.reset,
            enabled=street.app != "disabled",
            archived=street.app == "archived",
        )
    return Campaign(
        slug=f"{REST if kind == _RIVAL else kind}-{number}",
        store=store.id,
        app=app,
        currencies=("SATS", "EUR"),
        rails=_RAILS,
        starts=begins,
        kind=CROWDFUND if kind == _RIVAL else kind,
        number="" if kind == REST else own,
    )


def _invoices(
    street: Street, donor: Donor, here: Mapping[str, Campaign]
) -> Iterator[tuple[Campaign, Invoice]]:
    """Yield a store's invoices: by every way in every version, by each forger in the last that lets him."""
    ids = {kind: campaign.number for kind, campaign in here.items()}
    spans = list(eras(street.history, street.now - _SETTLES))

    def paid(at: str, way: Way, span: tuple[str, int, int], visit: Visit) -> tuple[Campaign, Invoice]:
        own = {**ids, CROWDFUND: ids[at]} if at == _RIVAL else ids
        dress = partial(way.dressed, ids=own, dice=donor.dice)
        created = donor.dice.randrange(*span[1:])
        campaign = here[at] if visit.weight else replace(here[at], currencies=("EUR",))
        return campaign, donor.visit(campaign, visit, at=created, dress=dress)

    for way in street.ways:
        for span in (span for span in spans if way.made_by(span[0])):
            yield paid(way.kind, way, span, _PAID)
            for _ in range(street.visits - 1):
                yield paid(way.kind, way, span, _PAID if way.rail else donor.dice.choice(_LASTING))
            if (way.kind, way.name) == (CROWDFUND, "page"):
                yield paid(_RIVAL, way, span, _PAID)
    for way in street.forgers:
        yield paid(way.kind, way, [span for span in spans if way.made_by(span[0])][-1], _PAID)
    for rail, kind in product(street.coins, (CROWDFUND, POS, REQUEST, REST)):
        way = next(way for way in street.ways if way.kind == kind and way.made_by(spans[-1][0]))
        yield paid(kind, way, spans[-1], _by(rail))


def _by(rail: str) -> Visit:
    """Return a visit that is paid by a rail of a plugin."""
    act = partial(Donor.pay_by, rail=rail)
    return Visit(status="Settled", additional="None", weight=0, act=act)


def _pay_back(street: Street, owner: Owner, paid: list[tuple[Campaign, Invoice]]) -> None:
    """Let every story happen to an invoice of its own."""
    sound = {invoice.id for invoice in refundable([invoice for _, invoice in paid])}
    for story in street.paybacks:
        fitting = [
            (campaign, invoice)
            for campaign, invoice in paid
            if invoice.id in sound and story.fits(campaign, invoice, street.now)
        ]
        (campaign, invoice), (_, other) = fitting[0], fitting[-1]
        sound -= {invoice.id}
        pay_back(owner, story, campaign, invoice, other)
