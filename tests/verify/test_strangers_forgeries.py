"""Forgeries of feeds, calendars, badges and cards of another version, which state no number of their own."""

import json
import re
from collections.abc import Callable

import pytest

from generator.verify.dated_items import dated_items
from generator.verify.site_copy import SiteCopy
from generator.verify.strict_json import read_json
from tests.support.growth import LINEAR, TIMES, growth
from tests.verify.original import Original, text_checks

Files = dict[str, bytes]
CALENDAR, ATOM, FEED = "p/solar-roof/calendar.ics", "feed.atom", "feed.json"


def changing(path: str, pattern: str, instead: str) -> Callable[[Files], Files]:
    def edit(files: Files) -> Files:
        text = re.sub(pattern, instead, files[path].decode(), count=1, flags=re.DOTALL)
        return {**files, path: text.encode()}

    return edit


def taking(path: str, instead: str) -> Callable[[Files], Files]:
    return lambda files: {**files, path: files[instead]}


def without(path: str) -> Callable[[Files], Files]:
    return lambda files: {name: data for name, data in files.items() if name != path}


FORGED = {
    "the day of an item": changing(FEED, r"2026-01-31(.*)2026-01-25", r"2026-01-25\g<1>2026-01-31"),
    "the project of an item": changing(FEED, r'"project": "makers-hall"', '"project": "solar-roof"'),
    "the figures of an item": changing(FEED, r'"makers-hall/moved[^"]*"', '"solar-roof/raised"'),
    "a number that is none": changing(FEED, r'"version"', '"x": NaN, "version"'),
    "the day of an entry": changing(
        ATOM, r"<entry>(.*?)<updated>[^<]*", r"<entry>\g<1><updated>2026-01-22T00:00:00Z"
    ),
    "a document type": changing(ATOM, r"<feed", '<!DOCTYPE feed [<!ENTITY r "all">]><feed'),
    "a style of feeds": changing(ATOM, r"<feed", '<?xml-stylesheet href="x.xsl"?><feed'),
    "a comment of a feed": changing(ATOM, r"<entry>", "<!-- all --><entry>"),
    "another coding": changing(ATOM, r'encoding="utf-8"', 'encoding="utf-7"'),
    "days of two events": changing(
        CALENDAR, r"DATE:20260301(.*)DATE:20250330", r"DATE:20250330\1DATE:20260301"
    ),
    "an event that is called off": changing(CALENDAR, "TRANSP:", "STATUS:CANCELLED\r\nTRANSP:"),
    "an event that comes again": changing(CALENDAR, "TRANSP:", "RRULE:FREQ=YEARLY\r\nTRANSP:"),
    "an event that is called off in a folded line": changing(
        CALENDAR, "TRANSP:", "sta\r\n tus:cancelled\r\nTRANSP:"
    ),
    "two days of an event": changing(CALENDAR, r"(DATE:20260301)", r"\1\r\nDTSTART;VALUE=DATE:20250330"),
    "a badge of another project": taking("badge/solar-roof/raised.svg", "badge/makers-hall/raised.svg"),
    "a card of another project": taking("embed/solar-roof.html", "embed/makers-hall.html"),
    "a badge of no project": taking("badge/ghost/raised.svg", "badge/solar-roof/raised.svg"),
    "data of a badge of no project": taking("badge/ghost/raised.json", "badge/solar-roof/raised.json"),
    "a card of no project": taking("embed/ghost.html", "embed/solar-roof.html"),
    "an answer of oEmbed of no project": taking("embed/ghost.json", "embed/solar-roof.json"),
    "the page of outages left out": without("health/index.html"),
}


def told(files: Files, honest: Files) -> list[str]:
    copy = SiteCopy(subject="site", files=files, listed=True)
    return [problem for check in text_checks(copy, honest) for problem in check.problems]


@pytest.mark.parametrize("name", FORGED)
def test_what_another_version_says_of_whom_and_when(name: str, original: Original) -> None:
    honest = dict(original.copy.files)
    forged = FORGED[name](honest)
    assert forged != honest, "nothing is forged"
    found = told(forged, honest)
    print(name, found)
    assert found


def test_other_words_in_feeds_and_calendars_are_no_lies(original: Original) -> None:
    honest = dict(original.copy.files)
    feed = json.loads(honest[FEED])
    feed["items"] = [{**item, "tags": ["news"]} for item in feed["items"][1:]]
    files = {
        **changing(CALENDAR, r"last day\r?\n", "its end\r\n")(honest),
        FEED: json.dumps(feed).encode(),
        ATOM: honest[ATOM].replace(b"<generator>Sunlit", b"<generator>Sunlit later"),
    }
    assert files != honest
    assert told(files, honest) == []


def test_a_list_for_crawlers_of_another_version_is_no_lie(original: Original) -> None:
    row = b"<url><loc>https://fund.example/p/</loc></url>\n"
    made = {**original.copy.files, "sitemap.xml": b'<?xml version="1.0" encoding="UTF-8"?>\n' + 2 * row}
    assert told({**made, "sitemap.xml": made["sitemap.xml"].replace(row, b"", 1)}, made) == []


@pytest.mark.parametrize(
    "text", [b"NaN", b'{"a":-Infinity}', '{"a":1}'.encode("utf-16"), b"\xef\xbb\xbf1", b"1 1"]
)
def test_json_that_not_everybody_reads_alike(text: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_json(text)


@pytest.mark.parametrize(
    ("path", "head", "item", "count"),
    [
        ("feed.atom", "", "<id>a</id>", 60_000),
        ("feed.atom", "", "<entry><id>a</id>", 40_000),
        ("stages/stages.ics", "BEGIN:VEVENT\n", "UID:a\nDTSTART:20260101\n", 30_000),
        ("stages/stages.ics", "", "BEGIN:VEVENT\nUID:a\n", 40_000),
    ],
)
def test_items_without_end_are_read_in_time(path: str, head: str, item: str, count: int) -> None:
    assert growth(lambda items: dated_items(path, head + item * items), count // TIMES) < LINEAR


def test_nesting_that_is_read_and_cannot_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]
    item = {"items": [{"id": "a", "_sunlit": nested}]}
    monkeypatch.setattr("generator.verify.dated_items.read_json", lambda _: item)  # as Python 3.13 reads it
    found = dated_items("feed.json", "{}")
    assert [*found.found.values()] == [{" nested without end": None}]
