"""Events: ids and signatures of real ones, and what hostile relays send."""

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.protocol import nostr
from generator.protocol.nostr import Event, EventError
from tests.support.vectors import angor_vectors

FIXTURES = angor_vectors()["synthetic_fixtures"]
EVENTS = [event for fixture in FIXTURES for event in fixture["nostr_events"]]
SECRET = (7).to_bytes(32)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def event(**changes: object) -> dict[str, object]:
    made = nostr.sign(SECRET, kind=1, content="hello", created_at=1_700_000_000, tags=[["t", "x"]])
    return made.to_obj() | changes


@pytest.mark.parametrize("obj", EVENTS, ids=lambda obj: f"{obj['kind']}-{obj['id'][:8]}")
def test_signed_events_hold(obj: dict[str, Any]) -> None:
    parsed = Event.parse(obj)
    assert parsed.problem is None
    assert parsed.to_obj() == obj


@pytest.mark.parametrize("field", ["pubkey", "created_at", "kind", "tags", "content", "sig", "id"])
def test_any_changed_field_is_noticed(field: str) -> None:
    other = nostr.sign((8).to_bytes(32), kind=2, content="bye", created_at=5).to_obj()
    parsed = Event.parse(event(**{field: other[field]}))
    expected = "the signature is not by" if field == "sig" else "its fields hash to"
    assert expected in (parsed.problem or "")


def test_an_id_of_ones_own_does_not_help_a_forger() -> None:
    """Change the content and compute the id again: then the signature does not fit."""
    forged = Event.parse(event(content="send money"))
    again = Event.parse(forged.to_obj() | {"id": forged.computed_id()})
    assert again.computed_id() == again.id
    assert again.problem == f"event {again.id}: the signature is not by {again.pubkey}"


@given(
    content=TEXT, tags=st.lists(st.lists(TEXT, max_size=3), max_size=3), created_at=st.integers(0, 2**53 - 1)
)
def test_signing_and_parsing_agree(content: str, tags: list[list[str]], created_at: int) -> None:
    made = nostr.sign(SECRET, kind=30_078, content=content, created_at=created_at, tags=tags)
    sent = json.loads(json.dumps(made.to_obj()))
    assert Event.parse(sent) == made
    assert Event.parse(sent).problem is None


@pytest.mark.parametrize(
    ("content", "what"),
    [
        # every escape NIP-01 asks for, and characters it asks to leave alone
        ('\n"\\\r\t\b\f', "line break, quote, backslash, return, tab, backspace, form feed"),
        ("\u2028 é \U0001f600 \x7f </script>", "left alone"),
    ],
)
def test_the_id_escapes_only_what_nip_01_says(content: str, what: str) -> None:
    made = nostr.sign(SECRET, kind=1, content=content, created_at=1)
    escapes = {"\n": "\\n", '"': '\\"', "\\": "\\\\", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
    escaped = "".join(escapes.get(char, char) for char in content)
    text = f'[0,"{made.pubkey}",1,1,[],"{escaped}"]'
    assert made.id == sha256(text.encode()).hexdigest(), what


def test_the_id_is_over_every_character_as_json_writes_it() -> None:
    content = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    made = nostr.sign(SECRET, kind=1, content=content, created_at=1, tags=[["t", content[:300]]])
    fields = [0, made.pubkey, 1, 1, [["t", content[:300]]], content]
    text = json.dumps(fields, separators=(",", ":"), ensure_ascii=False)
    assert made.id == sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("obj", "reason"),
    [
        (None, "not an object"),
        ([], "not an object"),
        ("{}", "not an object"),
        ({}, "missing field"),
        (event(id="AB" * 32), "bad id"),
        (event(id="ab" * 31), "bad id"),
        (event(id=5), "bad id"),
        (event(id="aB" + "ab" * 31), "bad id"),
        (event(id="ab " * 21 + "a"), "bad id"),
        (event(id="ab" * 31 + "\n "), "bad id"),
        (event(id=b"ab" * 32), "bad id"),
        (event(id="\ud800" * 64), "bad id"),
        (event(id="\u0661" * 64), "bad id"),
        (event(pubkey="0x" + "ab" * 31), "bad pubkey"),
        (event(pubkey="é" * 64), "bad pubkey"),
        (event(sig="00" * 63), "bad sig"),
        (event(kind="3030"), "bad kind"),
        (event(kind=True), "bad kind"),
        (event(kind=-1), "bad kind"),
        (event(kind=65_536), "bad kind"),
        (event(created_at=1.5), "bad created_at"),
        (event(created_at=-1), "bad created_at"),
        (event(created_at=2**53), "bad created_at"),
        (event(tags={}), "bad tags"),
        (event(tags=["d"]), "bad tags"),
        (event(tags=[[1]]), "bad tags"),
        (event(tags=[[["d"]]]), "bad tags"),
        (event(tags=[["p", "x" * 64]] * 70_000), "too large"),
        (event(tags=[["x"] * 2**22], content="x"), "too large"),
        (event(content=None), "bad content"),
        (event(content="x" * (2**22 + 1)), "too large"),
        (event(content="é" * (2**21 + 1)), "too large"),
        (event(content="\ud800"), "bad content"),
    ],
)
def test_what_is_no_event_is_refused_with_a_reason(obj: object, reason: str) -> None:
    with pytest.raises(EventError) as refused:
        Event.parse(obj)
    assert refused.value.reason == reason
    assert len(str(refused.value)) < 200
    str(refused.value).encode("ascii")


def test_a_public_key_off_the_curve_signs_nothing() -> None:
    parsed = Event.parse(event(pubkey="ff" * 32))
    again = Event.parse(parsed.to_obj() | {"id": parsed.computed_id()})
    assert again.problem


def test_the_newest_event_wins_and_then_the_lowest_id() -> None:
    one, two, three = (nostr.sign(SECRET, kind=0, content=text, created_at=5) for text in "abc")
    old = nostr.sign(SECRET, kind=0, content="z", created_at=4)
    lowest = min((one, two, three), key=lambda each: each.id)
    assert nostr.newest([old, three, one, two]) == lowest
    assert nostr.newest([old]) == old
    assert nostr.newest([]) is None


def test_tags_by_name() -> None:
    made = nostr.sign(SECRET, kind=1, content="", created_at=1, tags=[["d"], ["d", "first"], ["d", "second"]])
    assert made.tag("d") == "first"
    assert made.tag("e") is None
