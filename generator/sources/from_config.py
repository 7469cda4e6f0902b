"""From a configuration to sources that can be asked."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx

from generator.config import ID_KEY_ENV, BTCPayServer, Config
from generator.sources import Source, Tally
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.privacy import KeyedIds
from generator.sources.btcpay.source import BTCPay
from generator.sources.btcpay.webhook_deliveries import WebhookReceiver
from generator.sources.clients import Clients, open_clients
from generator.sources.hosts import Hosts
from generator.sources.http import Http, HttpLimits
from generator.sources.http.server_clocks import ServerClocks
from generator.sources.rates import SOURCE as RATES
from generator.sources.rates import FilePrices, IndexerPrices, PriceProvider, RatesSource, StorePrices
from generator.sources.rates.own_file import OwnRate


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
    clocks: ServerClocks | None = None,
) -> AsyncIterator[OpenSources]:
    """Yield the sources of a configuration; their connections close with the block.

    `secrets` are values by the name of their environment variable; `hosts` says
    where names lead that are not to be looked up (the sandbox's), `own_rates` what
    the file of ``sources.rates.file`` says,
    `authorities` the PEM text of each BTCPay server's `ca_file`, by the server's id,
    `taken` the deliveries that a receiver in this folder remembers, by the second of their event,
    `budget_s` the seconds after which projects of the chain wait for the next run,
    and `clocks` what hears the time of every answer.
    """
    async with open_clients(secrets, hosts=hosts, authorities=authorities, clocks=clocks) as clients:
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
        if config.sources.nostr is not None:
            from generator.sources.angor_from_config import angor_of  # noqa: PLC0415 -- megabytes of code

            if (angor := await angor_of(config, clients, chosen, budget_s=budget_s)) is not None:
                first.append(angor)
        rates = await rates_of(config, clients, limits=chosen, own=own_rates)
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


async def rates_of(
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
