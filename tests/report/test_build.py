"""Which projects a report has, in which order, and what it refuses."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from generator.errors import LogError, NothingPublishable
from generator.places import angor_place
from generator.report import build
from generator.snapshot import Line, Rate, Stage, fold
from tests.support.village import SHOP

if TYPE_CHECKING:
    from tests.support.village import Village


def test_an_empty_log_is_not_a_report_of_zeros(village: "Village") -> None:
    with pytest.raises(NothingPublishable, match="no source has answered"):
        village.report()


def test_another_network_is_refused(village: "Village") -> None:
    village.run("2025-01-08")
    village.says("well", "angor", network="main")
    with pytest.raises(LogError, match="holds observations of main, but"):
        village.report()


def test_configured_projects_stand_in_their_order_even_unseen(village: "Village") -> None:
    village.run("2025-01-08", shop="ok")
    village.says("stranger", "angor", identifier="angor1stranger")
    assert [project.slug for project in village.report().projects] == ["well", "bread"]
    assert [project.title for project in village.report().projects] == ["well", "bread"]
    identifiers = [project.identifier for project in village.report().projects]
    assert identifiers == [village.config().projects[0].angor, ""]


def test_the_network_follows_by_raised_then_slug_without_what_is_configured(village: "Village") -> None:
    village.settings = {"angor": {"discover": "all"}}
    configured = village.config().projects[0].angor
    village.says("zero", "angor")
    village.says("much", "angor", title="Much")
    village.says("also", "angor")
    place = angor_place(configured)
    village.says(place, "angor", identifier=configured)
    village.says("shop-only", SHOP)
    village.entry("much", "investment", 9, "2025-01-07")
    village.entry(place, "investment", 99, "2025-01-07")
    village.run("2025-01-08", angor="ok")
    report = village.report()
    assert [project.slug for project in report.projects] == ["well", "bread", "much", "also", "zero"]
    assert report.projects[2].title == "Much"
    assert report.projects[0].figures["raised"].value == 99_000  # whatever it was called when it came
    assert report.figure("much/raised") is report.projects[2].figures["raised"]
    assert report.figure("nobody/raised") is None


@pytest.mark.parametrize(("extras", "given"), [("listed", [True, True, False]), ("all", [True] * 3)])
def test_discovered_projects_have_extras_where_all_have(
    village: "Village", extras: str, given: list[bool]
) -> None:
    village.settings = {"angor": {"discover": "all"}, "publish": {"extras": extras}}
    village.says("much", "angor")
    village.run("2025-01-08", angor="ok")
    assert [project.has_extras for project in village.report().projects] == given


def test_a_title_of_the_configuration_replaces_the_sources(village: "Village") -> None:
    village.settings = {
        "projects": [{"slug": "bread", "title": "Our bread", "btcpay": {"source": "shop", "store": "S1"}}]
    }
    village.says("bread", SHOP, title="Shop 7")
    village.run("2025-01-08")
    assert village.report().projects[0].title == "Our bread"


def test_the_report_names_its_snapshot_tip_rates_and_times(village: "Village") -> None:
    stage = Stage(number=1, percent=100, opens_at=village.moment("2025-03-01"))  # type: ignore[arg-type]
    village.says("well", "angor", stages=(stage,), penalty_days=30, expires_at=village.moment("2025-09-01"))
    village.records.append(
        Rate(id="EUR/2025-01-08", source="rates", currency="EUR", day="2025-01-08", price=90_000)  # type: ignore[arg-type]
    )
    run = village.run("2025-01-08T05:00")
    report = village.report()
    assert (report.as_of, report.snapshot, report.tip_height) == (run.at, "5" * 64, 120)
    assert (report.demo, report.network, report.title) == (False, "regtest", "Village funds")
    assert [rate.id for rate in report.prices.rates.values()] == ["EUR/2025-01-08"]
    well = report.projects[0]
    assert (well.planned, well.penalty_days, well.changed_at) == ((stage,), 30, run.at)
    assert build(fold(village.lines()), village.config(), demo=True).demo


def test_changed_at_is_the_run_that_last_observed_something_new(village: "Village") -> None:
    first, second = village.run("2025-01-08"), village.run("2025-01-09")
    old, new = village.says("bread", SHOP), village.entry("bread", "payment", 1, "2025-01-07")
    lines = [Line(run=run.id, record=run) for run in (first, second)]
    lines += [village.line(first.id, old), village.line(second.id, new)]
    well, bread = build(fold(lines), village.config(), demo=False).projects
    assert (well.changed_at, bread.changed_at) == (None, second.at)
    assert second.at - first.at == timedelta(days=1)
