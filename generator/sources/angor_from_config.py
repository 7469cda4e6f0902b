"""From a configuration to the source of Angor projects; a report of BTCPay alone does not need its code."""

from collections.abc import Iterable

from generator.config import Config
from generator.config.rules import is_private
from generator.protocol.nostr import secret_of
from generator.sources.angor import AngorSource, Moderation
from generator.sources.clients import Clients
from generator.sources.http import HttpLimits
from generator.sources.indexers import Indexers
from generator.sources.relays import RelayLimits, Relays


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
