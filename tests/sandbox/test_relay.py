"""Two relays serve what founders signed; the third serves lies that only checking uncovers."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress

import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from generator.protocol.nostr import Event
from generator.sandbox.acts import Acts
from generator.sandbox.chain import build_chain
from generator.sandbox.relay import RELAY_PROFILES, Relays, serve_relays
from tests.support.chain_world import world

KINDS = {"kinds": [3030, 0, 30078]}


@pytest.fixture(scope="module")
def relays() -> Iterator[Relays]:
    with serve_relays(world()[0]) as relays:
        yield relays


def ask(url: str, wanted: Mapping[str, object], *, patience_s: float = 60.0) -> tuple[list[Event], bool]:
    """Return what a relay sends, and whether it said that this is all."""
    found: list[Event] = []
    with connect(url) as connection:
        connection.send(json.dumps(["REQ", "test", wanted]))
        while True:
            try:
                message = json.loads(connection.recv(timeout=patience_s))
            except TimeoutError:
                return found, False
            if message == ["EOSE", "test"]:
                return found, True
            found.append(Event.parse(message[2]))


def test_both_real_relays_serve_the_newest_of_what_founders_signed(relays: Relays) -> None:
    projects = world()[0].projects
    assert len(set(relays.urls)) == 3
    for url in relays.honest:
        events, complete = ask(url, KINDS)
        assert complete
        assert all(event.problem is None for event in events)
        # definitions are kept all, profiles replace each other
        assert Counter(event.kind for event in events) == {3030: 7, 0: 6, 30078: 6}
        assert {event.id for event in events if event.kind == 3030} >= {
            project.event.id for project in projects
        }
        titles = {json.loads(event.content)["name"] for event in events if event.kind == 0}
        assert titles == {project.draft.title for project in projects}
        assert {event.tag("d") for event in events if event.kind == 30078} == {"angor:project"}


def test_more_profiles_than_two_stand_before_the_one_that_lies() -> None:
    played = [RELAY_PROFILES[name] for name in ("one-event-a-page", "khatru-lmdb", "nostream")]
    with serve_relays(world()[0], played) as relays:
        limited = {**KINDS, "limit": 20}
        assert [len(ask(url, limited)[0]) for url in relays.honest] == [1, 20, 20]
        assert relays.urls == [*relays.honest, relays.lying]


def test_a_project_is_found_by_author_id_and_tag(relays: Relays) -> None:
    hall = world()[0].projects[5]
    for wanted in (
        {"ids": [hall.event.id]},
        {"kinds": [3030], "authors": [hall.founder.nostr_pubkey], "until": hall.event.created_at},
        {"kinds": [3030], "#d": [hall.identifier], "until": hall.event.created_at},
    ):
        assert ask(relays.honest[0], wanted)[0] == [hall.event]
    both, _ = ask(relays.honest[0], {"kinds": [3030], "#d": [hall.identifier]})
    targets = {event.id: json.loads(event.content)["targetAmount"] for event in both}
    assert targets.pop(hall.event.id) == 100_000_000
    assert list(targets.values()) == [50_000_000]  # a goal that no coin binds


def test_older_events_have_no_tag(relays: Relays) -> None:
    roof = world()[0].projects[0]
    assert roof.event.tags == ()
    assert ask(relays.honest[1], {"kinds": [3030], "#d": [roof.identifier]}) == ([], True)


def test_the_liar_mixes_every_kind_of_lie_with_the_truth_and_never_ends(relays: Relays) -> None:
    events, complete = ask(relays.lying, KINDS, patience_s=0.4)
    assert not complete
    honest = {event.id: event for event in world()[0].events}
    assert {event.id for event in events} >= set(honest)
    lies = [event for event in events if event.id not in honest]
    forged = [event for event in lies if event.problem]
    signed = [event for event in lies if event.problem is None]
    founders = {project.founder.nostr_pubkey for project in world()[0].projects}
    assert forged
    assert {event.pubkey for event in forged} <= founders  # a signature that is not theirs
    assert not {event.pubkey for event in signed} & founders  # a real signature of somebody else
    newest: Counter[str] = Counter()
    for event in honest.values():
        if event.kind == 0:
            newest[event.pubkey] = max(newest[event.pubkey], event.created_at)
    later = {event.pubkey for event in forged if event.kind == 0 and event.created_at > newest[event.pubkey]}
    assert later == founders
    identifiers = {project.identifier for project in world()[0].projects}
    copies = [event for event in signed if event.kind == 3030 and event.content.startswith("{")]
    assert {json.loads(event.content)["projectIdentifier"] for event in copies} == identifiers
    assert [event for event in signed if event.kind == 3030 and event.content.startswith("0x")]
    older = [
        event for event in events if event.kind == 0 and event.problem is None and event.pubkey in founders
    ]
    assert len(older) == 12  # both versions of each profile


def told_at(url: str) -> set[str]:
    """Return the ids of what is told at an address; another program may have taken its port by now."""
    with suppress(OSError, WebSocketException):
        return {event.id for event in ask(url, KINDS, patience_s=0.5)[0]}
    return set()


def test_questions_to_the_liar_are_kept_and_everything_stops() -> None:
    made = build_chain(90_003, Acts())  # of no other test, which may get the port of one that stopped
    with serve_relays(made) as relays:
        ask(relays.lying, {"kinds": [3030]}, patience_s=0.2)
        assert json.loads(relays.liar.asked[0]) == ["REQ", "test", {"kinds": [3030]}]
        served = {event.id for url in relays.honest for event in ask(url, KINDS)[0]}
        urls = relays.urls
    assert served
    for url in urls:
        for _ in range(20):  # a relay that stops takes a moment to let its port go
            if not served & told_at(url):
                break
        else:
            pytest.fail(f"{url} still serves what it served")
