"""How independent the view was: who stands behind relays and indexers, and what one indexer alone told."""

import msgspec
import pytest

from generator import pages
from generator.report import Report
from tests.support.page_text import without_terms
from tests.support.village import WELL, Village

PAIR = {
    "nostr": {"relays": ["wss://relay.example.org", "wss://two.example.org", "wss://relay.example.net"]},
    "indexers": ["https://indexer.example.org", "https://indexer.example.com"],
}


@pytest.fixture
def village() -> Village:
    return Village()


def report(
    village: Village, sources: dict[str, object] | None = None, unwitnessed: str = "", unfounded: str = ""
) -> Report:
    document = village.config().model_dump(mode="json", exclude_defaults=True)["sources"]
    village.settings["sources"] = document | (PAIR if sources is None else sources)
    village.says("well", "angor", identifier=WELL)
    run = village.run("2025-01-01")
    kept = {"unwitnessed": unwitnessed, "unfounded_alone": unfounded}
    reads = {key: names for key, names in kept.items() if names}
    asked = msgspec.structs.replace(run.asked[0], reads=reads)
    village.runs[-1] = msgspec.structs.replace(run, asked=(asked, *run.asked[1:]))
    return village.report()


def alone(report: Report) -> list[str]:
    return [note.id for project in report.projects for note in project.notes if note.id[:5] == "unwit"]


def health(report: Report, content: pages.Content) -> str:
    return without_terms(dict(pages.render(report, content))["health/index.html"].decode())


def test_operators_are_counted_and_an_agreed_history_needs_no_word(
    village: Village, content: pages.Content
) -> None:
    made = report(village)
    relays, indexers = made.view.groups
    assert (len(relays.servers), relays.operators) == (3, ("example.net", "example.org"))
    assert (len(indexers.servers), indexers.operators) == (2, ("example.com", "example.org"))
    assert alone(made) == []
    page = health(made, content)
    assert "Two indexers agreed on how many transactions each Angor project has" in page
    assert "example.com, example.org" in page
    assert "only announced" not in page


@pytest.mark.parametrize("kept", [WELL, f"angor1other {WELL}", "*"])
def test_what_one_indexer_alone_told_says_so_on_its_page_and_in_the_count(
    village: Village, content: pages.Content, kept: str
) -> None:
    made = report(village, unwitnessed=kept)
    assert alone(made) == ["unwitnessed/well"]
    assert "One indexer alone told the history of 1 of 1 Angor projects" in health(made, content)
    files = dict(pages.render(made, content))
    assert "One Bitcoin indexer alone told the history" in files["p/well/index.html"].decode()


@pytest.mark.parametrize(("kept", "says"), [("angor1a angor1b", "2"), ("*", "too many to name")])
def test_foundings_that_one_indexer_alone_denied_are_counted(
    village: Village, content: pages.Content, kept: str, says: str
) -> None:
    made = report(village, unfounded=kept)
    assert alone(made) == []
    page = " ".join(health(made, content).split())
    assert f"one indexer alone said that no transaction founds them: {says}." in page


def test_another_projects_name_says_nothing_of_this_one(village: Village) -> None:
    assert alone(report(village, unwitnessed="angor1other")) == []


def test_with_one_indexer_nothing_is_witnessed_whatever_the_run_kept(village: Village) -> None:
    assert alone(report(village, sources={"indexers": ["https://indexer.example.org"]})) == [
        "unwitnessed/well"
    ]
