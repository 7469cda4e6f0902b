"""The source of Angor over synthetic projects: an honest relay, indexers of a test, and what a run reads."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from websockets.asyncio.server import ServerConnection, serve

from generator.ledger import Entry
from generator.snapshot import Finding, Known, Line, Record, fold
from generator.sources.angor import AngorSource
from generator.sources.relays import RelayLimits, Relays
from tests.support.esplora import Esplora, indexers
from tests.support.vectors import Json

AT = datetime(2025, 12, 1, 12, tzinfo=UTC)
R = TypeVar("R")
FAST = RelayLimits(open_s=60, idle_s=60, total_s=120)  # no relay here is silent


@asynccontextmanager
async def relay(events: Sequence[Json]) -> AsyncIterator[str]:
    """Serve events honestly on loopback."""

    def fits(event: Json, wanted: dict[str, Any]) -> bool:
        tags = {tag[1] for tag in event["tags"] if tag[0] == "d"}
        return (
            event["kind"] in wanted.get("kinds", [event["kind"]])
            and event["pubkey"] in wanted.get("authors", [event["pubkey"]])
            and event["id"] in wanted.get("ids", [event["id"]])
            and ("#d" not in wanted or bool(tags & set(wanted["#d"])))
            and event["created_at"] <= wanted.get("until", 2**40)
        )

    async def handle(socket: ServerConnection) -> None:
        async for text in socket:
            kind, name, *rest = json.loads(text)
            if kind == "REQ":
                for event in sorted(events, key=lambda event: -event["created_at"]):
                    if fits(event, rest[0]):
                        await socket.send(json.dumps(["EVENT", name, event]))
                await socket.send(json.dumps(["EOSE", name]))

    async with serve(handle, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"


def angor(
    url: str | list[str],
    servers: Sequence[Esplora],
    listed: dict[str, str],
    **options: Any,  # noqa: ANN401 -- passed on by name
) -> AngorSource:
    urls = [url] if isinstance(url, str) else url
    relays = Relays(urls=urls, quorum=options.pop("quorum", 1), limits=FAST)
    return AngorSource(network="main", relays=relays, indexers=indexers(servers), listed=listed, **options)


async def collected(source: AngorSource, known: Known | None = None, *, at: datetime = AT) -> list[Record]:
    return [record async for record in source.collect(known or Known(), at=at, full=False)]


def logged(*runs: Sequence[Record]) -> Known:
    return fold(Line(run=f"r{number}", record=record) for number, run in enumerate(runs) for record in run)


def of(records: Sequence[Record], kind: type[R]) -> list[R]:
    return [record for record in records if isinstance(record, kind)]


def about(known: Known, *txids: str) -> set[str]:
    """Return what a log says of transactions: rows and findings, however many checks there are.

    The ids have the form of `Withdrawn`: type and id.
    """
    said = {f"entry/{entry.id}" for entry in known.of(Entry) if entry.id.startswith(txids)}
    return said | {
        f"finding/{finding.id}" for finding in known.of(Finding) if finding.subject.startswith(txids)
    }
