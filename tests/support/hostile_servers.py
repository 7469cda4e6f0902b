"""A relay, an indexer and a BTCPay server of few projects, whose every text of a stranger can be another."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from generator.sandbox.btcpay import BTCPayServer, Deeds, Town, build_town
from generator.sandbox.btcpay.model import Crowdfund
from generator.sandbox.chain import ChainWorld
from generator.sandbox.chain.project import Project as Venture
from generator.sandbox.indexer import serve_indexer
from generator.sandbox.relay import QuirkyRelay, serve_quirky
from tests.support.angor_sandbox import played

#: Projects that strangers fill; the others must not notice.
OWN: Final = ("solar-roof", "garden")
#: Ids in the town; their titles are read by nobody, and nothing of them is shown.
TILL: Final = "till"
REQUEST: Final = "membership"
TOKEN: Final = "PAY_TOKEN"
NOW: Final = 1_790_000_000
Setter = Callable[["Servers", str], None]


@dataclass(slots=True, kw_only=True)
class Servers:
    """What is served, and what strangers say there."""

    world: ChainWorld
    town: Town
    relay: QuirkyRelay
    indexer: str
    pay: BTCPayServer
    profile: dict[str, str]
    description: str
    said: int = 0  #: how often the founder spoke
    pages: dict[str, str] = field(default_factory=dict)  #: the maintainer's own, by name
    titles: dict[str, str] = field(default_factory=dict)  #: of a point of sale and a payment request, by id

    @property
    def founder(self) -> Venture:
        return self.world.projects[0]

    @property
    def garden(self) -> Crowdfund:
        return next(each.app for each in self.town.campaigns if each.app and each.slug == "garden")

    def publish(self) -> None:
        """Sign what the founder says now, later than what was said before."""
        self.said += 1
        at = self.world.now + timedelta(seconds=self.said)
        said = [
            self.founder.say(0, json.dumps(self.profile), at),
            self.founder.say(30078, self.description, at, ["d", "angor:project"]),
        ]
        self.relay.events = [*self.world.events, *said]

    def titled(self, answer: object) -> object:
        """Change the title of what a BTCPay server answers about."""
        if isinstance(answer, dict) and answer.get("id") in self.titles:
            title = self.titles[answer["id"]]
            return {**answer, "title": title, "description": title, "appName": title}
        return answer

    def config(self) -> str:
        garden, lamp = (campaign for campaign in self.town.campaigns if campaign.slug in ("garden", "lamp"))
        pay = {
            "id": "pay",
            "url": self.pay.url,
            "token_env": TOKEN,
            "stores": [garden.store],
            "include": ["invoices", "crowdfund", "payouts"],
        }
        document = {
            "version": 1,
            "site": {"title": "Hostile"},
            "network": "regtest",
            "sources": {
                "nostr": {"relays": [self.relay.url]},
                "indexers": [self.indexer],
                "btcpay": [pay],
                "rates": {"provider": "none"},
            },
            "projects": [
                *({"slug": each.draft.slug, "angor": each.identifier} for each in self.world.projects),
                *(
                    {"slug": campaign.slug, "btcpay": {"source": "pay", "app": campaign.app.id}}
                    for campaign in (garden, lamp)
                    if campaign.app
                ),
                {"slug": "till", "btcpay": {"source": "pay", "pos": TILL}},
                {"slug": "members", "btcpay": {"source": "pay", "payment_request": REQUEST}},
            ],
        }
        return json.dumps(document)


@contextmanager
def served() -> Iterator[Servers]:
    """Serve them while the block runs."""
    whole = played(1)[0]
    world = replace(whole, projects=(whole.projects[0], whole.projects[4]))
    town = build_town(7, invoices=40, now=NOW, deeds=Deeds())
    relay = QuirkyRelay(events=world.events)
    with ExitStack() as stack:
        indexer = stack.enter_context(serve_indexer(world))
        pay = stack.enter_context(town.server())
        stack.enter_context(_in_a_thread(relay))
        servers = Servers(
            world=world,
            town=town,
            relay=relay,
            indexer=indexer.url,
            pay=pay,
            profile={"name": "Solar", "about": "Panels", "website": "https://solar.example"},
            description="Plain words.",
        )
        pay.dress = servers.titled
        yield servers


@contextmanager
def _in_a_thread(relay: QuirkyRelay) -> Iterator[None]:
    ready, over = threading.Event(), threading.Event()

    async def serve() -> None:
        async with serve_quirky(relay):
            ready.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(60)
    try:
        yield
    finally:
        over.set()
        thread.join(60)


def _profile(name: str) -> Setter:
    def say(servers: Servers, text: str) -> None:
        servers.profile[name] = text
        servers.publish()

    return say


def _describe(servers: Servers, text: str) -> None:
    servers.description = text
    servers.publish()


def _crowdfund(name: str) -> Setter:
    def say(servers: Servers, text: str) -> None:
        shelf, garden = servers.town.books.crowdfunds, servers.garden
        shelf[garden.id] = replace(shelf[garden.id], **{name: text})

    return say


def _titled(name: str) -> Setter:
    def say(servers: Servers, text: str) -> None:
        servers.titles[name] = text

    return say


def _store(servers: Servers, text: str) -> None:
    for store in servers.town.books.stores.values():
        servers.town.books.stores[store.id] = replace(store, name=text)


def _payer(name: str) -> Setter:
    """Return what a donor to the garden writes in an invoice."""

    def say(servers: Servers, text: str) -> None:
        shelf = servers.town.books.invoices
        paid = next(invoice for invoice in shelf if servers.garden.term in invoice.terms)
        value = (("comment", text),) if name == "extra" else text
        shelf.put(replace(paid, **{name: value}))

    return say


def _pulled(servers: Servers, text: str) -> None:
    pulls = servers.town.books.pulls
    pulls[:] = [replace(pull, name=f"{pull.name} {text}") for pull in pulls]


def _own_page(name: str, form: str) -> Setter:
    def write(servers: Servers, text: str) -> None:
        servers.pages[name] = form.replace("TEXT", text)

    return write


#: Every text that is read on the way to a page, by name; what sets it. The last two are the maintainer's.
FIELDS: Final[dict[str, Setter]] = {
    "profile name": _profile("name"),
    "profile about": _profile("about"),
    "profile website": _profile("website"),
    "description": _describe,
    "crowdfund title": _crowdfund("title"),
    "crowdfund tagline": _crowdfund("tagline"),
    "crowdfund description": _crowdfund("description"),
    "title of a point of sale": _titled(TILL),
    "title of a payment request": _titled(REQUEST),
    "store name": _store,
    "item": _payer("described"),
    "comment of a payer": _payer("extra"),
    "pull payment": _pulled,
    "own page": _own_page("notes", "# Notes\n\nTEXT"),
    "front matter": _own_page("matter", "---\nTEXT\n---\nWords."),
}
