"""Rows of a log that are read when they are asked for: the same as all that were read at once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from pickle import dumps, loads

import msgspec
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
    LogMemory,
    Project,
    Rate,
    ReadFile,
    Record,
    Result,
    Run,
    Withdrawn,
    encode,
    fold,
    read_file,
    run_id,
)
from generator.snapshot.lines import decode_line
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


def read(data: bytes, memory: LogMemory | None = None) -> list[Line | LoggedRow]:
    return list((memory or LogMemory({})).lines(PATH, data, sha256(data).hexdigest()))


def kept(memory: LogMemory) -> dict[str, ReadFile]:
    """Return what a memory keeps, as a disk would give it back."""
    told = msgspec.json.encode({path: file.to_keep for path, file in memory.kept.items()})
    return msgspec.json.decode(told, type=dict[str, ReadFile])


def entry(name: str = "a:0", sat: int = 1, **more: object) -> Entry:
    told = {"place": "well", "kind": Kind.INVESTMENT, "at": NOON, "status": Status.CONFIRMED, **more}
    return Entry(id=name, source="angor", amount_msat=sat * 1000, **told)  # type: ignore[arg-type]


@given(lines=LINES)
def test_what_stands_does_not_depend_on_when_rows_are_read(lines: list[Line]) -> None:
    at_once, late = fold(lines), fold(read(in_a_file(lines)))
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
    [row] = read(in_a_file([Line(run=RUNS[0], record=entry)]))
    assert isinstance(row, LoggedRow)
    whole = LoggedRow.of(entry, RUNS[0])
    fields = LoggedRow.__struct_fields__[:11]
    assert [getattr(row, name) for name in fields] == [getattr(whole, name) for name in fields]
    assert (row.key, row.entry, row.line, row.digest) == (whole.key, entry, whole.line, whole.digest)


@given(before=LINES, more=LINES)
def test_what_is_remembered_of_a_file_and_what_was_appended_give_all_of_it(
    before: list[Line], more: list[Line]
) -> None:
    first = LogMemory({})
    read(in_a_file(before), first)
    data = in_a_file([*before, *more])
    again = LogMemory(kept(first))
    remembered, anew = read(data, again), read(data)
    assert [row.line if isinstance(row, LoggedRow) else row for row in remembered] == [*before, *more]
    assert remembered == anew
    assert (again.kept[PATH] is again.known[PATH]) == (not more)


def test_a_file_of_which_nothing_changed_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    data = in_a_file([Line(run=RUNS[0], record=entry(name)) for name in ("a:0", "b:0")])
    first = LogMemory({}, "of this code")
    read(data, first)
    numbers: list[int] = []

    def spied(path: str, number: int, raw: bytes) -> Line:
        numbers.append(number)
        return decode_line(path, number, raw)

    monkeypatch.setattr(read_file, "decode_line", spied)
    read(data, LogMemory(kept(first), "of this code"))
    assert numbers == []
    read(data + encode(Line(run=RUNS[1], record=entry("c:0"))), LogMemory(kept(first), "of this code"))
    assert numbers == [4]
    read(data, LogMemory(kept(first), "of other code"))
    read(data.replace(b'"a:0"', b'"d:0"'), LogMemory(kept(first), "of this code"))
    read(data[: data.index(b"\n", len(HEADING)) + 1], LogMemory(kept(first), "of this code"))
    assert numbers == [4, 2, 3, 2, 3, 2]


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        (b'"amount_msat":1000', b'"amount_msat":-1', "angor/2025-01.jsonl:3: .*amount -1 msat"),
        (b'"status":"confirmed"', b'"status":"excluded"', "angor/2025-01.jsonl:3: .*status excluded"),
        (b'"place":"well"', b'"place":"well","stage":"one"', "angor/2025-01.jsonl:3: "),
        (b'"kind":"investment"', b'"kind":"gift"', "angor/2025-01.jsonl:3: "),
        (b'"kind":"investment"', b'"kind":1', "angor/2025-01.jsonl:3: "),
    ],
)
@pytest.mark.parametrize("remembered", [False, True])
def test_a_line_that_is_no_entry_is_named_once_it_is_there(
    was: bytes, now: bytes, message: str, *, remembered: bool
) -> None:
    first, second = (encode(Line(run=RUNS[0], record=entry(name))) for name in ("a:0", "b:0"))
    before = LogMemory({})
    read(HEADING + first, before)
    memory = LogMemory(kept(before) if remembered else {})
    data = HEADING + first + second.replace(was, now)
    with pytest.raises(LogError, match=message):
        read(data, memory)


def test_rows_travel_without_the_rest_of_their_file() -> None:
    lines = [Line(run=RUNS[0], record=entry(f"{number}:0")) for number in range(99)]
    rows = [row for row in read(in_a_file(lines)) if isinstance(row, LoggedRow)]
    sent = dumps(ProjectRows(rows[:1]))
    assert len(sent) < len(in_a_file(lines)) / 9
    assert loads(sent).entries == (lines[0].record,)  # noqa: S301 -- made here


def test_rows_of_a_project_are_in_order_and_read_from_a_time_on() -> None:
    late, early = entry("b:0", at=NOON), entry("c:0", at=NOON - timedelta(days=1))
    wrong = entry("a:0", verification=Verification.FAILED)
    rows = ProjectRows([LoggedRow.of(each, RUNS[0]) for each in (late, wrong, early)])
    assert rows.entries == (early, wrong.excluded(CONTRADICTED), late)
    assert rows.since(NOON) == rows.entries[1:]
    assert rows.since(NOON + timedelta(seconds=1)) == ()
    assert rows.moments == {NOON, NOON - timedelta(days=1)}
    assert (rows.last, rows.last_until(NOON), rows.last_until(NOON - timedelta(hours=1))) == (
        NOON,
        NOON,
        NOON - timedelta(days=1),
    )
    assert rows.last_until(NOON - timedelta(days=2)) is None
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
    [row] = read(in_a_file([Line(run=RUNS[0], record=entry())]))
    assert isinstance(row, LoggedRow)
    assert ProjectRows([row]).digest == base.digest


DAYS = st.integers(1, 5).map(lambda day: date(2025, 1, day))


@given(
    rates=st.dictionaries(DAYS, st.integers(1, 3)),
    more=st.dictionaries(DAYS, st.integers(1, 3)),
    days=st.sets(DAYS),
)
def test_the_hash_of_prices_covers_those_of_the_days_and_none_after_them(
    rates: dict[date, int], more: dict[date, int], days: set[date]
) -> None:
    rows = ProjectRows([LoggedRow.of(entry(at=datetime.combine(day, NOON.timetz())), "") for day in days])
    one, other = (
        PricesOfDays(Prices.of([rate_of(*each) for each in some.items()], ("EUR",), NOON), rows)
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
