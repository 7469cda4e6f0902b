"""Money belongs to places: names in config.yaml change no figure, and a project has the sum of its places."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from generator.config import Config, published
from generator.places import btcpay_place, part_of_store, store_source
from generator.report import Report, build
from generator.report.figures.bounds import Bound
from generator.snapshot import fold
from tests.support.published import figure_files
from tests.support.village import SHOP, Village

OTHER = store_source("S2")


def another_server(document: dict[str, Any]) -> None:
    document["sources"]["btcpay"][0]["id"] = "till"
    for project in document["projects"]:
        project["btcpay"][0]["source"] = "till"


def another_slug(document: dict[str, Any]) -> None:
    document["projects"][0]["slug"] = "fountain"


def another_order(document: dict[str, Any]) -> None:
    [server] = document["sources"]["btcpay"]
    for listed in (document["projects"], server["stores"], server["include"]):
        listed.reverse()
    for project in document["projects"]:
        project["btcpay"].reverse()


def at(url: str) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document["sources"]["btcpay"][0]["url"] = url

    return change


def another_variable(document: dict[str, Any]) -> None:
    document["sources"]["btcpay"][0]["token_env"] = "ANOTHER_TOKEN"


def named(village: Village, change: Callable[[dict[str, Any]], None]) -> Config:
    document = village.config().model_dump(mode="json", exclude_defaults=True) | {"version": 1}
    before = deepcopy(document)
    change(document)
    assert document != before
    return Config.model_validate(document)


def figures_of(report: Report) -> dict[str, tuple[object, ...]]:
    return {
        figure.id.replace("fountain/", "well/"): (
            figure.value,
            figure.unit,
            figure.bound,
            figure.verification,
        )
        for figure in report.all_figures()
    }


@pytest.mark.parametrize(
    "change",
    [
        another_server,
        another_slug,
        another_order,
        at("https://pay.example.org/shop/"),
        at("https://PAY.Example.ORG/shop"),
        at("http://127.0.0.1:23000"),
        another_variable,
    ],
)
def test_no_name_of_the_configuration_changes_a_figure(
    full: Village, change: Callable[[dict[str, Any]], None]
) -> None:
    known, before = fold(full.lines()), full.report()
    assert figures_of(build(known, named(full, change), demo=False)) == figures_of(before)


def test_the_published_configuration_gives_the_same_report(full: Village) -> None:
    known = fold(full.lines())
    again = build(known, published(full.config()), demo=False)
    assert figure_files(again) == figure_files(full.report())


def test_a_renamed_project_keeps_its_history(full: Village) -> None:
    known = fold(full.lines())
    [fountain, _] = build(known, named(full, another_slug), demo=False).projects
    [well, _] = full.report().projects
    assert (fountain.slug, fountain.title, fountain.entries) == ("fountain", well.title, well.entries)
    assert (fountain.first_seen_at, fountain.changed_at) == (well.first_seen_at, well.changed_at)


@pytest.fixture
def two(village: Village) -> Village:
    """Return a village whose bread is sold by a crowdfund and a point of sale of one store, and a store."""
    servers = village.config().model_dump(mode="json", exclude_defaults=True)["sources"]["btcpay"]
    village.settings = {
        "sources": {"btcpay": [servers[0] | {"stores": ["S1", "S2"]}]},
        "projects": [
            {
                "slug": "bread",
                "btcpay": [
                    {"source": "shop", "app": "A1"},
                    {"source": "shop", "pos": "P1"},
                    {"source": "shop", "store": "S2"},
                ],
            }
        ],
    }
    return village


CROWDFUND, SALE = (
    btcpay_place("S1", part_of_store(kind, name)) for kind, name in (("crowdfund", "A1"), ("pos", "P1"))
)
REST = btcpay_place("S2", "rest")


def test_a_project_of_three_places_has_the_sum_of_them(two: Village) -> None:
    for place, source, sat in ((CROWDFUND, SHOP, 1), (SALE, SHOP, 2), (REST, OTHER, 4)):
        two.says(place, source)
        two.entry(place, "payment", sat, "2025-01-07", source=source)
    two.entry(btcpay_place("S1", "rest"), "payment", 8, "2025-01-07")  # of the store, and of no project
    two.run("2025-01-08", shop="ok", **{OTHER: "ok"})
    [bread] = two.report().projects
    raised = bread.figures["raised"]
    assert (raised.value, raised.bound, bread.sources) == (7000, Bound.EXACT, (SHOP, OTHER))
    assert bread.notes == ()
    reordered = build(fold(two.lines()), named(two, another_order), demo=False)
    assert figures_of(reordered) == figures_of(two.report())
    again = build(fold(two.lines()), published(two.config()), demo=False)
    assert figure_files(again) == figure_files(two.report())


def test_an_app_that_is_bound_under_a_server_without_its_store_is_unknown_not_zero(two: Village) -> None:
    two.says(CROWDFUND, SHOP)
    two.says(REST, OTHER)
    two.run("2025-01-08", shop="ok", **{OTHER: "ok"})
    [server] = two.settings["sources"]["btcpay"]  # type: ignore[index]
    kiosk, stall = server | {"id": "kiosk", "stores": ["S1"]}, server | {"id": "stall", "stores": ["S2"]}
    for name, (value, bound) in (("kiosk", (0, Bound.EXACT)), ("stall", (None, Bound.UNKNOWN))):
        two.settings = {
            "sources": {"btcpay": [kiosk, stall]},
            "projects": [{"slug": "bread", "btcpay": {"source": name, "app": "A1"}}],
        }
        raised = two.report().projects[0].figures["raised"]
        assert (raised.value, raised.bound) == (value, bound)


def test_a_place_that_is_not_read_leaves_at_least_the_others_and_is_said(two: Village) -> None:
    two.says(CROWDFUND, SHOP)
    two.says(REST, OTHER)
    two.entry(CROWDFUND, "payment", 1, "2025-01-07")
    two.run("2025-01-08", shop="ok", **{OTHER: "ok"})
    [bread] = two.report().projects
    assert (bread.figures["raised"].value, bread.figures["raised"].bound) == (1000, Bound.AT_LEAST)
    assert [note.id for note in bread.notes] == ["missing/bread"]


def test_what_two_places_of_a_store_lack_is_said_once(two: Village) -> None:
    for place, source in ((CROWDFUND, SHOP), (SALE, SHOP), (REST, OTHER)):
        two.says(place, source, unread=("refunds",), complete=False)
    two.run("2025-01-08", shop="ok", **{OTHER: "ok"})
    notes = [note.id for note in two.report().projects[0].notes]
    assert notes == [
        f"{name}/bread/{source}" for source in (SHOP, OTHER) for name in ("unread-refunds", "incomplete")
    ]
