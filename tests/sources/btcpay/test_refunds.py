"""Refunds through the invoice that their name holds, and which invoices were seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.sources.btcpay.digest_set import DigestSet, _holds, digest_of
from generator.sources.btcpay.findings import claimed_once
from generator.sources.btcpay.refunds import ids_in, orders_in


def test_money_that_two_places_claim_is_said_once() -> None:
    [finding] = claimed_once({("fund", "shop"): 1}, "btcpay-pay")
    assert (finding.id, finding.place) == ("claimed-once/shop/fund", "shop")
    assert finding.reason == (
        "invoices that fund claims as well count there alone: more ties them to it, "
        "or it stands first in config.yaml"
    )


PAID = "22LC1382PsQ3JmGzHkvNbT"
#: How backends of BTCPay say "Refund <invoice>" (its translator's packs).
LANGUAGES = (
    "استرداد أموال {}",
    "Terugbetaling {}",
    "Remboursement {}",
    "Rückerstattung {}",
    "रिफंड {}",
    "{}を返金",
    "{} 환불",
    "Возврат {}",
    "คืนเงิน {}",
    "{} İade",
)


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        (f"Refund {PAID}", [PAID]),
        (f"Refund {PAID} (late)", [PAID]),
        (f"refund {PAID}", [PAID]),
        *((name.format(PAID), [PAID]) for name in LANGUAGES),
        (f"{PAID} {PAID}", [PAID]),
        (f"{PAID} {PAID[::-1]}", [PAID, PAID[::-1]]),
        (f"Refund x{PAID}", []),  # a longer word is no id
        ("Refund 22LC1382PsQ3", []),  # too short for one
        ("Refund ../../stores", []),
        ("Salaries", []),
        (None, []),
    ],
)
def test_an_id_in_a_name_is_found_whatever_the_language(name: str | None, ids: list[str]) -> None:
    assert list(ids_in(name)) == ids


@pytest.mark.parametrize(
    ("name", "orders"),
    [
        ("Refund of order 1042; broken", ["1042"]),
        ("Rückerstattung der Bestellung A-7 12; 1043", ["A-7", "12"]),
        ("Refund of order 1042 because it was very broken an", ["1042"]),  # cut at 50 bytes
        ("Refund of order 1042 because it was so übel, vol \ufffd", ["1042"]),
        ("Rückerstattung der Bestellung mit der Nummer x 10", []),  # of 1042, or of 10: nobody knows
        ("注文商品に不具合がありました・1042/", []),
        ("Refund of order #1042; broken", ["#1042", "1042"]),
        ("注文1042の返金; 壊れ", ["注文1042の返金", "1042"]),
        ("注文の返金・WC-1042;", ["注文の返金・WC-1042", "WC-1042"]),  # without a reason
        ("Refund of order 1042", []),
        ("Sorry; 1042", []),
        (None, []),
    ],
)
def test_a_shop_names_the_order_before_its_reason(name: str | None, orders: list[str]) -> None:
    assert list(orders_in(name)) == orders


@given(st.lists(st.text(max_size=3)))
def test_digests_are_a_set(texts: list[str]) -> None:
    digests, plain = DigestSet(), set[str]()
    for text in texts:
        assert (digest_of(text) in digests) == (text in plain)
        assert digests.add(digest_of(text)) == (text not in plain)
        plain.add(text)
    assert all(digest_of(text) in digests for text in texts)


def test_a_digest_across_two_digests_is_none() -> None:
    bucket = bytearray(b"abcdefghijklmnop")
    assert _holds(bucket, b"ijklmnop")
    assert not _holds(bucket, b"efghijkl")
