"""The shipped configuration's own servers, probed for real: `SUNLIT_LIVE=1 make test ROOM=doctor`.

`SUNLIT_LIVE_CONFIG` names another config.yaml, such as one that `sunlit sandbox` prints.
"""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.config import Config, parse
from generator.doctor.probe import Probe, probe_servers
from tests.support.paths import ROOT
from tests.support.public_servers import (
    a_quorum_of_relays_answers,
    an_indexer_and_a_witness_serve_the_network,
    nobody_was_asked_much,
    the_first_run_can_be_estimated,
)

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
    nobody_was_asked_much(found)


def test_an_indexer_and_a_witness_serve_the_network(found: Probe) -> None:
    an_indexer_and_a_witness_serve_the_network(found)


def test_a_quorum_of_relays_answers(config: Config, found: Probe) -> None:
    a_quorum_of_relays_answers(config, found)


def test_the_first_run_can_be_estimated(found: Probe) -> None:
    the_first_run_can_be_estimated(found)
