"""A batch travels between two jobs as a file: whole, or refused with its place."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import LogError
from generator.snapshot import Run
from generator.snapshot.batch import Batch, decode_batch, encode_batch, latest_by_key
from generator.snapshot.records import key_about
from generator.store import quarantine, read_batch, write_batch
from tests.support.records import NOON, PAY, batch, entry, finding, gone, project, rate

RECORDS = [
    entry("a"),
    entry("b", 7),
    finding("f"),
    project(),
    rate("2026-03-14", "60123.45"),
    gone(entry("c")),
]


@given(st.permutations(RECORDS))
def test_what_is_written_is_what_is_read_whatever_the_order(records: list[object]) -> None:
    made = batch(*records)  # type: ignore[arg-type]
    data = encode_batch(made)
    assert data == encode_batch(batch(*RECORDS))
    assert decode_batch("b", data) == made


def test_the_last_word_on_a_key_stands() -> None:
    words = latest_by_key([entry("a", 1), gone(entry("a")), entry("b", 1), gone(entry("c")), entry("a", 2)])
    assert words == (entry("a", 2), entry("b", 1), gone(entry("c")))
    assert key_about(gone(entry("c"))) == entry("c").key


@pytest.mark.parametrize("cut", [1, 5, 40, 200, 400])
def test_a_cut_file_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "batch.jsonl"
    write_batch(path, batch(*RECORDS))
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(LogError, match=r"batch\.jsonl"):
        read_batch(path)


def test_a_missing_line_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "batch.jsonl"
    write_batch(path, batch(*RECORDS))
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(LogError, match="schema 2 with 5 whole lines, expected schema 2 with 6"):
        read_batch(path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'"schema":2', b'"schema":3', "batch schema 3"),
        (b'"type":"finding"', b'"type":"rumour"', r"batch\.jsonl:5: not a batch of schema 2"),
        (b'"amount_msat":1000', b'"amount_msat":-1', r"batch\.jsonl:2: not a batch of schema 2"),
        (b'"source":"btcpay-pay","status"', b'"source":"../../etc","status"', "has a source named"),
        (b'"source":"btcpay-pay","status"', b'"source":"runs","status"', "has a source named 'runs'"),
        (b'"id":"b"', b'"id":"a"', "says two things about one key"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, old: bytes, new: bytes, said: str) -> None:
    path = tmp_path / "batch.jsonl"
    write_batch(path, batch(*RECORDS))
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))
    with pytest.raises(LogError, match=said):
        read_batch(path)


def test_a_missing_batch_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="make one with `sunlit snapshot --batch"):
        read_batch(tmp_path / "none")


def test_no_run_record_travels_in_a_batch() -> None:
    with pytest.raises(ValueError, match="source named 'runs'"):
        Batch(run="r", at=NOON, network="main", records=(Run(id="r", source="runs", at=NOON),))


def test_quarantine_keeps_the_refused_lines(tmp_path: Path) -> None:
    path = quarantine(tmp_path / "q", "20260314T120000Z-1", PAY, [entry("a"), entry("b")])
    assert path.name == "20260314T120000Z-1-btcpay-pay.jsonl"
    assert len(path.read_text().splitlines()) == 2
