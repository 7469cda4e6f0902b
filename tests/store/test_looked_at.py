"""A log file that was looked at is not hashed again, unless it was written since."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.errors import LogError
from generator.file_rows import FileRow, disk_now_ns, rows_below, settled
from generator.ledger import Entry, Kind, Status
from generator.snapshot import Record
from generator.snapshot.batch import Batch
from generator.store import append, raw_prefixes, snapshots
from generator.store import log as log_on_disk

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FILE = "angor/2026-03.jsonl"
WAS, FORGED = b'"amount_msat":1000', b'"amount_msat":9000'


def put(root: Path, hour: int, *records: Record) -> None:
    at = NOON.replace(hour=hour)
    batch = Batch(run=f"{at:%Y%m%dT%H%M%SZ}-0", at=at, network="main", asked=(), records=records)
    assert append(root, batch, refresh_hours=1)


def entry(name: str) -> Entry:
    told = {"place": "well", "kind": Kind.INVESTMENT, "at": NOON, "status": Status.CONFIRMED}
    return Entry(id=name, source="angor", amount_msat=1000, **told)  # type: ignore[arg-type]


def looked_at(root: Path) -> dict[str, FileRow]:
    """Return the rows of files that were all written before they were looked at."""
    written_ns = (root / FILE).stat().st_ctime_ns
    while (now_ns := disk_now_ns(root / "x")) <= written_ns:
        pass
    return settled(rows_below(root, {}), now_ns)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a log of one payment."""
    put(tmp_path, 1, entry("a:0"))
    return tmp_path


def test_a_file_that_was_not_written_since_is_not_hashed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, hashed = looked_at(root), list[bytes]()
    monkeypatch.setattr(log_on_disk, "sha256", hashed.append)
    assert raw_prefixes(root, snapshots(root)[-1], rows)[FILE] == (root / FILE).read_bytes()
    assert hashed == []


def test_what_was_appended_since_does_no_harm(root: Path) -> None:
    rows, before = looked_at(root), (root / FILE).read_bytes()
    first = snapshots(root)[-1]
    put(root, 2, entry("b:0"))
    second = snapshots(root)[-1]
    assert raw_prefixes(root, first, rows)[FILE] == before
    assert raw_prefixes(root, second, rows)[FILE] == (root / FILE).read_bytes() != before


def test_what_was_changed_since_is_found_out(root: Path) -> None:
    rows, file = looked_at(root), root / FILE
    status = file.stat()
    file.write_bytes(file.read_bytes().replace(WAS, FORGED))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))  # as whoever copies with times
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (status.st_size, status.st_mtime_ns)
    with pytest.raises(LogError, match="are not what a run recorded"):
        raw_prefixes(root, snapshots(root)[-1], rows)


def test_a_file_that_could_be_written_in_the_same_tick_is_hashed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = (root / FILE).stat()
    rows = settled(rows_below(root, {}), status.st_ctime_ns)
    (root / FILE).write_bytes((root / FILE).read_bytes().replace(WAS, FORGED))
    monkeypatch.setattr(os, "fstat", lambda _: status)  # a disk whose clock did not move on
    with pytest.raises(LogError, match="are not what a run recorded"):
        raw_prefixes(root, snapshots(root)[-1], rows)
