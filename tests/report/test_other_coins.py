"""Money in other coins: by coin and rail, in its own unit, in no sum of bitcoin."""

from collections.abc import Mapping

import pytest

from generator.ledger import Kind, Status
from generator.report import Figure
from generator.report.figures.bounds import Bound
from generator.report.figures.other_coins import coin_rails
from generator.report.trace.explain import explain
from tests.support.village import SHOP, Village


def figures_of(village: Village) -> Mapping[str, Figure]:
    return next(project.figures for project in village.report().projects if project.slug == "bread")


@pytest.fixture
def bread(village: Village) -> Village:
    village.says("bread", SHOP)
    village.entry("bread", "payment", 5, "2025-01-07", rail="ARKADE")
    village.run("2025-02-10T12:00")
    return village


def test_coins_and_rails_are_summed_exactly_and_apart(bread: Village) -> None:
    bread.other("bread", "0.000000000001", "XMR", "XMR-CHAIN")
    bread.other("bread", "2", "XMR", "XMR-CHAIN", id="later", created_month="2025-02", count=3)
    bread.other("bread", "40", "EUR", "STRIPE")
    bread.other("bread", "7", "EUR", "CASH", status=Status.PENDING)
    bread.other("bread", "9", "EUR", "CASH", status=Status.EXCLUDED)
    figures = {name: figure for name, figure in figures_of(bread).items() if "other" in name}
    assert {name: (figure.value, figure.unit, figure.bound) for name, figure in figures.items()} == {
        "other_coin@XMR-XMR-CHAIN": ("2.000000000001", "XMR", Bound.EXACT),
        "other_coin_count@XMR-XMR-CHAIN": (4, "count", Bound.EXACT),
        "other_coin@EUR-STRIPE": ("40", "EUR", Bound.EXACT),
        "other_coin_count@EUR-STRIPE": (1, "count", Bound.EXACT),
        "other_coin@EUR-CASH": ("0", "EUR", Bound.EXACT),
        "other_coin_count@EUR-CASH": (0, "count", Bound.EXACT),
        "other_coin_pending@EUR-CASH": ("7", "EUR", Bound.EXACT),
    }
    assert figures_of(bread)["raised"].value == 5000, "Ark is bitcoin, the others are not"
    assert figures_of(bread)["rail@ARKADE"].value == 5000


def test_payments_without_a_readable_amount_are_counted_and_bound_the_sum(bread: Village) -> None:
    bread.other("bread", "3", "USDt", "USDT-TRON", count=2, amounts_unknown=1)
    bread.other("bread", "0", "XXX", "MYSTERY", count=2, amounts_unknown=2)
    figures = figures_of(bread)
    assert (figures["other_coin@USDt-USDT-TRON"].value, figures["other_coin@USDt-USDT-TRON"].bound) == (
        "3",
        Bound.AT_LEAST,
    )
    assert (figures["other_coin@XXX-MYSTERY"].value, figures["other_coin@XXX-MYSTERY"].bound) == (
        None,
        Bound.UNKNOWN,
    )
    assert figures["other_coin_count@XXX-MYSTERY"].value == 2


def test_what_left_in_other_coins_stands_apart_from_what_came(bread: Village) -> None:
    for kind, amount in ((Kind.PAYMENT, "9"), (Kind.REFUND, "3"), (Kind.PAYOUT, "2")):
        bread.other("bread", amount, "USDt", "USDT-TRON", id=f"u/{kind}", kind=kind, count=2)
    figures = {name: figure.value for name, figure in figures_of(bread).items() if "other" in name}
    assert figures == {
        "other_coin@USDt-USDT-TRON": "9",
        "other_coin_count@USDt-USDT-TRON": 2,
        "other_coin_refunded@USDt-USDT-TRON": "3",
        "other_coin_refunds@USDt-USDT-TRON": 2,
        "other_coin_paid_out@USDt-USDT-TRON": "2",
        "other_coin_payouts@USDt-USDT-TRON": 2,
    }
    rails = coin_rails(figures_of(bread).values())
    assert [(rail.kind, rail.rail, rail.settled.value) for rail in rails] == [
        (Kind.PAYMENT, "USDT-TRON", "9"),
        (Kind.REFUND, "USDT-TRON", "3"),
        (Kind.PAYOUT, "USDT-TRON", "2"),
    ]
    assert (figures_of(bread)["refunded"].value, figures_of(bread)["paid_out"].value) == (0, 0)


def test_what_is_unread_is_unknown(village: Village) -> None:
    village.says("bread", SHOP, unread=("payments",))
    village.other("bread", "3", "XMR", "XMR-CHAIN")
    village.run("2025-02-10T12:00")
    assert figures_of(village)["other_coin@XMR-XMR-CHAIN"].bound is Bound.UNKNOWN


def test_a_figure_is_explained_down_to_its_rows(bread: Village) -> None:
    bread.other("bread", "3", "USDt", "USDT-TRON", count=2, amounts_unknown=1)
    bread.other("bread", "8", "USDt", "USDT-TRON", status=Status.PENDING)
    report = bread.report()
    figure = report.figure("bread/other_coin@USDt-USDT-TRON")
    assert figure is not None
    text = explain(report, figure)
    assert "other:USDt-USDT-TRON:confirmed:payment: 1 row\n" in text
    assert "| 2025-01 | ≥ 3 USDt | 2 | reported by" in text
    assert "8 USDt" not in text


@pytest.mark.parametrize(
    ("rails", "bounds"),
    [
        (("BTC-CHAIN", "BTC-LN"), (Bound.AT_LEAST, Bound.EXACT)),
        (("BTC-LN", "BTC-LNURL"), (Bound.EXACT, Bound.AT_LEAST)),
        ((), (Bound.AT_LEAST, Bound.AT_LEAST)),
    ],
)
def test_a_rail_is_bounded_where_a_row_of_several_may_hold_it(
    village: Village, rails: tuple[str, ...], bounds: tuple[Bound, Bound]
) -> None:
    village.says("bread", SHOP)
    for rail in ("BTC-CHAIN", "BTC-LNURL"):
        village.entry("bread", "payment", 1, "2025-01-07", rail=rail)
    village.entry("bread", "payment", 1, "2025-01-08", rail="mixed", rails=rails, count=5)
    village.run("2025-02-10T12:00")
    figures = figures_of(village)
    for family in ("rail", "rail_count"):
        assert tuple(figures[f"{family}@{rail}"].bound for rail in ("BTC-CHAIN", "BTC-LNURL")) == bounds
        assert figures[f"{family}@MIXED"].bound is Bound.EXACT
