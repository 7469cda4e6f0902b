"""From a configuration to sources that can be asked.

Of the HTTP clients of a run, one carries each key, to its own server alone, and one carries none.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import httpx

from generator import __version__
from generator.config import ID_KEY_ENV, BTCPayServer, Config
from generator.config.rules import is_private
from generator.protocol.nostr import secret_of
from generator.sources import Source, Tally
from generator.sources.angor import AngorSource, Moderation
from generator.sources.btcpay import BTCPay, KeyedIds, WebhookReceiver
from generator.sources.btcpay.greenfield import Greenfield, authorization, transport
from generator.sources.hosts import Hosts, MappedTransport
from generator.sources.http import HostPace, Http, HttpLimits
from generator.sources.indexers import Indexers
from generator.sources.rates import SOURCE as RATES
from generator.sources.rates import FilePrices, IndexerPrices, PriceProvider, RatesSource, StorePrices
from generator.sources.rates.own_file import OwnRate
from generator.sources.relays import RelayLimits, Relays

AGENT: Final = f"sunlit/{__version__}"


@dataclass(slots=True, kw_only=True)
class Clients:
    """Makes one client for each secret it carries, and closes them all."""

    stack: AsyncExitStack
    hosts: Hosts
    secrets: Mapping[str, str] = field(repr=False)
    authorities: Mapping[str, str] = field(default_factory=dict)
    plain: httpx.AsyncClient | None = field(default=None)
    _paces: dict[str, HostPace] = field(default_factory=dict)

    def pace(self, url: str, per_second: float | None = None) -> HostPace:
        """Return the pace of a public server, the same for all that read it: money and prices.

        `per_second` is the most that the configuration allows it to be asked.
        """
        return self._paces.setdefault(url, HostPace(most=per_second))

    async def btcpay(self, server: BTCPayServer) -> httpx.AsyncClient:
        """Open a client that carries a server's key to this server alone."""
        trusting = transport(server, self.authorities.get(server.id))
        return await self._open(trusting, authorization(self.secrets[server.token_env]))

    async def _open(
        self, transport: httpx.AsyncBaseTransport | None, headers: Mapping[str, str] | None = None
    ) -> httpx.AsyncClient:
        if self.hosts and transport:
            transport = MappedTransport(transport, self.hosts)
        client = httpx.AsyncClient(transport=transport, headers={"User-Agent": AGENT, **(headers or {})})
        return await self.stack.enter_async_context(client)

    async def public(self) -> httpx.AsyncClient:
        """Share one client among all servers that need no key."""
        if self.plain is None:
            self.plain = await self._open(httpx.AsyncHTTPTransport() if self.hosts else None)
        return self.plain


@asynccontextmanager
async def open_clients(
    secrets: Mapping[str, str],
    *,
    hosts: Hosts | None = None,
    authorities: Mapping[str, str] | None = None,
) -> AsyncIterator[Clients]:
    """Yield what makes clients; they close with the block."""
    async with AsyncExitStack() as stack:
        yield Clients(stack=stack, hosts=hosts or {}, secrets=secrets, authorities=authorities or {})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSources:
    """The sources of a configuration, with their connections."""

    first: tuple[Source, ...]  #: asked at once
    then: tuple[Source, ...] = ()  #: asked with what the first ones answered


@asynccontextmanager
async def open_sources(  # noqa: PLR0913 -- what a report is read with, by name
    config: Config,
    secrets: Mapping[str, str],
    *,
    hosts: Hosts | None = None,
    limits: HttpLimits | None = None,
    own_rates: Sequence[OwnRate] = (),
    authorities: Mapping[str, str] | None = None,
    taken: Mapping[int, int] | None = None,
    budget_s: float | None = None,
) -> AsyncIterator[OpenSources]:
    """Yield the sources of a configuration; their connections close with the block.

    `secrets` are values by the name of their environment variable; `hosts` says
    where names lead that are not to be looked up (the sandbox's), `own_rates` what
    the file of ``sources.rates.file`` says,
    `authorities` the PEM text of each BTCPay server's `ca_file`, by the server's id,
    `taken` the deliveries that a receiver in this folder remembers, by the second of their event,
    and `budget_s` the seconds after which projects of the chain wait for the next run.
    """
    async with open_clients(secrets, hosts=hosts, authorities=authorities) as clients:
        chosen = limits or HttpLimits()
        stores: list[BTCPay] = []
        for server in config.sources.open_btcpay:
            for store in server.stores:
                made = await btcpay_of(
                    server,
                    store,
                    config,
                    secrets,
                    clients=clients,
                    limits=chosen,
                    taken=taken,
                    earlier=tuple(stores),
                )
                stores.append(made)
        first: list[Source] = [*stores]
        if (angor := await angor_of(config, clients, chosen, budget_s=budget_s)) is not None:
            first.append(angor)
        rates = await _rates_of(config, clients, limits=chosen, own=own_rates)
        yield OpenSources(first=tuple(first), then=(rates,) if rates else ())


async def btcpay_of(  # noqa: PLR0913 -- what a source is made of, by name
    server: BTCPayServer,
    store: str,
    config: Config,
    secrets: Mapping[str, str],
    *,
    clients: Clients,
    limits: HttpLimits,
    taken: Mapping[int, int] | None = None,
    ids: KeyedIds | None = None,
    earlier: Sequence[BTCPay] = (),
) -> BTCPay:
    """Make the source of a store; see `open_sources` for `taken`; `ids` are made with ours by default."""
    hook = config.hook if config.hook and config.hook.server == server.id else None
    id_key = secrets.get(ID_KEY_ENV)
    return BTCPay(
        server,
        store,
        projects=config.projects,
        privacy=config.privacy,
        client=await clients.btcpay(server),
        ids=ids or (KeyedIds(key=id_key.encode()) if id_key else None),
        limits=limits,
        receiver=WebhookReceiver(url=hook.url or "", debounce=timedelta(seconds=hook.debounce_s), taken=taken)
        if hook
        else None,
        earlier=earlier,
    )


async def angor_of(
    config: Config, clients: Clients, limits: HttpLimits, *, budget_s: float | None = None
) -> AngorSource | None:
    """Make the source of Angor projects, None where the configuration names none."""
    listed = {project.angor for project in config.projects if project.angor}
    nostr = config.sources.nostr
    per_second = {server.url: server.per_second for server in config.sources.indexers}
    if nostr is None or not (listed or config.angor.discover == "all"):
        return None
    return AngorSource(
        network=config.network,
        relays=Relays(
            urls=nostr.relays,
            quorum=nostr.quorum,
            follows=nostr.follow,
            hosts=clients.hosts,
            client=await clients.public(),
            secret=secret_of(clients.secrets[nostr.auth_key_env]) if nostr.auth_key_env else None,
            limits=relay_limits(nostr.relays),
        ),
        indexers=Indexers.of(
            config.sources.indexer_urls,
            client=await clients.public(),
            network=config.network,
            limits=limits,
            pace=lambda url: clients.pace(url, per_second[url]),
        ),
        listed=listed,
        discover=config.angor.discover,
        budget_s=budget_s,
        moderation=Moderation(mode=config.angor.moderation, moderators=config.angor.moderators),
        confirmations=config.sources.confirmations,
    )


def relay_limits(relays: Iterable[str]) -> RelayLimits:
    """Choose how long to listen; relays of this machine or network answer at once, or never."""
    return RelayLimits(idle_s=1.5) if all(map(is_private, relays)) else RelayLimits()


async def _rates_of(
    config: Config, clients: Clients, *, limits: HttpLimits, own: Sequence[OwnRate]
) -> RatesSource | None:
    """Make the source of exchange rates, None where no provider is asked or no currency wanted."""
    rates, tally = config.sources.rates, Tally()
    if not rates.asked or not config.units.fiat:
        return None

    def reader(client: httpx.AsyncClient, url: str, per_second: float | None = None) -> Http:
        pace = clients.pace(url, per_second)
        return Http(client=client, source=RATES, base_url=url, limits=limits, counts=tally.counts, pace=pace)

    async def asked(name: str) -> Sequence[PriceProvider]:
        if name == "csv":
            return [FilePrices(own)]
        if name == "btcpay":
            server = config.sources.btcpay_server(rates.server or "")
            http = reader(await clients.btcpay(server), server.url)
            return [StorePrices(rates.store or "", Greenfield(server, http))]
        client = await clients.public()
        servers = config.sources.indexers
        return [IndexerPrices(reader(client, server.url, server.per_second)) for server in servers]

    providers = [provider for name in rates.asked for provider in await asked(name)]
    return RatesSource(providers, currencies=config.units.fiat, tally=tally)
