"""A first server that is slow or limits requests does not hold up what others answer; the log is the same."""

import asyncio
from dataclasses import replace

import pytest

from generator.sandbox.indexer import PROFILES, Quirks
from generator.snapshot import Known, Record
from generator.sources.http import HttpLimits
from generator.sources.indexers import spreading
from tests.support.angor_reading import relay
from tests.support.angor_sandbox import nearby, source
from tests.support.indexer_profiles import SITUATIONS, expected, small
from tests.support.skipping_loop import SkippingLoop

SLOW = Quirks(latency_s=2.0)
LIMITED = replace(PROFILES["esplora-stock"], prefixes=Quirks().prefixes)


def run(*quirks: Quirks) -> tuple[list[Record], float, list[int], int]:
    """Return the records, the seconds of the clock, each server's requests, and how many were spread."""
    servers = [nearby(small(), f"s{number}", each) for number, each in enumerate(quirks)]
    for server in servers:
        server.latency_scale = 1.0

    async def reading() -> tuple[list[Record], float, int]:
        async with (
            relay([event.to_obj() for event in small().events]) as url,
            source(small(), servers, url, limits=HttpLimits()) as angor,
        ):
            found = [record async for record in angor.collect(Known(), at=small().now, full=False)]
            return found, asyncio.get_running_loop().time(), angor.indexers.spread

    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        found, seconds, spread = runner.run(reading())
    return found, seconds, [len(server.asked) for server in servers], spread


def test_the_second_helps_a_first_one_that_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    found, seconds, asked, spread = run(SLOW, Quirks())
    monkeypatch.setattr(spreading, "_WORTH_S", 1e9)
    others, seconds_in_order, asked_in_order, none = run(SLOW, Quirks())
    print(f"{seconds:.0f} s, {asked} requests, {spread} spread")
    print(f"in order {seconds_in_order:.0f} s, {asked_in_order}")
    assert found == others == expected()
    assert (spread > 10, none) == (True, 0)
    assert seconds < 0.6 * seconds_in_order
    assert sum(asked) <= sum(asked_in_order)


def test_the_second_helps_a_first_one_that_limits_requests() -> None:
    found, seconds, asked, spread = run(LIMITED, Quirks())
    print(f"{seconds:.0f} s, {asked} requests, {spread} spread")
    assert found == expected()
    assert spread > 10
    assert seconds < 9  # in order 15


def test_one_whose_quota_ends_is_spared_and_holds_nothing_up() -> None:
    found, seconds, asked, spread = run(SLOW, SITUATIONS["blockstream, quota used up"])
    print(f"{seconds:.0f} s, {asked} requests, {spread} spread")
    assert found == expected()
    assert spread > 10
    assert seconds < 50  # in order 60; each question that waited found the ban out by itself once


def test_one_that_cannot_help_stays_the_witness_that_it_is() -> None:
    routes = ("/tx/{txid}/hex", "/tx/{txid}/merkle-proof", "/block/{hash}/header")
    found, _, asked, spread = run(SLOW, Quirks(lacks=frozenset(routes)))
    print(f"{asked} requests")
    assert found == expected()
    assert spread == 0
    assert asked[1] < 30
