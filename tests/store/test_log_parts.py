"""A month of the log goes on in a next part before its file gets too large; a closed part never changes."""

from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import LogError
from generator.ledger import Entry
from generator.snapshot import Heading, Record, Redaction, TransactionRecord, decode, encode
from generator.snapshot.batch import RUNS
from generator.snapshot.log_file import PART_LIMIT, LogFile, grown, in_order, lacking
from generator.store import append, load, prefixes, rewrite, snapshots
from generator.verify.log_check import read_log
from tests.support.records import ANGOR, NOON, PAY, batch, entry, gone, project

LIMIT = 1_000
LATER = "2026-03.2.jsonl"


def put(root: Path, *records: Record, hours: float = 0, limit: int = LIMIT) -> bool:
    return append(root, batch(*records, hours=hours, salt=str(hours)), refresh_hours=24, part_limit=limit)


def files(root: Path) -> dict[str, bytes]:
    return {f"{path.parent.name}/{path.name}": path.read_bytes() for path in root.glob("*/*.jsonl")}


def of_pay(root: Path) -> list[str]:
    return [path for path in in_order(files(root)) if path.startswith(PAY)]


def problems(found: dict[str, bytes]) -> str:
    checks = [check for check in read_log(found).results if check.name in ("log-lines", "run-records")]
    assert len(checks) == 2
    return "\n".join(problem for check in checks for problem in check.problems)


def many(number: int, name: str = "n") -> list[Entry]:
    return [entry(f"{name}{at:02}") for at in range(number)]


@pytest.fixture
def parted(tmp_path: Path) -> Path:
    """Return a log of three runs whose store has more parts than one digit counts."""
    for day in range(3):
        put(tmp_path, *many(15, f"day{day}-"), project(ANGOR), hours=24 * day)
    return tmp_path


def test_names_sort_by_part_and_not_by_letters() -> None:
    names = [
        "a/2025-05.10.jsonl",
        "a/2025-06.jsonl",
        "a/2025-05.2.jsonl",
        "a/2025-05.jsonl",
        "b/2025-04.jsonl",
    ]
    assert in_order(names) == [names[3], names[2], names[0], names[1], names[4]]
    assert [LogFile.of(name) for name in names[:1]] == [LogFile("a", "2025-05", 10)]
    assert all(file and file.path == name for name in names if (file := LogFile.of(name)) is not None)
    assert LogFile.last(names, "a", "2025-05") == LogFile("a", "2025-05", 2)


@pytest.mark.parametrize("name", ["1", "0", "02", "-2", "", "2.3", "x", "٢"])
def test_there_is_one_name_for_each_part(name: str) -> None:
    assert LogFile.of(f"a/2025-05.{name}.jsonl") is None


def test_a_month_goes_on_in_the_next_part_before_its_file_passes_the_limit(parted: Path) -> None:
    paths = of_pay(parted)
    assert paths[:2] == [f"{PAY}/2026-03.jsonl", f"{PAY}/{LATER}"]
    assert paths[-1] == f"{PAY}/2026-03.{len(paths)}.jsonl"
    assert len(paths) > 9
    found = files(parted)
    assert all(len(data) <= LIMIT for path, data in found.items() if not path.startswith(RUNS))
    for path, after in pairwise(paths):
        first = found[after].split(b"\n")[1] + b"\n"
        assert len(found[path]) + len(first) > LIMIT  # closed for a reason
    headings = [decode(path, found[path])[0] for path in paths]
    assert [heading.part for heading in headings] == list(range(1, len(paths) + 1))
    assert found[paths[0]].startswith(b'{"month":"2026-03","schema":2,"source":"btcpay-pay"}\n')
    assert found[paths[1]].startswith(b'{"month":"2026-03","part":2,"schema":2,"source":"btcpay-pay"}\n')


def test_run_records_have_parts_too_and_all_of_it_holds(parted: Path) -> None:
    assert len([path for path in files(parted) if path.startswith(RUNS)]) > 1
    assert problems(files(parted)) == ""
    assert len(load(parted).runs) == 3


def test_no_part_that_is_closed_changes(parted: Path) -> None:
    before = files(parted)
    put(parted, *many(15, "more"), hours=24 * 9)
    after = files(parted)
    changed = [path for path, data in before.items() if after[path] != data]
    assert all((file := LogFile.of(path)) and file.next.path not in before for path in changed)
    assert all(after[path].startswith(data) for path, data in before.items())


WORD = st.one_of(
    st.builds(entry, st.sampled_from("abcdef"), st.integers(1, 3)),
    st.builds(lambda name: gone(entry(name)), st.sampled_from("abcdef")),
    st.builds(lambda name: entry(name, source=ANGOR), st.sampled_from("abc")),
)
BATCHES = st.lists(st.tuples(st.lists(WORD, max_size=6), st.integers(0, 24 * 40)), min_size=1, max_size=6)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(BATCHES, st.integers(400, 1500))
def test_parts_say_what_one_file_would(
    tmp_path_factory: pytest.TempPathFactory, words: list[tuple[list[Record], int]], limit: int
) -> None:
    whole, parts = (tmp_path_factory.mktemp(name) for name in ("whole", "parts"))
    for number, (said, hours) in enumerate(words):
        brought = batch(*said, hours=hours, salt=str(number))
        told = append(whole, brought, refresh_hours=24)
        assert append(parts, brought, refresh_hours=24, part_limit=limit) == told
        assert not append(parts, brought, refresh_hours=24, part_limit=limit)
    plain, parted = load(whole), load(parts)
    assert (plain.records, plain.seen, plain.history) == (parted.records, parted.seen, parted.history)
    for one, other in zip(snapshots(whole), snapshots(parts), strict=True):
        assert load(whole, one.run.snapshot).records == load(parts, other.run.snapshot).records
    assert problems(files(parts)) == ""


def test_the_limit_may_change(parted: Path) -> None:
    before = files(parted)
    put(parted, *many(15, "large"), hours=24 * 9, limit=10**6)
    put(parted, *many(15, "small"), hours=24 * 10, limit=LIMIT // 2)
    assert problems(files(parted)) == ""
    assert files(parted)[of_pay(parted)[0]] == before[of_pay(parted)[0]]
    assert len(load(parted).of(Entry)) == 75


def test_a_run_cut_off_between_two_parts_is_taken_in_by_the_next(parted: Path) -> None:
    known, before = load(parted), files(parted)
    cut = batch(*many(30, "cut"), hours=24 * 9)
    append(parted, cut, refresh_hours=24, part_limit=LIMIT)
    written = [path for path in of_pay(parted) if path not in before]
    for path in set(files(parted)) - set(before) - set(written[:2]):
        (parted / path).unlink()
    for path, data in before.items():
        if path.startswith(RUNS):
            (parted / path).write_bytes(data)
    assert load(parted) == known
    assert append(parted, cut, refresh_hours=24, part_limit=LIMIT)
    assert len(load(parted).of(Entry)) == len(known.of(Entry)) + 30
    assert problems(files(parted)) == ""


def test_a_missing_part_is_refused_by_reader_writer_and_verifier(parted: Path) -> None:
    (parted / PAY / "2026-03.3.jsonl").unlink()
    told = f"{PAY}/2026-03.4.jsonl: the part before it, {PAY}/2026-03.3.jsonl, is missing"
    with pytest.raises(LogError, match=rf"{PAY}/2026-03.3.jsonl: its first \d+ bytes are not"):
        load(parted)
    with pytest.raises(LogError, match=told):
        put(parted, entry("more"), hours=99)
    assert told in problems(files(parted))


def test_a_part_without_the_one_before_is_refused_though_a_run_vouches_for_it(tmp_path: Path) -> None:
    put(tmp_path, entry("a"), entry("b", source=ANGOR))
    (tmp_path / "runs" / "2026-03.jsonl").unlink()
    lone = Heading(schema=2, source=PAY, month="2026-03", part=3)
    (tmp_path / PAY / "2026-03.3.jsonl").write_bytes(encode(lone))
    with pytest.raises(LogError, match=r"2026-03.2.jsonl, is missing; restore it from git"):
        put(tmp_path, entry("c"), hours=1)
    assert list(lacking(["a/2026-03.3.jsonl"])) == [
        "a/2026-03.3.jsonl: the part before it, a/2026-03.2.jsonl, is missing"
    ]


@pytest.mark.parametrize("name", ["2026-03.02.jsonl", "2026-03.1.jsonl", "2026-03.0.jsonl"])
def test_a_part_under_another_name_is_refused(parted: Path, name: str) -> None:
    (parted / PAY / name).write_bytes((parted / PAY / LATER).read_bytes())
    with pytest.raises(LogError, match=f"{name}: its first line is that of {PAY}/{LATER}"):
        put(parted, entry("more"), hours=99)
    assert f"{name}: its first line is that of {PAY}/{LATER}" in problems(files(parted))


@pytest.mark.parametrize(
    "heading",
    [
        b'{"month":"2026-03","part":0,"schema":2,"source":"btcpay-pay"}',
        b'{"month":"2026-03.2","schema":2,"source":"btcpay-pay"}',
    ],
)
def test_a_heading_names_a_month_and_a_part_from_one_on(heading: bytes) -> None:
    with pytest.raises(LogError, match="no heading with schema, source and month"):
        decode("x", heading + b"\n")


def test_the_first_part_is_not_numbered(parted: Path) -> None:
    found = files(parted)
    path = f"{PAY}/2026-03.jsonl"
    found[path] = found[path].replace(b'"schema"', b'"part":1,"schema"', 1)
    assert f"{path}: not the canonical bytes of its own records" in problems(found)


def test_a_closed_part_that_grew_is_refused_though_a_run_vouches_for_it(parted: Path) -> None:
    old = of_pay(parted)[0]
    late = (parted / PAY / "2026-03.3.jsonl").read_bytes().split(b"\n")[1] + b"\n"
    (parted / old).write_bytes((parted / old).read_bytes() + late)
    assert f"{old}: its last {len(late)} bytes are in no run record" in problems(files(parted))
    put(
        parted, entry("more"), hours=99
    )  # what is in no run record is taken in, as ever; here it is a forgery
    told = f"{old}: changed in run .*, after its next part was begun; restore it from git"
    with pytest.raises(LogError, match=told):
        load(parted)
    assert f"{old} changed after its next part was begun" in problems(files(parted))


def test_the_run_that_begins_a_part_may_close_the_one_before(parted: Path) -> None:
    runs = [taken.run for taken in snapshots(parted)]
    changed = [{state.path for state in run.files} for run in runs]
    closing = [
        path for paths in changed for path in paths if (file := LogFile.of(path)) and file.next.path in paths
    ]
    assert closing
    states = {state.path: state for state in runs[0].files}
    first = states[of_pay(parted)[0]]
    assert list(grown(states, [first])) == []
    assert list(grown(states, [msgspec.structs.replace(first, length=0)])) == [first.path]


def test_texts_are_taken_down_from_every_part(tmp_path: Path) -> None:
    for day in range(3):
        titled = [
            project(ANGOR, f"A bad title {day}"),
            *(entry(f"{day}-{n}", source=ANGOR) for n in range(9)),
        ]
        put(tmp_path, *titled, hours=24 * day)
    assert {"2026-03.jsonl", LATER} <= {path.name for path in (tmp_path / ANGOR).iterdir()}
    taken = Redaction(id="well", source=ANGOR, reason="a court ordered it", words=("title",))
    put(tmp_path, taken, hours=24 * 9)
    paths = list(files(tmp_path))
    assert rewrite(tmp_path)
    assert list(files(tmp_path)) == paths
    assert b"A bad title" not in b"".join(files(tmp_path).values())
    assert problems(files(tmp_path)) == ""
    assert put(tmp_path, entry("more"), hours=24 * 10)


def test_a_line_that_no_part_takes_is_refused_by_its_size(tmp_path: Path) -> None:
    put(tmp_path, entry("a"))
    long = TransactionRecord(id="aa", source=ANGOR, hex="00" * LIMIT)
    with pytest.raises(LogError, match=r"angor/2026-03.jsonl: a line of \d+ bytes, and a file .* takes 1000"):
        put(tmp_path, long, hours=1)


def test_the_limit_is_40_megabytes(tmp_path: Path) -> None:
    assert PART_LIMIT == 40_000_000
    size = 3_900_000
    large = [TransactionRecord(id=f"{n:02}", source=ANGOR, hex="00" * (size // 2)) for n in range(11)]
    append(tmp_path, batch(*large), refresh_hours=24)
    sizes = {path.name: path.stat().st_size for path in (tmp_path / ANGOR).iterdir()}
    assert sorted(sizes) == [LATER, "2026-03.jsonl"]
    assert PART_LIMIT - size - 100 < sizes["2026-03.jsonl"] <= PART_LIMIT
    assert list(prefixes(tmp_path)) == [f"angor/{name}" for name in ("2026-03.jsonl", LATER)] + [
        "runs/2026-03.jsonl"
    ]
    assert load(tmp_path).as_of == NOON
