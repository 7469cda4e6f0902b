"""Rows of a log that are read when they are asked for: the same as all that were read at once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pickle import dumps, loads

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import LogError
from generator.ledger import Entry, Kind, Status, Verification
from generator.report.prices import Prices, PricesOfDays
from generator.report.project_rows import CONTRADICTED, ProjectRows
from generator.snapshot import (
    Finding,
    Heading,
    Known,
    Line,
    LoggedRow,
    Project,
    Rate,
    Record,
    Result,
    Run,
    Withdrawn,
    decode_rows,
    encode,
    fold,
    run_id,
)
from generator.snapshot.voided_run import VoidedRun

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
RUNS = tuple(run_id(NOON + timedelta(days=day), "a") for day in range(4))
PATH = "angor/2025-01.jsonl"
HEADING = encode(Heading(schema=2, source="angor", month="2025-01"))
#: Of which a decoder that looks for words would take some for entries.
OTHERS: tuple[Record, ...] = (
    Project(id="well", source="angor", kind="invest", title='"type":"entry"', starts_at=NOON),
    Project(id="entry", source="angor", kind="entry"),
    Finding(id="c/x", source="angor", check="c", subject="x", result=Result.FAILED, place="well"),
    Rate(id="EUR/2025-01-06", source="rates", currency="EUR", day="2025-01-06", price=Decimal(9)),
    Withdrawn(id="entry/a:0", source="angor", reason="reorged out"),
    Withdrawn(id="finding/c/x", source="angor", reason="seen again"),
    VoidedRun(id=RUNS[1], source="voids", reason="a slip of the pen"),
    *(Run(id=run, source="runs", at=NOON + timedelta(days=day)) for day, run in enumerate(RUNS)),
)
ENTRIES = st.builds(
    Entry,
    id=st.sampled_from(("a:0", "b:0", "c:0")),
    source=st.sampled_from(("angor", "btcpay-1")),
    place=st.sampled_from(("well", "bread", "")),
    kind=st.sampled_from(Kind),
    amount_msat=st.integers(1, 9),
    at=st.sampled_from((NOON, NOON + timedelta(hours=20), NOON - timedelta(days=40))),
    status=st.just(Status.CONFIRMED),
    verification=st.sampled_from(Verification),
    count=st.integers(1, 3),
    opens_at=st.sampled_from((None, NOON)),
)
LINES = st.lists(
    st.builds(Line, run=st.sampled_from(RUNS), record=ENTRIES | st.sampled_from(OTHERS)), max_size=12
)


def in_a_file(lines: list[Line]) -> bytes:
    return HEADING + b"".join(map(encode, lines))


def entry(name: str = "a:0", sat: int = 1, **more: object) -> Entry:
    told = {"place": "well", "kind": Kind.INVESTMENT, "at": NOON, "status": Status.CONFIRMED, **more}
    return Entry(id=name, source="angor", amount_msat=sat * 1000, **told)  # type: ignore[arg-type]


@given(lines=LINES)
def test_what_stands_does_not_depend_on_when_rows_are_read(lines: list[Line]) -> None:
    at_once, late = fold(lines), fold(decode_rows(PATH, in_a_file(lines))[1])
    assert list(late.records.items()) == list(at_once.records.items())
    assert (late.seen, late.history, late.runs) == (at_once.seen, at_once.history, at_once.runs)
    assert late.sources == at_once.sources
    for kind in (Entry, Project, Finding, Rate, VoidedRun):
        assert late.of(kind) == at_once.of(kind)
    assert entries_by_place(late) == entries_by_place(at_once)
    assert late.with_rows_at(["well"]).of(Entry) == tuple(
        row for row in at_once.of(Entry) if row.place == "well"
    )


def entries_by_place(known: Known) -> dict[str, list[tuple[str, Entry]]]:
    return {
        place: sorted(((row.run, row.entry) for row in rows), key=lambda pair: pair[1].key)
        for place, rows in known.rows.items()
    }


@given(entry=ENTRIES)
def test_what_is_at_hand_of_a_row_is_what_the_entry_says(entry: Entry) -> None:
    [row] = decode_rows(PATH, in_a_file([Line(run=RUNS[0], record=entry)]))[1]
    assert isinstance(row, LoggedRow)
    whole = LoggedRow.of(entry, RUNS[0])
    fields = [name for name in LoggedRow.__struct_fields__ if name != "told"]
    assert [getattr(row, name) for name in fields] == [getattr(whole, name) for name in fields]
    assert (row.key, row.entry, row.line, row.raw) == (whole.key, entry, whole.line, whole.raw)


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        (b'"amount_msat":1000', b'"amount_msat":-1', "angor/2025-01.jsonl:3: .*amount -1 msat"),
        (b'"status":"confirmed"', b'"status":"excluded"', "angor/2025-01.jsonl:3: .*status excluded"),
        (b'"place":"well"', b'"place":"well","stage":"one"', "angor/2025-01.jsonl:3: "),
    ],
)
def test_a_row_that_is_no_entry_is_named_with_its_line_once_it_is_asked_for(
    was: bytes, now: bytes, message: str
) -> None:
    lines = [Line(run=RUNS[0], record=entry(name)) for name in ("a:0", "b:0")]
    first, second = map(encode, lines)
    known = fold(decode_rows(PATH, HEADING + first + second.replace(was, now))[1])
    assert known.records[lines[0].record.key] == entry()
    with pytest.raises(LogError, match=message):
        known.of(Entry)


@pytest.mark.parametrize(
    "now", [b'"kind":"gift"', b'"kind":1', b'"kind":"investment","at":"2025-01-06T12:00:00"']
)
def test_a_line_that_cannot_be_sorted_is_refused_at_once(now: bytes) -> None:
    line = encode(Line(run=RUNS[0], record=entry())).replace(b'"kind":"investment"', now)
    with pytest.raises(LogError, match=f"{PATH}:2: not a record of schema 2"):
        decode_rows(PATH, HEADING + line)


def test_rows_of_a_project_are_in_order_and_read_from_a_time_on() -> None:
    late, early = entry("b:0", at=NOON), entry("c:0", at=NOON - timedelta(days=1))
    wrong = entry("a:0", verification=Verification.FAILED)
    rows = ProjectRows([LoggedRow.of(each, RUNS[0]) for each in (late, wrong, early)])
    assert rows.entries == (early, wrong.excluded(CONTRADICTED), late)
    assert rows.since(NOON) == rows.entries[1:]
    assert rows.since(NOON + timedelta(seconds=1)) == ()
    assert rows.moments == {NOON, NOON - timedelta(days=1)}
    assert loads(dumps(rows)).entries == rows.entries  # noqa: S301 -- made here


def test_the_hash_of_rows_is_of_every_field_and_run() -> None:
    base = ProjectRows([LoggedRow.of(entry(), RUNS[0])])
    assert ProjectRows([LoggedRow.of(entry(), RUNS[0])]).digest == base.digest
    others = [
        *(
            LoggedRow.of(each, RUNS[0])
            for each in (entry(sat=2), entry(party="02"), entry(height=1), entry("b:0"))
        ),
        LoggedRow.of(entry(), RUNS[1]),
    ]
    assert len({base.digest, *(ProjectRows([row]).digest for row in others)}) == len(others) + 1
    [read] = decode_rows(PATH, in_a_file([Line(run=RUNS[0], record=entry())]))[1]
    assert isinstance(read, LoggedRow)
    assert ProjectRows([read]).digest == base.digest


DAYS = st.integers(1, 5).map(lambda day: date(2025, 1, day))


@given(
    rates=st.dictionaries(DAYS, st.integers(1, 3)),
    more=st.dictionaries(DAYS, st.integers(1, 3)),
    days=st.sets(DAYS),
)
def test_the_hash_of_prices_covers_those_of_the_days_and_none_after_them(
    rates: dict[date, int], more: dict[date, int], days: set[date]
) -> None:
    moments = {datetime.combine(day, NOON.timetz()) for day in days}
    one, other = (
        PricesOfDays(Prices.of([rate_of(*each) for each in some.items()], ("EUR",), NOON), moments)
        for some in (rates, rates | more)
    )
    assert one.digest != other.digest or one.found == other.found
    late = max((*days, date(2024, 12, 31)))
    assert one.digest == other.digest or any(
        rates.get(day) != price for day, price in more.items() if day <= late
    )
    away = loads(dumps(one))  # noqa: S301 -- made here
    assert (away.digest, away.found) == (one.digest, one.found)
    assert all(
        away.found.worth_on(str(day), 10**11, "EUR") == Fraction(rates[day]) for day in days & rates.keys()
    )


def rate_of(day: date, price: int) -> Rate:
    return Rate(id=f"EUR/{day}", source="rates", currency="EUR", day=str(day), price=Decimal(price))
