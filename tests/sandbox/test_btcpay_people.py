"""What people did: every state occurs, amounts are consistent, and a seed decides everything."""

import time
from collections import Counter
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import httpx
import pytest

from generator.sandbox.btcpay import DeedKind, Deeds, Standing, Town, build_town
from generator.sources.btcpay.refunds import ids_in
from tests.support.proving import in_full
from tests.support.trust import trust

NOW = 1_790_000_000
#: Every pair of status and additional status that the state table says can occur.
STATES = {
    *(("New", "None"), ("New", "PaidPartial")),
    *(("Processing", "None"), ("Processing", "PaidOver")),
    *(("Settled", "None"), ("Settled", "PaidOver"), ("Settled", "Marked")),
    *(("Expired", "None"), ("Expired", "PaidPartial"), ("Expired", "PaidLate")),
    *(("Invalid", "None"), ("Invalid", "PaidOver"), ("Invalid", "Marked")),
}


@pytest.fixture
def invoices(client: httpx.Client, town: Town) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for store in town.stores:
        found += client.get(
            f"/stores/{store}/invoices?includePaymentMethods=true&includeArchived=true"
        ).json()
    return found


def _payments(invoice: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {**payment, "rate": method["rate"], "rail": method["paymentMethodId"]}
        for method in invoice["paymentMethods"]
        for payment in method["payments"]
    ]


def _state(invoice: dict[str, Any]) -> tuple[str, str]:
    return (invoice["status"], invoice["additionalStatus"])


def test_every_state_occurs_in_every_campaign_with_every_rail(
    invoices: list[dict[str, Any]], town: Town
) -> None:
    for campaign in town.campaigns:
        own = [
            invoice
            for invoice in invoices
            if invoice["storeId"] == campaign.store
            and campaign.page.lower() in str(invoice["metadata"].get("orderUrl", "")).lower()
        ]
        assert {_state(invoice) for invoice in own} == STATES, campaign.slug
        rails = {payment["rail"] for invoice in own for payment in _payments(invoice)}
        assert rails - {"XMR-CHAIN", "BTC-ARKADE"} == {"BTC-CHAIN", "BTC-LN", "BTC-LNURL"}, campaign.slug
        assert {invoice["type"] for invoice in own} == {"Standard", "TopUp"}
        assert {invoice["archived"] for invoice in own} == {True, False}
    assert {invoice["currency"] for invoice in invoices} == {"EUR", "USD", "SATS", "BTC"}


def test_marked_invoices_come_with_and_without_payments(invoices: list[dict[str, Any]]) -> None:
    found = Counter(
        (_state(invoice), bool(_payments(invoice))) for invoice in invoices if _state(invoice)[1] == "Marked"
    )
    assert set(found) == {
        *((("Settled", "Marked"), True), (("Settled", "Marked"), False)),
        *((("Invalid", "Marked"), True), (("Invalid", "Marked"), False)),
    }


def test_lightning_carries_millisatoshis_and_chain_never(invoices: list[dict[str, Any]]) -> None:
    values: dict[str, list[Decimal]] = {"BTC-CHAIN": [], "BTC-LN": [], "BTC-LNURL": []}
    for invoice in invoices:
        for payment in _payments(invoice):
            if payment["rail"] in values:
                values[payment["rail"]].append(Decimal(payment["value"]) * 10**8)
    assert all(value == int(value) > 0 for value in values["BTC-CHAIN"])
    for rail in ("BTC-LN", "BTC-LNURL"):
        assert any(value != int(value) for value in values[rail])
        assert all(value * 1000 == int(value * 1000) for value in values[rail])


def test_amounts_of_a_method_add_up(invoices: list[dict[str, Any]]) -> None:
    step = Decimal("0.00000001")
    for invoice in invoices:
        paid = sum(
            (Decimal(payment["value"]) * Decimal(payment["rate"]) for payment in _payments(invoice)),
            Decimal(0),
        )
        for method in invoice["paymentMethods"]:
            own = sum((Decimal(payment["value"]) for payment in method["payments"]), Decimal(0))
            assert own <= Decimal(method["paymentMethodPaid"]) < own + step
            assert abs(Decimal(method["totalPaid"]) - paid / Decimal(method["rate"])) <= step
            due = Decimal(method["amount"]) - Decimal(method["totalPaid"])
            assert abs(Decimal(method["due"]) - due) <= 2 * step
            if invoice["type"] == "Standard":
                fees = sum((Decimal(payment["fee"]) for payment in _payments(invoice)), Decimal(0))
                asked = Decimal(method["amount"]) - (fees if method["currency"] == "BTC" else 0)
                assert abs(
                    asked * Decimal(method["rate"]) - Decimal(invoice["amount"])
                ) <= 2 * step * Decimal(method["rate"])


def test_paid_amount_is_net_of_fees_in_the_digits_of_the_currency(invoices: list[dict[str, Any]]) -> None:
    digits = {"EUR": "0.01", "USD": "0.01", "SATS": "1", "BTC": "0.00000001"}
    with_fee = 0
    for invoice in invoices:
        net = Decimal(0)
        for payment in _payments(invoice):
            net += (Decimal(payment["value"]) - Decimal(payment["fee"])) * Decimal(payment["rate"])
            with_fee += payment["fee"] != "0"
        assert Decimal(invoice["paidAmount"]) == net.quantize(
            Decimal(digits[invoice["currency"]]), rounding=ROUND_HALF_EVEN
        )
    assert with_fee >= 4


def test_states_say_what_was_paid_and_when(invoices: list[dict[str, Any]]) -> None:
    for invoice in invoices:
        payments, state = _payments(invoice), _state(invoice)
        late = [payment for payment in payments if payment["receivedDate"] > invoice["expirationTime"]]
        statuses = {payment["status"] for payment in payments}
        due = min(Decimal(method["due"]) for method in invoice["paymentMethods"])
        assert all(invoice["createdTime"] <= payment["receivedDate"] <= NOW for payment in payments)
        assert bool(late) == (state[1] == "PaidLate") or state == ("Settled", "Marked")
        if state[1] == "PaidOver":
            assert due <= -Decimal("0.00000001") or invoice["type"] == "TopUp"
        if state[1] == "PaidPartial":
            assert payments
            assert due > 0
        if state == ("Settled", "None"):
            assert due <= 0
            assert statuses == {"Settled"}
        if state[0] == "Processing":
            assert statuses == {"Processing"}
        if state[0] in ("New", "Processing"):
            assert invoice["monitoringExpiration"] > NOW
        if state[0] == "New":
            assert invoice["expirationTime"] > NOW
        elif state[0] != "Processing":
            assert invoice["monitoringExpiration"] < NOW


def test_a_top_up_has_no_price_but_its_first_payment_in_time(invoices: list[dict[str, Any]]) -> None:
    for invoice in invoices:
        if invoice["type"] == "TopUp":
            payments = _payments(invoice)
            in_time = payments and payments[0]["receivedDate"] <= invoice["expirationTime"]
            assert (invoice["amount"] != "0") == bool(in_time)


def test_refunds_are_named_after_invoices_that_were_paid(client: httpx.Client, town: Town) -> None:
    paid = {invoice.id: invoice.store for invoice in town.books.invoices if invoice.payments}
    names: list[str] = []
    for store in town.stores:
        names = [
            pull_payment["name"]
            for pull_payment in client.get(f"/stores/{store}/pull-payments?includeArchived=true").json()
        ]
        refunded = [found for name in names for found in ids_in(name)]
        assert len(refunded) >= 6
        assert {paid[invoice] for invoice in refunded} == {store}
    assert "Salaries of March" in names
    assert "Refunds for the printer" in names


def test_deeds_are_noted_for_projects_only(deeds: Deeds, town: Town) -> None:
    assert {deed.project for deed in deeds} == {"harbour", "garden", "lamp", "makers-hall"}
    assert {(deed.kind, deed.standing) for deed in deeds} == {
        (DeedKind.PAID, Standing.CONFIRMED),
        (DeedKind.PAID, Standing.PENDING),
        (DeedKind.PAID, Standing.REJECTED),
        (DeedKind.REFUNDED, Standing.CONFIRMED),
        (DeedKind.DECLARED, Standing.CONFIRMED),
    }
    noted = sum(deed.amount_msat for deed in deeds if deed.kind is DeedKind.PAID)
    everything = sum(
        payment.amount_msat
        for invoice in town.books.invoices
        for payment in invoice.payments
        if payment.rail.startswith("BTC")
    )
    assert 0 < noted < everything, "what strangers paid is nobody's contribution"


def test_a_seed_decides_everything() -> None:
    first, second, other = Deeds(), Deeds(), Deeds()
    one = build_town(1, invoices=50, now=NOW, deeds=first)
    two = build_town(1, invoices=50, now=NOW, deeds=second)
    assert (one, first) == (two, second)
    assert build_town(2, invoices=50, now=NOW, deeds=other).books.invoices != one.books.invoices
    assert other != first


@pytest.mark.parametrize("invoices", [0, 1, 40, 400])
def test_as_many_people_come_as_asked(invoices: int) -> None:
    town = build_town(1, invoices=invoices, now=NOW, deeds=Deeds())
    strangers = 7 * 3 + 2
    assert len(town.books.invoices) == invoices + strangers
    assert len({invoice.id for invoice in town.books.invoices}) == invoices + strangers


@pytest.mark.proof
def test_thousands_of_invoices_are_made_and_listed_in_seconds_of_work() -> None:
    began, invoices = time.process_time(), in_full(4_000, 20_000)
    town = build_town(9, invoices=invoices, now=NOW, deeds=Deeds())
    headers = {"Authorization": f"token {town.reader.text}"}
    with town.server() as server, httpx.Client(headers=headers, timeout=120, verify=trust()) as client:
        url = f"{server.url}/api/v1/stores/{town.stores[1]}/invoices"
        rows = client.get(
            url, params={"take": 200, "includePaymentMethods": True, "skip": invoices * 9 // 20}
        ).json()
    assert len(rows) == 200
    assert time.process_time() - began < 30 * invoices / 20_000
