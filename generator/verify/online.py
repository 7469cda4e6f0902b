"""The last step, only when asked for: the visitor's own servers are read as the publisher's were.

The same source and the same judge collect everything again, from nothing. What a
site left out together with its evidence shows here and nowhere else.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import httpx

from generator.config import Config
from generator.errors import SourceError
from generator.ledger import Entry
from generator.report.source_names import ANGOR
from generator.snapshot import Finding, Known, Project, Record, Result, Run
from generator.sources.angor import AngorSource
from generator.sources.clients import AGENT
from generator.sources.from_config import relay_limits
from generator.sources.http import HttpLimits
from generator.sources.indexers import Indexers
from generator.sources.relays import Relays
from generator.verify.outcome import Check, checked, unchecked

STEP: Final = "online"
NAMES: Final = ("rows-on-chain", "rows-published", "projects-online")
#: What must be the same whoever looks, once a row is in a block.
_FIELDS: Final = ("project", "kind", "amount_msat", "party", "stage", "spends", "block")


async def check_online(
    known: Known,
    config: Config,
    last: Run,
    *,
    indexers: Sequence[str],
    relays: Sequence[str],
    limits: HttpLimits | None = None,
) -> list[Check]:
    """Return whether other servers tell the same; without a name, the published ones are asked."""
    ours = [one for one in known.records.values() if one.source == ANGOR]
    if not ours:
        return [unchecked(STEP, NAMES[0], "no project of this site is read from the chain")]
    try:
        async with _source(config, indexers, relays, limits) as source:
            theirs = [record async for record in source.collect(Known(), at=last.at, full=True)]
    except SourceError as error:
        return [unchecked(STEP, name, error.message, wanted=True) for name in NAMES]
    return list(_compared(ours, theirs, last.tip_height or 0))


@asynccontextmanager
async def _source(
    config: Config, indexers: Sequence[str], relays: Sequence[str], limits: HttpLimits | None
) -> AsyncIterator[AngorSource]:
    named = tuple(relays) or (config.sources.nostr.relays if config.sources.nostr else ())
    async with httpx.AsyncClient(headers={"User-Agent": AGENT}) as client:
        yield AngorSource(
            network=config.network,
            relays=Relays(urls=named, quorum=1, limits=relay_limits(named)),
            indexers=Indexers.of(
                tuple(indexers) or config.sources.indexers,
                client=client,
                network=config.network,
                limits=limits,
            ),
            listed={one.angor: one.slug for one in config.projects if one.angor},
            discover=config.angor.discover,
            confirmations=config.sources.confirmations,
        )


def _compared(ours: Sequence[Record], theirs: Sequence[Record], tip_height: int) -> Iterator[Check]:
    """Compare what was published with what was collected now, up to the published height."""
    said, found = _rows(ours, tip_height), _rows(theirs, tip_height)
    unsaid = sorted(found.keys() - said.keys())
    missing = [f"{name}: {_told(found[name])} is on chain and not published" for name in unsaid]
    yield checked(STEP, NAMES[0], missing, len(found))
    wrong = [problem for name, entry in said.items() for problem in _wrong(entry, found.get(name))]
    short = [one for one in theirs if isinstance(one, Finding) and _is_short(one)]
    if short and wrong:
        reason = f"your servers do not show everything themselves: {short[0].subject}: {short[0].reason}"
        yield unchecked(STEP, NAMES[1], reason, wanted=True)
    else:
        yield checked(STEP, NAMES[1], wrong, len(said))
    before, now = _projects(ours), _projects(theirs)
    names = sorted(now.keys() - before.keys())
    lost = [f"{name}: founded in block {now[name].founding_height} and not published" for name in names]
    yield checked(STEP, NAMES[2], lost, len(now))


def _rows(records: Iterable[Record], tip_height: int) -> dict[str, Entry]:
    """Return the rows in blocks that the publisher had seen."""
    return {
        one.id: one
        for one in records
        if isinstance(one, Entry) and one.height is not None and one.height <= tip_height
    }


def _projects(records: Iterable[Record]) -> dict[str, Project]:
    return {one.id: one for one in records if isinstance(one, Project)}


def _wrong(said: Entry, found: Entry | None) -> Iterator[str]:
    if found is None:
        yield f"{said.id}: {_told(said)} is published, and your servers do not show it"
        return
    for name in _FIELDS:
        if getattr(said, name) != getattr(found, name):
            yield f"{said.id}: {name} is {getattr(said, name)}, your servers say {getattr(found, name)}"


def _is_short(finding: Finding) -> bool:
    return finding.check == "history" and finding.result is not Result.OK


def _told(entry: Entry) -> str:
    return f"{entry.kind} of {entry.amount_msat // 1000} sat for {entry.project}"
