"""Feeds say what happened: other people's parsers read them, each amount is a figure, ids stay."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import fastfeedparser
import feedparser
import pytest

from generator.pages.feeds import feed_files
from generator.pages.news_words import sentence
from generator.pages.surroundings import ProjectUpdate
from generator.report import Report
from generator.report.history.news import NewsKind
from generator.sentence import Written
from generator.wording import Shown, plain, shown_in
from tests.support.fair import fair

WHOLE = "feed"
UPDATES = {
    "well": (
        ProjectUpdate(day=date(2025, 11, 23), title=Written("Of tomorrow"), path="news/tomorrow/index.html"),
        ProjectUpdate(
            day=date(2025, 11, 5), title=Written("A <pump> & 5\ntaps"), path="news/pump/index.html"
        ),
    ),
    "nobody": (
        ProjectUpdate(day=date(2025, 11, 5), title=Written("Of nobody"), path="news/else/index.html"),
    ),
}


@pytest.fixture(scope="module")
def feeds(report: Report) -> dict[str, bytes]:
    return feed_files(report, UPDATES)


def items(feeds: dict[str, bytes], name: str = WHOLE) -> list[dict[str, Any]]:
    found = json.loads(feeds[f"{name}.json"])["items"]
    assert isinstance(found, list)
    return found


def test_two_parsers_of_others_read_every_feed(feeds: dict[str, bytes]) -> None:
    for path in (path for path in feeds if path.endswith(".atom")):
        ours = items(feeds, path.removesuffix(".atom"))
        atom = feedparser.parse(feeds[path])
        assert (atom.bozo, atom.version) == (False, "atom10"), (path, atom.get("bozo_exception"))
        wanted = [(item["id"], item["title"], item["content_text"], item["url"]) for item in ours]
        read = [(entry.id, entry.title, entry.content[0].value, entry.link) for entry in atom.entries]
        assert read == wanted, path
        times = [datetime(*entry.updated_parsed[:6], tzinfo=UTC) for entry in atom.entries]
        assert times == [datetime.fromisoformat(item["date_published"]) for item in ours]
        assert times == sorted(times, reverse=True)
        for kind in ("atom", "json"):
            second = fastfeedparser.parse(feeds[f"{path.removesuffix('.atom')}.{kind}"])
            assert [entry["id"] for entry in second.entries] == [item["id"] for item in ours]
        print(f"{path}: {len(read)} entries")


def test_the_fair_has_every_kind_of_event_that_its_people_made(feeds: dict[str, bytes]) -> None:
    kinds = {tag for item in items(feeds) for tag in item["tags"]}
    assert kinds >= {
        NewsKind.REACHED,
        NewsKind.OPENED,
        NewsKind.CLAIM,
        NewsKind.REFUND,
        NewsKind.RELEASE,
        NewsKind.RECOVERY,
        NewsKind.UNCLASSIFIED,
        NewsKind.SILENT,
        NewsKind.ANSWERED,
    }


@pytest.mark.parametrize(
    ("name", "title"),
    [(WHOLE, "Village well and pump for Oberquell: A <pump> & 5 taps"), ("p/well/feed", "A <pump> & 5 taps")],
)
def test_an_update_is_an_entry_on_its_day_that_leads_to_its_page(
    name: str, title: str, feeds: dict[str, bytes]
) -> None:
    [ours] = [item for item in items(feeds, name) if item["tags"] == [NewsKind.UPDATE]]
    assert (ours["title"], ours["date_published"]) == (title, "2025-11-05T00:00:00Z")
    for parsed in (feedparser.parse(feeds[f"{name}.atom"]), fastfeedparser.parse(feeds[f"{name}.atom"])):
        [entry] = [entry for entry in parsed.entries if entry["id"] == ours["id"]]
        assert entry["title"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == title
        assert entry["link"] == "https://watershed.example/funding/news/pump/"
    everything = b"".join(feeds.values())
    assert b"Of tomorrow" not in everything
    assert b"Of nobody" not in everything
    assert b"taps" not in feeds["p/solar/feed.atom"]


def test_each_amount_is_a_figure_and_no_other_number_has_a_unit(
    feeds: dict[str, bytes], report: Report
) -> None:
    amount = re.compile(
        r"[\d\N{NARROW NO-BREAK SPACE}.]*\d\N{NARROW NO-BREAK SPACE}sats?|[A-Z]{3}\N{NO-BREAK SPACE}[\d.,]+"
    )
    compared = 0
    for path in (path for path in feeds if path.endswith(".json")):
        for item in json.loads(feeds[path])["items"]:
            figures = [report.figure(name) for name in item["_sunlit"]["figures"]]
            texts = [Shown(figure).text for figure in figures if figure]
            assert len(texts) == len(figures)
            rest = item["content_text"]
            for text in texts:
                assert text in rest
                rest = rest.replace(text, "", 1)
            assert not amount.search(rest), rest
            compared += len(texts)
    assert compared > 20
    print(f"{compared} amounts compared")


def test_the_claims_of_a_day_are_one_event_with_their_sum(report: Report) -> None:
    well = next(project for project in report.projects if project.slug == "well")
    [event] = [event for event in well.news if event.id == "claim/well/2025-09-24"]
    rows = [row for row in well.entries if row.kind == "claim" and f"{row.at:%Y-%m-%d}" == "2025-09-24"]
    assert event.figures[0].value == sum(row.amount_msat for row in rows)
    assert event.figures[0] == well.figures["moved@claimed@2025-09-24"]


def test_the_goal_is_reached_by_the_first_row_that_comes_up_to_it(report: Report) -> None:
    lantern = next(project for project in report.projects if project.slug == "lantern")
    [event] = [event for event in lantern.news if event.kind is NewsKind.REACHED]
    before = sum(row.amount_msat for row in lantern.entries if row.at < event.at)
    until = sum(row.amount_msat for row in lantern.entries if row.at <= event.at)
    assert before < 30_000_000_000 <= until


def test_a_stage_of_the_future_is_no_event(report: Report) -> None:
    for project in report.projects:
        days = [event.at for event in project.news if event.kind is NewsKind.OPENED]
        assert all(day <= report.as_of for day in days)
        assert len(days) == sum(
            bool(stage.number) and stage.opens_on <= report.as_of.date() for stage in project.stages
        )


def test_a_source_is_silent_once_its_data_is_older_than_allowed(report: Report) -> None:
    gap = [(event.kind, f"{event.at:%Y-%m-%dT%H}") for event in report.incidents if event.source == "angor"]
    assert gap == [(NewsKind.SILENT, "2025-10-05T18"), (NewsKind.ANSWERED, "2025-10-12T06")]
    late = [event for event in report.incidents if event.source not in ("angor", "rates")]
    assert late[-1].kind is NewsKind.SILENT
    assert f"{late[-1].at:%Y-%m-%dT%H}" == "2025-11-20T18", "36 hours after the last answer"


def test_a_project_feed_has_its_own_events_and_incidents_of_its_sources_alone(
    feeds: dict[str, bytes],
) -> None:
    for item in items(feeds, "p/well/feed"):
        assert item["_sunlit"].get("project", "well") == "well"
        assert not item["title"].startswith("Village well"), "the feed's own title has it"
    assert any("source" in item["_sunlit"] for item in items(feeds, "p/well/feed"))


def test_the_same_report_gives_the_same_feeds_and_says_that_it_is_a_demo(feeds: dict[str, bytes]) -> None:
    assert feed_files(fair().report(), UPDATES) == feeds
    for path, data in feeds.items():
        assert b"Demo data. " in data, path
    assert all(item["content_text"].startswith("Demo data. ") for item in items(feeds))


def test_every_kind_has_a_sentence(report: Report) -> None:
    told = {event.kind: sentence(event) for project in report.projects for event in project.news}
    for kind, words in told.items():
        assert "{" not in plain(words), kind
        assert shown_in(words) or kind is NewsKind.TERMS
