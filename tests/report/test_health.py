"""The health of sources: every day of the strip is what its runs say, and no day is guessed."""

from datetime import date, timedelta

import msgspec
import pytest

from generator.report import DayCoverage, Health
from generator.report.health.coverage import SPAN, missing_ranges
from tests.support.village import SHOP, Village


def of(village: Village, name: str) -> Health:
    return next(source for source in village.report().health if source.state.name == name)


def watched(one: Health) -> dict[int, DayCoverage]:
    """Return the days of January by their number."""
    return {day.day: watch for day, watch in one.days}


def test_each_day_is_answered_failed_not_due_or_unseen(village: Village) -> None:
    village.settings["quality"] = {"max_age_hours": 60}
    village.run("2025-01-01T06:00", angor="ok", shop="ok")
    village.run("2025-01-03T06:00", angor="ok", shop="ok")  # 48 hours: nothing was due on the 2nd
    village.run("2025-01-04T06:00", angor="ok", shop="unavailable")
    village.run("2025-01-04T18:00", angor="ok", shop="refused")
    village.run("2025-01-05T06:00", angor="ok", shop="unavailable")
    village.run("2025-01-05T07:00", angor="ok", shop="ok")
    village.run("2025-01-09T06:00", angor="ok", shop="ok")  # nobody looked for four days
    shop = of(village, SHOP)
    answered, quiet, failed, silent = (
        DayCoverage.ANSWERED,
        DayCoverage.QUIET,
        DayCoverage.FAILED,
        DayCoverage.SILENT,
    )
    expected = [answered, quiet, answered, failed, answered, silent, silent, silent, answered]
    assert watched(shop) == dict(enumerate(expected, 1))
    assert (shop.answered.value, shop.missing.value, shop.failed.value) == (4, 4, 3)
    assert missing_ranges(shop) == (
        (date(2025, 1, 4), date(2025, 1, 4)),
        (date(2025, 1, 6), date(2025, 1, 8)),
    )
    assert shop.longest == timedelta(days=3, hours=23)
    assert [(f"{failure.at:%dT%H}", str(failure.outcome)) for failure in shop.failures] == [
        ("05T06", "unavailable"),
        ("04T18", "refused"),
        ("04T06", "unavailable"),
    ]
    assert of(village, "angor").failures == ()


def test_a_source_that_never_answered_is_missing_from_its_first_run_on(village: Village) -> None:
    village.run("2025-01-01T06:00", angor="ok", shop="unavailable")
    village.run("2025-01-03T06:00", angor="ok", shop="unavailable")
    shop = of(village, SHOP)
    assert watched(shop) == {1: DayCoverage.FAILED, 2: DayCoverage.SILENT, 3: DayCoverage.FAILED}
    assert (shop.answered.value, shop.missing.value, shop.longest) == (0, 3, None)


def test_a_source_that_was_never_asked_has_unknown_figures(village: Village) -> None:
    village.run("2025-01-01T06:00", angor="ok")
    shop = of(village, SHOP)
    assert shop.days == ()
    assert [shop.answered.value, shop.missing.value, shop.failed.value] == [None, None, None]


@pytest.mark.parametrize("days", [SPAN - 1, SPAN, SPAN + 40])
def test_the_strip_ends_today_and_is_never_longer_than_its_span(village: Village, days: int) -> None:
    first = Village.moment("2025-01-01T06:00")
    for number in range(days):
        outcome = "unavailable" if number == 0 else "ok"
        village.run((first + timedelta(number)).strftime("%Y-%m-%dT%H:%M"), angor="ok", shop=outcome)
    shop, today = of(village, SHOP), first.date() + timedelta(days - 1)
    assert shop.days[-1][0] == today
    assert len(shop.days) == min(days, SPAN)
    assert [day for day, _ in shop.days] == [
        today - timedelta(back) for back in reversed(range(len(shop.days)))
    ]
    assert shop.failed.value == (1 if days <= SPAN else 0)  # what is older than the strip is not counted
    assert missing_ranges(shop) == (((first.date(), first.date()),) if days <= SPAN else ())


def test_each_server_behind_a_source_is_named_with_what_it_said_last(village: Village) -> None:
    first, last = village.run("2025-01-01"), village.run("2025-01-02")
    for run, told in ((first, "complete"), (last, "closed (no \u202e" + "x" * 400)):
        reads = {"full_at": "2025-01-01T00:00:00Z", "indexer b.example": "ok", "relay wss://a.example": told}
        asked = (msgspec.structs.replace(run.asked[0], reads=reads), *run.asked[1:])
        village.runs[village.runs.index(run)] = msgspec.structs.replace(run, asked=asked)
    relay, indexer = of(village, "angor").servers
    assert (relay.label, indexer.label, indexer.answer) == (
        "relay wss://a.example",
        "indexer b.example",
        "ok",
    )
    assert relay.answer.startswith("closed (no x")
    assert len(relay.answer) == 300
    assert of(village, SHOP).servers == ()
