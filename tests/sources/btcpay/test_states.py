"""The state table, cell by cell: written out here once more, independently of the code."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest

from generator.ledger import Status
from generator.sources.btcpay.greenfield.bad_rows import NO_ID, method
from generator.sources.btcpay.greenfield.bad_rows import invoice as bad_invoice
from generator.sources.btcpay.greenfield.values import number
from generator.sources.btcpay.greenfield.wire import INVOICE, LONGEST_WORD
from generator.sources.btcpay.movement import MarkedSettled, Money, Movement, OtherCoinMovement
from generator.sources.btcpay.payments import net_value, read_invoice
from generator.sources.btcpay.state_table import STATES, treatment_of

#: invoice, additional → class of a payment in time, class of a later one, whether payments count.
TABLE = """
New         None         on_time  late     yes
New         PaidPartial  partial  partial  yes
New         PaidLate     on_time  late     yes
New         PaidOver     over     over     yes
New         Marked       manual   manual   yes
Processing  None         on_time  late     yes
Processing  PaidPartial  partial  partial  yes
Processing  PaidLate     on_time  late     yes
Processing  PaidOver     over     over     yes
Processing  Marked       manual   manual   yes
Settled     None         on_time  late     yes
Settled     PaidPartial  partial  partial  yes
Settled     PaidLate     on_time  late     yes
Settled     PaidOver     over     over     yes
Settled     Marked       manual   manual   yes
Expired     None         on_time  late     yes
Expired     PaidPartial  partial  partial  yes
Expired     PaidLate     on_time  late     yes
Expired     PaidOver     over     over     yes
Expired     Marked       manual   manual   yes
Invalid     None         on_time  late     yes
Invalid     PaidPartial  partial  partial  yes
Invalid     PaidLate     on_time  late     yes
Invalid     PaidOver     over     over     yes
Invalid     Marked       manual   manual   no
"""
COUNTED = {
    "Settled": (Status.CONFIRMED, ""),
    "Processing": (Status.PENDING, ""),
    "Invalid": (Status.EXCLUDED, "replaced"),
}
CELLS = [
    (*line.split()[:2], payment, line.split()[2 + late], late, line.split()[4] == "yes")
    for line in TABLE.strip().splitlines()
    for payment in COUNTED
    for late in (False, True)
]


def invoice(status: str, additional: str, payment: str, *, late: bool = False, **fields: str) -> bytes:
    """Return an invoice's JSON: created at 1000, expired at 1900 after 1 Jan 2026, one payment of 1 sat."""
    start = 1_767_225_600
    received = start + (1901 if late else 1900)
    rail, value, amount = (
        fields.get("rail", "BTC-LN"),
        fields.get("value", '"0.00000001"'),
        fields.get("amount"),
    )
    paid = f'{{"id":"p","receivedDate":{received},"value":{value},"fee":"0","status":"{payment}"}}'
    coin = fields.get("coin", "BTC")
    return f"""{{
      "id": "i", "status": "{status}", "additionalStatus": "{additional}", "currency": "EUR",
      "amount": {amount or '"5.00"'}, "createdTime": {start + 1000}, "expirationTime": {start + 1900},
      "monitoringExpiration": {start + 9000}, "metadata": {{}}, "checkout": {{"paymentMethods": ["{rail}"]}},
      "paymentMethods": [{{"paymentMethodId": "{rail}", "currency": "{coin}", "rate": "50000.00",
                           "payments": [{paid if payment else ""}]}}]
    }}""".encode()


def read(body: bytes) -> tuple[list[Money], Counter[str]]:
    counts = Counter[str]()
    found = list(read_invoice(INVOICE.decode(body), place="p", counts=counts))
    return found, +counts


@pytest.mark.parametrize(("status", "additional", "payment", "group", "late", "counts"), CELLS)
def test_cell(status: str, additional: str, payment: str, group: str, late: bool, counts: bool) -> None:  # noqa: FBT001 -- a row of the table
    [*_, movement], counted = read(invoice(status, additional, payment, late=late))
    expected = COUNTED[payment] if counts else (Status.EXCLUDED, "marked invalid")
    assert isinstance(movement, Movement)
    assert (movement.stratum.status, movement.stratum.reason) == expected
    assert (movement.group, movement.amount_msat, movement.rail) == (group, 1000, "BTC-LN")
    assert not counted


def test_the_table_has_every_cell_once() -> None:
    assert len(STATES) == 5 * 5 * 3


@pytest.mark.parametrize(
    ("status", "additional", "payment"),
    [("Settled", "None", "Vanished"), ("Sealed", "None", "Settled"), ("Settled", "PaidTwice", "Settled")],
)
def test_an_unknown_word_is_counted_and_never_summed(status: str, additional: str, payment: str) -> None:
    [movement], counted = read(invoice(status, additional, payment))
    assert isinstance(movement, Movement)
    assert (movement.stratum.status, movement.stratum.reason) == (Status.EXCLUDED, "unknown status")
    assert counted == {"unknown_status_payments": 1}
    assert treatment_of((status, additional), payment, late=True).group == "late"


@pytest.mark.parametrize(
    "value",
    [
        '"0.000000000001"',
        '"0.000000000015"',
        '"-0.1"',
        '"21000001"',
        '"NaN"',
        '"1e400000000"',
        "1e999999999",
        '"0,5"',
        '"0"',
        "true",
        "[1]",
        "null",
        '"0.10000000000000000000000000001"',
        '"' + "9" * 5000 + '"',
        '"\N{ARABIC-INDIC DIGIT ONE}"',
    ],
)
def test_an_absurd_amount_is_counted_and_never_summed(value: str) -> None:
    found, counted = read(invoice("Settled", "None", "Settled", value=value))
    assert found == []
    assert counted == {"malformed_payments": 1}


@pytest.mark.parametrize(
    ("value", "msat"), [('"0.00000000001"', 1), ("0.5", 50_000_000_000), ('"2.10E-7"', 21_000)]
)
def test_amounts_are_exact_however_they_are_written(value: str, msat: int) -> None:
    [movement], _ = read(invoice("Settled", "None", "Settled", value=value))
    assert isinstance(movement, Movement)
    assert movement.amount_msat == msat


def test_a_payment_stands_in_the_month_of_its_invoice_and_on_its_own_day() -> None:
    body = invoice("Settled", "None", "Settled", late=True)
    body = body.replace(b'"createdTime": 1767226600', b'"createdTime": 1767225599')
    [movement], _ = read(body)
    assert isinstance(movement, Movement)
    assert (movement.stratum.created_month, f"{movement.at:%Y-%m-%d}") == ("2025-12", "2026-01-01")


@pytest.mark.parametrize(
    ("rail", "coin", "ours"),
    [
        ("BTC-CHAIN", "BTC", "BTC-CHAIN"),
        ("BTC", "BTC", "BTC-CHAIN"),
        ("BTC_BTCLike", "BTC", "BTC-CHAIN"),
        ("BTC-OnChain", "BTC", "BTC-CHAIN"),
        ("BTC-LightningNetwork", "BTC", "BTC-LN"),
        ("BTC_LightningLike", "BTC", "BTC-LN"),
        ("BTC-BTCLike", "BTC", "BTC-CHAIN"),
        ("BTC_OffChain", "BTC", "BTC-LN"),
        ("BTC-LNURLPAY", "BTC", "BTC-LNURL"),
        ("BTC_LNURLPAY", "BTC", "BTC-LNURL"),
        ("XMR-CHAIN", "XMR", ""),
        ("BTC-ARKADE", "BTC", ""),
        ("BTC-CHAIN", "LBTC", ""),
        ("btc-chain", "BTC", "BTC-CHAIN"),
        ("ARKADE", "BTC", "ARKADE"),
        ("ARKADE", "EUR", ""),
        ("CASHU", "BTC", ""),
        ("LBTC-CHAIN", "LBTC", ""),
        ("USDT-TRON", "USDt", ""),
        ("STRIPE", "EUR", ""),
    ],
)
def test_other_coins_and_plugin_rails_are_a_class_of_their_own(rail: str, coin: str, ours: str) -> None:
    [item], counted = read(invoice("Settled", "None", "Settled", rail=rail, coin=coin))
    if ours:
        assert isinstance(item, Movement)
        assert item.rail == ours
    else:
        assert isinstance(item, OtherCoinMovement)
        assert (item.place, item.created_month, item.rail) == ("p", "2026-01", rail)
        assert (item.coin, item.amount, item.status) == (coin, Decimal("0.00000001"), Status.CONFIRMED)
        assert counted == {"other_coin_payments": 1}


@pytest.mark.parametrize(
    ("fields", "coin", "rail", "amount"),
    [
        ({"coin": "", "rail": "XMR-CHAIN"}, "XXX", "XMR-CHAIN", "0.00000001"),
        ({"coin": "ABCDEFGHIJK", "rail": "NEW"}, "XXX", "NEW", "0.00000001"),
        ({"coin": "1INCH", "rail": "mail to bob@example.org"}, "1INCH", "UNNAMED", "0.00000001"),
        ({"coin": "XMR", "rail": "XMR-CHAIN", "value": '"lots"'}, "XMR", "XMR-CHAIN", None),
        ({"coin": "XMR", "rail": "XMR-CHAIN", "value": '"-4"'}, "XMR", "XMR-CHAIN", None),
        ({"coin": "XMR", "rail": "XMR-CHAIN", "value": '"1e-12"'}, "XMR", "XMR-CHAIN", "1e-12"),
    ],
)
def test_of_another_coin_only_what_may_be_published_is_kept(
    fields: dict[str, str], coin: str, rail: str, amount: str | None
) -> None:
    [item], _ = read(invoice("Settled", "None", "Settled", **fields))
    assert isinstance(item, OtherCoinMovement)
    assert (item.coin, item.rail, item.amount) == (coin, rail, amount and Decimal(amount))


def test_a_fee_above_the_payment_leaves_no_worth() -> None:
    body = invoice("Settled", "None", "Settled", rail="BTC-CHAIN")
    [movement], _ = read(body.replace(b'"fee":"0"', b'"fee":"0.000004"'))
    assert isinstance(movement, Movement)
    assert (movement.amount_msat, movement.worth) == (1000, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("usd", "USD"),
        ("USDT", "USDT"),
        ("SATS", "SATS"),
        ("1INCH", "1INCH"),
        ("ABCDEFGHIJ", "ABCDEFGHIJ"),
        ("ABCDEFGHIJK", "XXX"),
        ("E", "XXX"),
        ("E R", "XXX"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER E}UR", "XXX"),
        ("", "XXX"),
    ],
)
def test_no_declaration_is_lost_for_its_currency(text: str, code: str) -> None:
    body = invoice("Settled", "Marked", "").replace(b'"currency": "EUR"', f'"currency": "{text}"'.encode())
    [marked], counted = read(body)
    assert isinstance(marked, MarkedSettled)
    amount = Decimal("5.00") if code != "XXX" else None  # of nobody knows what
    assert (marked.currency, marked.amount, counted) == (code, amount, {})


@pytest.mark.parametrize(
    ("value", "fee", "rate", "net"),
    [
        ("0.5", "0.1", "100.25", "40.100"),
        ("0.00000000001", "0", "60000.01", "6.000001E-7"),
        ("0.5", "x", "100", None),
        ("0.5", "0", "0", None),
        ("0.5", "0", None, None),
    ],
)
def test_value_at_receipt_is_net(value: str, fee: str, rate: str | None, net: str | None) -> None:
    assert net_value(number(value), fee, rate) == (None if net is None else Decimal(net))


def test_value_at_receipt_is_never_rounded() -> None:
    value, rate = "20999999.99999999999", "123456789012.123456789012"
    found = net_value(number(value), "0", rate)
    assert found is not None
    assert Fraction(found) == Fraction(value) * Fraction(rate)


def test_marked_settled_without_a_payment_is_a_declaration_and_only_then() -> None:
    [marked], counted = read(invoice("Settled", "Marked", ""))
    assert isinstance(marked, MarkedSettled)
    assert (str(marked.amount), marked.currency, counted) == ("5.00", "EUR", {})
    for amount in ('"0"', '"-4"', '"lots"', "null"):
        [unknown], counted = read(invoice("Settled", "Marked", "", amount=amount))
        assert isinstance(unknown, MarkedSettled)
        assert (unknown.amount, unknown.currency, counted) == (None, "EUR", {})
    for status, additional in (
        ("Settled", "None"),
        ("Invalid", "Marked"),
        ("Expired", "None"),
        ("New", "None"),
    ):
        assert read(invoice(status, additional, "")) == ([], {})
    [movement], _ = read(invoice("Settled", "Marked", "Settled"))
    assert isinstance(movement, Movement)
    marked, replaced = read(invoice("Settled", "Marked", "Invalid"))[0]
    assert isinstance(marked, MarkedSettled)
    assert isinstance(replaced, Movement)


def test_a_number_that_nobody_can_read_spoils_one_payment_alone() -> None:
    row = '{"id": "a", "receivedDate": 1, "status": "Settled", "value": %s}'
    rows = ", ".join(row % value for value in ('"0.1"', "1e" + "9" * 20))
    read_method = method(msgspec.Raw(f'{{"paymentMethodId": "BTC-CHAIN", "payments": [{rows}]}}'.encode()))
    assert [payment.value for payment in read_method.payments] == ["0.1", None]


def test_a_word_longer_than_any_version_sends_makes_its_own_row_bad() -> None:
    def named(letters: int) -> bytes:
        return invoice("Settled", "None", "Settled").replace(b'"id": "i"', b'"id": "%s"' % (b"i" * letters))

    kept = bad_invoice(msgspec.Raw(named(LONGEST_WORD + 1)))
    assert kept.id.startswith(NO_ID)
    assert kept.payments == []
    assert INVOICE.decode(named(LONGEST_WORD)).payments
