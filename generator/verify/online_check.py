"""The last step, only when asked for: the visitor's own servers are read as the publisher's were.

The same source and the same judge collect everything again, from nothing. What a
site left out together with its evidence shows here and nowhere else.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import httpx
import msgspec

from generator.config import Config
from generator.errors import SourceError
from generator.ledger import Entry
from generator.report.source_names import ANGOR
from generator.snapshot import Announced, Census, Finding, Known, Project, Record, Result, Run
from generator.sources.angor import AngorSource
from generator.sources.angor_from_config import relay_limits
from generator.sources.clients import AGENT
from generator.sources.http import HttpLimits, refuse_odd_environment
from generator.sources.http.unreached import OFFLINE, seems_offline
from generator.sources.indexers import Indexers
from generator.sources.public_internet import PublicTransport
from generator.sources.relays import Relays
from generator.verify.last_reads import LastReads
from generator.verify.results import CheckResult, checked, unchecked

NAMES: Final = ("rows-on-chain", "rows-published", "projects-online")
#: What must be the same whoever looks, once a row is in a block.
_FIELDS: Final = ("place", "kind", "amount_msat", "party", "stage", "spends", "block")


async def check_online(
    known: Known,
    config: Config,
    last: Run,
    *,
    indexers: Sequence[str],
    relays: Sequence[str],
    limits: HttpLimits | None = None,
) -> list[CheckResult]:
    """Return whether other servers tell the same, and who they are; without a name, the published ones."""
    ours = [record for record in known.records.values() if record.source == ANGOR]
    if not ours:
        return [unchecked("rows-on-chain", "no project of this site is read from the chain")]
    strangers = not indexers, not relays
    relays = tuple(relays) or (config.sources.nostr.relays if config.sources.nostr else ())
    indexers = tuple(indexers) or config.sources.indexer_urls
    whom = (*indexers, *relays)
    asked = msgspec.structs.replace(checked("servers-asked", (), len(whom)), asked=whom)
    try:
        async with _source(config, indexers, relays, limits, strangers) as source:
            theirs = [record async for record in source.collect(Known(), at=last.at, full=True)]
    except SourceError as error:
        return [asked, *(unchecked(name, _unread(error), wanted=True) for name in NAMES)]
    return [asked, *compared(ours, theirs, LastReads.of(known, config).tip_of)]


@asynccontextmanager
async def _source(
    config: Config,
    indexers: Sequence[str],
    relays: Sequence[str],
    limits: HttpLimits | None,
    strangers: tuple[bool, bool],
) -> AsyncIterator[AngorSource]:
    refuse_odd_environment()
    guard = PublicTransport(httpx.AsyncHTTPTransport()) if strangers[0] else None
    async with httpx.AsyncClient(headers={"User-Agent": AGENT}, transport=guard) as client:
        yield AngorSource(
            network=config.network,
            relays=Relays(urls=tuple(relays), strangers=strangers[1], limits=relay_limits(relays)),
            indexers=Indexers.of(tuple(indexers), client=client, network=config.network, limits=limits),
            listed={project.angor for project in config.projects if project.angor},
            discover=config.angor.discover,
            confirmations=config.sources.confirmations,
        )


def _unread(error: SourceError) -> str:
    """Say why nothing was compared to who calls verify once: nobody asks again by itself."""
    if seems_offline([error.message]):
        return f"{OFFLINE} ({error.message})"
    return error.message.replace("the next run asks again", "run verify again later")


def compared(
    ours: Sequence[Record], theirs: Sequence[Record], tip_of: Callable[[str], int]
) -> Iterator[CheckResult]:
    """Compare what was published with what was collected now, up to how high each place was read.

    What the census says is unread is in no row, and the sums say "at least".
    """
    published, found = _rows(ours, tip_of), _rows(theirs, tip_of)
    unread = {line.id for line in ours if isinstance(line, Announced) and line.outcome is Census.UNREAD}
    missing = [
        f"{name}: {_row_text(found[name])} is on chain and not published"
        for name in sorted(found.keys() - published.keys())
        if found[name].place not in unread
    ]
    yield checked("rows-on-chain", missing, len(found))
    wrong = [problem for name, entry in published.items() for problem in _differences(entry, found.get(name))]
    short = next((record for record in theirs if isinstance(record, Finding) and _is_short(record)), None)
    if short and wrong:
        reason = f"your servers do not show everything themselves: {short.subject}: {short.reason}"
        yield unchecked("rows-published", reason, wanted=True)
    else:
        yield checked("rows-published", wrong, len(published))
    before, now = _projects(ours), _projects(theirs)
    seen = (name for name, project in now.items() if (project.founding_height or 0) <= tip_of(name))
    names = sorted(set(seen) - before.keys() - unread)
    lost = [f"{name}: founded in block {now[name].founding_height} and not published" for name in names]
    yield checked("projects-online", lost, len(now))


def _rows(records: Iterable[Record], tip_of: Callable[[str], int]) -> dict[str, Entry]:
    """Return the rows in blocks that the publisher had seen."""
    rows = [entry for entry in records if isinstance(entry, Entry) and entry.height is not None]
    tips = {place: tip_of(place) for place in {entry.place for entry in rows}}
    return {entry.id: entry for entry in rows if (entry.height or 0) <= tips[entry.place]}


def _projects(records: Iterable[Record]) -> dict[str, Project]:
    return {project.id: project for project in records if isinstance(project, Project)}


def _differences(said: Entry, found: Entry | None) -> Iterator[str]:
    if found is None:
        yield f"{said.id}: {_row_text(said)} is published, and your servers do not show it"
        return
    for name in _FIELDS:
        if getattr(said, name) != getattr(found, name):
            yield f"{said.id}: {name} is {getattr(said, name)}, your servers say {getattr(found, name)}"


def _is_short(finding: Finding) -> bool:
    return finding.check == "history" and finding.result is not Result.OK


def _row_text(entry: Entry) -> str:
    return f"{entry.kind} of {entry.amount_msat // 1000} sat for {entry.place}"
