"""The shipped configuration's own servers, probed for real: `SUNLIT_LIVE=1 make test ROOM=doctor`.

`SUNLIT_LIVE_CONFIG` names another config.yaml, such as one that `sunlit sandbox` prints.
"""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.config import Config, parse
from generator.doctor.probe import MOST, Probe, probe_servers
from tests.support.paths import ROOT

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def config() -> Config:
    named = Path(os.environ.get("SUNLIT_LIVE_CONFIG") or ROOT / "config.yaml")
    return parse(named.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def found(config: Config) -> Probe:
    probe = asyncio.run(probe_servers(config, [], at=datetime.now(UTC)))
    print(*probe.sentences, sep="\n")
    return probe


def test_nobody_was_asked_much(found: Probe) -> None:
    assert max(server.requests for server in (*found.indexers, *found.relays)) <= MOST


def test_an_indexer_and_a_witness_serve_the_network(found: Probe) -> None:
    usable = [server.host for server in found.indexers if server.tip and server.right_network]
    assert len(usable) >= 2, usable


def test_a_quorum_of_relays_answers(config: Config, found: Probe) -> None:
    assert config.sources.nostr is not None
    answered = [relay.url for relay in found.relays if relay.announced is not None]
    assert len(answered) >= config.sources.nostr.quorum, answered


def test_the_first_run_can_be_estimated(found: Probe) -> None:
    assert found.first_run.projects > 0
    assert found.first_run.minutes is not None
