"""Bounds: their arithmetic, each headline figure in each situation, and goals of unread places."""

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.report import ProjectStatus
from generator.report.figures.bounds import Bound, added, less, share_of, total, turned
from generator.report.figures.definitions import HEADLINES
from generator.snapshot import Goal
from generator.snapshot.records import SETTINGS
from generator.wording import plain
from tests.support.village import SHOP, moment

if TYPE_CHECKING:
    from tests.support.village import Village

EXACT, AT_LEAST, AT_MOST, UNKNOWN = Bound.EXACT, Bound.AT_LEAST, Bound.AT_MOST, Bound.UNKNOWN
BOUNDS = st.sampled_from(Bound)


def holds(value: Fraction | int, bound: Bound, true: Fraction | int) -> bool:
    """Tell whether a true number is where a published one says."""
    above, below = bound is AT_LEAST and true > value, bound is AT_MOST and true < value
    return bound is UNKNOWN or true == value or above or below


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (EXACT, EXACT, EXACT),
        (EXACT, AT_LEAST, AT_LEAST),
        (EXACT, AT_MOST, AT_MOST),
        (AT_LEAST, AT_LEAST, AT_LEAST),
        (AT_MOST, AT_MOST, AT_MOST),
        (AT_LEAST, AT_MOST, UNKNOWN),
        *((UNKNOWN, other, UNKNOWN) for other in Bound),
    ],
)
def test_adding_keeps_a_bound_and_both_ways_is_unknown(one: Bound, other: Bound, both: Bound) -> None:
    assert added(one, other) is added(other, one) is both


def test_subtracting_turns_a_bound_round() -> None:
    assert [turned(bound) for bound in Bound] == [EXACT, AT_MOST, AT_LEAST, UNKNOWN]
    assert less(EXACT, AT_LEAST) is AT_MOST
    assert less(AT_LEAST, AT_LEAST) is UNKNOWN
    assert less(AT_LEAST, EXACT, AT_MOST) is AT_LEAST
    assert [share_of(part, EXACT) for part in Bound] == [EXACT, UNKNOWN, UNKNOWN, UNKNOWN]


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ((), EXACT),
        ((EXACT, UNKNOWN), AT_LEAST),
        ((UNKNOWN, UNKNOWN), UNKNOWN),
        ((AT_LEAST, UNKNOWN), AT_LEAST),
        ((AT_MOST, UNKNOWN), UNKNOWN),
        ((AT_MOST, EXACT), AT_MOST),
    ],
)
def test_a_sum_of_the_known_parts_is_at_least_the_whole(parts: tuple[Bound, ...], whole: Bound) -> None:
    assert total(parts) is whole


PARTS = st.lists(st.tuples(st.integers(0, 9), BOUNDS, st.integers(0, 9)), min_size=1, max_size=4)


@given(parts=PARTS)
def test_the_arithmetic_holds_for_every_number(parts: list[tuple[int, Bound, int]]) -> None:
    """Of each part: what is published, its bound, and how far the true one is off."""
    aside = {EXACT: 0, AT_LEAST: 1, AT_MOST: -1, UNKNOWN: 0}
    true = [off if bound is UNKNOWN else max(0, value + aside[bound] * off) for value, bound, off in parts]
    known = [0 if bound is UNKNOWN else value for value, bound, _ in parts]
    bounds = [bound for _, bound, _ in parts]
    assert holds(sum(known), added(*bounds), sum(true))
    assert holds(sum(known), total(bounds), sum(true))
    assert holds(known[0] - sum(known[1:]), less(*bounds), true[0] - sum(true[1:]))


#: What each situation of the well leaves inexact, by bound; every other headline figure is exact.
CAME = ("raised", "pending", "contributions")
FROM_PAYMENTS = (*CAME, "reported_server")
ON_CHAIN = ("proven", "reported_chain")
FROM_SPENDS = ("claimed", "penalty", "released", "recovered", "unclassified")
SITUATIONS: dict[str, tuple[dict[str, dict[str, object]], dict[Bound, tuple[str, ...]]]] = {
    "everything was read": ({}, {}),
    "payments may be more": (
        {SHOP: {"at_least": ("payments",)}},
        {AT_LEAST: (*FROM_PAYMENTS, "payments", "declarations", "with_founder", "net")},
    ),
    "payments may be less": (
        {SHOP: {"at_most": ("payments",)}},
        {AT_MOST: (*FROM_PAYMENTS, "payments", "declarations", "with_founder", "net")},
    ),
    "payments may be more or less": (
        {SHOP: {"at_least": ("payments",), "at_most": ("payments",)}},
        {UNKNOWN: ("payments", "declarations", "with_founder", "net", *FROM_PAYMENTS)},
    ),
    "payments were not read": (
        {SHOP: {"unread": ("payments",)}},
        {
            AT_LEAST: (*CAME, "with_founder", "net"),
            UNKNOWN: ("payments", "declarations", "reported_server"),
        },
    ),
    "refunds may be more": (
        {SHOP: {"at_least": ("refunds",)}},
        {AT_LEAST: ("refunded", "returned"), AT_MOST: ("with_founder", "net")},
    ),
    "refunds may be less": (
        {SHOP: {"at_most": ("refunds",)}},
        {AT_MOST: ("refunded", "returned"), AT_LEAST: ("with_founder", "net")},
    ),
    "refunds were not read": (
        {SHOP: {"unread": ("refunds",)}},
        {AT_LEAST: ("returned",), UNKNOWN: ("refunded", "paid_out", "with_founder", "net")},
    ),
    "other payouts may be more": ({SHOP: {"at_least": ("payouts",)}}, {AT_LEAST: ("paid_out",)}),
    "payments and refunds may be more": (
        {SHOP: {"at_least": ("payments", "refunds")}},
        {
            AT_LEAST: (*FROM_PAYMENTS, "payments", "declarations", "refunded", "returned"),
            UNKNOWN: ("with_founder", "net"),
        },
    ),
    "BTCPay never answered": (
        {SHOP: {}},
        {
            AT_LEAST: (*CAME, "returned"),
            UNKNOWN: (
                *("payments", "declarations", "reported_server", "refunded", "paid_out"),
                *("with_founder", "net"),
            ),
        },
    ),
    "the chain's history is cut": (
        {"angor": {"complete": False}},
        {
            AT_LEAST: (*CAME, *ON_CHAIN, *FROM_SPENDS, "fee", "investor_keys", "returned", "with_founder"),
            UNKNOWN: ("locked", "in_penalty", "net"),
        },
    ),
    "Angor never answered": (
        {"angor": {}},
        {
            AT_LEAST: (*CAME, "returned", "with_founder"),
            UNKNOWN: (*ON_CHAIN, *FROM_SPENDS, "fee", "investor_keys", "locked", "in_penalty", "net"),
        },
    ),
}
#: The other project of the portfolio is known: a sum is at least its part, unless it can be below zero.
SIGNED = ("net", "with_founder")


@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_headline_figure_in_each_situation(full: "Village", situation: str) -> None:
    said, inexact = SITUATIONS[situation]
    for source in ("angor", SHOP):
        [at] = [
            at
            for at, record in enumerate(full.records)
            if (record.source, getattr(record, "kind", "")) in ((source, "invest"), (source, "crowdfund"))
        ]
        record = full.records.pop(at)
        if said.get(source) != {}:
            full.says("well", source, kind=getattr(record, "kind", ""), **said.get(source, {}))
    report = full.report()
    wanted = {name: bound for bound, names in inexact.items() for name in names}
    figures = report.projects[0].figures
    assert {name: figures[name].bound for name in (definition.name for definition in HEADLINES)} == {
        definition.name: wanted.get(definition.name, EXACT) for definition in HEADLINES
    }
    for definition in HEADLINES:
        name, bound = definition.name, wanted.get(definition.name, EXACT)
        summed = AT_LEAST if bound is UNKNOWN and name not in SIGNED else bound
        assert report.figures[name].bound is summed, name
        assert (figures[name].value is None) is (bound is UNKNOWN), name
    assert figures["proven_share"].bound is (EXACT if figures["raised"].bound is EXACT else UNKNOWN)
    assert figures["declared_share"].bound is (EXACT if figures["payments"].bound is EXACT else UNKNOWN)


@pytest.mark.parametrize(
    ("unread", "goal", "end", "status"),
    [
        ("", 9_000, "2025-05-01", ProjectStatus.ON_PACE),
        ("angor", None, None, ProjectStatus.UNKNOWN),  # it decides, and may name another
        (SHOP, 9_000, "2025-05-01", ProjectStatus.UNKNOWN),  # not the goal: how much of it came
    ],
)
def test_a_goal_is_unknown_while_the_place_that_decides_it_is_unread(
    village: "Village", unread: str, goal: int | None, end: str | None, status: ProjectStatus
) -> None:
    terms = {"angor": Goal(amount_msat=9_000), SHOP: Goal(amount_msat=1_000)}
    for source, asked in terms.items():
        if source != unread:
            kind = "invest" if source == "angor" else "crowdfund"
            starts, ends = moment("2025-01-01"), moment("2025-05-01")
            village.says("well", source, kind=kind, title=source, goal=asked, starts_at=starts, ends_at=ends)
    village.entry("well", "payment" if unread == "angor" else "investment", 5, "2025-01-07")
    village.run("2025-03-01")
    well = village.report().projects[0]
    figures = well.figures
    known = goal is not None
    assert (figures["goal"].value, figures["goal"].bound) == (goal, EXACT if known else UNKNOWN)
    assert figures["progress"].bound is (AT_LEAST if unread == SHOP else EXACT if known else UNKNOWN)
    assert well.ends_at == (moment(end) if end else None)
    assert well.end_known is known
    assert well.title == ("angor" if known else "well")
    assert well.status is (status if unread != SHOP else ProjectStatus.ON_PACE)


def test_settings_that_may_not_be_read_leave_the_goal_unknown_unless_they_were_read_before(
    village: "Village",
) -> None:
    village.says("well", "angor", kind="fund")
    village.says("well", SHOP, kind="crowdfund", unread=(SETTINGS,))
    village.run("2025-03-01")
    well = village.report().projects[0]
    assert (well.figures["goal"].bound, well.figures["progress"].bound) == (UNKNOWN, UNKNOWN)
    assert (well.status, well.title, well.end_known) == (ProjectStatus.UNKNOWN, "well", False)
    village.says(
        "well", SHOP, kind="crowdfund", title="The well", goal=Goal(amount_msat=7), unread=(SETTINGS,)
    )
    well = village.report().projects[0]
    assert (well.figures["goal"].value, well.figures["goal"].bound, well.title) == (7, EXACT, "The well")


def test_what_may_be_less_is_neither_reached_nor_on_pace(village: "Village") -> None:
    binding = {"source": "shop", "store": "S1"}
    village.settings = {"projects": [{"slug": "bread", "btcpay": binding}]}
    terms = {
        "goal": Goal(amount_msat=3_000),
        "starts_at": moment("2025-01-01"),
        "ends_at": moment("2025-03-01"),
    }
    village.says("bread", SHOP, at_most=("payments",), **terms)
    village.entry("bread", "payment", 2, "2025-01-02")
    village.run("2025-02-01", shop="ok")
    bread = village.report().projects[0]
    progress = bread.figures["progress"]
    assert (progress.value, progress.bound) == ("66.67", AT_MOST)  # rounded up, so that it stays true
    assert bread.status is ProjectStatus.UNKNOWN
    village.entry("bread", "payment", 1, "2025-01-02")
    assert village.report().projects[0].status is ProjectStatus.UNKNOWN
    village.run("2025-03-02", shop="ok")
    village.records.pop()
    assert village.report().projects[0].status is ProjectStatus.ENDED


def test_a_total_names_the_projects_that_it_leaves_out(village: "Village") -> None:
    village.says("bread", SHOP)
    village.run("2025-03-01", shop="ok")
    [note] = [note for note in village.report().notes if note.id == "left-out"]
    assert plain(note.text).startswith("What 1 project raised is not known: well. ")
    village.says("well", SHOP)
    assert "left-out" not in {note.id for note in village.report().notes}


def test_rails_beside_rows_of_several_rails_are_at_least(village: "Village") -> None:
    village.says("bread", SHOP)
    for rail in ("BTC-LN", "mixed"):
        village.entry("bread", "payment", 5, "2025-01-02", rail=rail, count=2)
    village.run("2025-03-01", shop="ok")
    figures = village.report().projects[1].figures
    assert [figures[f"{name}@BTC-LN"].bound for name in ("rail", "rail_count")] == [AT_LEAST, AT_LEAST]
    assert [figures[f"{name}@MIXED"].bound for name in ("rail", "rail_count")] == [EXACT, EXACT]


def test_what_one_source_told_whole_is_exact_beside_another_that_did_not(full: "Village") -> None:
    full.records = [record for record in full.records if getattr(record, "kind", "") != "crowdfund"]
    full.says("well", SHOP, kind="crowdfund", at_least=("payments",))
    report = full.report()
    figures = report.projects[0].figures
    assert (figures["rail@ANGOR"].bound, figures["rail@BTC-CHAIN"].bound) == (EXACT, AT_LEAST)
    assert (report.figures["from@ANGOR"].bound, report.figures[f"from@{SHOP.upper()}"].bound) == (
        EXACT,
        AT_LEAST,
    )


def test_what_a_source_tells_that_is_silent_for_too_long_is_at_least_so(full: "Village") -> None:
    """Sums only grow, so they are bounds; what may leave again is as it was last read."""
    before = full.report()
    full.run("2025-02-13T12:00", angor="ok", shop="unavailable")
    after = full.report()
    assert [state.stale for state in after.sources if state.name == SHOP] == [True]
    well, was = (report.projects[0].figures for report in (after, before))
    inexact = {name for name in was if was[name].bound is EXACT is not well[name].bound}
    assert {well[name].bound for name in inexact} <= {AT_LEAST, AT_MOST}
    assert {"raised", "refunded", "returned", "paid_out", "contributions", "payments"} <= inexact
    assert not {"pending", "locked", "in_penalty", "with_founder", "net", "claimed", "proven"} & inexact
    assert all(well[name].value == was[name].value for name in {*inexact, "pending", "locked", "net"})
    for report, bound in ((before, EXACT), (after, AT_LEAST)):
        assert report.figures["raised"].bound is bound
        [store] = report.stores
        assert {figure.bound for figure in store.figures if figure.name.startswith("settled")} == {bound}
    full.run("2025-02-14T12:00", angor="ok", shop="ok")
    assert full.report().projects[0].figures["raised"].bound is EXACT
