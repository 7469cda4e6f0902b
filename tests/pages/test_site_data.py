"""What programs read of a site: status, data package, sitemap, calendars; tools of others judge each."""

import json
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import icalendar
import pytest

from generator.pages.calendar import calendar_files
from generator.pages.search_files import search_files
from generator.report import Report
from tests.support.fair import Fair, fair

BASE = "https://watershed.example/funding/"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def real() -> Report:
    """Return the fair as if it were no demo: what is invented is not to be found by crawlers."""
    it: Fair = fair()
    it.demo = False
    return it.report()


def on_disk(files: Mapping[str, bytes], folder: Path) -> Path:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def test_frictionless_reads_every_cell_by_the_dictionary(files: dict[str, bytes], tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own libraries
        from frictionless import Package, validate  # noqa: PLC0415 -- a second to import, for this alone

        folder = on_disk(files, tmp_path)
        found = validate(str(folder / "datapackage.json"))
        package = Package(str(folder / "datapackage.json"))
        tables = {
            resource.path: resource.read_rows() for resource in package.resources if resource.schema.fields
        }
    assert found.valid, found.flatten(["name", "rowNumber", "fieldName", "note"])[:5]
    csv = {path for path in files if "/ledger/" in path or "statements" in path if path.endswith(".csv")}
    assert set(tables) == csv, "every table has a dictionary"
    rows = [row for path, some in tables.items() if path.startswith("p/well/ledger/2") for row in some]
    raised = sum(
        row["amount_msat"]
        for row in rows
        if row["status"] == "confirmed" and row["kind"] in ("payment", "investment")
    )
    figures = json.loads(files["p/well/figures.json"])["figures"]
    assert raised == next(figure["value"] for figure in figures if figure["id"] == "well/raised")
    print(f"{len(package.resources)} resources, {sum(map(len, tables.values()))} rows read")


def test_a_wrong_cell_is_found_by_its_column(files: dict[str, bytes], tmp_path: Path) -> None:
    """So that the test above can fail."""
    path = "p/seed/ledger/ledger.csv"
    spoilt = files[path].replace(b"confirmed", b"perhaps", 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from frictionless import validate  # noqa: PLC0415

        found = validate(str(on_disk({**files, path: spoilt}, tmp_path) / "datapackage.json"))
    assert {(row[0], row[1]) for row in found.flatten(["fieldName", "type"])} >= {
        ("status", "constraint-error")
    }


def test_each_column_of_a_table_is_explained(files: dict[str, bytes]) -> None:
    for name, table in (("entries", "p/seed/ledger/ledger.csv"), ("statements", "statements/statements.csv")):
        fields = json.loads(files[f"data/tables/{name}.json"])["fields"]
        header = files[table].decode().splitlines()[0].split(",")
        assert [field["name"] for field in fields] == header
        assert all(field["description"].endswith(".") for field in fields)


def test_status_says_what_the_report_says(files: dict[str, bytes], report: Report) -> None:
    status = json.loads(files["status.json"])
    assert (status["as_of"], status["snapshot"]) == ("2025-11-22T06:10:00Z", report.snapshot)
    assert status["fresh"] is False, "a server of the fair is down"
    assert (status["projects"], status["projects_read"]) == tuple(
        report.figures[name].value for name in ("projects", "projects_read")
    )
    states = {source.name: source for source in report.sources}
    assert [source["name"] for source in status["sources"]] == list(states)
    for source in status["sources"]:
        stale = states[source["name"]].stale
        assert (source["state"] in ("stale", "silent")) == stale, source


def test_the_sitemap_has_every_page_and_the_day_of_its_data(real: Report, files: dict[str, bytes]) -> None:
    found = search_files(real, files)
    assert found["robots.txt"].decode().endswith(f"Sitemap: {BASE}sitemap.xml\n")
    entries = {
        entry.findtext(f"{SITEMAP}loc"): entry.findtext(f"{SITEMAP}lastmod")
        for entry in ET.fromstring(found["sitemap.xml"])  # noqa: S314 -- our own bytes
    }
    pages = {path for path in files if path.endswith("index.html")}
    assert entries.keys() == {BASE + path.removesuffix("index.html") for path in pages}
    changed = {project.slug: project.changed_at for project in real.projects}
    assert entries[f"{BASE}p/well/"] == f"{changed['well']:%Y-%m-%d}"
    assert entries[BASE] is None, "a day that moves with each run would change the file with each run"


def test_a_large_sitemap_is_an_index_of_several(real: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.pages.search_files._MOST", 2)
    found = search_files(real, [f"p/{name}/index.html" for name in ("a", "b", "c")])
    index = ET.fromstring(found["sitemap.xml"])  # noqa: S314
    assert [entry.findtext(f"{SITEMAP}loc") for entry in index] == [
        f"{BASE}sitemap-1.xml",
        f"{BASE}sitemap-2.xml",
    ]
    assert {len(ET.fromstring(found[f"sitemap-{number}.xml"])) for number in (1, 2)} == {1, 2}  # noqa: S314


def test_the_demo_asks_to_be_left_out(report: Report) -> None:
    assert search_files(report, ["index.html"]) == {"robots.txt": b"User-agent: *\nDisallow: /\n"}


def test_icalendar_reads_every_calendar(report: Report) -> None:
    found = calendar_files(report)
    assert {"stages/stages.ics", "p/well/calendar.ics", "p/maktaba/calendar.ics"} <= found.keys()
    for path, data in found.items():
        calendar = icalendar.Calendar.from_ical(data)
        assert isinstance(calendar, icalendar.Calendar)
        events: list[Any] = calendar.walk("VEVENT")
        assert not calendar.errors
        assert not [event.errors for event in events if event.errors], path
        assert len({str(event["UID"]) for event in events}) == len(events)
        assert all(event["DTSTAMP"] and event["SUMMARY"] for event in events)


def test_a_project_calendar_has_its_last_day(report: Report) -> None:
    calendar = icalendar.Calendar.from_ical(calendar_files(report)["p/maktaba/calendar.ics"])
    assert isinstance(calendar, icalendar.Calendar)
    [event] = calendar.walk("VEVENT")
    assert event.decoded("DTSTART") == date(2026, 2, 27), "the goal counts until 28 February, midnight"
