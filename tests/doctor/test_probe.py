"""The probe: what it finds, that it is gentle, and that it keeps what it found."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from generator.cli import Exit, run
from generator.config import parse
from generator.doctor.probe import MOST, Probe, ProbedIndexer, ProbeLimits, probe, probe_servers
from generator.doctor.probe.gentle import GentleHost
from generator.sandbox.indexer import Quirks
from generator.sandbox.world import World
from tests.support.public_servers import (
    a_quorum_of_relays_answers,
    an_indexer_and_a_witness_serve_the_network,
    nobody_was_asked_much,
    the_first_run_can_be_estimated,
)

AT = datetime(2026, 11, 28, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """A clock that goes on only by sleeping."""

    at: float = 0.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(seed=5, invoices=0, projects=1, network_wide=True) as running:
        yield running


@pytest.fixture
def config_text(world: World) -> Iterator[str]:
    """Return a configuration without the relay that never ends its answers."""
    for indexer in world.indexers:
        indexer.asked.clear()
    yield re.sub(rf",? *\"?{re.escape(world.relays.lying)}\"?", "", world.config_text())
    for indexer in world.indexers:
        indexer.quirks = Quirks()


def probed(text: str, pace: ProbeLimits) -> Probe:
    return asyncio.run(probe_servers(parse(text), [], at=AT, pace=pace))


def test_a_healthy_world_is_known_in_few_slow_requests(world: World, config_text: str) -> None:
    for indexer in world.indexers:
        indexer.quirks = Quirks(page=10)
    found = probed(config_text, ProbeLimits(pause_s=0))
    for each, indexer in zip(found.indexers, world.indexers, strict=True):
        assert (each.prefix, each.right_network, each.tip_height) == ("/api", True, world.chain.chain.height)
        assert (each.page_size, each.cursor, each.unknown_cursor) == (10, "after_txid", "an empty page")
        assert (each.spenders, each.batch, each.proofs, each.headers, each.block_txids) == (True,) * 5
        assert (each.quoted, each.price_history, each.quota, each.problem) == (False, "yes", None, "")
        assert each.requests == len(indexer.asked) <= MOST
    assert [(relay.announced, relay.whole, relay.problem) for relay in found.relays] == [
        (len(world.chain.projects), True, "")
    ] * 2
    assert found.first_run.projects == len(world.chain.projects)
    assert found.first_run.minutes == 1
    # what is asked of public servers holds of these, so that its code is known to run
    nobody_was_asked_much(found)
    an_indexer_and_a_witness_serve_the_network(found)
    a_quorum_of_relays_answers(parse(config_text), found)
    the_first_run_can_be_estimated(found)


def test_gaps_are_found(world: World, config_text: str) -> None:
    gaps = Quirks(
        prefixes=("/api/v1",),
        page=10,
        follows_after_txid=False,
        names_spenders=False,
        takes_many=False,
        proves=False,
        quoted=True,
    )
    world.indexers[0].quirks = gaps
    first, second = probed(config_text, ProbeLimits(pause_s=0)).indexers
    assert (first.prefix, first.cursor, first.quoted) == ("/api/v1", "chain", True)
    assert (first.spenders, first.batch, first.proofs, first.block_txids) == (False, False, False, True)
    assert (second.spenders, second.proofs) == (True, True)
    assert first.requests <= MOST


def test_a_host_is_asked_once_a_second_and_never_more_than_twenty_times() -> None:
    clock, asked = Clock(), Counter[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        asked[f"{clock.at:g}"] += 1
        return httpx.Response(200, text="7", request=request)

    async def many() -> GentleHost:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
            host = GentleHost(
                client=client, base_url="http://i.example", pace=ProbeLimits(now=clock.now, sleep=clock.sleep)
            )
            for _ in range(MOST + 5):
                await host.ask("/x")
            return host

    host = asyncio.run(many())
    assert asked == {f"{second}": 1 for second in range(MOST)}
    assert (host.asked, clock.slept) == (MOST, [1.0] * (MOST - 1))


@pytest.mark.parametrize(
    ("status", "headers", "says"),
    [
        (429, {}, "429 at request 1, and does not say for how long"),
        (429, {"Retry-After": "3600"}, "429 at request 1, and asks to wait 3600"),
        (530, {}, "answers 530: nothing stands behind it"),
    ],
)
def test_who_refuses_is_not_asked_again(status: int, headers: dict[str, str], says: str) -> None:
    found, asked = indexer_of(lambda _: httpx.Response(status, headers=headers, html="<html>no</html>"))
    assert asked == found.requests == 1
    assert says in (found.quota or found.problem)
    assert found.prefix is None


def test_an_indexer_of_another_network_is_wrong() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text="ab" * 32 if "block-height" in request.url.path else "900000")

    found, asked = indexer_of(answer)
    assert (found.right_network, asked) == (False, 2)
    assert probe.advice(found).level == "error"


def indexer_of(answer: Callable[[httpx.Request], httpx.Response]) -> tuple[ProbedIndexer, int]:
    asked = 0

    def counted(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return answer(request)

    async def made() -> ProbedIndexer:
        async with httpx.AsyncClient(transport=httpx.MockTransport(counted)) as client:
            host = GentleHost(client=client, base_url="http://i.example", pace=ProbeLimits(pause_s=0))
            return await probe.IndexerProbe(host=host, genesis="00" * 32, addresses=["bc1q"]).run()

    return asyncio.run(made()), asked


def test_the_command_prints_a_sentence_a_server_and_keeps_the_profile(
    world: World,
    config_text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "config.yaml").write_text(config_text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(probe, "ProbeLimits", lambda: ProbeLimits(pause_s=0))
    assert run(["doctor", "--probe"]) == Exit.DONE
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + 2 + 1
    assert [line for line in lines if "interface under /api" in line] == lines[2:4]
    assert "projects of about" in lines[-1]
    kept = json.loads((tmp_path / ".sunlit/probe.json").read_text())
    assert sorted(path.name for path in tmp_path.iterdir()) == [".sunlit", "config.yaml"]
    assert run(["doctor", "--probe", "--json"]) == Exit.DONE
    printed = json.loads(capsys.readouterr().out)
    assert printed.keys() == kept.keys() == {"at", "indexers", "relays", "first_run"}
    assert [each["host"] for each in printed["indexers"]] == [
        indexer.url.removeprefix("http://") for indexer in world.indexers
    ]
    assert run(["doctor", "--probe", "--source", "nostr"]) == Exit.WRONG_USE
