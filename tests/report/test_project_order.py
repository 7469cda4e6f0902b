"""Projects stand by what they lack: those behind first, whatever unit their goal has."""

from datetime import date
from decimal import Decimal

from generator.report.portfolio.project_order import behind_first, time_gone
from tests.support.fair import BTCPAY, Fair, at, fair

TODAY = date(2025, 11, 22)
#: slug → goal, first day, last day, sats paid, in the order that is expected
STATES: tuple[tuple[str, dict[str, object], str | None, str | None, int], ...] = (
    ("far-behind", {"sats": 1_000_000}, "2025-01-01", "2025-12-01", 100_000),
    ("behind", {"sats": 1_000_000}, "2025-01-01", "2025-12-01", 600_000),
    ("in-euro", {"fiat": "1000 EUR"}, "2025-01-01", "2025-12-01", 900_000),
    ("begun", {"sats": 1_000_000}, "2025-11-01", "2026-11-01", 300_000),
    ("endless-poor", {"sats": 1_000_000}, None, None, 100_000),
    ("endless", {"sats": 1_000_000}, None, None, 900_000),
    ("ended", {"sats": 1_000_000}, "2025-01-01", "2025-10-01", 999_999),
    ("reached", {"sats": 1_000_000}, "2025-01-01", "2025-12-01", 1_000_000),
    ("no-goal", {}, None, None, 5_000_000),
)


def test_those_behind_come_first() -> None:
    it = Fair()
    for slug, goal, begins, ends, sat in reversed(STATES):
        it.configure(slug, btcpay={"source": "pay", "app": slug}, **({"goal": goal} if goal else {}))
        dates = {"starts_at": begins and at(begins), "ends_at": ends and at(ends)}
        it.project(slug, BTCPAY, kind="crowdfund", **dates)
        it.pay(slug, "2025-02-01" if begins != "2025-11-01" else "2025-11-03", sat)
    _rate(it)
    it.configure("never", btcpay={"source": "donate", "app": "N"})
    found = [project.slug for project in behind_first(it.report().projects, TODAY)]
    running = [slug for slug, *_ in STATES[:6]]
    assert found == [*running, "never", *(slug for slug, *_ in STATES[6:])]


def _rate(it: Fair) -> None:
    it.records += [record for record in fair().records if record.key[0] == "rate"]


def test_time_goes_from_none_to_all() -> None:
    it = fair()
    well = next(project for project in it.report().projects if project.slug == "well")
    assert time_gone(well, date(2025, 5, 4)) == 0
    assert time_gone(well, TODAY) == Decimal(100 * 202) / 272
    assert time_gone(well, date(2027, 1, 1)) == 100
