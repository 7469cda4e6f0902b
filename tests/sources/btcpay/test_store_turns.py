"""Servers are read at once, the stores of one server one after another."""

import asyncio
from itertools import pairwise

import httpx
import pytest

from generator.config import Config, parse
from generator.ledger import Entry
from generator.places import store_source
from generator.snapshot import Finding, Known, Outcome
from generator.sources.btcpay.source import BTCPay
from generator.sources.collect import Collected, RunRequest, collect
from tests.support.limits import ONCE
from tests.support.small_store import NOW, SECOND, STORE, SmallStore, config_text

pytestmark = pytest.mark.anyio
FAR = "StoreCCCCCCCCCCCCCCCCCCCC"


def configured() -> Config:
    """Configure a first server with two stores, and another."""
    servers = {"slow": {"stores": [STORE, SECOND]}, "quick": {"stores": [FAR]}}
    return parse(config_text(servers, {"shop": {"source": "quick", "store": FAR}}))


def stores() -> dict[str, SmallStore]:
    slow = SmallStore(invoices={STORE: [], SECOND: []})
    quick = SmallStore(invoices={FAR: []})
    slow.paid("0.1", place=STORE)
    slow.paid("0.2", place=SECOND)
    quick.paid("0.3", place=FAR)
    quick.invoices[FAR][0]["id"] = "Xq7Lk3mN8pR5tV2xY4bCzz"
    quick.invoices[FAR][0]["paymentMethods"][0]["payments"][0]["id"] = "far-0"
    return {"slow": slow, "quick": quick}


async def run(servers: dict[str, SmallStore], gate: asyncio.Event, log: list[str]) -> Collected:
    """Read both; the slow server answers once `gate` is open, which it is when the quick one was read."""
    config = configured()

    async def answer(request: httpx.Request) -> httpx.Response:
        name, _, path = request.url.path.removeprefix("/").partition("/")
        if name == "slow":
            await gate.wait()
        log.append(f"{name} {path}")
        if name == "quick" and path.endswith("/invoices"):
            gate.set()
        url = request.url.copy_with(path=f"/{path}")
        return servers[name].answer(httpx.Request("GET", url))

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        sources: list[BTCPay] = []
        for server in config.sources.open_btcpay:
            for place in server.stores:
                made = BTCPay(
                    server,
                    place,
                    projects=config.projects,
                    privacy=config.privacy,
                    client=client,
                    limits=ONCE,
                    earlier=tuple(sources),
                )
                sources.append(made)
        wish = RunRequest(run="20260329T120000Z-00000000", at=NOW, network=config.network)
        async with asyncio.timeout(30):
            return await collect(sources, Known(), wish)


def sums(found: Collected) -> dict[str, int]:
    """Return what each store counts, in satoshis."""
    entries = [record for record in found.batch.records if isinstance(record, Entry)]
    return {entry.source: entry.amount_msat // 1000 for entry in entries}


async def test_a_server_that_hangs_delays_no_store_of_another() -> None:
    log, gate = list[str](), asyncio.Event()
    servers = stores()
    servers["slow"].bent[f"{STORE}/invoices"] = lambda _: httpx.Response(500)
    found = await run(servers, gate, log)
    first = next(at for at, line in enumerate(log) if line.startswith("slow"))
    assert any(line.startswith("quick") and line.endswith("/invoices") for line in log[:first])
    outcomes = {asked.source: asked.outcome for asked in found.batch.asked}
    assert outcomes == {
        store_source(STORE): Outcome.UNAVAILABLE,
        store_source(SECOND): Outcome.OK,
        store_source(FAR): Outcome.OK,
    }
    assert sums(found) == {store_source(SECOND): 20_000_000, store_source(FAR): 30_000_000}


async def test_stores_of_one_server_are_read_one_after_another() -> None:
    log, gate = list[str](), asyncio.Event()
    gate.set()
    await run(stores(), gate, log)
    asked = [line for line in log if line.startswith("slow") and "/stores/" in line]
    switches = sum((STORE in one) != (STORE in other) for one, other in pairwise(asked))
    assert switches == 1


@pytest.mark.parametrize("first", ["slow", "quick"])
async def test_a_payment_of_two_servers_counts_in_the_first_whoever_answers_first(first: str) -> None:
    gate = asyncio.Event()
    if first == "slow":
        gate.set()
    servers = stores()
    both = servers["slow"].invoices[STORE][0]["paymentMethods"]
    servers["quick"].invoices[FAR][0]["paymentMethods"] = both
    servers["quick"].paid("0.05", place=FAR)
    servers["quick"].invoices[FAR][1]["paymentMethods"][0]["payments"][0]["id"] = "far-1"
    found = await run(servers, gate, [])
    assert sums(found) == {
        store_source(STORE): 10_000_000,
        store_source(SECOND): 20_000_000,
        store_source(FAR): 5_000_000,
    }
    [shared] = [r for r in found.batch.records if isinstance(r, Finding) and r.check == "payment-shared"]
    assert shared.subject == store_source(STORE)
    [asked] = [asked for asked in found.batch.asked if asked.source == store_source(FAR)]
    assert asked.counts["payments"] == 1
    assert asked.counts["invoices"] == 2
