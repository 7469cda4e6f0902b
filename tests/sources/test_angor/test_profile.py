"""The founder's words: the newest valid ones, never a stranger's, never from the future."""

import json
from datetime import UTC, datetime

import pytest

from generator.nostr import Event, sign
from generator.sources.angor.profile import Profile, profile_of

FOUNDER, STRANGER = bytes([3]) * 32, bytes([4]) * 32
AT = datetime(2025, 6, 1, tzinfo=UTC)
NOW = int(AT.timestamp())
D = (("d", "angor:project"),)


def card(at: int, name: object, *, secret: bytes = FOUNDER) -> Event:
    return sign(secret, kind=0, content=json.dumps({"name": name}), created_at=at)


def words(at: int, text: str, *, tags: tuple[tuple[str, ...], ...] = D, secret: bytes = FOUNDER) -> Event:
    return sign(secret, kind=30078, content=text, created_at=at, tags=tags)


def read(*events: Event) -> Profile:
    return profile_of(card(0, "").pubkey, events, at=AT)


def test_the_newest_wins_in_any_order_and_it_is_evidence() -> None:
    old, new, text = card(NOW - 9, "old"), card(NOW - 5, "new"), words(NOW - 7, "text")
    for events in ((old, new, text), (text, new, old)):
        profile = read(*events)
        assert (profile.title, profile.description) == ("new", "text")
        assert profile.events == (new, text)


def test_of_one_second_the_lowest_id_wins() -> None:
    both = [card(NOW, "one"), card(NOW, "other")]
    assert read(*both) == read(*reversed(both))
    assert read(*both).events == (min(both, key=lambda event: event.id),)


def test_strangers_the_future_and_other_words_do_not_count() -> None:
    own = card(NOW - 9, "own")
    others = [
        card(NOW - 1, "stranger", secret=STRANGER),
        card(NOW + 901, "tomorrow"),
        words(NOW, "faq", tags=(("d", "angor:faq"),)),
        words(NOW, "untagged", tags=()),
        words(NOW, "stranger", secret=STRANGER),
    ]
    profile = read(own, *others)
    assert (profile.title, profile.description) == ("own", "")
    assert read(own, card(NOW + 899, "a fast clock")).title == "a fast clock"


@pytest.mark.parametrize("content", ["", "[]", "null", "{", '"name"', "[" * 5000])
def test_a_malformed_card_does_not_replace_a_good_one(content: str) -> None:
    broken = sign(FOUNDER, kind=0, content=content, created_at=NOW)
    assert read(card(NOW - 9, "good"), broken).title == "good"


@pytest.mark.parametrize("name", [1, None, ["x"], {"x": 1}, True, "  "])
def test_a_name_that_is_no_text_is_none(name: object) -> None:
    assert read(card(NOW, name)).title == ""


def test_fields_fall_back_and_are_bounded() -> None:
    fields = {"display_name": " Shown ", "about": "a" * 9_000, "website": "w" * 9_000, "name": ""}
    profile = read(sign(FOUNDER, kind=0, content=json.dumps(fields), created_at=NOW))
    assert (profile.title, len(profile.tagline), len(profile.website)) == ("Shown", 2_000, 500)
