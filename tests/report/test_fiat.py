"""Fiat at receipt and fiat today: two figures, exact, and never zero where a rate is missing."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.ledger import AtReceipt
from generator.report.figures.bounds import Bound
from generator.report.files.downloads import ledger, ledger_csv
from generator.report.prices import Prices
from generator.snapshot import Rate
from tests.support.published import data_of, ledger_rows
from tests.support.village import SHOP, explained

if TYPE_CHECKING:
    from tests.support.village import Village

BTC = 100_000_000  # satoshis
EUR = {"units": {"fiat": "EUR"}}


def rate(day: str, price: str, currency: str = "EUR") -> Rate:
    return Rate(
        id=f"{currency}/{day}",
        source="rates",
        currency=currency,
        day=day,
        price=Decimal(price),
        provider="prices.example.org",
    )


def own(sat: int, value: str, currency: str = "EUR") -> tuple[AtReceipt, ...]:
    return (AtReceipt(currency=currency, amount_msat=sat * 1000, value=Decimal(value)),)


@pytest.fixture
def valued(village: "Village") -> "Village":
    """Return two projects: three rows of bread with 1, 2 and 4 bitcoin, one row of the well."""
    village.settings = EUR
    village.says("bread", SHOP)
    village.says("well", SHOP)
    village.says("well", "angor")
    village.entry("bread", "payment", BTC, "2025-01-07", id="own", at_receipt=own(BTC, "90000.005"))
    village.entry("bread", "payment", 2 * BTC, "2025-01-08", id="daily")
    village.entry("bread", "payment", 4 * BTC, "2025-01-09", id="mixed", at_receipt=own(BTC, "95000"))
    village.entry("well", "investment", BTC, "2025-01-09T23:59", id="inv:2", party="02aa")
    village.run("2025-02-10T12:00")
    return village


RATES = [
    rate("2025-01-08", "91000.5"),
    rate("2025-01-09", "92000"),
    rate("2025-01-31", "95000"),
    rate("2025-02-10", "100000.10"),
]


def value(village: "Village", name: str) -> tuple[int | str | None, Bound]:
    figure = village.report().figure(name)
    assert figure is not None
    return figure.value, figure.bound


def test_the_invoices_own_rate_else_the_days_and_today_beside_it(valued: "Village") -> None:
    valued.records += RATES
    assert value(valued, "all/rate@EUR") == ("100000.1", Bound.EXACT)
    # 90000.005 by the invoice, 2 x 91000.5 by the day, 95000 by the invoice and 3 x 92000 by the day
    assert value(valued, "bread/raised_at_receipt@EUR") == ("643001.005", Bound.EXACT)
    assert value(valued, "bread/raised_today@EUR") == ("700000.7", Bound.EXACT)
    assert value(valued, "well/raised_at_receipt@EUR") == ("92000", Bound.EXACT)
    assert value(valued, "all/raised_at_receipt@EUR") == ("735001.005", Bound.EXACT)
    assert value(valued, "all/raised_today@EUR") == ("800000.8", Bound.EXACT)
    assert value(valued, "all/rate_at_month_end@EUR") == ("95000", Bound.EXACT)
    assert value(valued, "bread/raised_at_month_end@EUR") == ("665000", Bound.EXACT)
    assert value(valued, "all/raised_at_month_end@EUR") == ("760000", Bound.EXACT)
    assert value(valued, "all/rows_without_rate@EUR") == (0, Bound.EXACT)
    assert [point.figure.value for point in valued.report().projects[1].receipts] == [
        "90000.005",
        "272001.005",
        "643001.005",
    ]


@pytest.mark.parametrize(
    ("missing", "receipt", "lacking", "today"),
    [
        (
            {"2025-01-09"},
            ("367001.005", Bound.AT_LEAST),
            1,
            ("700000.7", Bound.EXACT),
        ),
        ({"2025-01-08", "2025-01-09"}, ("185000.005", Bound.AT_LEAST), 2, ("700000.7", Bound.EXACT)),
        ({"2025-02-10"}, ("643001.005", Bound.EXACT), 0, (None, Bound.UNKNOWN)),
    ],
)
def test_a_missing_rate_is_at_least_or_not_available_and_never_zero(
    valued: "Village",
    missing: set[str],
    receipt: tuple[str, Bound],
    lacking: int,
    today: tuple[str | None, Bound],
) -> None:
    valued.records += [rate for rate in RATES if rate.day not in missing]
    assert value(valued, "bread/raised_at_receipt@EUR") == receipt
    assert value(valued, "bread/rows_without_rate@EUR") == (lacking, Bound.EXACT)
    assert value(valued, "bread/raised_today@EUR") == today
    assert value(valued, "bread/raised_at_month_end@EUR") == ("665000", Bound.EXACT)


def test_without_any_rate_a_value_is_unknown(valued: "Village") -> None:
    assert value(valued, "well/raised_at_receipt@EUR") == (None, Bound.UNKNOWN)
    assert value(valued, "well/rows_without_rate@EUR") == (1, Bound.EXACT)
    assert value(valued, "all/rate@EUR") == (None, Bound.UNKNOWN)
    assert valued.report().projects[0].receipts[0].figure.value is None
    valued.settings = {"units": {"fiat": "USD"}}
    assert value(valued, "bread/raised_at_receipt@USD") == (None, Bound.UNKNOWN)


def test_nothing_raised_is_worth_nothing_and_what_was_not_read_is_unknown(village: "Village") -> None:
    village.settings = EUR
    village.says("bread", SHOP)
    village.run("2025-02-10T12:00")
    assert value(village, "bread/raised_at_receipt@EUR") == ("0", Bound.EXACT)
    assert value(village, "well/raised_at_receipt@EUR") == (None, Bound.UNKNOWN)
    assert value(village, "well/rows_without_rate@EUR") == (None, Bound.UNKNOWN)
    assert value(village, "all/raised_at_receipt@EUR") == ("0", Bound.AT_LEAST)


def test_without_a_currency_there_are_no_such_figures(valued: "Village") -> None:
    valued.settings = {}
    valued.records += RATES
    report = valued.report()
    assert [figure.id for figure in report.all_figures() if "EUR" in figure.id] == []
    assert b"at_receipt" not in ledger_csv(ledger(report.projects[1])[0], report.prices)


def test_downloads_carry_value_and_source_for_each_row(valued: "Village") -> None:
    valued.settings = {"units": {"fiat": ["EUR", "USD"]}}
    valued.records += [rate for rate in RATES if rate.day != "2025-01-08"]
    report = valued.report()
    bread = report.projects[1]
    rows = list(csv.DictReader(io.StringIO(ledger_csv(ledger(bread)[0], report.prices).decode())))
    assert [(row["at_receipt_EUR"], row["rate_by_EUR"]) for row in rows] == [
        ("90000.005", "invoice"),
        ("", ""),
        ("371000", "invoice and prices.example.org"),
    ]
    assert not {name for name in rows[0] if name.startswith("today")}
    assert {row["at_receipt_USD"] for row in rows} == {""}


def test_explain_names_the_rate_of_each_row(valued: "Village") -> None:
    valued.records += [rate for rate in RATES if rate.day != "2025-01-08"]
    text = explained(valued.report(), "bread/raised_at_receipt@EUR")
    assert "| 90000.005 EUR by invoice |" in text
    assert "| n/a, no EUR rate of 2025-01-08 |" in text
    assert "| 371000 EUR at 92000 by invoice and prices.example.org |" in text
    assert "at least 461000.005 EUR" in text
    today = explained(valued.report(), "bread/raised_today@EUR")
    assert "rates:EUR/2025-02-10: 100000.10 EUR by prices.example.org" in today
    valued.records = [record for record in valued.records if not isinstance(record, Rate)]
    assert "rates:EUR/2025-02-10: none is recorded" in explained(valued.report(), "all/rate@EUR")


def test_a_goal_in_a_currency_counts_what_the_days_rate_tells(valued: "Village") -> None:
    binding = {"source": "shop", "store": "S1"}
    valued.settings = EUR | {
        "projects": [{"slug": "bread", "btcpay": binding, "goal": {"fiat": "1000000 EUR"}}]
    }
    assert value(valued, "bread/progress") == ("18.50", Bound.AT_LEAST)  # by the invoices alone
    valued.records += RATES
    assert value(valued, "bread/progress") == ("64.30", Bound.EXACT)


MONEY = st.lists(
    st.tuples(
        st.integers(1, 10**9),
        st.integers(1, 28),
        st.none() | st.decimals("0.0000001", "10000000", places=7),
        st.booleans(),
    ),
    max_size=12,
)
DAYS = st.dictionaries(st.integers(1, 28), st.decimals("0.000001", "99999999.999999", places=6), max_size=28)


@given(money=MONEY, days=DAYS)
def test_rows_add_up_to_the_figure_to_the_last_digit(
    fresh: Callable[[], "Village"],
    money: list[tuple[int, int, Decimal | None, bool]],
    days: dict[int, Decimal],
) -> None:
    village = fresh()
    village.settings = EUR
    village.says("bread", SHOP)
    for number, (sat, day, worth, half) in enumerate(money):
        part = max(1, sat // 2) if half else sat
        village.entry(
            "bread",
            "payment",
            sat,
            f"2025-01-{day:02d}",
            id=f"row{number}",
            at_receipt=own(part, str(worth)) if worth is not None else (),
        )
    village.records += [rate(f"2025-01-{day:02d}", str(price)) for day, price in days.items()]
    village.run("2025-01-28T12:00")
    report = village.report()
    cells = list(ledger_rows(data_of(report)))
    figure = report.figure("bread/raised_at_receipt@EUR")
    assert figure is not None
    found = [Fraction(row["at_receipt_EUR"]) for row in cells if row["at_receipt_EUR"]]
    if found or (not cells and figure.value is not None):
        assert figure.value is not None
        assert sum(found, Fraction()) == Fraction(figure.value)
        whole = not any(int(row["unrated_msat_EUR"]) for row in cells)
        assert figure.bound is (Bound.EXACT if whole else Bound.AT_LEAST)
    else:
        assert figure.value is None
    lacking = report.figure("bread/rows_without_rate@EUR")
    assert lacking is not None
    assert lacking.value == sum(int(row["unrated_msat_EUR"]) > 0 for row in cells)


def test_prices_say_who_told_a_rate() -> None:
    assert Prices().on("EUR", "2025-01-01") is None
    assert Prices().worth_on("2025-01-01", 5, "EUR") is None


def test_what_lies_somewhere_is_worth_a_days_rate_and_what_went_back_its_days(valued: "Village") -> None:
    valued.records += RATES
    valued.entry("bread", "refund", BTC, "2025-01-08", id="back")
    valued.entry("bread", "refund", BTC, "2025-01-10", id="unrated")
    assert value(valued, "bread/with_founder_at_month_end@EUR") == ("475000", Bound.EXACT)  # 5 x 95000
    assert value(valued, "well/locked_at_month_end@EUR") == ("95000", Bound.EXACT)
    assert value(valued, "bread/pending_at_month_end@EUR") == ("0", Bound.EXACT)
    assert value(valued, "all/locked_today@EUR") == ("100000.1", Bound.EXACT)
    assert value(valued, "all/with_founder_today@EUR") == ("500000.5", Bound.EXACT)
    assert value(valued, "bread/returned_on_days@EUR") == ("91000.5", Bound.AT_LEAST)  # one day has no rate
    assert value(valued, "all/returned_on_days@EUR") == ("91000.5", Bound.AT_LEAST)
    assert value(valued, "well/returned_on_days@EUR") == ("0", Bound.EXACT)
    assert "91000.5 EUR" in explained(valued.report(), "bread/returned_on_days@EUR")
