"""Ages, gaps and notes come from the log: from run records, never from the clock."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from generator.pages.method_page import pages
from generator.pages.page import Content
from generator.report.days import OPEN_END, merged
from generator.report.health.source_states import gaps
from generator.snapshot import Finding, Outcome, Result
from generator.wording import plain
from tests.support.village import SHOP

if TYPE_CHECKING:
    from tests.support.village import Village

LIMIT = timedelta(hours=36)


@pytest.mark.parametrize(
    ("moments", "as_of", "expected"),
    [
        ([], "2025-01-10", []),
        (["2025-01-01T06:00", "2025-01-02T06:00"], "2025-01-02T06:00", []),
        (["2025-01-01T06:00", "2025-01-02T18:00"], "2025-01-02T18:00", []),  # 36 hours exactly
        (["2025-01-01T20:00", "2025-01-03T09:00"], "2025-01-03T09:00", [("2025-01-02", "2025-01-02")]),
        (["2025-01-01T00:30", "2025-01-02T23:00"], "2025-01-02T23:00", []),  # no whole day between
        (["2025-01-02T06:00", "2025-01-06T06:00"], "2025-01-06T06:00", [("2025-01-03", "2025-01-05")]),
        (["2025-01-02T06:00"], "2025-01-06T06:00", [("2025-01-03", "9999-12-31")]),  # still silent
        (["2025-01-02T20:00"], "2025-01-04T08:00", []),  # 36 hours exactly
        (["2025-01-02T20:00"], "2025-01-04T08:01", [("2025-01-03", "9999-12-31")]),
    ],
)
def test_gaps(village: "Village", moments: list[str], as_of: str, expected: list[tuple[str, str]]) -> None:
    times = [village.moment(text) for text in moments]
    found = gaps(times, village.moment(as_of), LIMIT)
    assert [(str(first), str(last)) for first, last in found] == expected


def test_ranges_that_touch_are_one() -> None:
    days = [date(2025, 1, day) for day in range(1, 10)]
    ranges = [
        (days[4], days[5]),
        (days[0], days[1]),
        (days[2], days[2]),
        (days[7], days[8]),
        (days[4], days[4]),
    ]
    assert merged(ranges) == ((days[0], days[2]), (days[4], days[5]), (days[7], days[8]))


def test_the_state_of_each_source(village: "Village") -> None:
    village.settings = {"units": {"fiat": "EUR"}}
    village.run("2025-01-01T06:00", angor="ok", shop="ok")
    village.run("2025-01-03T06:00", angor="ok", shop="unavailable")
    states = {state.name: state for state in village.report().sources}
    assert list(states) == [SHOP, "angor"]
    shop, angor = states[SHOP], states["angor"]
    assert (shop.label, shop.outcome, shop.age, shop.stale) == (
        "BTCPay pay.example.org",
        Outcome.UNAVAILABLE,
        timedelta(days=2),
        True,
    )
    assert (angor.outcome, angor.age, angor.stale) == (Outcome.OK, timedelta(0), False)


@pytest.mark.parametrize(
    ("discover", "provider", "labels"),
    [
        ("listed", "none", ["BTCPay pay.example.org"]),
        ("all", "none", ["BTCPay pay.example.org", "Angor, from Nostr and Bitcoin"]),
        ("listed", "mempool", ["BTCPay pay.example.org", "Exchange rates, from mempool"]),
    ],
)
def test_only_sources_that_are_asked_have_a_state(
    village: "Village", discover: str, provider: str, labels: list[str]
) -> None:
    plain = village.config().model_dump(mode="json", exclude_defaults=True)
    village.settings = {
        "projects": plain["projects"][1:],
        "angor": {"discover": discover},
        "sources": plain["sources"] | {"rates": {"provider": provider}},
    }
    village.run("2025-01-03T06:00", shop="ok")
    assert [state.label for state in village.report().sources] == labels


def test_a_source_that_was_never_asked_is_stale_and_without_age(village: "Village") -> None:
    village.run("2025-01-03T06:00", angor="ok")
    shop = village.report().sources[0]
    assert (shop.outcome, shop.data_at, shop.age, shop.stale) == (None, None, None, True)
    notes = [note for note in village.report().notes if note.id == f"never/{SHOP}"]
    assert [plain(note.text) for note in notes] == [
        "BTCPay pay.example.org has never answered; what only it knows is shown as unknown, not as zero."
    ]


def test_data_stays_good_while_runs_are_young_enough(village: "Village") -> None:
    village.run("2025-01-01T06:00", angor="ok", shop="ok")
    village.run("2025-01-02T18:00", angor="ok", shop="refused")
    assert [state.stale for state in village.report().sources] == [False, False]
    village.run("2025-01-02T18:01", angor="ok", shop="refused")
    assert [state.stale for state in village.report().sources] == [True, False]


def test_a_silent_source_is_a_gap_of_its_projects_and_missing_runs_of_all(village: "Village") -> None:
    village.says("well", "angor")
    village.says("well", SHOP)
    village.says("bread", SHOP)
    village.run("2025-01-01T06:00", angor="ok", shop="ok")
    village.run("2025-01-06T06:00", angor="ok", shop="unavailable")
    village.run("2025-01-07T06:00", angor="ok", shop="unavailable")
    report = village.report()
    missing, silent = (date(2025, 1, 2), date(2025, 1, 5)), (date(2025, 1, 2), OPEN_END)
    assert report.gaps == (missing,)
    assert [project.gaps for project in report.projects] == [(silent,), (silent,)]
    assert [note.id for note in report.notes] == [f"stale/{SHOP}", "gap/runs/2025-01-02"]
    assert [note.id for note in report.projects[1].notes] == [f"stale/{SHOP}", "gap/bread/2025-01-02"]
    text = plain(report.projects[1].notes[1].text)
    assert text.startswith("Not every source of this project answered since 2 Jan 2025.")


def test_a_growing_gap_keeps_the_id_of_its_note(village: "Village") -> None:
    village.run("2025-01-01T06:00", angor="ok", shop="ok")
    ids = set()
    for day in ("2025-01-04", "2025-01-05"):
        village.run(day, angor="ok", shop="unavailable")
        ids.add(next(note.id for note in village.report().projects[1].notes if note.id.startswith("gap/")))
    assert ids == {"gap/bread/2025-01-02"}


def test_notes_name_what_is_excluded_unclear_or_failed(full: "Village") -> None:
    for name in ("x", "y"):
        full.records.append(
            Finding(
                id=f"stage-scripts/{name}",
                source="angor",
                place="well",
                check="stage-scripts",
                subject=name,
                result=Result.FAILED,
            )
        )
    full.entry("well", "payment", 1, "2025-01-02", status="excluded", reason="marked invalid")
    notes = {note.id: note for note in full.report().projects[0].notes}
    assert list(notes) == ["excluded/well/marked-invalid", "unclassified/well", "failed/well/stage-scripts"]
    excluded = notes["excluded/well/marked-invalid"]
    assert (excluded.day, plain(excluded.text)) == (
        date(2025, 1, 2),
        "2 rows are listed in the ledger but in no sum: marked invalid.",
    )
    assert plain(notes["failed/well/stage-scripts"].text) == (
        "The check stage-scripts failed 2 times; what it contradicts is listed and never summed."
    )


def test_what_is_published_late_is_said_where_figures_are_exact_as_of_then(full: "Village") -> None:
    assert not any(note.id.startswith("delayed/") for note in full.report().notes)
    full.settings["privacy"] = {"publish_delay_hours": 48}
    report = full.report()
    [whole] = [note for note in report.notes if note.id == "delayed/all"]
    assert "published 48 hours after they came" in plain(whole.text)
    for project in report.projects:
        assert f"delayed/{project.slug}" in {note.id for note in project.notes}
    [method] = pages(report, Content(templates={}, pages={}))
    assert plain(method.values["delay"]) == "48 hours"
