"""A relay may send anything: what answers a question is decided here."""

import pytest

from generator.protocol import nostr
from generator.protocol.nostr import Filter

EVENT = nostr.sign((9).to_bytes(32), kind=3030, content="{}", created_at=100, tags=[["d", "angor1"], ["e"]])


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        (Filter(), True),
        (Filter(kinds=(3030, 0)), True),
        (Filter(kinds=(0,)), False),
        (Filter(ids=(EVENT.id,)), True),
        (Filter(ids=("00" * 32,)), False),
        (Filter(authors=(EVENT.pubkey,)), True),
        (Filter(authors=("00" * 32,)), False),
        (Filter(since=100, until=100), True),
        (Filter(since=101), False),
        (Filter(until=99), False),
        (Filter(tags=(("d", ("other", "angor1")),)), True),
        (Filter(tags=(("d", ("other",)),)), False),
        (Filter(tags=(("e", ("",)),)), False),
    ],
)
def test_which_events_answer(question: Filter, answered: object) -> None:
    assert question.matches(EVENT) is answered


def test_the_wire_form_leaves_out_what_is_not_asked() -> None:
    assert Filter().to_obj() == {}
    question = Filter(kinds=(3030,), tags=(("d", ("angor:faq",)),), until=0, limit=8)
    assert question.to_obj() == {"kinds": [3030], "#d": ["angor:faq"], "until": 0, "limit": 8}
