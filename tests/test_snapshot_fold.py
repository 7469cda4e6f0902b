"""The log: canonical lines, the fold, news, and ids that do not depend on order."""

from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import LogError
from generator.ledger import Declaration, Entry, Kind, Status
from generator.snapshot import (
    SCHEMA,
    Asked,
    EventRecord,
    FileState,
    Finding,
    Heading,
    Known,
    Line,
    Outcome,
    Project,
    Rate,
    Record,
    Result,
    Run,
    Withdrawn,
    decode,
    encode,
    fold,
    news,
    run_id,
    snapshot_id,
)

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
FIRST, SECOND, THIRD = (run_id(NOON.replace(day=day), "a") for day in (6, 7, 8))
HEADING = b'{"month":"2025-01","schema":2,"source":"angor"}\n'


def entry(name: str = "a:0", sat: int = 1) -> Entry:
    return Entry(
        id=name,
        source="angor",
        place="well",
        kind=Kind.INVESTMENT,
        amount_msat=sat * 1000,
        at=NOON,
        status=Status.CONFIRMED,
    )


def gone(name: str = "a:0") -> Withdrawn:
    return Withdrawn(id=f"entry/{name}", source="angor", reason="reorged out")


def rate(price: str) -> Rate:
    return Rate(id="EUR/2025-01-06", source="rates", currency="EUR", day="2025-01-06", price=Decimal(price))


RECORDS: list[Record] = [
    entry(),
    Declaration(id="d", source="b", place="well", amount=Decimal("40.10"), currency="EUR", day="2025-01-06"),
    Project(id="well", source="angor", kind="invest", title='Quote " and \u2028'),
    Finding(id="c/x", source="angor", check="c", subject="x", result=Result.FAILED, reason="1, expected 2"),
    EventRecord(id="e", source="angor", json='{"content":"\\u0000"}'),
    rate("90000.5"),
    gone(),
    Run(
        id=FIRST,
        source="runs",
        at=NOON,
        asked=(Asked(source="angor", outcome=Outcome.OK, counts={"b": 1, "a": 2}),),
        files=(FileState(path="angor/2025-01.jsonl", length=3, sha256="0" * 64),),
    ),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_line_is_read_back_as_what_it_was(record: Record) -> None:
    text = encode(Line(run=FIRST, record=record))
    assert text.endswith(b"\n")
    assert text.count(b"\n") == 1
    assert decode("angor/2025-01.jsonl", HEADING + text)[1] == [Line(run=FIRST, record=record)]


def test_a_line_is_canonical_to_the_byte() -> None:
    assert encode(Line(run="r", record=entry(sat=2))) == (
        b'{"record":{"amount_msat":2000,"at":"2025-01-06T12:00:00Z","id":"a:0","kind":"investment",'
        b'"place":"well","source":"angor","status":"confirmed","type":"entry"},"run":"r"}\n'
    )
    assert encode(Heading(schema=SCHEMA, source="angor", month="2025-01")) == HEADING


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the last line is cut off|log schema None"),
        (HEADING[:-1], "f: the last line is cut off"),
        (HEADING + b'{"run":"r"', "f: the last line is cut off"),
        (b"{}\n", "f:1: no heading"),
        (b"\xff\n", "f:1: no heading"),
        (
            HEADING.replace(b":2,", b":3,"),
            "f:1: log schema 3, expected 2; use the version of Sunlit that wrote it",
        ),
        (HEADING.replace(b":2,", b":1,"), "f:1: log schema 1, expected 2; it was never released: begin a"),
        (HEADING + b"{}\n", "f:2: not a record of schema 2"),
        (HEADING + b"\n", "f:2: not a record of schema 2"),
        (HEADING + encode(Line(run="r", record=entry())).replace(b"2025-01-06T", b"yesterday"), "f:2: "),
        (HEADING + encode(Line(run="r", record=entry())).replace(b"1000", b"-1"), "f:2: .*amount -1 msat"),
        (HEADING + encode(Line(run="r", record=entry())).replace(b"1000", b"1.5"), "f:2: "),
        (HEADING + encode(Line(run="r", record=entry())).replace(b"investment", b"gift"), "f:2: .*'gift'"),
    ],
)
def test_a_damaged_file_is_named_with_its_line(data: bytes, message: str) -> None:
    with pytest.raises(LogError, match=message):
        decode("f", data)


def test_the_latest_run_stands_in_whatever_order_lines_were_appended() -> None:
    lines = [
        Line(run=FIRST, record=entry(sat=1)),
        Line(run=SECOND, record=entry(sat=2)),
        Line(run=FIRST, record=entry("b:0")),
        Line(run=THIRD, record=gone("b:0")),
    ]
    folds = [fold(order) for order in permutations(lines)]
    assert all(known == folds[0] for known in folds)
    assert folds[0].of(Entry) == (entry(sat=2),)
    assert folds[0].seen == {entry().key: SECOND}
    assert list(folds[0].history) == [entry().key, entry("b:0").key]
    assert [line.run for line in folds[0].history[entry("b:0").key]] == [FIRST, THIRD]


def test_within_a_run_the_later_line_stands() -> None:
    known = fold([Line(run=FIRST, record=entry(sat=2)), Line(run=FIRST, record=entry(sat=1))])
    assert known.of(Entry) == (entry(sat=1),)


def test_what_was_withdrawn_may_come_back() -> None:
    known = fold(
        [
            Line(run=FIRST, record=entry()),
            Line(run=SECOND, record=gone()),
            Line(run=THIRD, record=entry(sat=3)),
        ]
    )
    assert known.of(Entry) == (entry(sat=3),)
    assert len(known.history[entry().key]) == 3


@given(st.permutations([("a", 1), ("a", 2), ("b", 1), ("c", 3)]))
def test_records_of_one_id_from_two_sources_or_types_stand_side_by_side(order: list[tuple[str, int]]) -> None:
    lines = [
        Line(run=run_id(NOON.replace(minute=number), "x"), record=entry(name, number))
        for name, number in order
    ]
    other = Line(run=FIRST, record=Finding(id="a", source="angor", check="c", result=Result.OK))
    known = fold([*lines, other])
    assert [(entry.id, entry.amount_msat) for entry in known.of(Entry)] == [
        ("a", 2000),
        ("b", 1000),
        ("c", 3000),
    ]
    assert known.of(Finding) == (other.record,)
    assert [key[2] for key in known.history] == ["a"]  # only where there is more than one line


def test_runs_are_ordered_and_give_the_as_of_time() -> None:
    runs = [Run(id=name, source="runs", at=NOON.replace(day=day)) for day, name in ((7, SECOND), (6, FIRST))]
    known = fold(Line(run=run.id, record=run) for run in runs)
    assert [run.id for run in known.runs] == [FIRST, SECOND]
    assert known.as_of == NOON.replace(day=7)
    assert fold([]).as_of is None


KNOWN = fold([Line(run=FIRST, record=entry()), Line(run=FIRST, record=rate("1"))])


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([entry()], []),
        ([entry(sat=2)], [entry(sat=2)]),
        ([entry("b:0"), entry("b:0")], [entry("b:0")]),
        ([gone()], [gone()]),
        ([gone("b:0")], []),
        ([gone(), gone()], [gone()]),
        ([gone(), entry()], [gone(), entry()]),  # or the fold would lose the entry
        ([rate("2")], []),  # a recorded rate is never replaced
        ([rate("1.0")], []),
    ],
)
def test_news_is_what_changes_the_fold(records: list[Record], expected: list[Record]) -> None:
    found = news(KNOWN, records)
    assert found == expected
    now = fold([*_lines(KNOWN), *(Line(run=SECOND, record=record) for record in found)])
    kept = [record for record in found if not isinstance(record, Withdrawn)]
    assert news(now, kept) == []


def _lines(known: Known) -> list[Line]:
    return [Line(run=known.seen[key], record=record) for key, record in known.records.items()]


def test_a_run_id_sorts_by_time_and_tells_two_runners_apart() -> None:
    one, other = run_id(NOON, "host-1"), run_id(NOON, "host-2")
    assert one == "20250106T120000Z-" + sha256(b"host-1").hexdigest()[:8]
    assert one != other
    assert max(one, other) < run_id(NOON.replace(second=1), "")


def test_a_snapshot_id_is_the_hash_of_the_canonical_list() -> None:
    files = [FileState(path=name, length=2, sha256="ab") for name in ("b.jsonl", "a.jsonl")]
    expected = sha256(b'[["a.jsonl",2,"ab"],["b.jsonl",2,"ab"]]').hexdigest()
    assert snapshot_id(files) == snapshot_id(reversed(files)) == expected
    assert snapshot_id([*files[:1], FileState(path="a.jsonl", length=3, sha256="ab")]) != expected


def test_the_newest_tip_outlasts_runs_that_were_told_none() -> None:
    tips = {FIRST: 100, SECOND: None, THIRD: 98}
    known = fold(
        Line(run=name, record=Run(id=name, source="runs", at=NOON, tip_height=tip))
        for name, tip in tips.items()
    )
    assert known.tip_height == 98
    assert [(told.id if (told := known.told_tip(name)) else None) for name in tips] == [FIRST, FIRST, THIRD]
    assert known.told_tip("2024") is None
    assert Known().tip_height is None


def test_what_the_log_said_after_a_run_can_be_asked_later() -> None:
    records = {FIRST: (entry(), entry("b:0")), SECOND: (entry(sat=2), gone("b:0")), THIRD: (entry("c:0"),)}
    lines = [Line(run=name, record=record) for name, some in records.items() for record in some]
    lines += [Line(run=name, record=Run(id=name, source="runs", at=NOON)) for name in records]
    known = fold(lines)
    for name in ("2024", *records):
        then = fold(line for line in lines if line.run <= name)
        assert known.until(name) == then
        keys = {
            key
            for line in lines
            if not isinstance(line.record, Run)
            for key in [entry().key, line.record.key]
        }
        assert {key: known.said(key, name) for key in keys} == {key: then.records.get(key) for key in keys}
