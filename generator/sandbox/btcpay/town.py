"""The whole life of one BTCPay server, from a seed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import cycle, islice
from typing import Final, Self

import httpx

from generator.sandbox.btcpay.books import Books, Shelf
from generator.sandbox.btcpay.campaigns import DAY, Campaign, Market, open_campaigns, open_stores, rival_of
from generator.sandbox.btcpay.chance import chance
from generator.sandbox.btcpay.deeds import Deeds
from generator.sandbox.btcpay.donor import Donor
from generator.sandbox.btcpay.keys import UNRESTRICTED, VIEW_INVOICES, VIEW_SETTINGS, Key
from generator.sandbox.btcpay.model import MONERO, PLUGIN, Invoice
from generator.sandbox.btcpay.owners import STATES, Owner, refundable
from generator.sandbox.btcpay.server import BTCPayServer
from generator.sandbox.btcpay.texts import Texts
from generator.sandbox.btcpay.versions import Version
from generator.sandbox.btcpay.visits import VISITS
from generator.sandbox.btcpay.ways import WAYS

_KEY_BYTES: Final = 20
_VISITS_A_REFUND: Final = 40
#: How people pay by any rail at a server of today.
_WAYS: Final = tuple(way for way in WAYS if way.made_by(Version.CURRENT) and not way.rail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A server's books, the campaigns people gave to, and who may read what."""

    seed: int
    books: Books
    campaigns: tuple[Campaign, ...]  #: the reported ones: the whole store first
    reader: Key  #: may view the settings of both stores, so refunds and rates too
    narrow: Key  #: may view invoices of both stores only
    careless: Key  #: may do everything

    @classmethod
    def of(cls, seed: int, books: Books, campaigns: tuple[Campaign, ...]) -> Self:
        """Return a town with the keys of its seed."""
        dice = chance(seed, "btcpay/keys")
        key = [dice.randbytes(_KEY_BYTES).hex() for _ in range(3)]
        return cls(
            seed=seed,
            books=books,
            campaigns=campaigns,
            reader=_key(key[0], books, VIEW_SETTINGS),
            narrow=_key(key[1], books, VIEW_INVOICES),
            careless=Key(text=key[2], permissions=(UNRESTRICTED,)),
        )

    @property
    def stores(self) -> tuple[str, ...]:
        """Return the ids of the stores, the one that is a project as a whole first."""
        return tuple(self.books.stores)

    def restored(self, at: int) -> Self:
        """Return the town after a restore from a backup: what came since `at` is gone, and stays paid."""
        books = replace(
            self.books,
            invoices=Shelf(invoice for invoice in self.books.invoices if invoice.created < at),
            pulls=[pull for pull in self.books.pulls if pull.starts < at],
            payouts=[payout for payout in self.books.payouts if payout.at < at],
        )
        return replace(self, books=books)

    def server(
        self,
        *,
        prefix: str = "",
        version: Version = Version.CURRENT,
        plant: bool = False,
        port: int = 0,
        clock: Callable[[], int] | None = None,
        reach: Callable[[], httpx.AsyncClient] = httpx.AsyncClient,
    ) -> BTCPayServer:
        """Return a server for this town, not started yet; `plant` puts a token into every free text."""
        return BTCPayServer(
            books=self.books,
            keys=(self.reader, self.narrow, self.careless),
            texts=Texts(seed=self.seed, plant=plant),
            prefix=prefix,
            version=version,
            port=port,
            clock=clock,
            reach=reach,
            shown=frozenset(campaign.app.id for campaign in self.campaigns if campaign.app),
        )


def build_town(seed: int, *, invoices: int, now: int, deeds: Deeds) -> Town:
    """Let `invoices` people (and a few strangers) visit, the owners pay back, and note it all in `deeds`."""
    dice = chance(seed, "btcpay/town")
    stores = open_stores(dice)
    campaigns = open_campaigns(dice, stores, now)
    books = Books(now=now, stores={store.id: store for store in stores})
    market = Market(seed)
    books.prices = {currency: market.price(currency, now) for currency in ("EUR", "USD")}
    _open_crowdfunds(books, campaigns)
    books.tills["till"] = books.requests["membership"] = stores[1].id
    donor = Donor(chance(seed, "btcpay/donors"), market, now, deeds)
    came = _visits(seed, donor, campaigns, invoices)
    owner = Owner(chance(seed, "btcpay/owners"), books, deeds)
    for campaign in campaigns:
        own = came[campaign.slug]
        books.invoices.put(*own)
        number = max(len(STATES), len(own) // _VISITS_A_REFUND)
        for invoice, state in zip(refundable(own)[: 2 * number : 2], cycle(STATES), strict=False):
            owner.refund(campaign, invoice, state)
    _strangers(donor, owner, campaigns)
    return Town.of(seed, books, campaigns)


def _open_crowdfunds(books: Books, campaigns: tuple[Campaign, ...]) -> None:
    for campaign in (*campaigns, rival_of(campaigns[1])):
        if campaign.app:
            books.crowdfunds[campaign.app.id] = campaign.app


def _visits(
    seed: int, donor: Donor, campaigns: tuple[Campaign, ...], invoices: int
) -> dict[str, list[Invoice]]:
    """Return invoices by project: every kind of visit at every campaign first, then as it comes."""
    every = [(campaign, visit) for visit in VISITS for campaign in campaigns]
    weights = [visit.weight for visit in VISITS]
    rest = max(0, invoices - len(every))
    often = zip(islice(cycle(campaigns), rest), donor.dice.choices(VISITS, weights, k=rest), strict=True)
    came: dict[str, list[Invoice]] = {campaign.slug: [] for campaign in campaigns}
    dice = chance(seed, "btcpay/ways")
    for campaign, visit in (*every[:invoices], *often):
        way = dice.choice([way for way in _WAYS if way.kind == campaign.place.kind])
        dress = partial(way.dressed, ids={campaign.place.kind: campaign.place.number}, dice=dice)
        came[campaign.slug].append(donor.visit(campaign, visit, dress=dress))
    return came


def _strangers(donor: Donor, owner: Owner, campaigns: tuple[Campaign, ...]) -> None:
    """Add money that is nobody's contribution: lookalikes with a refund, another coin, salaries."""
    books = owner.books
    for campaign in campaigns:
        if campaign.app:
            found = _lookalikes(donor, campaign)
            books.invoices.put(*found)
            owner.refund(replace(campaign, slug="", app=None), found[1], "Completed")
            owner.spend(found[2])
    books.invoices.put(*(_in_another_coin(donor, campaigns[0], rail) for rail in (MONERO, PLUGIN)))


def _key(text: str, books: Books, right: str) -> Key:
    return Key(text=text, permissions=tuple(f"{right}:{store}" for store in books.stores))


def _lookalikes(donor: Donor, campaign: Campaign) -> list[Invoice]:
    """Return paid invoices of the same store that a careless reader would count for a crowdfund."""
    rival = rival_of(campaign)
    paid = VISITS[0]
    foreign = replace(rival, app=None)

    def made() -> Invoice:
        return donor.visit(foreign, paid, at=donor.now - donor.dice.randint(15 * DAY, 25 * DAY))

    return [
        donor.visit(rival, paid),  # another crowdfund, whose id begins like ours
        replace(made(), mail=campaign.terms[0]),  # an address that is the term, and no order page
        replace(made(), terms=campaign.terms, order_page=f"{campaign.page}-2"),
        replace(made(), terms=campaign.terms, order_page=f"https://shop.example.org{campaign.page}/../cart"),
        replace(made(), order=campaign.terms[0]),  # an order number that looks like the term
        replace(made(), order_page=campaign.page),  # the order page, and not filed under the crowdfund
        replace(made(), terms=("pos-app_till",), described="Coffee"),
    ]


def _in_another_coin(donor: Donor, campaign: Campaign, rail: str) -> Invoice:
    """Return an invoice of a campaign that was paid by a rail that is not ours: in no bitcoin figure."""
    invoice = replace(donor.visit(replace(campaign, currencies=("EUR",)), VISITS[7]), archived=False)
    paid = donor.pay_by(replace(invoice, status="Settled", price=Decimal("30.00")), rail)
    donor.note(paid, campaign)
    return paid
