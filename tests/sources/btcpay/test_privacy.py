"""Privacy: whatever is merged, rounded or delayed, every sum that may be published stays exact."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config import PrivacyConfig
from generator.ledger import AtReceipt, Declaration, Entry, Kind, Status
from generator.periods import Periods, Recurrence
from generator.sources.btcpay.movement import (
    MarkedSettled,
    Movement,
    OtherCoinMovement,
    PlacePeriods,
    Stratum,
    month_of,
)
from generator.sources.btcpay.privacy import KeyedIds, PrivacyFilter, keyed_id

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
KEY = bytes(range(32))
STATES = [
    (Status.CONFIRMED, ""),
    (Status.PENDING, ""),
    (Status.EXCLUDED, "marked invalid"),
    (Status.EXCLUDED, "replaced"),
]
WEEKS = Periods([Recurrence(start=datetime(2026, 1, 1, tzinfo=UTC), every=7, unit="day")], NOW)
BY_CREATION = PlacePeriods(created=WEEKS)
BY_PAYMENT = PlacePeriods(paid=WEEKS)


@st.composite
def movements(draw: st.DrawFn) -> list[Movement]:
    found = []
    periods = draw(st.sampled_from([PlacePeriods(), BY_CREATION, BY_PAYMENT]))
    for number in range(draw(st.integers(0, 40))):
        created = NOW - timedelta(hours=draw(st.integers(24, 24 * 80)))
        status, reason = draw(st.sampled_from(STATES))
        priced = draw(st.booleans())
        refund = draw(st.integers(0, 9)) == 0
        amount = draw(st.integers(1, 10**12))
        rate = draw(st.decimals(1, 10**6, places=2, allow_nan=False))
        currency = draw(st.sampled_from(["EUR", "USD"])) if priced else ""
        value = Decimal(amount).scaleb(-11) * rate
        at = created + timedelta(hours=draw(st.integers(0, 23)))
        stratum = Stratum(
            draw(st.sampled_from(["s/one", "s/two"])),
            Kind.REFUND if refund else Kind.PAYMENT,
            month_of(created),
            Status.CONFIRMED if refund else status,
            "" if refund else reason,
        )
        movement = Movement(
            stratum=periods.of(stratum, created, at),
            private_id=f"store\0payment{number}",
            rail=draw(st.sampled_from(["BTC-CHAIN", "BTC-LN"])),
            group="" if refund else draw(st.sampled_from(["on_time", "late", "partial"])),
            amount_msat=amount,
            at=at,
            worth=AtReceipt(currency=currency, amount_msat=amount, value=value) if priced else None,
        )
        found.append(movement)
    return found


def through(privacy: PrivacyConfig, found: Iterable[Movement], *, key: bytes | None = KEY) -> list[Entry]:
    ids = KeyedIds(key=key) if key else None
    way_out = PrivacyFilter(source="s", privacy=privacy, at=NOW, ids=ids)
    for movement in found:
        way_out.take(movement)
    entries = way_out.entries()
    assert not way_out._rows, "what has become an entry is in memory once"
    return entries


RULES = st.builds(
    PrivacyConfig,
    rows=st.sampled_from(["day", "payment"]),
    min_group=st.integers(1, 7),
    round_to_sats=st.sampled_from([0, 1, 1000, 10**6, 10**8]),
    publish_delay_hours=st.sampled_from([0, 1, 48, 24 * 30]),
)
Sums = Counter[tuple[str, ...]]


def pot_of(entry: Entry) -> Stratum:
    """Name the stratum of a row; `paid_in` is left out, as it is not published."""
    return Stratum(entry.place, entry.kind, entry.created_month, entry.status, entry.reason, entry.period)


def sums_before(found: list[Movement]) -> tuple[Sums, Sums, dict[tuple[str, ...], Decimal]]:
    amounts, counts = Sums(), Sums()
    worth: dict[tuple[str, ...], Decimal] = {}
    for movement in found:
        name = (*movement.stratum._replace(paid_in=""), month_of(movement.at))
        amounts[name] += movement.amount_msat
        counts[name] += 1
        if (part := movement.worth) is not None:
            worth[*name, part.currency] = worth.get((*name, part.currency), Decimal(0)) + part.value
    return amounts, counts, worth


def sums_after(entries: list[Entry]) -> tuple[Sums, Sums, dict[tuple[str, ...], Decimal]]:
    amounts, counts = Sums(), Sums()
    worth: dict[tuple[str, ...], Decimal] = {}
    for entry in entries:
        name = (*pot_of(entry), month_of(entry.at))
        amounts[name] += entry.amount_msat
        counts[name] += entry.count
        for part in entry.at_receipt:
            worth[*name, part.currency] = worth.get((*name, part.currency), Decimal(0)) + part.value
    return amounts, counts, worth


@given(movements(), RULES)
def test_sums_counts_and_values_stay_exact(found: list[Movement], rules: PrivacyConfig) -> None:
    entries = through(rules, found)
    old = [movement for movement in found if movement.at <= NOW - timedelta(hours=rules.publish_delay_hours)]
    assert sums_after(entries) == sums_before(old)
    assert len({entry.id for entry in entries}) == len(entries)
    for entry in entries:
        assert sum(part.amount_msat for part in entry.at_receipt) <= entry.amount_msat
        assert (entry.at.hour, entry.at.minute, entry.at.second) == (0, 0, 0)


@given(movements(), RULES)
def test_no_row_leaves_the_period_it_was_paid_in(found: list[Movement], rules: PrivacyConfig) -> None:
    paid = Counter[tuple[Stratum, str]]()
    for movement in found:
        if movement.at <= NOW - timedelta(hours=rules.publish_delay_hours):
            paid[movement.stratum._replace(paid_in=""), WEEKS.name_at(movement.at)] += movement.amount_msat
    rows = Counter[tuple[Stratum, str]]()
    for entry in through(rules, found):
        rows[pot_of(entry), WEEKS.name_at(entry.at)] += entry.amount_msat
    if all(movement.stratum.paid_in for movement in found):
        assert rows == paid


@pytest.mark.slow
@given(movements(), RULES, st.integers(0, 40))
def test_the_order_in_which_a_server_lists_does_not_matter(
    found: list[Movement], rules: PrivacyConfig, turn: int
) -> None:
    assert through(rules, [*found[turn:], *found[:turn]][::-1]) == through(rules, found)


@given(movements(), RULES)
def test_small_cells_and_odd_amounts_are_gone(found: list[Movement], rules: PrivacyConfig) -> None:
    entries = through(rules, found)
    unit = rules.round_to_sats * 1000
    cut = any(movement.stratum.paid_in for movement in found)

    def pot(entry: Entry) -> tuple[Stratum, str]:
        week = WEEKS.name_at(entry.at) if cut else ""
        return pot_of(entry)._replace(paid_in=week), month_of(entry.at)

    pots = Counter(map(pot, entries))
    odd = Counter(pot(entry) for entry in entries if unit and entry.amount_msat % unit)
    assert all(number == 1 for number in odd.values())
    if rules.rows == "day":
        for entry in entries:
            assert entry.count >= rules.min_group or pots[pot(entry)] == 1


@given(movements(), RULES)
def test_nothing_private_is_in_a_record(found: list[Movement], rules: PrivacyConfig) -> None:
    text = msgspec.json.encode(through(rules, found)).decode()
    assert "store" not in text
    assert "payment1" not in text


def paid(
    hour: int, amount_msat: int, *, euros: str = "", rail: str = "BTC-LN", group: str = "on_time"
) -> Movement:
    created = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(hours=hour)
    return Movement(
        stratum=Stratum("s/p", Kind.PAYMENT, month_of(created), Status.CONFIRMED),
        private_id=f"s\0{hour}",
        rail=rail,
        group=group,
        amount_msat=amount_msat,
        at=created,
        worth=AtReceipt(currency="EUR", amount_msat=amount_msat, value=Decimal(euros)) if euros else None,
    )


def rows_of(entries: list[Entry]) -> list[tuple[str, int, int]]:
    return [(entry.id, entry.amount_msat, entry.count) for entry in entries]


def test_a_small_cell_joins_the_next_of_its_month_and_the_last_joins_backwards() -> None:
    found = [
        paid(1, 10),
        paid(25, 20),
        paid(26, 40, rail="BTC-CHAIN"),
        paid(50, 80),
        paid(51, 160),
        paid(80, 320),
    ]
    assert rows_of(through(PrivacyConfig(min_group=2), found)) == [
        ("p/2026-05-02/mixed/on_time/2026-05", 50, 2),
        ("p/2026-05-04/BTC-LN/on_time/2026-05", 580, 4),
    ]
    lonely = through(PrivacyConfig(min_group=9), found)
    assert rows_of(lonely) == [("p/2026-05-04/mixed/on_time/2026-05", 630, 6)]


def test_a_message_that_shows_a_payment_does_not_say_which() -> None:
    shown = repr(msgspec.structs.replace(paid(1, 10), private_id="whose"))
    assert "on_time" in shown
    assert "whose" not in shown


def test_a_small_cell_stays_in_the_month_that_it_was_paid_in() -> None:
    paid_in_may = paid(1, 10)
    paid_in_june = msgspec.structs.replace(paid(2, 1_500), at=datetime(2026, 6, 1, tzinfo=UTC))
    rows = [("p/2026-05-01/BTC-LN/on_time/2026-05", 10, 1), ("p/2026-06-01/BTC-LN/on_time/2026-05", 1_500, 1)]
    for rules in (PrivacyConfig(min_group=5), PrivacyConfig(min_group=1, round_to_sats=1)):
        way_out = PrivacyFilter(source="s", privacy=rules, at=datetime(2026, 6, 2, tzinfo=UTC))
        way_out.take(paid_in_may)
        way_out.take(paid_in_june)
        assert rows_of(way_out.entries()) == rows


def test_two_rows_of_a_day_that_both_became_mixed_are_one() -> None:
    rails, classes = ("BTC-CHAIN", "BTC-LN", "BTC-LNURL"), ("late", "on_time")
    found = [paid(1, 1, rail=rail, group=group) for rail in rails for group in classes]
    entries = through(PrivacyConfig(min_group=3), found)
    assert rows_of(entries) == [("p/2026-05-01/mixed/mixed/2026-05", 6, 6)]
    assert entries[0].rails == rails


def test_a_row_of_several_rails_says_which_and_another_says_nothing() -> None:
    found = [paid(1, 10), paid(25, 20, rail="BTC-CHAIN"), paid(50, 80), paid(51, 160)]
    entries = through(PrivacyConfig(min_group=2), found)
    assert [(entry.rail, entry.rails) for entry in entries] == [
        ("mixed", ("BTC-CHAIN", "BTC-LN")),
        ("BTC-LN", ()),
    ]


def test_of_other_coins_only_sums_of_a_month_leave_and_the_young_wait() -> None:
    first = OtherCoinMovement(
        place="p",
        created_month="2026-05",
        private_id="secret",
        coin="XMR",
        rail="XMR-CHAIN",
        status=Status.CONFIRMED,
        amount=Decimal("0.000000000001"),
        at=datetime(2026, 5, 3, 9, tzinfo=UTC),
    )
    found = [
        first,
        replace(first, amount=Decimal(123456789012)),
        replace(first, amount=None),
        replace(first, amount=Decimal(7), status=Status.PENDING),
        replace(first, amount=Decimal(9), at=NOW - timedelta(hours=1)),
    ]
    way_out = PrivacyFilter(source="s", privacy=PrivacyConfig(publish_delay_hours=2), at=NOW)
    for payment in found:
        way_out.take_other(payment)
    rows = way_out.other_money()
    assert [(row.id, str(row.amount), row.count, row.amounts_unknown) for row in rows] == [
        ("p/2026-05/XMR/XMR-CHAIN/confirmed", "123456789012.000000000001", 3, 1),
        ("p/2026-05/XMR/XMR-CHAIN/pending", "7", 1, 0),
    ]
    text = msgspec.json.encode(rows).decode()
    assert "secret" not in text
    assert "2026-05-03" not in text


def test_rounding_leaves_one_residual_row_a_month() -> None:
    found = [
        paid(1, 1_999_000, euros="2.1234567"),
        paid(30, 400_000, euros="0.4"),
        paid(60, 3_000_000, euros="3.0001"),
    ]
    entries = through(PrivacyConfig(min_group=1, round_to_sats=1000), found)
    assert rows_of(entries) == [
        ("p/2026-05-01/BTC-LN/on_time/2026-05", 1_000_000, 1),
        ("p/2026-05-03/BTC-LN/residual/2026-05", 4_399_000, 2),
    ]
    assert [entry.at_receipt[0].value for entry in entries] == [Decimal("1.06"), Decimal("4.4635567")]


def test_payments_that_are_too_young_wait() -> None:
    found = [paid(0, 10), paid(24 * 19, 20)]
    for hours, total in ((0, 30), (11, 30), (12, 30), (13, 10), (24 * 30, 0)):
        entries = through(PrivacyConfig(publish_delay_hours=hours), found)
        assert sum(entry.amount_msat for entry in entries) == total


def test_declarations_are_summed_by_day_and_currency() -> None:
    at = datetime(2026, 5, 3, 9, tzinfo=UTC)
    marked = [
        MarkedSettled(place="p", amount=Decimal(amount), currency=currency, at=at, created_month="2026-05")
        for amount, currency in (("10.50", "EUR"), ("2.25", "EUR"), ("100", "JPY"))
    ]
    found = declared(PrivacyConfig(), marked)
    assert [(d.id, str(d.amount), d.count) for d in found] == [
        ("p/2026-05-03/EUR", "12.75", 2),
        ("p/2026-05-03/JPY", "100", 1),
    ]
    assert declared(PrivacyConfig(publish_delay_hours=2000), marked) == []


def declared(privacy: PrivacyConfig, marked: Iterable[MarkedSettled]) -> list[Declaration]:
    way_out = PrivacyFilter(source="s", privacy=privacy, at=NOW)
    for invoice in marked:
        way_out.declare(invoice)
    return way_out.declarations()


def test_keyed_ids_need_their_key_and_depend_on_it() -> None:
    # HMAC-SHA256 of "s", zero byte, "1", computed with OpenSSL
    assert keyed_id(b"key", "s\x001") == "933d30488debaf6e3c27ac81e1cf16f2"
    assert keyed_id(b"key", "s\x001") != keyed_id(b"kez", "s\x001")
    with pytest.raises(ValueError, match="rows: payment needs the id key"):
        through(PrivacyConfig(rows="payment"), [paid(1, 10)], key=None)
