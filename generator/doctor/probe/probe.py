"""The probe as a whole: every relay, then every indexer, each host slowly and all at the same time."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

import msgspec

from generator.config import Config
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.probe.first_run import FirstRun, first_run, sentence
from generator.doctor.probe.gentle import GentleHost, ProbeLimits
from generator.doctor.probe.indexer_probe import IndexerProbe
from generator.doctor.probe.probed import ProbedIndexer, ProbedRelay, advice
from generator.doctor.probe.relay_probe import RelayProbe
from generator.protocol.angor.project_identifier import KeyProblem, address_of
from generator.sources.clients import open_clients
from generator.sources.hosts import Hosts, mapped_place
from generator.sources.indexers import GENESIS
from generator.sources.relays import information_address

#: Addresses of projects that are looked at for one with a long history.
_CANDIDATES: Final = 5


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of every server at a time."""

    at: datetime
    indexers: tuple[ProbedIndexer, ...]
    relays: tuple[ProbedRelay, ...]
    first_run: FirstRun

    @property
    def sentences(self) -> list[Diagnosis]:
        """One for each server, and one for the first run."""
        return [*map(advice, self.relays), *map(advice, self.indexers), sentence(self.first_run)]


async def probe_servers(
    config: Config,
    known: Iterable[str],
    *,
    at: datetime,
    pace: ProbeLimits | None = None,
    hosts: Hosts | None = None,
) -> Probe:
    """Ask every relay and indexer of a configuration what it can do.

    `known` are identifiers of projects in the log, those with the most money first: their addresses are
    likely to have long histories.
    """
    pace, hosts = pace or ProbeLimits(), hosts or {}
    async with open_clients({}, hosts=hosts) as clients:
        client = await clients.public()

        def host(url: str, per_second: float | None = None) -> GentleHost:
            slower = replace(pace, pause_s=max(pace.pause_s, 1 / per_second)) if per_second else pace
            return GentleHost(client=client, base_url=url, pace=slower)

        urls = config.sources.nostr.relays if config.sources.nostr else ()
        relays = [
            RelayProbe(url=url, host=host(information_address(url)), place=mapped_place(url, hosts))
            for url in urls
        ]
        told = await asyncio.gather(*(relay.run() for relay in relays))
        listed = [project.angor for project in config.projects if project.angor]
        announced = sorted(set[str]().union(*(relay.identifiers for relay in relays)))
        everyone = dict.fromkeys((*known, *listed, *announced))
        addresses = _addresses(everyone, config.network)
        indexers = [
            IndexerProbe(
                host=host(server.url, server.per_second),
                genesis=GENESIS[config.network],
                addresses=addresses[:_CANDIDATES],
                per_second=server.per_second,
            )
            for server in config.sources.indexers
        ]
        probed = await asyncio.gather(*(indexer.run() for indexer in indexers))
    covered = everyone if config.angor.discover == "all" else dict.fromkeys(listed)
    return Probe(
        at=at,
        indexers=tuple(probed),
        relays=tuple(told),
        first_run=first_run(
            len(_addresses(covered, config.network)),
            [count for each in indexers for count in each.transactions],
            probed,
        ),
    )


def _addresses(identifiers: Iterable[str], network: str) -> list[str]:
    found: list[str] = []
    for identifier in identifiers:
        try:
            found.append(address_of(identifier, network))
        except KeyProblem:
            continue  # a stranger may announce anything
    return found
