"""Whose money it is: strict for crowdfunds, once for everybody, and refunds through their invoice."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config import BTCPayBinding
from generator.ledger import Kind
from generator.sources.btcpay.bound_project import BoundProject
from generator.sources.btcpay.claims import Claims
from generator.sources.btcpay.digest_set import DigestSet, _holds, digest_of
from generator.sources.btcpay.findings import claimed_once
from generator.sources.btcpay.greenfield.wire import Invoice, Metadata, Payout, PullPayment
from generator.sources.btcpay.refund_reader import Refund, oldest_unfinished, read_refund, refunds_of


def invoice(name: str, page: object = None) -> Invoice:
    return Invoice(
        id=name,
        status="Settled",
        additional_status="None",
        created_time=1_780_000_000,
        expiration_time=1_780_000_900,
        currency="EUR",
        metadata=Metadata(order_url=page),
    )


def bound(slug: str, *, app: str = "", store: str = "S") -> BoundProject:
    binding = BTCPayBinding(source="pay", app=app) if app else BTCPayBinding(source="pay", store=store)
    return BoundProject(slug=slug, binding=binding, stores=(store,))


def taken(claims: Claims, project: BoundProject, *invoices: Invoice) -> list[str]:
    return [invoice.id for invoice in invoices if claims.take(project, project.stores[0], invoice)]


@pytest.mark.parametrize(
    ("page", "own"),
    [
        ("https://pay.example.org/apps/A1/crowdfund", True),
        ("https://pay.example.org/btcpay/apps/A1/crowdfund/", True),
        ("http://x.onion/apps/A1/crowdfund?lang=de#top", True),
        ("/apps/A1/crowdfund", True),
        ("https://pay.example.org/apps/A12/crowdfund", False),
        ("https://pay.example.org/apps/A1/pos", False),
        ("https://pay.example.org/apps/xA1/crowdfund", False),
        ("https://pay.example.org/?page=/apps/A1/crowdfund", False),
        ("https://[broken/apps/A1/crowdfund", False),
        ("", False),
        (None, False),
        (7, False),
        (["/apps/A1/crowdfund"], False),
    ],
)
def test_a_search_term_alone_attributes_nothing(page: object, own: bool) -> None:  # noqa: FBT001 -- a row of the table
    claims, fund = Claims(), bound("fund", app="A1")
    assert taken(claims, fund, invoice("i", page)) == ["i"] * own
    assert claims.owner("S", "i") is (fund if own else None)
    assert claims.foreign == (not own)
    assert fund.term == "crowdfund-app_A1"


def test_an_invoice_counts_for_the_first_project_that_claims_it() -> None:
    page = "https://pay.example.org/apps/A1/crowdfund"
    both, alone = invoice("both", page), invoice("alone")
    fund, shop, claims, turned = bound("fund", app="A1"), bound("shop"), Claims(), Claims()
    assert taken(claims, fund, both, both) == ["both"]
    assert taken(claims, shop, both, alone) == ["alone"]
    assert claims.twice == {("fund", "shop"): 1}
    assert taken(turned, shop, both, alone) == ["both", "alone"]
    assert taken(turned, fund, both) == []
    [finding] = claimed_once(claims.twice, "btcpay-pay")
    assert (finding.id, finding.place) == ("claimed-once/shop/fund", "shop")
    assert finding.reason == (
        "invoices that fund claims as well count there alone: it stands first in config.yaml"
    )


def test_the_same_invoice_id_in_two_stores_is_two_invoices() -> None:
    claims, one, two = Claims(), bound("one", store="S1"), bound("two", store="S2")
    assert taken(claims, one, invoice("i")) == taken(claims, two, invoice("i")) == ["i"]
    assert (claims.owner("S1", "i"), claims.owner("S2", "i")) == (one, two)
    assert not claims.twice


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
    movements = list(read_refund(refund, store="S", place=project, counts=counts))
    assert counts == ({counted: 1} if counted else {})
    assert len(movements) == (not counted)
    for movement in movements:
        assert movement.stratum.kind == Kind.REFUND
        assert (movement.amount_msat, movement.private_id) == (17_150_000, "S\0X")
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


@pytest.mark.parametrize(
    ("binding", "metadata", "own"),
    [
        ({"pos": "P1"}, {"order_url": "https://pay.example.org/apps/P1/pos"}, True),
        ({"pos": "P1"}, {"order_url": "https://pay.example.org/btcpay/apps/P1/pos/cart/"}, True),
        ({"pos": "P1"}, {"order_url": "https://pay.example.org/apps/P1/pos/other"}, False),
        ({"pos": "P1"}, {"order_url": "https://pay.example.org/apps/P1/crowdfund"}, False),
        ({"pos": "P1"}, {"order_url": "https://pay.example.org/apps/P12/pos"}, False),
        ({"pos": "P1"}, {}, False),
        ({"payment_request": "R1"}, {"payment_request_id": "R1"}, True),
        ({"payment_request": "R1"}, {"order_id": "PAY_REQUEST_R1"}, True),
        ({"payment_request": "R1"}, {"payment_request_id": "R2", "order_id": "PAY_REQUEST_R1"}, False),
        ({"payment_request": "R1"}, {"order_id": "PAY_REQUEST_R12"}, False),
        ({"payment_request": "R1"}, {"payment_request_id": ["R1"]}, False),
    ],
)
def test_points_of_sale_and_payment_requests_are_named_by_their_invoices(
    binding: dict[str, str],
    metadata: dict[str, Any],
    own: bool,  # noqa: FBT001 -- a row of the table
) -> None:
    config = BTCPayBinding.model_validate({"source": "pay"} | binding)
    project = BoundProject(slug="p", binding=config, stores=("S",))
    paid = msgspec.structs.replace(invoice("i"), metadata=Metadata(**metadata))
    assert project.claims(paid) == own
    assert project.term in {"pos-app_P1", "PAY_REQUEST_R1"}
