"""Unknown is never zero: who could know, and what is shown while they have not spoken."""

from typing import TYPE_CHECKING

import pytest

from generator.pages.portfolio_words import known_part
from generator.report import ProjectStatus
from generator.report.figures.bounds import Bound
from generator.wording import plain
from tests.support.village import SHOP

if TYPE_CHECKING:
    from tests.support.village import Village

MONEY = (
    *(
        "raised",
        "pending",
        "refunded",
        "claimed",
        "penalty",
        "released",
        "recovered",
        "unclassified",
        "paid_out",
    ),
    *("fee", "locked", "in_penalty", "net", "contributions", "investor_keys", "declarations"),
)


def shown(village: "Village", slug: str) -> dict[str, tuple[object, Bound]]:
    """Return value and bound of the headline figures of a project, or of all."""
    report = village.report()
    figures = report.figures if slug == "all" else next(p for p in report.projects if p.slug == slug).figures
    return {name: (figures[name].value, figures[name].bound) for name in MONEY}


def test_a_project_whose_only_source_never_answered_has_no_numbers(village: "Village") -> None:
    village.says("well", "angor")
    village.says("well", SHOP)
    village.run("2025-01-08", angor="ok", shop="unavailable")
    assert shown(village, "bread") == dict.fromkeys(MONEY, (None, Bound.UNKNOWN))
    everything = dict.fromkeys(MONEY, (0, Bound.AT_LEAST)) | {"net": (None, Bound.UNKNOWN)}
    assert shown(village, "all") == everything
    assert shown(village, "well") == dict.fromkeys(MONEY, (0, Bound.EXACT))
    bread = village.report().projects[1]
    assert (bread.status, bread.kind, bread.title) == (ProjectStatus.UNKNOWN, "store", "bread")
    assert (bread.funding, bread.weeks, bread.stages) == ((), (), ())
    assert (bread.figures["goal"].value, bread.figures["goal"].bound) == (None, Bound.UNKNOWN)
    assert [note.id for note in bread.notes] == [f"missing/bread/{SHOP}"]


def test_entries_without_the_word_of_their_source_are_listed_and_not_summed(village: "Village") -> None:
    village.entry("bread", "payment", 5, "2025-01-07")
    village.run("2025-01-08", shop="ok")
    assert shown(village, "bread") == dict.fromkeys(MONEY, (None, Bound.UNKNOWN))
    bread = village.report().projects[1]
    assert len(bread.entries) == 1
    assert bread.funding == ()
    assert village.report().funding == ()


def test_one_of_two_sources_gives_at_least_so_much(village: "Village") -> None:
    village.says("well", SHOP, kind="crowdfund")
    village.entry("well", "payment", 7, "2025-01-07")
    village.entry("well", "refund", 1, "2025-01-07")
    village.run("2025-01-08", angor="unavailable", shop="ok")
    found = shown(village, "well")
    known = {"raised": 7000, "pending": 0, "contributions": 1}
    assert {name: found[name] for name in known} == {
        name: (value, Bound.AT_LEAST) for name, value in known.items()
    }
    assert found["refunded"] == (1000, Bound.EXACT)
    assert found["declarations"] == found["paid_out"] == (0, Bound.EXACT)
    rest = set(MONEY) - set(known) - {"refunded", "paid_out", "declarations"}
    assert {found[name] for name in rest} == {(None, Bound.UNKNOWN)}
    [day] = village.report().projects[0].funding
    assert (day.figure.value, day.figure.bound) == (7000, Bound.AT_LEAST)


def test_refunds_that_may_not_be_read_leave_refunded_and_net_unknown(village: "Village") -> None:
    village.says("bread", SHOP, unread=("refunds",))
    village.entry("bread", "payment", 5, "2025-01-07")
    village.says("well", "angor")
    village.says("well", SHOP)
    village.run("2025-01-08")
    found = shown(village, "bread")
    assert (found["raised"], found["refunded"], found["net"]) == (
        (5000, Bound.EXACT),
        (None, Bound.UNKNOWN),
        (None, Bound.UNKNOWN),
    )
    portfolio = shown(village, "all")
    assert (portfolio["raised"], portfolio["refunded"]) == ((5000, Bound.EXACT), (0, Bound.AT_LEAST))
    assert portfolio["net"] == (None, Bound.UNKNOWN)
    notes = {note.id for note in village.report().projects[1].notes}
    assert notes == {f"unread-refunds/bread/{SHOP}"}


@pytest.mark.parametrize(
    ("says", "known", "words"),
    [
        ({"unread": ("refunds",)}, (7000, Bound.EXACT), "7 sats in 1 of 2 projects; of the others"),
        ({"at_least": ("payments",), "at_most": ("payments",)}, (7000, Bound.EXACT), "7 sats in 1 of 2"),
    ],
)
def test_a_balance_that_is_not_known_says_of_which_projects_it_is(
    village: "Village", says: dict[str, tuple[str, ...]], known: tuple[int, Bound], words: str
) -> None:
    village.says("bread", SHOP, **says)
    village.entry("bread", "payment", 5, "2025-01-07")
    village.says("well", "angor")
    village.says("well", SHOP)
    village.entry("well", "payment", 7, "2025-01-07")
    village.run("2025-01-08")
    report = village.report()
    for name in ("net", "with_founder"):
        part = report.figures[f"known_sum@{name}"]
        assert report.figures[name].value is None
        assert (part.value, part.bound, part.inputs) == (*known, (f"well/{name}",))
        said = known_part(report, name)
        assert said is not None
        assert words in plain(said).replace("\u202f", " ")


def test_bounds_of_two_directions_give_no_sum_of_both(village: "Village") -> None:
    village.says("bread", SHOP, at_least=("payments",))
    village.entry("bread", "payment", 5, "2025-01-07")
    village.says("well", "angor")
    village.says("well", SHOP, at_least=("refunds",))
    village.entry("well", "payment", 7, "2025-01-07")
    village.run("2025-01-08")
    report = village.report()
    part = report.figures["known_sum@net"]
    assert (report.figures["net"].value, part.value, part.bound) == (None, 7000, Bound.AT_MOST)
    assert part.inputs == ("well/net",)


def test_a_balance_that_is_known_has_no_part(village: "Village") -> None:
    village.says("bread", SHOP)
    village.says("well", "angor")
    village.says("well", SHOP)
    village.run("2025-01-08")
    report = village.report()
    assert known_part(report, "net") is None
    assert not [name for name in report.figures if name.startswith("known_sum")]


def test_payments_that_may_not_be_read_leave_raised_unknown(village: "Village") -> None:
    village.says("bread", SHOP, unread=("payments",))
    village.run("2025-01-08", shop="ok")
    found = shown(village, "bread")
    assert {found[name] for name in ("raised", "pending", "contributions", "declarations")} == {
        (None, Bound.UNKNOWN)
    }
    assert found["refunded"] == (0, Bound.EXACT)


def test_a_truncated_history_gives_at_least_and_no_balance(village: "Village") -> None:
    village.says("well", "angor", complete=False)
    village.says("well", SHOP)
    village.entry("well", "investment", 9, "2025-01-07", opens_at=village.moment("2025-03-01"))
    village.entry("well", "claim", 4, "2025-03-02", spends="investment1:0")
    village.run("2025-03-08")
    found = shown(village, "well")
    assert (found["raised"], found["claimed"]) == ((9000, Bound.AT_LEAST), (4000, Bound.AT_LEAST))
    assert {found[name] for name in ("locked", "in_penalty", "net")} == {(None, Bound.UNKNOWN)}
    [row] = village.report().projects[0].stages
    assert [(figure.value, figure.bound) for figure in (row.funded, row.claimed, row.locked)] == [
        (9000, Bound.AT_LEAST),
        (4000, Bound.AT_LEAST),
        (None, Bound.UNKNOWN),
    ]
    assert "incomplete/well/angor" in {note.id for note in village.report().projects[0].notes}


def test_declared_in_a_currency_is_at_least_while_another_project_is_unknown(village: "Village") -> None:
    village.says("well", SHOP)
    village.declares("well", "40", "EUR", "2025-01-10")
    village.run("2025-01-11", shop="ok")
    declared = village.report().figures["declared@EUR"]
    assert (declared.value, declared.bound) == ("40", Bound.AT_LEAST)


@pytest.mark.parametrize(("outcome", "value"), [("ok", 0), ("unavailable", None), ("invalid", None)])
def test_a_network_that_never_answered_is_unknown_and_an_empty_one_is_zero(
    village: "Village", outcome: str, value: int | None
) -> None:
    village.settings = {"projects": [], "angor": {"discover": "all"}}
    village.run("2025-01-08", angor=outcome)
    assert shown(village, "all") == dict.fromkeys(
        MONEY, (value, Bound.UNKNOWN if value is None else Bound.EXACT)
    )
