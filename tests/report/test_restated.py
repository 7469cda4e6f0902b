"""Sums of the past that an earlier run stated otherwise: from what, to what, and why."""

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from generator import schemas
from generator.ledger import AtReceipt, Entry, Kind, Status, Verification, moves
from generator.report import Report
from generator.report.files.changes_json import encode_changes
from generator.report.history.restatements import (
    SUM_NAMES,
    SUMS_OF_MONTH,
    VALUE_OF_MONTH,
    restatements,
)
from generator.report.history.revisions import RunIndex
from generator.report.place_owners import PlaceOwners
from generator.snapshot import Finding, Known, Line, Record, Result, Withdrawn, fold
from generator.wording import plain
from tests.support.village import SHOP, reported

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.village import Village

LATER = "read only after the month was over"


def told(report: Report) -> list[tuple[str, str, object, object, tuple[str, ...]]]:
    return [
        (
            restatement.sum,
            restatement.month,
            restatement.before.value,
            restatement.after.value,
            tuple(map(plain, restatement.reasons)),
        )
        for project in report.projects
        for restatement in project.restatements
    ]


@pytest.fixture
def runs(village: "Village") -> "Village":
    """Return a village watched on four days; its shop has spoken of both projects at the first."""
    for day in ("2025-05-20", "2025-06-10", "2025-06-11", "2025-07-02"):
        village.run(day)
    return village


def start(village: "Village") -> list[tuple[int, Record]]:
    said = [village.says("well", "angor"), village.says("well", SHOP)]
    return [(0, record) for record in (*said, village.says("bread", SHOP))]


def withdrawn(entry: Entry, reason: str) -> Withdrawn:
    return Withdrawn(id=f"entry/{entry.id}", source=entry.source, reason=reason)


def test_a_reorganised_row_lowers_its_month_and_a_moved_one_two(runs: "Village") -> None:
    gone = runs.entry("well", "investment", 4, "2025-05-31", block="a", height=9)
    moved = runs.entry("well", "investment", 2, "2025-05-31", block="b", height=10)
    stays = runs.entry("well", "investment", 1, "2025-05-02", block="c", height=1)
    there = msgspec.structs.replace(moved, at=runs.moment("2025-06-01"), block="d", height=11)
    report = reported(
        runs,
        *start(runs),
        *((1, record) for record in (gone, moved, stays)),
        (2, withdrawn(gone, "no longer in the chain: block 9 was reorganised")),
        (2, there),
    )
    assert told(report) == [
        (
            "raised",
            "2025-05",
            7000,
            1000,
            (
                "1 row: in another block than before",
                "1 row: no longer in the chain: block 9 was reorganised",
            ),
        ),
        ("raised", "2025-06", 0, 2000, ("1 row: in another block than before",)),
    ]
    [well, _] = report.projects
    assert well.figures["raised"].value == 3000
    assert well.restatements[0].rows == (gone.id, moved.id)
    document = json.loads(encode_changes(report))
    Draft202012Validator(schemas.documents()["changes"]).validate(document)
    assert document["restatements"][0]["seen_before"]["snapshot"] == "1" * 64
    figures = {figure.id: figure.value for figure in report.all_figures()}
    assert [figures[document["restatements"][0][side]] for side in ("before", "after")] == [7000, 1000]


def test_rows_that_come_are_news_until_their_month_is_over(runs: "Village") -> None:
    early = runs.entry("bread", "payment", 1, "2025-05-30")
    waiting = runs.entry("bread", "payment", 2, "2025-05-31", status="pending")
    grown = msgspec.structs.replace(early, amount_msat=5000)
    late = runs.entry("bread", "payment", 8, "2025-06-30")
    report = reported(
        runs,
        *start(runs),
        (1, early),  # May was not over when we had last looked, on 20 May
        (1, waiting),
        (1, runs.entry("bread", "payment", 16, "2025-06-09")),
        (2, grown),
        (2, msgspec.structs.replace(waiting, status=Status.CONFIRMED)),
        (3, late),  # June was not over on 11 June
    )
    assert told(report) == [
        (
            "raised",
            "2025-05",
            1000,
            7000,
            ("1 row: confirmed only after the month was over", f"1 row: {LATER}"),
        )
    ]


def test_each_sum_of_a_month_has_a_name() -> None:
    assert SUM_NAMES.keys() == {*SUMS_OF_MONTH, VALUE_OF_MONTH.name}


def test_a_project_that_is_new_restates_nothing(runs: "Village") -> None:
    old = runs.entry("bread", "payment", 1, "2025-01-30")
    assert told(reported(runs, (2, runs.says("bread", SHOP)), (2, old))) == []
    assert told(reported(runs, (2, runs.says("bread", SHOP)), (3, old)))[0][2:4] == (0, 1000)


def test_corrections_and_exclusions_have_their_reason(runs: "Village") -> None:
    euro = AtReceipt(currency="EUR", amount_msat=9000, value=Decimal("12.5"))
    rated = runs.entry("bread", "payment", 9, "2025-05-03", at_receipt=(euro,))
    smaller = runs.entry("bread", "payment", 8, "2025-06-03")
    refused = runs.entry("bread", "refund", 4, "2025-05-03")
    claim = runs.entry("well", "unclassified", 3, "2025-05-04")
    wrong = runs.entry("well", "fee", 2, "2025-05-05")
    right = msgspec.structs.replace(euro, value=Decimal("13.75"))
    report = reported(
        runs,
        *start(runs),
        *((1, record) for record in (rated, smaller, refused, claim, wrong)),
        (2, msgspec.structs.replace(rated, at_receipt=(right,))),
        (2, msgspec.structs.replace(smaller, amount_msat=5000)),
        (2, refused.excluded("marked invalid")),
        (2, msgspec.structs.replace(claim, kind=Kind.CLAIM)),
        (2, msgspec.structs.replace(wrong, verification=Verification.FAILED)),
        (2, runs.entry("bread", "payment", 1, "2025-06-10")),
    )
    looks = "a claim by a closer look, taken for a unclassified before"
    assert told(report) == [
        ("claimed", "2025-05", 0, 3000, (f"1 row: {looks}",)),
        ("fee", "2025-05", 2000, 0, ("1 row: a check contradicts it",)),
        ("unclassified", "2025-05", 3000, 0, (f"1 row: {looks}",)),
        ("raised", "2025-06", 8000, 6000, ("1 row: its amount was corrected", "1 row: new in the same run")),
        ("refunded", "2025-05", 4000, 0, ("1 row: marked invalid",)),
        ("value@EUR", "2025-05", "12.5", "13.75", ("1 row: its value at receipt was corrected",)),
    ]


def test_an_accepted_drop_is_told_with_the_maintainers_reason(runs: "Village") -> None:
    lost = runs.entry("bread", "payment", 9, "2025-05-03")
    other = runs.entry("well", "investment", 9, "2025-05-03")
    why = "received of bread would fall; accepted by the maintainer: a test invoice"
    accepted = Finding(
        id=f"accepted-drop/{SHOP}/received/bread",
        source=SHOP,
        place="bread",
        check="accepted-drop",
        subject=f"{SHOP}/received/bread",
        result=Result.FAILED,
        reason=why,
    )
    gone = [withdrawn(record, "gone") for record in (lost, other)]
    report = reported(
        runs, *start(runs), (1, lost), (1, other), *((2, record) for record in (*gone, accepted))
    )
    assert [(row[0], row[4]) for row in told(report)] == [
        ("raised", ("1 row: gone",)),
        ("raised", ("1 row: gone", why)),
    ]


def test_what_a_row_trades_with_another_of_its_month_restates_nothing(runs: "Village") -> None:
    one, two = (runs.entry("bread", "payment", sat, "2025-05-03") for sat in (3, 4))
    joined = msgspec.structs.replace(two, amount_msat=7000)
    report = reported(runs, *start(runs), (1, one), (1, two), (2, withdrawn(one, "joined")), (2, joined))
    assert told(report) == []


def test_a_run_that_left_no_record_is_told_by_the_next(runs: "Village") -> None:
    gone = runs.entry("bread", "payment", 9, "2025-05-03")
    lines = [Line(run=run.id, record=run) for run in runs.runs]
    lines += [runs.line(runs.runs[n].id, record) for n, record in start(runs)]
    lines += [runs.line(runs.runs[1].id, gone)]
    lines += [Line(run="20250611T120000Z-ffffffff", record=withdrawn(gone, "gone"))]
    [one] = restatements(fold(lines), RunIndex(runs.runs), PlaceOwners.of(runs.config()))["bread"]
    assert (one.seen_before.run, one.seen_after.run) == (runs.runs[2].id, runs.runs[3].id)


ROWS = st.lists(
    st.tuples(
        st.integers(0, 3),  # run
        st.integers(0, 2),  # row
        st.sampled_from(["confirmed", "pending", "gone"]),
        st.integers(1, 3),  # sat
        st.sampled_from(["2025-04-30", "2025-05-31", "2025-06-30"]),
    ),
    max_size=12,
)


@given(ROWS)
def test_each_restated_sum_is_what_the_log_gave_at_both_runs(
    fresh: "Callable[[], Village]", rows: list[tuple[int, int, str, int, str]]
) -> None:
    village = fresh()
    for day in ("2025-05-20", "2025-06-10", "2025-06-11", "2025-07-02"):
        village.run(day)
    lines = [Line(run=run.id, record=run) for run in village.runs]
    lines += [village.line(village.runs[n].id, record) for n, record in start(village)]
    for number, name, state, sat, day in sorted(rows, key=lambda row: row[0]):
        entry = village.entry("bread", "payment", sat, day, id=f"row{name}")
        if state == "pending":
            entry = msgspec.structs.replace(entry, status=Status.PENDING)
        record = withdrawn(entry, "gone") if state == "gone" else entry
        lines.append(village.line(village.runs[number].id, record))
    owners = PlaceOwners.of(village.config())
    found = restatements(fold(lines), RunIndex(village.runs), owners).get("bread", ())
    for restatement in found:
        assert restatement.before.value != restatement.after.value
        for look, figure in (
            (restatement.seen_before, restatement.before),
            (restatement.seen_after, restatement.after),
        ):
            known = fold(line for line in lines if line.run <= look.run)
            assert figure.value == raised_in(known, restatement.month), restatement


def raised_in(known: Known, month: str) -> int:
    return sum(
        entry.amount_msat for entry in known.of(Entry) if moves(entry) and f"{entry.at:%Y-%m}" == month
    )
