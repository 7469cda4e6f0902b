"""What the report says of announced projects that it could not read."""

from datetime import UTC, datetime

import pytest

from generator.pages.health_incidents import status
from generator.report.census import Standing
from generator.report.figures.bounds import Bound
from generator.report.known_in_part import lines_in_part
from generator.snapshot import Announced, Cause, Census, Finding, Result
from generator.wording import plain
from tests.support.village import WELL, Village

SINCE = datetime(2025, 1, 5, tzinfo=UTC)
FAR = "angor1qveshyenpwfnxzunxv9exvctjveshyenpr9jrgg"
DUST = "angor1qv36hxaryw4ehger4wd6xgatnw3j82um570y78g"


def announced(identifier: str, outcome: Census, cause: Cause | None = None, **more: object) -> Announced:
    return Announced(
        id=f"angor:{identifier}",
        source="angor",
        outcome=outcome,
        cause=cause,
        reason="" if outcome is Census.READ else "no server shows it",
        since=SINCE,
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def village() -> Village:
    found = Village()
    found.run("2025-01-10")
    found.says("well", "angor", identifier=WELL)
    found.entry("well", "investment", 5_000, "2025-01-07")
    found.settings |= {
        "angor": {"discover": "all"},
        "projects": [{"slug": "well", "angor": WELL}],
    }
    found.records.append(announced(WELL, Census.READ))
    return found


def test_what_is_only_announced_or_of_unknown_terms_bounds_nothing(village: Village) -> None:
    village.records += [announced(FAR, Census.UNFOUNDED), announced(DUST, Census.UNKNOWN_TERMS)]
    report = village.report()
    assert (report.figures["raised"].value, report.figures["raised"].bound) == (5_000_000, Bound.EXACT)
    assert [report.figures[name].value for name in ("projects", "projects_read")] == [2, 1]
    assert list(lines_in_part(report)) == []


def test_an_unread_project_makes_every_sum_at_least_and_is_named(village: Village) -> None:
    village.records.append(announced(FAR, Census.UNREAD, Cause.BYTES, at_most_msat=7_000))
    report = village.report()
    for name in ("raised", "locked", "fee", "contributions", "raised_of@invest", "projects_of@invest"):
        assert report.figures[name].bound is Bound.AT_LEAST, name
    assert report.figures["net"].bound is not Bound.EXACT
    assert (report.figures["projects"].value, report.figures["projects_read"].value) == (2, 1)
    assert [(row.name, row.standing) for row in report.census.unseen] == [(FAR, Standing.UNREAD)]
    most = report.figures[f"raised_at_most@{FAR}"]
    assert (most.value, most.bound) == (7_000, Bound.AT_MOST)
    [line] = lines_in_part(report)
    assert line.startswith(f"Not read: {FAR} (no server shows it);")
    assert any(note.id == f"unread/{FAR}" for note in report.notes)
    assert report.by_source[0].raised.bound is Bound.AT_LEAST


def test_the_health_page_counts_as_the_figures_do_and_names_what_is_missing(village: Village) -> None:
    village.records[-1] = announced(WELL, Census.UNREAD, Cause.HISTORY)  # kept from before
    village.records.append(announced(FAR, Census.UNREAD, Cause.BYTES))
    report = village.report()
    assert (report.figures["projects"].value, report.figures["projects_read"].value) == (2, 0)
    title = report.projects[0].title
    assert plain(status(report)).startswith(
        f"0 of 2 projects are read. {title} is not read to its end. {FAR} is not read yet."
    )


def test_a_gap_that_is_accepted_is_quiet_and_stays_at_least(village: Village) -> None:
    village.records.append(announced(FAR, Census.UNREAD, Cause.EVENT))
    village.settings["accepted"] = [{"place": FAR, "reason": "its founder lost the event in 2025"}]
    report = village.report()
    assert list(lines_in_part(report)) == []
    assert report.figures["raised"].bound is Bound.AT_LEAST
    assert report.census.unseen[0].accepted == "its founder lost the event in 2025"


def test_each_cause_is_told_and_who_waits_for_a_turn_needs_no_accepting(village: Village) -> None:
    village.records += [
        announced(FAR, Census.UNREAD, Cause.BYTES),
        announced(DUST, Census.UNREAD, Cause.BUDGET),
    ]
    shown = {line.split(":")[0]: line for line in lines_in_part(village.report())}
    assert list(shown) == ["The run ended before the turn of", "Not read"]
    assert FAR in shown["Not read"]
    assert "accepted in config.yaml" in shown["Not read"]
    waits = shown["The run ended before the turn of"]
    assert DUST in waits
    assert "the next run goes on" in waits
    assert "--budget" in waits
    assert "accepted" not in waits


@pytest.mark.parametrize("was_read", [True, False])
def test_a_hidden_project_is_in_no_sum_and_bounds_none(village: Village, *, was_read: bool) -> None:
    if was_read:
        village.says(FAR, "angor", identifier=FAR)
    village.settings["angor"] = {"discover": "all", "moderation": "deny", "moderators": ["0" * 63 + "1"]}
    refused = Finding(
        id=f"moderation/{FAR}",
        source="angor",
        place=f"angor:{FAR}",
        check="moderation",
        subject=FAR,
        result=Result.FAILED,
        reason="on the list",
    )
    village.records += [announced(FAR, Census.UNREAD, Cause.HISTORY, at_most_msat=7_000), refused]
    report = village.report()
    assert [row.standing for row in report.census.rows if row.identifier == FAR] == [Standing.HIDDEN]
    assert not [figure.id for figure in report.all_figures() if FAR in figure.id]
    assert list(lines_in_part(report)) == []
    assert report.figures["raised"].bound is Bound.EXACT


def test_a_listed_project_that_was_never_read_is_named_by_its_slug(village: Village) -> None:
    village.settings |= {
        "angor": {"discover": "listed"},
        "projects": [{"slug": "well", "angor": WELL}, {"slug": "far", "angor": FAR}],
    }
    village.records.append(announced(FAR, Census.UNREAD, Cause.BYTES))
    report = village.report()
    assert report.figures["raised"].bound is Bound.AT_LEAST
    assert report.figures["projects_read"].value == 1
    [line] = lines_in_part(report)
    assert line.startswith("Not read: far (")
