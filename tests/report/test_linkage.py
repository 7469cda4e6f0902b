"""What could be linked: each exposure is found where it is, and nowhere else."""

import json
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from generator.ledger import Entry
from generator.report.privacy.differencing import exposed_payments
from generator.report.privacy.linkage import Exposure, Linkage, linkage
from generator.report.source_names import source_kind
from generator.schemas import printed
from generator.snapshot import Line, Withdrawn, fold
from tests.support.village import SHOP, Village

STRICT = {"privacy": {"rows": "day", "min_group": 5, "round_to_sats": 1000, "publish_delay_hours": 48}}
#: A row as drawn: payments in it, and its amount in satoshis; None leaves it out of that run.
ROW = st.none() | st.tuples(st.integers(1, 4), st.integers(1, 9))


def looked(village: Village) -> Linkage:
    return linkage(fold(village.lines()), village.config())


def by_code(found: Linkage, project: str = "bread") -> dict[str, Exposure]:
    return {exposure.code: exposure for exposure in found.exposures if exposure.project == project}


def pay(village: Village, day: str, sat: int, **fields: object) -> Entry:
    """Add a row of BTCPay payments on the chain."""
    named = {
        "id": f"bread/{day}/BTC-CHAIN/{sat}",
        "source": SHOP,
        "rail": "BTC-CHAIN",
        "created_month": day[:7],
    }
    return village.entry("bread", "payment", sat, day, **{**named, **fields})


def test_nothing_is_found_where_groups_are_large_and_settings_strict(village: Village) -> None:
    village.settings |= STRICT
    village.run("2025-01-05T06:00")
    pay(village, "2025-01-02", 50_000, count=30)
    found = looked(village)
    assert found.exposures == ()
    assert (found.btcpay_rows, found.btcpay_payments, found.chain_rows) == (1, 30, 0)
    assert len(found.limits) == 4


def test_settings_that_protect_nothing_are_named_by_their_key(village: Village) -> None:
    village.settings["privacy"] = {"min_group": 1}
    village.run("2025-01-05T06:00")
    told = {exposure.code: exposure.keys for exposure in looked(village).exposures}
    assert told == {
        "no-groups": ("privacy.min_group",),
        "no-rounding": ("privacy.round_to_sats",),
        "no-delay": ("privacy.publish_delay_hours",),
    }
    village.settings["privacy"] = {"rows": "payment"}
    assert [exposure.code for exposure in looked(village).exposures] == [
        "payment-rows",
        "no-rounding",
        "no-delay",
    ]


def test_amounts_that_the_chain_shows_too(village: Village) -> None:
    village.settings |= STRICT
    village.run("2025-01-05T06:00")
    exact = pay(village, "2025-01-02", 12_345)
    pay(village, "2025-01-02", 9_000)  # a multiple of the rounding: not known to be exact
    for day in ("2025-01-03", "2025-01-04"):
        pay(village, day, 777)  # two rows of one amount
    pay(village, "2025-01-04", 54_321, count=6)  # a sum is on no chain
    pay(village, "2025-01-04", 11_111, rail="BTC-LN")  # and Lightning neither
    one = by_code(looked(village))["chain-amount"]
    assert (one.rows, one.count, one.of) == ((exact.id,), 1, 5)
    village.settings = {"privacy": {"round_to_sats": 0}}
    assert by_code(looked(village))["chain-amount"].count == 2


def test_small_groups_small_projects_and_single_declarations(village: Village) -> None:
    village.settings |= STRICT
    village.run("2025-01-05T06:00")
    single = pay(village, "2025-01-02", 5_000)
    few = pay(village, "2025-01-03", 6_000, count=4)
    pay(village, "2025-01-04", 7_000, count=5)
    village.declares("bread", "20", "EUR", "2025-01-02")
    found = by_code(looked(village))
    assert found["single-payment"].rows == (single.id,)
    assert found["small-group"].rows == (few.id,)
    assert (found["small-project"].count, found["small-project"].of) == (10, 20)
    assert (found["single-declaration"].count, found["single-declaration"].of) == (1, 1)
    pay(village, "2025-01-04", 8_000, count=10)
    assert "small-project" not in by_code(looked(village))


def test_what_angor_makes_public_is_counted_and_never_an_exposure(village: Village) -> None:
    village.settings |= STRICT
    village.run("2025-01-05T06:00")
    village.entry("well", "investment", 12_345, "2025-01-02")
    found = looked(village)
    assert (found.chain_rows, found.btcpay_rows, found.exposures) == (1, 0, ())


def test_a_payment_told_by_the_difference_of_two_snapshots(village: Village) -> None:
    village.settings |= STRICT
    runs = [village.run(f"2025-01-0{day}T06:00") for day in (5, 6, 7)]
    before = pay(village, "2025-01-02", 60_000, count=20)
    after = msgspec.structs.replace(before, amount_msat=72_345_000, count=21)
    more = msgspec.structs.replace(before, amount_msat=99_000_000, count=23)
    lines = [village.line(run.id, row) for run, row in zip(runs, (before, after, more), strict=True)]
    known = fold([*lines, *(Line(run=run.id, record=run) for run in runs)])
    assert [(payment.run, payment.amount_msat) for payment in exposed_payments(known)] == [
        (runs[1].id, 12_345_000)
    ]
    found = {exposure.code: exposure for exposure in linkage(known, village.config()).exposures}
    assert list(found) == ["one-payment-steps"]
    assert (found["one-payment-steps"].count, found["one-payment-steps"].of) == (1, 3)


def test_two_payments_of_two_months_are_told_apart_although_their_invoices_are_of_one(
    village: Village,
) -> None:
    first, second = village.run("2025-01-05T06:00"), village.run("2025-02-03T06:00")
    large = pay(village, "2025-01-02", 60_000, count=20)
    january = pay(village, "2025-01-31", 111)
    february = pay(village, "2025-02-01", 222, created_month="2025-01")
    rows = ((first, large), (second, january), (second, february))
    known = fold([village.line(run.id, row) for run, row in rows])
    assert [payment.amount_msat for payment in exposed_payments(known)] == [111_000, 222_000]


@settings(max_examples=60, deadline=None)
@given(history=st.lists(st.tuples(ROW, ROW, ROW), min_size=1, max_size=6))
def test_steps_are_those_of_the_sums_however_rows_move(
    fresh: Callable[[], Village], history: list[tuple[tuple[int, int] | None, ...]]
) -> None:
    """Rows come, change, merge and vanish; a step is where the sum of all grew by one payment."""
    village, lines, expected, standing = fresh(), [], [], set[int]()
    count = amount = 0
    begun = False
    for number, rows in enumerate(history):
        run = f"2025010{number + 1}T060000Z-00000000"
        for at, row in enumerate(rows):
            if row is not None:
                made = pay(village, "2025-01-02", row[1], id=f"r{at}", count=row[0])
                lines.append(Line(run=run, record=made))
                standing.add(at)
            elif at in standing:
                gone = Withdrawn(id=f"entry/r{at}", source=SHOP, reason="joined another row")
                lines.append(Line(run=run, record=gone))
                standing.discard(at)
        now = [row for row in rows if row]
        more = (sum(row[0] for row in now) - count, sum(row[1] for row in now) * 1000 - amount)
        count, amount = count + more[0], amount + more[1]
        if begun and more[0] == 1 and more[1] > 0:
            expected.append((run, more[1]))
        begun = begun or bool(now)
    assert [(payment.run, payment.amount_msat) for payment in exposed_payments(fold(lines))] == expected


def test_the_json_has_the_same_fields_whatever_was_found(village: Village) -> None:
    village.run("2025-01-05T06:00")
    pay(village, "2025-01-02", 12_345)
    document = json.loads(msgspec.json.encode(looked(village)))
    assert set(document) == {
        "schema", "as_of", "btcpay_rows", "btcpay_payments", "chain_rows", "exposures", "limits",
    }  # fmt: skip
    fields = {"code", "kind", "project", "count", "of", "observed", "advice", "keys", "rows"}
    assert document["exposures"]
    assert all(set(exposure) == fields for exposure in document["exposures"])
    judge = Draft202012Validator(printed("", Linkage), format_checker=FormatChecker())
    judge.validate(document)
    assert not judge.is_valid(document | {"more": 1})


def test_only_rows_of_known_sources_are_taken_for_a_kind() -> None:
    named = {"angor": "angor", "rates": "rates", SHOP: "btcpay"}
    assert {name: source_kind(name) for name in named} == named
    for stranger in ("", "btcpay", "angor-main", "lightning"):
        with pytest.raises(ValueError, match="no source is called"):
            source_kind(stranger)
