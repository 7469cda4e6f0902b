"""Refunds through the invoice that their name holds, and which invoices were seen."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.ledger import Kind
from generator.sources.btcpay.digest_set import DigestSet, _holds, digest_of
from generator.sources.btcpay.findings import claimed_once
from generator.sources.btcpay.greenfield.wire import Payout, PullPayment
from generator.sources.btcpay.refund_reader import Refund, oldest_unfinished, read_refund, refunds_of


def test_money_that_two_places_claim_is_said_once() -> None:
    [finding] = claimed_once({("fund", "shop"): 1}, "btcpay-pay")
    assert (finding.id, finding.place) == ("claimed-once/shop/fund", "shop")
    assert finding.reason == (
        "invoices that fund claims as well count there alone: it stands first in config.yaml"
    )


def payout(state: str = "Completed", pull: str = "P", **fields: Any) -> Payout:  # noqa: ANN401 -- any field of the struct
    plain: dict[str, Any] = {
        "payout_method_id": "BTC-CHAIN",
        "payout_currency": "BTC",
        "payout_amount": "0.00017150",
        "date": 1_780_000_000,
    }
    return Payout(id="X", state=state, pull_payment_id=pull, **(plain | fields))


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
    ("name", "state", "pull", "refunds"),
    [
        (f"Refund {PAID}", "Completed", "P", 1),
        (f"Refund {PAID} (late)", "Completed", "P", 1),
        (f"refund {PAID}", "Completed", "P", 1),
        *((name.format(PAID), "Completed", "P", 1) for name in LANGUAGES),
        (f"{PAID} {PAID}", "Completed", "P", 1),
        (f"Refund x{PAID}", "Completed", "P", 0),  # a longer word is no id
        ("Refund 22LC1382PsQ3", "Completed", "P", 0),  # too short for one
        (f"Refund {PAID}", "AwaitingApproval", "P", 0),
        (f"Refund {PAID}", "AwaitingPayment", "P", 0),
        (f"Refund {PAID}", "InProgress", "P", 0),
        (f"Refund {PAID}", "Cancelled", "P", 0),
        (f"Refund {PAID}", "Completed", "Q", 0),
        ("Refund", "Completed", "P", 0),
        ("Refund ../../stores", "Completed", "P", 0),
        ("Salaries", "Completed", "P", 0),
        (None, "Completed", "P", 0),
    ],
)
def test_only_completed_payouts_of_refunds_are_refunds(
    name: str | None, state: str, pull: str, refunds: int
) -> None:
    found = list(refunds_of([PullPayment(id="P", name=name)], [payout(state, pull)]))
    assert len(found) == refunds
    assert all(refund.candidates == (PAID,) for refund in found)


@pytest.mark.parametrize(
    ("project", "fields", "counted"),
    [
        ("p", {}, ""),
        ("", {}, "foreign_refunds"),
        ("p", {"payout_currency": "XMR", "payout_method_id": "XMR-CHAIN"}, "other_coin_refunds"),
        ("p", {"payout_method_id": "BTC-ARK"}, "other_coin_refunds"),
        ("p", {"payout_currency": "LBTC"}, "other_coin_refunds"),
        ("p", {"payout_amount": "0"}, "malformed_refunds"),
        ("p", {"payout_amount": None}, "malformed_refunds"),
        ("p", {"payout_amount": "-1"}, "malformed_refunds"),
        ("p", {"date": -1}, "malformed_refunds"),
    ],
)
def test_a_refund_is_a_movement_or_is_counted(project: str, fields: dict[str, Any], counted: str) -> None:
    counts = Counter[str]()
    refund = Refund(payout=payout(**fields), candidates=("i",))
    movements = list(read_refund(refund, place=project, counts=counts))
    assert counts == ({counted: 1} if counted else {})
    assert len(movements) == (not counted)
    for movement in movements:
        assert movement.stratum.kind == Kind.REFUND
        assert (movement.amount_msat, movement.private_id) == (17_150_000, "payout\0X")
        assert "private_id" not in repr(movement)


@pytest.mark.parametrize(
    ("state", "name", "waits"),
    [
        ("AwaitingApproval", f"Refund {PAID}", True),
        ("AwaitingPayment", f"Refund {PAID}", True),
        ("InProgress", f"Refund {PAID}", True),
        ("A state of tomorrow", f"Refund {PAID}", True),
        ("Completed", f"Refund {PAID}", False),
        ("Cancelled", f"Refund {PAID}", False),
        ("AwaitingPayment", "Salaries", False),
    ],
)
def test_only_a_refund_that_may_still_leave_is_waited_for(state: str, name: str, *, waits: bool) -> None:
    late, early = payout(state=state, date=1_780_090_000), payout(state=state, date=1_780_000_000)
    found = oldest_unfinished([PullPayment(id="P", name=name)], [late, early])
    assert found == (datetime.fromtimestamp(1_780_000_000, UTC) if waits else None)


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
