"""The first sentence of a project's page, one for each state."""

from dataclasses import replace
from decimal import Decimal

import pytest

from generator.ledger import AtReceipt
from generator.pages.evidence_sentence import evidence_sentence
from generator.pages.status_sentence import status_sentence
from generator.pages.ways_to_give import HUB, ways_to_give
from generator.report import ProjectReport
from generator.snapshot import Goal
from generator.wording import plain
from tests.support.village import SHOP, WELL, Village, moment

SATS, EUROS = Goal(amount_msat=100_000_000), Goal(value=Decimal(6000), currency="EUR")
BEGAN, ENDS = moment("2025-01-01"), moment("2025-03-12")


@pytest.fixture
def village() -> Village:
    return Village()


def bread(village: Village, **fields: object) -> ProjectReport:
    village.settings = {"units": {"fiat": "EUR"}, "projects": [{"slug": "bread", "btcpay": OWN}]}
    village.says("bread", SHOP, **fields)
    village.run("2025-02-05", shop="ok")
    return village.report().projects[0]


OWN = {"source": "shop", "store": "S1"}


def pays(village: Village, sat: int, value: str, day: str = "2025-01-07") -> None:
    worth = (AtReceipt(currency="EUR", amount_msat=sat * 1000, value=Decimal(value)),)
    village.entry("bread", "payment", sat, day, at_receipt=worth)


def said(project: ProjectReport) -> str:
    found = status_sentence(project, "EUR")
    came = f"{plain(found.came)} " if found.came else ""
    return f"{came}{plain(found.mark.word)}: {plain(found.state) if found.state else ''}".replace(
        "\u202f", " "
    )


@pytest.mark.parametrize(
    ("sat", "value", "fields", "sentence"),
    [
        (
            17_017,
            "1755.43",
            {"goal": EUROS, "starts_at": BEGAN, "ends_at": ENDS},
            "17.0 k sats, worth EUR 1 755 when they arrived, of the goal of EUR 6 000: 29 %. Behind pace: "
            "with 35 days left it needs EUR 121 a day and has got EUR 50 a day so far.",
        ),
        (
            62_400,
            "50",
            {"goal": SATS, "starts_at": BEGAN, "ends_at": ENDS},
            "62.4 k sats, worth EUR 50 when they arrived, of the goal of 100 k sats: 62 %. On pace: with 35 "
            "days left it needs 1 075 sats a day and has got 1 782 sats a day so far.",
        ),
        (
            99_999,
            "50",
            {"goal": SATS},
            "99.9 k sats, worth EUR 50 when they arrived, of the goal of 100 k sats: 99 %. Collecting: 1 sat "
            "to go; it has no last day, so no pace is needed.",
        ),
        (
            40_000,
            "50",
            {"goal": SATS, "ends_at": ENDS},
            "40 k sats, worth EUR 50 when they arrived, of the goal of 100 k sats: 40 %. Collecting: 60 k "
            "sats to go; with 35 days left it needs 1 715 sats a day.",
        ),
        (
            128_000,
            "50",
            {"goal": SATS, "ends_at": ENDS},
            "128 k sats, worth EUR 50 when they arrived, of the goal of 100 k sats: 128 %. Goal reached: on "
            "7 Jan 2025; by now 28 k sats more than was asked for.",
        ),
        (
            14_000,
            "50",
            {"goal": SATS, "starts_at": BEGAN, "ends_at": moment("2025-01-31")},
            "14 k sats, worth EUR 50 when they arrived, of the goal of 100 k sats: 14 %. Ended below goal: "
            "on 31 Jan 2025, 86 k sats short.",
        ),
        (
            14_000,
            "50",
            {},
            "14 k sats, worth EUR 50 when they arrived. No goal: it asks for no certain sum.",
        ),
        (
            14_000,
            "50",
            {"goal": SATS, "starts_at": moment("2025-02-20")},
            "14 k sats, worth EUR 50 when they arrived, of the goal of 100 k sats: 14 %. Not open yet: it "
            "opens on 20 Feb 2025.",
        ),
        (
            14_000,
            "50",
            {"goal": SATS, "starts_at": BEGAN, "ends_at": ENDS, "complete": False},
            "At least 14 k sats, worth ≥ EUR 50 when they arrived, of the goal of 100 k sats: ≥ 14 %. Not "
            "known yet: what is missing to judge it is named below.",
        ),
    ],
)
def test_what_came_of_which_goal_and_how_it_stands(
    village: Village, sat: int, value: str, fields: dict[str, object], sentence: str
) -> None:
    pays(village, sat, value)
    assert said(bread(village, **fields)) == sentence


def test_a_project_that_was_never_read_has_no_number(village: Village) -> None:
    village.run("2025-02-05")
    assert said(village.report().projects[1]) == (
        "Not read: its sources have not answered yet. Nothing about its money is known."
    )


def test_the_last_day(village: Village) -> None:
    pays(village, 40_000, "50")
    found = said(bread(village, goal=SATS, starts_at=BEGAN, ends_at=moment("2025-02-05T20:00")))
    assert found.endswith("Behind pace: today is its last day, with 60 k sats to go.")


def evidence_of(project: ProjectReport, network: str = "main") -> str:
    mark, words = evidence_sentence(project, network)
    return f"{plain(mark.word)}: {plain(words) if words else ''}".replace("\u202f", " ")


def test_what_a_number_rests_on(village: Village) -> None:
    pays(village, 40_000, "50")
    assert evidence_of(bread(village)) == (
        "Reported, not proven: all of it rests on the word of one BTCPay server, because nobody outside can "
        "see its invoices."
    )
    village.says("well", "angor")
    village.entry("well", "investment", 60_000, "2025-01-07", verification="proven")
    village.settings = {}
    well = village.report().projects[0]
    assert evidence_of(well, "signet") == (
        "Proven: all that is known of what was raised is derived again from public data, on a test network; "
        "nothing rests on a server's word."
    )


GIVE = "https://shop.example.org/apps/4kXk/crowdfund"


@pytest.mark.parametrize(
    ("fields", "urls"),
    [
        ({"goal": SATS}, [GIVE]),
        ({"goal": SATS, "starts_at": BEGAN, "ends_at": ENDS}, [GIVE]),
        ({"goal": SATS, "starts_at": BEGAN, "ends_at": moment("2025-01-31")}, []),  # over
        ({"goal": SATS, "starts_at": moment("2025-02-20")}, []),  # not open yet
        ({}, [GIVE]),
    ],
)
def test_a_link_leads_to_the_source_while_money_can_be_given(
    village: Village, fields: dict[str, object], urls: list[str]
) -> None:
    pays(village, 40_000, "50")
    bread(village, **fields)
    village.settings = {"projects": [{"slug": "bread", "btcpay": OWN, "give": GIVE}]}
    report = village.report()
    ways = ways_to_give(report, report.projects[0])
    assert [way.url for way in ways] == urls
    assert {way.host for way in ways} <= {"shop.example.org"}


def test_angor_is_linked_on_the_main_network_alone(village: Village) -> None:
    village.says("well", "angor", identifier=WELL)
    village.run("2025-02-05", angor="ok")
    report = village.report()
    for network, urls in (("main", [HUB + WELL]), ("regtest", [])):
        found = ways_to_give(replace(report, network=network), report.projects[0])
        assert [way.url for way in found] == urls
