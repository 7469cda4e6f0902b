"""The truth of a village by hand: every figure of acts and deeds that are added up on paper."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from generator.sandbox.acts import Act, ActKind, ActStatus
from generator.sandbox.btcpay import Deed, DeedKind, PaidPlace, Standing
from generator.sandbox.project_truth import Aim
from generator.sandbox.truth import Truth, Value
from generator.sandbox.worth import Prices, Quote

NOW = datetime(2025, 3, 12, 12, tzinfo=UTC)
WELL = "angor1qwell"
SHOP = "btcpay-a24013cfabb680ab"
FIRST, SECOND = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC)


def act(kind: ActKind, amount_msat: int, day: int, **more: object) -> Act:
    """Return a confirmed act of one investor at ten o'clock on a day of February 2025 (or later)."""
    base = Act(
        kind=kind,
        project="well",
        identifier=WELL,
        amount_msat=amount_msat,
        at=datetime.fromtimestamp(datetime(2025, 2, 1, 10, tzinfo=UTC).timestamp() + (day - 1) * 86_400, UTC),
        status=ActStatus.CONFIRMED,
        txid=f"{kind}{day}",
        position=0,
        investor_key="02aa",
    )
    return replace(base, **more)  # type: ignore[arg-type]


def paid(amount_msat: int, day: int, value: str = "", **more: object) -> Deed:
    """Return a payment to the garden in February 2025, five seconds before midnight."""
    base = Deed(
        kind=DeedKind.PAID,
        project="garden",
        place=PaidPlace("shop"),
        at=datetime(2025, 2, day, 23, 59, 55, tzinfo=UTC),
        amount_msat=amount_msat,
        rail="BTC-LN",
        currency="EUR" if value else "",
        value=Decimal(value) if value else None,
    )
    return replace(base, **more)  # type: ignore[arg-type]


def statement(slug: str, month: str, *amounts: int) -> dict[str, Value]:
    names = ("opening", "received", "returned", "closing")
    return {f"{slug}/{name}@{month}": msat for name, msat in zip(names, amounts, strict=True)}


def accounts(month: str, **lines: tuple[int, int, int, int]) -> dict[str, Value]:
    names = ("opening", "in", "out", "closing")
    return {
        f"all/account_{part}@{name}@{month}": msat
        for name, line in lines.items()
        for part, msat in zip(names, line, strict=True)
    }


ACTS = [
    act(ActKind.FEE, 10, 2, txid="t1"),
    act(ActKind.INVESTMENT, 400, 2, txid="t1", stage=1, opens_at=FIRST),
    act(ActKind.INVESTMENT, 600, 2, txid="t1", position=1, stage=2, opens_at=SECOND),
    act(ActKind.INVESTMENT, 300, 17, txid="t2", stage=1, opens_at=FIRST, investor_key="02bb"),
    act(ActKind.INVESTMENT, 700, 17, txid="t2", position=1, stage=2, opens_at=SECOND, investor_key="02bb"),
    act(ActKind.INVESTMENT, 50, 39, txid="t3", status=ActStatus.PENDING, stage=1, opens_at=FIRST),
    act(ActKind.CLAIM, 400, 30, stage=1, opens_at=FIRST),
    act(ActKind.CLAIM, 300, 40, stage=1, opens_at=FIRST, status=ActStatus.PENDING),
    act(ActKind.PENALTY, 700, 20, stage=2, opens_at=SECOND),
    act(ActKind.RELEASE, 200, 35, stage=2, opens_at=SECOND),
    act(ActKind.RECOVERY, 250, 36, stage=2, opens_at=SECOND),
    act(ActKind.UNCLASSIFIED, 150, 36, stage=2, opens_at=SECOND),
    replace(act(ActKind.INVESTMENT, 9999, 2, txid="x"), identifier="angor1qother", project="other"),
]
DEEDS = [
    paid(1_001, 3, "10.005"),
    paid(2_000, 3, "20"),
    paid(500, 4, "5.0", standing=Standing.PENDING),
    paid(800, 5, "8", standing=Standing.REJECTED),
    paid(300, 28, kind=DeedKind.REFUNDED),
    paid(0, 6, "40.00", kind=DeedKind.DECLARED),
    paid(0, 7, "2.5", kind=DeedKind.DECLARED),
    paid(0, 7, "21000.000", kind=DeedKind.DECLARED, currency="SATS"),
    paid(77, 9, project="somebody-else"),
]
WELL_AIM = Aim(slug="well", identifier=WELL, goal_msat=3_000)
GARDEN_AIM = Aim(slug="garden", goal_value=Decimal("90.00"), goal_currency="EUR")
TRUTH = Truth(aims=(WELL_AIM, GARDEN_AIM), acts=ACTS, deeds=DEEDS, now=NOW)

EXPECTED: dict[str, Value] = {
    "well/raised": 2000,
    "well/pending": 50,
    "well/refunded": 0,
    "well/claimed": 400,
    "well/penalty": 700,
    "well/released": 200,
    "well/recovered": 250,
    "well/unclassified": 150,
    "well/fee": 10,
    "well/locked": 500,
    "well/in_penalty": 500,
    "well/net": 1550,
    "well/returned": 450,
    "well/with_founder": 400,
    "well/proven": 2000,
    "well/reported_chain": 0,
    "well/reported_server": 0,
    "well/proven_share": "100.00",
    "well/contributions": 2,
    "well/investor_keys": 2,
    "well/payments": 0,
    "well/declarations": 0,
    "well/declared_share": None,
    "well/goal": 3000,
    "well/progress": "66.66",
    "well/raised@2025-02-02": 1000,
    "well/raised@2025-02-17": 2000,
    "well/inflow@2025-W05": 1000,
    "well/inflow@2025-W06": 0,
    "well/inflow@2025-W07": 0,
    "well/inflow@2025-W08": 1000,
    "well/inflow@2025-W09": 0,
    "well/inflow@2025-W10": 0,
    "well/inflow@2025-W11": 0,
    "well/stage_funded@2025-03-01": 700,
    "well/stage_claimed@2025-03-01": 400,
    "well/stage_left@2025-03-01": 0,
    "well/stage_locked@2025-03-01": 300,
    "well/stage_funded@2025-04-01": 1300,
    "well/stage_claimed@2025-04-01": 0,
    "well/stage_left@2025-04-01": 1100,
    "well/stage_locked@2025-04-01": 200,
    "well/rail@ANGOR": 2000,
    "well/rail_count@ANGOR": 2,
    "garden/rail@BTC-LN": 3001,
    "garden/rail_count@BTC-LN": 2,
    "garden/raised": 3001,
    "garden/pending": 500,
    "garden/refunded": 300,
    **{f"garden/{name}": 0 for name in ("claimed", "penalty", "released", "recovered", "unclassified")},
    **{f"garden/{name}": 0 for name in ("fee", "locked", "in_penalty", "investor_keys")},
    "garden/paid_out": 0,
    "well/paid_out": 0,
    "garden/net": 2701,
    "garden/returned": 300,
    "garden/with_founder": 2701,
    "garden/proven": 0,
    "garden/reported_chain": 0,
    "garden/reported_server": 3001,
    "garden/proven_share": "0.00",
    "garden/contributions": 2,
    "garden/payments": 2,
    "garden/declarations": 3,
    "garden/declared_share": "60.00",
    "garden/declared@EUR": "42.5",
    "garden/declared@SATS": "21000",
    "garden/goal": "90",
    "garden/progress": "33.33",
    "garden/raised@2025-02-03": 3001,
    "garden/inflow@2025-W06": 3001,
    **{f"garden/inflow@2025-W{week:02d}": 0 for week in (7, 8, 9, 10, 11)},
    **statement("well", "2025-02", 0, 2000, 0, 2000),
    **statement("well", "2025-03", 2000, 0, 450, 1550),
    **statement("garden", "2025-02", 0, 3001, 300, 2701),
    **statement("all", "2025-02", 0, 5001, 300, 4701),
    **statement("all", "2025-03", 4701, 0, 450, 4251),
    **accounts(
        "2025-02",
        locked=(0, 2000, 700, 1300),
        in_penalty=(0, 700, 0, 700),
        with_founder=(0, 3001, 300, 2701),
        unclassified=(0, 0, 0, 0),
        all_accounts=(0, 5701, 1000, 4701),
    ),
    **accounts(
        "2025-03",
        locked=(1300, 0, 800, 500),
        in_penalty=(700, 0, 200, 500),
        with_founder=(2701, 400, 0, 3101),
        unclassified=(0, 150, 0, 150),
        all_accounts=(4701, 550, 1000, 4251),
    ),
    "all/received_count@2025-02": 4,
    "all/received_count@2025-03": 0,
    "all/week_in": 0,
    "all/week_count": 0,
    "all/week_back": 450,
    "well/towards_goal": 2000,
    "well/left_to_goal": 1000,
    "garden/towards_goal": "30.005",
    "garden/left_to_goal": "59.995",
    "well/pending_in@2025-03": 50,
    "garden/pending_in@2025-02": 500,
    "well/moved@penalty@2025-02-20": 700,
    "well/moved@claimed@2025-03-02": 400,
    "well/moved@released@2025-03-07": 200,
    "well/moved@recovered@2025-03-08": 250,
    "well/moved@unclassified@2025-03-08": 150,
    "garden/moved@refunded@2025-02-28": 300,
    "garden/at_receipt@EUR-2025-02-03": "30.005",
    "garden/inflow_at_receipt@EUR-2025-W06": "30.005",
    **{f"garden/inflow_at_receipt@EUR-2025-W{week:02d}": "0" for week in (7, 8, 9, 10, 11)},
    "all/paid_out": 0,
    "all/from@ANGOR": 2000,
    "all/from_count@ANGOR": 2,
    "all/from_by@ANGOR-2025-02-02": 1000,
    "all/from_by@ANGOR-2025-02-17": 2000,
    "all/from@BTCPAY-A24013CFABB680AB": 3001,
    "all/from_count@BTCPAY-A24013CFABB680AB": 2,
    "all/from_by@BTCPAY-A24013CFABB680AB-2025-02-03": 3001,
    "all/projects": 2,
    "all/projects_read": 2,
    "all/raised": 5001,
    "all/pending": 550,
    "all/refunded": 300,
    "all/claimed": 400,
    "all/penalty": 700,
    "all/released": 200,
    "all/recovered": 250,
    "all/unclassified": 150,
    "all/fee": 10,
    "all/locked": 500,
    "all/in_penalty": 500,
    "all/net": 4251,
    "all/returned": 750,
    "all/with_founder": 3101,
    "all/proven": 2000,
    "all/reported_chain": 0,
    "all/reported_server": 3001,
    "all/proven_share": "39.99",
    "all/claimable": 300,
    "all/due_soon": 200,
    "all/due_later": 0,
    "all/contributions": 4,
    "all/investor_keys": 2,
    "all/payments": 2,
    "all/declarations": 3,
    "all/declared_share": "60.00",
    "all/declared@EUR": "42.5",
    "all/declared@SATS": "21000",
    "all/raised@2025-02-02": 1000,
    "all/raised@2025-02-03": 4001,
    "all/raised@2025-02-17": 5001,
    "all/inflow@2025-W05": 1000,
    "all/inflow@2025-W06": 3001,
    "all/inflow@2025-W07": 0,
    "all/inflow@2025-W08": 1000,
    "all/inflow@2025-W09": 0,
    "all/inflow@2025-W10": 0,
    "all/inflow@2025-W11": 0,
}


def test_every_figure_of_the_village() -> None:
    assert TRUTH.figures() == EXPECTED


@pytest.mark.parametrize("deed", [paid(5, 9), paid(5, 9, "1", currency="USD")])
def test_progress_towards_a_fiat_goal_counts_what_has_a_value_in_it(deed: Deed) -> None:
    figures = replace(TRUTH, deeds=[*DEEDS, deed]).figures()
    assert figures["garden/progress"] == "33.33", "at least: what has no value in euros is not in it"
    assert figures["garden/raised"] == 3006


def test_money_locked_by_angor_has_no_value_in_a_currency() -> None:
    aim = replace(WELL_AIM, goal_msat=None, goal_value=Decimal(100), goal_currency="EUR")
    assert replace(TRUTH, aims=(aim,)).figures()["well/progress"] is None


def test_worth_then_and_now_by_hand() -> None:
    """One bitcoin costs 10^10 or 2 * 10^10 euros, so that a msat of this village costs a dime or two."""
    quotes = tuple(
        Quote(at=datetime(2025, month, day, tzinfo=UTC), prices={"EUR": Decimal(price)})
        for month, day, price in ((2, 2, 10**10), (2, 3, 10**10), (2, 4, 10**10), (3, 12, 2 * 10**10))
    )
    figures = replace(TRUTH, prices=Prices(quotes), currencies=("EUR",)).figures()
    assert figures["all/rate@EUR"] == "20000000000"
    assert figures["garden/raised_at_receipt@EUR"] == "30.005"  # by the invoices
    assert figures["garden/raised_today@EUR"] == "600.2"
    assert figures["garden/progress"] == "33.33"
    assert figures["garden/at_receipt@EUR-2025-02-03"] == "30.005"
    assert figures["well/raised_at_receipt@EUR"] == "100"  # nobody wrote down a price of 17 February
    assert figures["well/rows_without_rate@EUR"] == 2
    assert figures["well/at_receipt@EUR-2025-02-17"] == "100"
    assert figures["all/raised_at_receipt@EUR"] == "130.005"
    assert figures["all/raised_today@EUR"] == "1000.2"
    assert figures["all/locked_today@EUR"] == "100"
    assert figures["all/with_founder_today@EUR"] == "620.2"
    assert figures["all/pending_at_month_end@EUR"] is None, "nobody wrote down a price of 28 February"
    assert figures["garden/received_at_receipt@EUR@2025-02"] == "30.005"
    assert figures["all/received_at_receipt@EUR@2025-02"] == "130.005"
    assert figures["well/received_at_receipt@EUR@2025-03"] == "0", "nothing came"
    assert figures["garden/returned_on_days@EUR"] is None
    assert figures["all/week_worth@EUR"] == "0"


def test_a_pace_by_hand() -> None:
    """From 11 February to 20 March: 29 days are gone of 37, and 3000 msat are asked for."""
    aim = replace(
        WELL_AIM,
        goal_msat=37_000_000,
        starts_on=NOW.date().replace(month=2, day=11),
        ends_on=date(2025, 3, 20),
    )
    more = act(ActKind.INVESTMENT, 9_000_000, 14, txid="t9", stage=1, opens_at=FIRST)
    figures = replace(TRUTH, aims=(aim,), acts=[*ACTS, more]).figures()
    assert figures["well/left_to_goal"] == 37_000_000 - 9_002_000
    assert figures["well/even_pace"] == 29_000_000
    assert figures["well/pace_needed"] == 3_500_000, "27998 satoshis in 8 days, rounded up"
    assert figures["well/pace_got"] == 310_000, "9002 satoshis in 29 days, rounded down"
    assert figures["well/pace_recent"] == 321_000, "9001 satoshis since 13 February, in 28 days"
    over = replace(TRUTH, aims=(replace(aim, goal_msat=1_500, ends_on=NOW.date()),)).figures()
    assert over["well/over_goal"] == 500
    assert not [name for name in over if name.startswith(("well/pace", "well/even", "well/left_to"))]


def test_sizes_by_hand() -> None:
    sats = (1, 2, 3, 12, 15, 111, 16)
    deeds = [paid(sat * 1000, number + 1) for number, sat in enumerate(sats)]
    figures = replace(TRUTH, aims=(GARDEN_AIM,), deeds=deeds, min_group=2).figures()
    assert {name.partition("/size_")[2]: value for name, value in figures.items() if "/size_" in name} == {
        **{f"edge@{edge}": edge * 1000 for edge in (1, 5, 200)},
        "bin@1-5": 3,
        "bin@5-200": 4,
        "lower_quartile": 2_000,
        "median": 12_000,
        "upper_quartile": 16_000,
        "top_share": "98.12",
    }
    assert not [name for name in replace(TRUTH, deeds=deeds[:5], min_group=2).figures() if "/size_" in name]
    acts = [act(ActKind.INVESTMENT, 1000 * 2**power, power + 1) for power in range(5)]
    figures = replace(TRUTH, aims=(WELL_AIM,), acts=acts).figures()
    assert [figures[f"well/size_bin@{name}"] for name in ("1-2", "2-5", "5-10", "10-20")] == [1, 2, 1, 1]
    assert figures["well/size_median"] == 4_000
    assert figures["well/size_top_share"] == "51.61"


@pytest.mark.parametrize(
    ("goal_msat", "progress"),
    [(2001, "99.95"), (2000, "100.00"), (1_999, "100.05"), (20_000_000, "0.01"), (20_000_001, "0.00")],
)
def test_progress_is_rounded_down(goal_msat: int, progress: str) -> None:
    aims = (replace(WELL_AIM, goal_msat=goal_msat),)
    assert replace(TRUTH, aims=aims).figures()["well/progress"] == progress


def test_a_recurring_goal_is_of_this_period_and_of_when_invoices_were_made() -> None:
    """Periods from 15 January, 15 February and 12 March: gifts belong by their invoice, whenever paid."""
    begun = tuple(datetime(2025, month, day, tzinfo=UTC) for month, day in ((1, 15), (2, 15), (3, 12)))
    late = paid(7, 20, "0.07", made=datetime(2025, 2, 14, tzinfo=UTC))
    now = paid(450, 28, "4.5", made=datetime(2025, 3, 12, tzinfo=UTC))
    before = paid(5, 1, "0.05", made=datetime(2025, 1, 14, tzinfo=UTC))
    truth = replace(
        TRUTH, aims=(replace(GARDEN_AIM, begun=begun, days_left=14),), deeds=[*DEEDS, late, now, before]
    )
    figures = truth.figures()
    names = ("none", "2025-01-15", "2025-02-15", "2025-03-12")
    assert [figures[f"garden/raised_in_period@{name}"] for name in names] == [5, 3008, 0, 450]
    assert [figures[f"garden/progress_of_period@{name}"] for name in names[1:]] == ["33.41", "0.00", "5.00"]
    assert [figures[f"garden/worth_in_period@{name}"] for name in names[1:]] == ["30.075", "0", "4.5"]
    assert {figures[f"garden/goal_of_period@{name}"] for name in names[1:]} == {"90"}
    assert (figures["garden/periods_over"], figures["garden/periods_reached"]) == (2, 0)
    assert figures["garden/at_receipt_since@EUR-2025-03-12-until-2025-02-28"] == "4.5"
    in_bitcoin = replace(GARDEN_AIM, begun=begun, goal_msat=900, goal_value=None, goal_currency="")
    of_msat = replace(truth, aims=(in_bitcoin,)).figures()
    assert of_msat["garden/raised_since@2025-03-12-until-2025-02-28"] == 450
    assert [name for name in figures if name.startswith("garden/raised_since")] == []
    assert figures["garden/raised"] == 3463
    assert figures["garden/pace_needed"] == "6.11", "85.50 euros in 14 days"
    assert figures["garden/progress"] == "5.00", "4.50 of 90 euros, nothing of earlier periods"
    less = replace(truth, aims=(replace(GARDEN_AIM, begun=begun, goal_value=Decimal(30)),)).figures()
    assert less["garden/periods_reached"] == 1


def test_a_stores_places_and_what_is_excluded_add_up_by_hand() -> None:
    other = paid(9, 3, project="", place=PaidPlace("shop", "pos", "P"), standing=Standing.CONFIRMED)
    app = paid(40, 3, place=PaidPlace("shop", "crowdfund", "C"))
    coin = paid(5, 3, kind=DeedKind.OTHER_COIN, currency="USDt")
    gone = paid(6, 3, kind=DeedKind.PAID_OUT)
    [(name, store)] = replace(TRUTH, deeds=[*DEEDS, app], others=[other, coin, gone]).stores.items()
    assert name == "shop"
    assert store.places == {"rest": 3078, "pos:P": 9, "crowdfund:C": 40}
    assert (store.excluded, store.settled, store.pending["rest"]) == (800, 3927, 500)
    assert store.bound({"crowdfund:C"}) == {"crowdfund:C": 40, "rest": 3087}
    assert store.coins == {("rest", "BTC-LN", "USDt"): 5}
    assert (store.refunded, store.paid_out) == ({"rest": 300}, 6)
    token = sha256(b"sunlit place\0crowdfund\0C").hexdigest()[:16]
    assert store.figures([PaidPlace("shop"), PaidPlace("shop", "crowdfund", "C")]) == {
        f"settled@{SHOP}": 3927,
        f"settled_count@{SHOP}": 6,
        f"excluded@{SHOP}": 800,
        f"excluded_count@{SHOP}": 1,
        f"store_paid_out@{SHOP}": 6,
        f"place@{SHOP}@rest": 3087,
        f"place_count@{SHOP}@rest": 4,
        f"place@{SHOP}@crowdfund-{token}": 40,
        f"place_count@{SHOP}@crowdfund-{token}": 1,
        f"place@{SHOP}@unassigned": 0,
        f"place_count@{SHOP}@unassigned": 0,
    }


def test_what_left_a_store_stands_on_the_project_that_it_is_bound_to_alone() -> None:
    [wages] = [replace(deed, kind=DeedKind.PAID_OUT, project="") for deed in DEEDS[4:5]]
    figures = replace(TRUTH, others=[wages], homes={wages.place.store: "garden"}).figures()
    told = [figures[f"{name}/paid_out"] for name in ("garden", "well", "all")]
    assert told == [300, 0, 300]
    assert figures["garden/with_founder"] == 2701
    assert replace(TRUTH, others=[wages]).figures()["garden/paid_out"] == 0


def test_other_coins_are_in_their_own_unit_by_hand() -> None:
    usdt = {"kind": DeedKind.OTHER_COIN, "currency": "USDt", "rail": "USDT-TRON"}
    others = [
        *(paid(150_000_000_000, 3, **usdt), paid(5_000_000, 9, **usdt)),
        *(paid(7, 9, **usdt, standing=Standing.REJECTED), paid(1, 9, **usdt, project="")),
    ]
    figures = replace(TRUTH, others=others).figures()
    assert figures["garden/other_coin@USDt-USDT-TRON"] == "1.50005"
    assert figures["garden/other_coin_count@USDt-USDT-TRON"] == 2
    assert figures["garden/raised"] == 3001


def test_without_a_goal_and_without_money() -> None:
    figures = Truth(aims=(Aim(slug="empty"),), acts=(), deeds=(), now=NOW).figures()
    assert figures["empty/goal"] is None
    assert figures["empty/progress"] is None
    assert figures.pop("all/declared_share") is None
    assert figures.pop("all/proven_share") is None
    assert (figures.pop("all/projects"), figures.pop("all/projects_read")) == (1, 1)
    assert {value for name, value in figures.items() if name.startswith("all/")} == {0}
    assert not [name for name in figures if "@" in name and not name.startswith("all/from")]


def test_the_file_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "truth.json"
    TRUTH.write(path)
    assert json.loads(path.read_text(encoding="utf-8")) == EXPECTED
    assert len(path.read_text(encoding="utf-8").splitlines()) == len(EXPECTED) + 2
