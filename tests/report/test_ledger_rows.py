"""Rows of the ledger: one a movement; what one transaction does in one way is one row."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest

from generator.ledger import Entry, Kind, Status, Verification
from generator.places import store_source
from generator.report.ledger_rows import ledger_rows, short_id
from generator.report.prices import Prices
from generator.snapshot import Rate

AT = datetime(2025, 3, 1, 12, tzinfo=UTC)
TXID = "ab" * 32


def output(at: int, kind: Kind = Kind.INVESTMENT, **fields: object) -> Entry:
    """Return an output, or a spend, of one transaction; its amount and stage follow from where it stands."""
    plain = Entry(
        id=f"{TXID}:{at}",
        source="angor",
        place="angor:x",
        kind=kind,
        amount_msat=(at + 1) * 1000,
        at=AT,
        status=Status.CONFIRMED,
        stage=at or None,
    )
    return msgspec.structs.replace(plain, **fields)


def test_an_investment_is_one_row_and_its_fee_is_on_top() -> None:
    entries = [output(at) for at in (2, 10, 1)]
    [row] = ledger_rows([output(0, Kind.FEE), *entries])
    assert (row.id, row.amount_msat) == (TXID, 16_000)
    assert [part.id for part in row.parts] == [f"{TXID}:{at}" for at in (1, 2, 10, 0)]
    assert [fee.kind for fee in row.fees] == [Kind.FEE]


@pytest.mark.parametrize(
    "other",
    [
        {"status": Status.PENDING},
        {"status": Status.EXCLUDED, "reason": "script"},
        {"verification": Verification.FAILED},
        {"place": "angor:y"},
        {"kind": Kind.CLAIM},
        {"id": f"{'cd' * 32}:3"},
    ],
)
def test_what_is_judged_otherwise_has_a_row_of_its_own(other: dict[str, object]) -> None:
    rows = ledger_rows([output(1), output(2), output(3, **other)])
    assert [len(row.entries) for row in rows] == [2, 1]


def test_a_fee_alone_is_a_row() -> None:
    [row] = ledger_rows([output(0, Kind.FEE)])
    assert (row.first.kind, row.fees, row.amount_msat) == (Kind.FEE, (), 1000)


def test_payments_are_never_folded_and_have_no_parts() -> None:
    shop = {"source": store_source("S"), "kind": Kind.PAYMENT}
    rows = ledger_rows([output(1, **shop), output(2, **shop)])
    assert [(row.id, row.parts) for row in rows] == [(f"{TXID}:1", ()), (f"{TXID}:2", ())]


def test_what_leaves_has_a_sign_and_what_changes_place_has_none() -> None:
    out = {Kind.REFUND, Kind.PAYOUT, Kind.RELEASE, Kind.RECOVERY}
    for kind in Kind:
        [row] = ledger_rows([output(1, kind)])
        assert row.amount_msat == (-2000 if kind in out else 2000), kind


def test_the_worth_of_a_row_is_that_of_its_parts_and_says_what_has_no_rate() -> None:
    rate = Rate(id="EUR/2025-03-01", source="rates", currency="EUR", day="2025-03-01", price=Decimal(50_000))
    prices = Prices.of([rate], ("EUR",), AT)
    [row] = ledger_rows([output(1), output(2)])
    assert row.at_receipt(prices, "EUR") == (Fraction(1, 400), False)  # 5 sats
    assert row.at_receipt(prices, "USD") == (None, True)


def test_ids_are_short_and_tell_transactions_from_rows() -> None:
    assert short_id(TXID) == "abababab…abab"
    assert short_id("ab" * 16) == "abababab"
    assert short_id("shop/2025-03-01/BTC-LN/on_time/2025-03") != short_id(
        "shop/2025-03-02/BTC-LN/on_time/2025-03"
    )
    assert len(short_id("any text")) == 8
