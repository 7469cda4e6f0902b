"""A BTCPay server of some years, whose stores are paid by every way there is: `build_street`.

Each store holds a crowdfund, a point of sale, a payment request, a crowdfund
that nobody reports, and sales of a shop beside them. An invoice is made by the
version that the server had on its day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final

from generator.sandbox.btcpay.books import Books
from generator.sandbox.btcpay.campaigns import DAY, Campaign, Market
from generator.sandbox.btcpay.chance import base58, chance
from generator.sandbox.btcpay.deeds import CROWDFUND, POS, REQUEST, REST, Deeds
from generator.sandbox.btcpay.donor import Donor
from generator.sandbox.btcpay.model import CHAIN, LIGHTNING, LNURL, Crowdfund, Invoice, Store
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
    now: int  #: Unix seconds
    stores: int = 1
    history: tuple[tuple[str, str], ...] = HISTORY
    ways: tuple[Way, ...] = WAYS
    forgers: tuple[Way, ...] = ()
    visits: int = 2


def build_street(street: Street, deeds: Deeds) -> Town:
    """Play a server's life and note it in `deeds`.

    The town's campaigns have the slugs ``crowdfund-1``, ``pos-1``, ``request-1`` and ``rest-1`` in the
    first store and so on; a deed's `project` is the slug that counts it when all are bound, its `place`
    where it was really paid. `store_truth.stores_of(deeds)` folds it by store and place.
    """
    dice = chance(street.seed, "btcpay/street")
    donor = Donor(chance(street.seed, "btcpay/street/donors"), Market(street.seed), street.now, deeds)
    books = Books(now=street.now)
    books.prices = {currency: donor.market.price(currency, street.now) for currency in ("EUR", "USD")}
    campaigns: list[Campaign] = []
    for number in range(1, street.stores + 1):
        store = Store(id=base58(dice, 44), name=f"Store {number}", currency="EUR", rails=_RAILS)
        here = {
            kind: _campaign(kind, number, store, base58(dice, 28), street)
            for kind in (CROWDFUND, POS, REQUEST, REST, _RIVAL)
        }
        books.stores[store.id] = store
        books.crowdfunds |= {place.app.id: place.app for place in here.values() if place.app}
        books.invoices.put(*_invoices(street, donor, here))
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


def _invoices(street: Street, donor: Donor, here: Mapping[str, Campaign]) -> Iterator[Invoice]:
    """Yield a store's invoices: by every way in every version, by each forger in the last that lets him."""
    ids = {kind: campaign.number for kind, campaign in here.items()}
    spans = list(eras(street.history, street.now - _SETTLES))
    plan = [(way, span, street.visits) for way in street.ways for span in spans if way.made_by(span[0])]
    plan += [
        (way, span, 1)
        for way in street.forgers
        for span in [span for span in spans if way.made_by(span[0])][-1:]
    ]
    for way, (_, begins, ends), visits in plan:
        for number in range(visits):
            visit = _PAID if way.rail or number == 0 else donor.dice.choice(_LASTING)
            dress = partial(way.dressed, ids=ids, dice=donor.dice)
            yield donor.visit(here[way.kind], visit, at=donor.dice.randrange(begins, ends), dress=dress)
        if (way.kind, way.name) == (CROWDFUND, "page"):
            dress = partial(way.dressed, ids={**ids, CROWDFUND: ids[_RIVAL]}, dice=donor.dice)
            yield donor.visit(here[_RIVAL], _PAID, at=donor.dice.randrange(begins, ends), dress=dress)
