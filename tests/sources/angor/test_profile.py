"""The founder's words: the newest valid ones, never a stranger's, never from the future."""

import json
from datetime import UTC, datetime

import pytest

from generator.judge.profile import (
    LONGEST_DESCRIPTION,
    LONGEST_TAGLINE,
    LONGEST_TITLE,
    LONGEST_WEBSITE,
    Profile,
    profile_of,
)
from generator.protocol.nostr import MAX_EVENT_BYTES, Event, sign
from tests.support.hostile_texts import TEXTS

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


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_texts_made_to_harm_are_read_in_bounds_from_every_field(name: str) -> None:
    text = TEXTS[name].encode(errors="ignore").decode()  # no event can hold half a character
    fields = dict.fromkeys(("name", "display_name", "about", "website", "picture"), text)
    said = sign(FOUNDER, kind=0, content=json.dumps(fields), created_at=NOW - 1)
    profile = read(card(NOW - 9, "own"), said, words(NOW, text))
    lengths = [len(part) for part in (profile.title, profile.tagline, profile.website, profile.description)]
    most = (LONGEST_TITLE, LONGEST_TAGLINE, LONGEST_WEBSITE, LONGEST_DESCRIPTION)
    assert all(length <= bound for length, bound in zip(lengths, most, strict=True))
    assert bool(profile.refused) == (len(said.content) > MAX_EVENT_BYTES)


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
    assert (profile.title, len(profile.tagline), profile.website) == ("Shown", 2_000, "")
    assert profile.tagline.endswith("a…")


def gone(at: int, *tags: list[str], secret: bytes = FOUNDER) -> Event:
    return sign(secret, kind=5, content="", created_at=at, tags=tags)


def test_words_their_author_deleted_are_not_shown_and_the_request_is_evidence() -> None:
    old, new, text = card(NOW - 9, "old"), card(NOW - 5, "new"), words(NOW - 7, "text")
    request = gone(NOW - 1, ["e", new.id], ["a", f"30078:{text.pubkey}:angor:project"])
    profile = read(old, new, text, request)
    assert (profile.title, profile.description, profile.events) == ("old", "", (old, request))
    stranger = gone(NOW - 1, ["e", new.id], secret=STRANGER)
    assert read(old, new, text, stranger).title == "new"
    assert read(old, new, gone(NOW + 901, ["e", new.id])).title == "new"


def test_a_deleted_definition_is_said_and_nothing_else_changes() -> None:
    definition = sign(FOUNDER, kind=3030, content="{}", created_at=NOW - 90)
    own, request = card(NOW - 9, "own"), gone(NOW - 1, ["e", definition.id])
    profile = profile_of(own.pubkey, [own, request], at=AT, definition=definition)
    assert (profile.title, profile.taken_back, profile.events) == ("own", request, (own, request))
    stranger = gone(NOW - 1, ["e", definition.id], secret=STRANGER)
    assert profile_of(own.pubkey, [own, stranger], at=AT, definition=definition).taken_back is None


HOSTILE = {
    "not an object": "[1]",
    "not JSON": '{"name": "x"',
    "too deep": '{"name":' + "[" * 60 + "]" * 60 + "}",
    "duplicate key": '{"name":"one","name":"two"}',
    "not a number": '{"name":"x","y":NaN}',
    "number out of range": '{"name":"x","y":1e400}',
    "lone surrogate": '{"name":"\\ud800"}',
}


@pytest.mark.parametrize("reason", HOSTILE)
def test_a_hostile_profile_is_refused_with_a_named_reason(reason: str) -> None:
    bad = sign(FOUNDER, kind=0, content=HOSTILE[reason], created_at=NOW)
    profile = read(card(NOW - 9, "good"), bad)
    assert profile.title == "good"
    assert profile.refused.startswith(f"event {bad.id}: {reason}: ")


def test_a_whole_number_of_thirty_one_digits_is_refused_too() -> None:
    bad = sign(FOUNDER, kind=0, content='{"name":"x","y":1' + "0" * 30 + "}", created_at=NOW)
    assert "number out of range" in read(bad).refused
