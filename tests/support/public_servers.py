"""What holds of the servers of a configuration that a report can be made from, by their probe."""

from generator.config import Config
from generator.doctor.probe import MOST, Probe


def nobody_was_asked_much(found: Probe) -> None:
    assert max(server.requests for server in (*found.indexers, *found.relays)) <= MOST


def an_indexer_and_a_witness_serve_the_network(found: Probe) -> None:
    usable = [server.host for server in found.indexers if server.tip and server.right_network]
    assert len(usable) >= 2, usable


def a_quorum_of_relays_answers(config: Config, found: Probe) -> None:
    assert config.sources.nostr is not None
    answered = [relay.url for relay in found.relays if relay.announced is not None]
    assert len(answered) >= config.sources.nostr.quorum, answered


def the_first_run_can_be_estimated(found: Probe) -> None:
    assert found.first_run.projects > 0
    assert found.first_run.minutes is not None
