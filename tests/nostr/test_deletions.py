"""A deletion binds its own author's events alone, by id or by address, and only up to its time."""

import pytest

from generator.protocol.nostr import Deletions, Event, sign

OWN, OTHER = bytes([3]) * 32, bytes([4]) * 32
NOTE = sign(OWN, kind=3030, content="x", created_at=100)
CARD = sign(OWN, kind=0, content="{}", created_at=100)
TEXT = sign(OWN, kind=30078, content="x", created_at=100, tags=[["d", "angor:project"]])
ALL = (NOTE, CARD, TEXT)


def request(*tags: list[str], at: int = 150, secret: bytes = OWN) -> Event:
    return sign(secret, kind=5, content="", created_at=at, tags=tags)


CASES = {
    "by id": (request(["e", NOTE.id]), NOTE),
    "by id, said earlier": (request(["e", NOTE.id], at=50), NOTE),
    "profile by address": (request(["a", f"0:{CARD.pubkey}:"]), CARD),
    "words by address": (request(["a", f"30078:{TEXT.pubkey}:angor:project"]), TEXT),
    "a regular kind has no address": (request(["a", f"3030:{NOTE.pubkey}:"]), None),
    "an address of later versions": (request(["a", f"0:{CARD.pubkey}:"], at=99), None),
    "another d": (request(["a", f"30078:{TEXT.pubkey}:angor:faq"]), None),
    "a stranger": (
        request(["e", NOTE.id], ["a", f"0:{CARD.pubkey}:"], ["e", CARD.id], secret=OTHER),
        None,
    ),
    "the future": (request(["e", NOTE.id], at=201), None),
    "nothing named": (request(["k", "0"], ["e"], []), None),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_request_deletes(name: str) -> None:
    asked, gone = CASES[name]
    deletions = Deletions.among([asked, *ALL], latest=200)
    assert [event for event in ALL if deletions.of(event)] == ([gone] if gone else [])


def test_the_earliest_request_stands_and_none_can_be_deleted() -> None:
    first, second = request(["e", NOTE.id], at=110), request(["e", NOTE.id], at=120)
    undo = request(["e", first.id], at=130)
    for events in ((first, second, undo), (undo, second, first)):
        deletions = Deletions.among(events, latest=200)
        assert deletions.of(NOTE) == first
        assert deletions.of(first) is None
