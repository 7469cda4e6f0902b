"""The whole examination: BTCPay servers, indexers and relays, one after another, and this machine."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime

from generator.config import Config
from generator.doctor.btcpay import examine_btcpay
from generator.doctor.diagnosis import Diagnosis, Level
from generator.doctor.rates import examine_rates
from generator.errors import SourceError
from generator.protocol import curve
from generator.protocol.nostr import Filter
from generator.protocol.proof.committed_terms import DEFINITION
from generator.sources.angor import AngorSource
from generator.sources.angor_from_config import angor_of
from generator.sources.clients import open_clients
from generator.sources.from_config import rates_of
from generator.sources.http import Http, HttpLimits
from generator.sources.http.unreached import OFFLINE, seems_offline
from generator.sources.indexers import GENESIS, Esplora, Indexers
from generator.sources.rates.own_file import OwnRate
from generator.sources.relays import Relays

#: Blocks by which servers may differ while a block travels.
_APART = 3
ENDED_WELL = "complete"
#: Codes of findings that stand for one server each.
_OF_SERVERS = frozenset({"btcpay-unreachable", "indexer", "relay"})


async def examine_indexers(indexers: Indexers) -> AsyncIterator[Diagnosis]:
    """Yield each server's height, and whether enough of them answer."""
    genesis = GENESIS[indexers.network]
    faults = await asyncio.gather(*(_fault(server, genesis) for server in indexers.servers))
    best = max((server.tip_height for server in indexers.servers), default=-1)
    for server, fault in zip(indexers.servers, faults, strict=True):
        behind = best - server.tip_height
        late = not fault and behind > _APART
        yield Diagnosis(
            code="indexer",
            level=Level.WARNING if fault or late else Level.OK,
            source="indexers",
            subject=server.http.host,
            observed=fault or f"block {server.tip_height}" + (f", {behind} behind the best" if late else ""),
            fix="Others that answer stand in for it; replace it in sources.indexers if this lasts"
            if fault
            else "",
        )
    well = sum(not fault for fault in faults)
    if well < 2:  # noqa: PLR2004 -- one that answers and a witness
        yield _too_few(well, len(faults))


def _too_few(well: int, listed: int) -> Diagnosis:
    return Diagnosis(
        code="indexer-witness" if well else "indexers-none",
        level=Level.WARNING if well else Level.ERROR,
        source="indexers",
        subject=f"{well} of {listed}",
        observed="answer, so that nobody can second what one says" if well else "no indexer answers",
        expected="two or more",
        fix="List another server in sources.indexers; see docs/indexers.md",
    )


async def _fault(server: Esplora, genesis: str) -> str:
    try:
        await server.probe(genesis)
    except SourceError as error:
        return error.message
    return ""


async def examine_relays(relays: Relays) -> AsyncIterator[Diagnosis]:
    """Yield how each relay ended one question, and whether the quorum is reached."""
    problem = ""
    try:
        await relays.read([Filter(kinds=(DEFINITION,))])
    except SourceError as error:
        problem = error.message
    for found in _endings(relays.endings.items()):
        yield found
    yield Diagnosis(
        code="relay-quorum",
        level=Level.ERROR if problem else Level.OK,
        source="nostr",
        subject=f"quorum of {relays.quorum}",
        observed=problem or "enough relays answer to the end",
        fix="Add relays to sources.nostr.relays; see docs/nostr.md" if problem else "",
    )


def _endings(endings: Iterable[tuple[str, str]]) -> list[Diagnosis]:
    return [
        Diagnosis(
            code="relay",
            level=Level.OK if ending == ENDED_WELL else Level.WARNING,
            source="nostr",
            subject=url,
            observed=ending,
            expected=_expected(ending),
            fix="" if ending == ENDED_WELL else "Others stand in for it; replace it if this lasts",
        )
        for url, ending in sorted(endings)
    ]


def _expected(ending: str) -> str:
    if ending == ENDED_WELL:
        return ""
    return "what others have" if ending.startswith(ENDED_WELL) else "its events and then EOSE"


def examined(config: Config) -> list[str]:
    """Return the names that `only` of `examine` may have."""
    return [*(server.id for server in config.sources.open_btcpay), "indexers", "nostr", "rates", "machine"]


async def examine(  # noqa: PLR0913 -- what sources are opened with, by name
    config: Config,
    secrets: Mapping[str, str],
    *,
    at: datetime,
    limits: HttpLimits | None = None,
    authorities: Mapping[str, str] | None = None,
    own_rates: Sequence[OwnRate] = (),
    only: str = "",
) -> AsyncIterator[Diagnosis]:
    """Yield what is found; `only` names one source. Secrets are values by environment variable.

    `own_rates` are those of the file that ``sources.rates.file`` names.
    """
    chosen = limits or HttpLimits()
    async with open_clients(secrets, authorities=authorities) as clients:
        for server in config.sources.open_btcpay:
            if only in ("", server.id):
                http = Http(
                    client=await clients.btcpay(server),
                    source=server.id,
                    base_url=server.url,
                    proxy=server.proxy or "",
                    limits=chosen,
                )
                async for found in examine_btcpay(server, config.projects, http, at=at):
                    yield found
        angor = await angor_of(config, clients, chosen)
        if isinstance(angor, AngorSource):
            async for found in _angor(angor, only):
                yield found
        rates = await rates_of(config, clients, limits=chosen, own=own_rates)
        if rates is not None and only in ("", "rates"):
            async for found in examine_rates(rates, config.units.fiat, at=at):
                yield found
    if only in ("", "machine"):
        yield _machine()


def offline(found: Sequence[Diagnosis]) -> list[Diagnosis]:
    """Return a finding that explains all others, where no server was reached, else nothing."""
    if any(diagnosis.level is Level.OK and diagnosis.source != "machine" for diagnosis in found):
        return []
    if not seems_offline(diagnosis.observed for diagnosis in found if diagnosis.code in _OF_SERVERS):
        return []
    return [
        Diagnosis(
            code="offline", level=Level.ERROR, source="machine", subject="its network", observed=OFFLINE
        )
    ]


async def _angor(angor: AngorSource, only: str) -> AsyncIterator[Diagnosis]:
    if only in ("", "indexers"):
        async for found in examine_indexers(angor.indexers):
            yield found
    if only in ("", "nostr"):
        async for found in examine_relays(angor.relays):
            yield found


def _machine() -> Diagnosis:
    native = curve.is_native()
    return Diagnosis(
        code="curve",
        level=Level.OK if native else Level.WARNING,
        source="machine",
        subject="elliptic curve",
        observed="checked by the native library" if native else "without its native library: slow, and right",
        fix="" if native else "Install embit with its library for this platform",
    )
