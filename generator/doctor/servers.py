"""Bitcoin indexers and Nostr relays: which of them answer, and whether they agree."""

import asyncio
from collections.abc import AsyncIterator, Iterable

from generator.doctor.diagnosis import Diagnosis, Level
from generator.errors import SourceError
from generator.protocol.nostr import Filter
from generator.sources.angor import DEFINITION
from generator.sources.indexers import GENESIS, Esplora, Indexers
from generator.sources.relays import Relays

#: Blocks by which servers may differ while a block travels.
_APART = 3
ENDED_WELL = "complete"


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
            fix="It is replaced by the next one; put one that answers in sources.indexers" if fault else "",
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
            level=Level.OK if ending.startswith(ENDED_WELL) else Level.WARNING,
            source="nostr",
            subject=url,
            observed=ending,
            expected="" if ending.startswith(ENDED_WELL) else "its events and then EOSE",
            fix="" if ending.startswith(ENDED_WELL) else "Others stand in for it; replace it if this lasts",
        )
        for url, ending in sorted(endings)
    ]
