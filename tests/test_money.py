"""Money texts, exactly; a thin space is written `_` in these tables."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.money import (
    MAX_MSAT,
    THIN,
    btc_text,
    fiat_text,
    group,
    sat_text,
    short_sat_text,
    whole_sat_text,
)


def plain(text: str) -> str:
    return text.replace(THIN, "_").replace("\N{MINUS SIGN}", "-")


@given(st.integers(-MAX_MSAT, MAX_MSAT))
def test_texts_of_satoshis_say_exactly_the_amount_or_all_whole_ones(msat: int) -> None:
    assert Decimal(plain(sat_text(msat)).replace("_", "")) * 1000 == msat
    whole = Decimal(plain(whole_sat_text(msat)).replace("_", ""))
    assert abs(whole) * 1000 <= abs(msat) < (abs(whole) + 1) * 1000
    assert (whole == 0) is (msat == 0)


@given(st.integers(1, MAX_MSAT))
def test_bitcoin_has_three_digits_and_never_an_exponent(msat: int) -> None:
    text = plain(btc_text(msat)).replace("_", "")
    assert "E" not in text
    assert abs(Decimal(text) * 10**11 - msat) <= Decimal(msat) / 200
    digits = text.replace(".", "").lstrip("0")
    assert len(digits) == 3 or ("." not in text and len(digits) > 3)


@pytest.mark.parametrize(
    ("msat", "sat", "btc", "short"),
    [
        (0, "0", "0", "0"),
        (1, "0.001", "0.0000000000100", "0.001"),
        (1_000, "1", "0.0000000100", "1"),
        (999_000, "999", "0.00000999", "999"),
        (1_000_000, "1_000", "0.0000100", "1_000"),
        (9_999_999, "9_999.999", "0.000100", "9_999"),
        (62_431_870_000, "62_431_870", "0.624", "62.4_M"),
        (999_999_999_000, "999_999_999", "10.0", "1.00_G"),
        (1_701_761_174, "1_701_761.174", "0.0170", "1.70_M"),
        (80_000_000_000, "80_000_000", "0.800", "80_M"),
        (79_960_000_000, "79_960_000", "0.800", "80.0_M"),
        (10_001_000, "10_001", "0.000100", "10.0_k"),
        (123_456_789_012_000, "123_456_789_012", "1_235", "123_G"),
        (10_500_000_000, "10_500_000", "0.105", "10.5_M"),
        (-1_234_567_000, "-1_234_567", "-0.0123", "-1.23_M"),
    ],
)
def test_amounts_as_people_read_them(msat: int, sat: str, btc: str, short: str) -> None:
    assert (plain(sat_text(msat)), plain(btc_text(msat)), plain(short_sat_text(msat))) == (sat, btc, short)


def said_sat(text: str) -> Decimal:
    number, _, suffix = plain(text).rpartition("_") if text[-1] in "kMG" else (plain(text), "", "")
    return Decimal(number.replace("_", "")) * {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}[suffix]


@given(st.integers(0, MAX_MSAT))
def test_a_short_label_is_near_and_on_the_side_that_it_is_asked_for(msat: int) -> None:
    sat = Decimal(msat) / 1000
    step = max(Decimal(1), sat / 100)
    near, low, high = (
        said_sat(short_sat_text(msat, way)) for way in (ROUND_HALF_EVEN, ROUND_FLOOR, ROUND_CEILING)
    )
    assert abs(near - sat) < step / 2 or near <= sat < near + 1
    assert low <= sat < low + step
    assert sat <= high < sat + step
    assert (near > 0) is (msat > 0)


@pytest.mark.parametrize(
    ("digits", "shown"), [("1", "1"), ("123", "123"), ("1234", "1_234"), ("-1234567", "-1_234_567")]
)
def test_digits_stand_in_threes(digits: str, shown: str) -> None:
    assert plain(group(digits)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1234.5", "EUR_1_234.50"),
        ("0.125", "EUR_0.12"),  # half to even
        ("0.135", "EUR_0.14"),
        ("-12.5", "EUR_-12.50"),
    ],
)
def test_fiat_is_rounded_half_to_even(value: str, shown: str) -> None:
    assert plain(fiat_text(Decimal(value), "EUR")) == shown


def test_fiat_without_decimals_has_no_point() -> None:
    assert plain(fiat_text(Decimal(1234567), "JPY")) == "JPY_1_234_567"


def test_something_is_never_shown_as_nothing() -> None:
    assert fiat_text(Decimal("0.004"), "EUR") == f"<{THIN}EUR{THIN}0.01"
    assert fiat_text(Decimal("-0.004"), "EUR") == f">{THIN}EUR{THIN}\N{MINUS SIGN}0.01"
    assert fiat_text(Decimal("0.4"), "JPY") == f"<{THIN}JPY{THIN}1"
    assert fiat_text(Decimal(0), "EUR") == f"EUR{THIN}0.00"
