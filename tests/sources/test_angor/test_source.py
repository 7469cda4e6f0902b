"""The whole source over the reference's synthetic projects: strict totals, quiet runs, faults, lies."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from generator.ledger import Entry, Kind, Status
from generator.snapshot import Known, Line, Record, fold
from generator.snapshot import Project as ProjectRecord
from generator.sources.angor import Angor
from generator.sources.relays import Limits, Relays
from tests.sources.test_angor.world import Esplora, Json, Project, indexers

pytestmark = [pytest.mark.anyio, pytest.mark.shared]
AT = datetime(2025, 12, 1, 12, tzinfo=UTC)
FAST = Limits(open_s=1, idle_s=0.5, total_s=3)


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
                for event in sorted(events, key=lambda one: -one["created_at"]):
                    if fits(event, rest[0]):
                        await socket.send(json.dumps(["EVENT", name, event]))
                await socket.send(json.dumps(["EOSE", name]))

    async with serve(handle, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"


def angor(url: str | list[str], servers: Sequence[Esplora], listed: dict[str, str], **options: Any) -> Angor:  # noqa: ANN401 -- passed on by name
    urls = [url] if isinstance(url, str) else url
    relays = Relays(urls=urls, quorum=options.pop("quorum", 1), limits=FAST)
    return Angor(network="main", relays=relays, indexers=indexers(servers), listed=listed, **options)


async def collected(source: Angor, known: Known | None = None, *, at: datetime = AT) -> list[Record]:
    return [record async for record in source.collect(known or Known(), at=at, full=False)]


def logged(*runs: Sequence[Record]) -> Known:
    return fold(Line(run=f"r{number}", record=record) for number, run in enumerate(runs) for record in run)


def sums(records: Sequence[Record], *, status: Status = Status.CONFIRMED) -> dict[str, int]:
    """Return satoshis by kind."""
    totals: Counter[str] = Counter()
    for record in records:
        if isinstance(record, Entry) and record.status is status:
            totals[record.kind] += record.amount_msat // 1000
    return dict(totals)


async def test_the_invest_project_has_its_strict_totals(invest: Project) -> None:
    async with relay(invest.events) as url:
        source = angor(url, [Esplora(projects=[invest])], {invest.identifier: "fixture"})
        records = await collected(source)
    expected = invest.expected
    assert sums(records) == {
        Kind.INVESTMENT: expected["strict_rule"]["amountInvested"],
        Kind.FEE: expected["fee_totals"]["angorFeesFromValidInvestments"],
        Kind.CLAIM: expected["spends"]["founderTotal"],
        Kind.PENALTY: expected["spends"]["penalty"]["sats"],
        Kind.RELEASE: expected["spends"]["penalty"]["sats"],
        Kind.RECOVERY: expected["spends"]["unfundedRelease"]["sats"]
        + expected["spends"]["endOfProject"]["sats"],
    }
    assert sums(records, status=Status.PENDING) == {Kind.INVESTMENT: 1_980_000, Kind.FEE: 20_000}
    entries = [record for record in records if isinstance(record, Entry)]
    confirmed = [e for e in entries if e.kind is Kind.INVESTMENT and e.status is Status.CONFIRMED]
    assert len({entry.party for entry in confirmed}) == expected["strict_rule"]["investorCountUniqueKeys"]
    assert len({entry.id[:64] for entry in confirmed}) == expected["strict_rule"]["investmentTxCount"]
    [project] = [record for record in records if isinstance(record, ProjectRecord)]
    assert (project.id, project.kind, project.title) == ("fixture", "invest", "Fixture Invest")
    assert project.founding_txid == expected["txids"]["creation"]
    assert project.description == "# Fixture Invest\n\nSynthetic description."
