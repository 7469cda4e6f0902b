"""What is kept of the log: read on and not again, of this code alone, and nothing but its files."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest

from benchmarks import world
from benchmarks.crowd import CONFIG, lines
from generator.build import cache, log_cache
from generator.cli import Exit, run
from generator.snapshot import read_file
from generator.snapshot.lines import decode_line
from tests.build.built_site import assert_as_clean, write_lines

LINES = lines(9, runs=3, busy=0.9)
KEPT = Path(".sunlit/cache/log")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a site that was rendered."""
    monkeypatch.chdir(tmp_path)
    world.make(tmp_path, 12, 120)
    assert run(["render", "--jobs", "1"]) == Exit.DONE
    return tmp_path


def test_a_payment_has_its_line_read_and_that_of_its_run(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def spied(path: str, number: int, raw: bytes) -> object:
        read.append(f"{path}:{number}")
        return decode_line(path, number, raw)

    monkeypatch.setattr(read_file, "decode_line", spied)
    for _ in range(2):
        read.clear()
        world.pay(site)
        assert run(["render", "--jobs", "1"]) == Exit.DONE
        assert len(read) == 2
    assert_as_clean("output")


class _Kept(msgspec.Struct):
    at: datetime
    amount_msat: int


def test_a_cache_gives_back_what_it_was_given(tmp_path: Path) -> None:
    at = datetime(2027, 1, 22, 1, tzinfo=timezone(timedelta(hours=14)))
    assert cache.save(tmp_path / "kept", kept := _Kept(at, 2**70), pytest.fail)
    found = cache.load(tmp_path / "kept", _Kept, pytest.fail)
    assert found == kept
    assert found.at.isoformat() == at.isoformat()


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
        lambda _: cache._seal(b"[9]").encode() + b"\n[9]",
        lambda _: b"",
    ],
)
def test_what_cannot_be_used_is_discarded_with_one_line(
    damage: Callable[[bytes], bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    file = min(KEPT.rglob("*.json"))
    file.write_bytes(damage(file.read_bytes()))
    Path(".sunlit/cache/site.json").unlink()
    assert run(["render"]) == Exit.DONE
    assert capsys.readouterr().err.count("is not used, what it held is made again") == 1
    assert_as_clean("output")


@pytest.mark.usefixtures("site")
def test_a_cache_of_another_version_is_said_once_for_each_kind(capsys: pytest.CaptureFixture[str]) -> None:
    kinds = [Path(".sunlit/cache/site.json"), KEPT.with_name("projects"), KEPT]
    files = [[kind] if kind.is_file() else [*kind.rglob("*.json")] for kind in kinds]
    for path in [path for some in files for path in some]:
        path.write_bytes(path.read_bytes().replace(path.read_bytes()[:64], b"0" * 64, 1))
    assert run(["render"]) == Exit.DONE
    said = [line for line in capsys.readouterr().err.splitlines() if "another version" in line]
    assert len(said) == len(kinds)
    assert [f"({len(some) - 1} more beside it)" in line for some, line in zip(files, said, strict=True)] == [
        len(some) > 1 for some in files
    ]


@pytest.mark.usefixtures("site")
def test_nothing_is_kept_but_of_the_files_of_the_log() -> None:
    kept = {path: path.read_bytes() for path in KEPT.rglob("*.json")}
    foreign = [KEPT / "other" / "2025-01.json", min(kept).with_name("1999-01.json")]
    for path in foreign:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    world.pay(Path())
    assert run(["render"]) == Exit.DONE
    assert set(KEPT.rglob("*.json")) == kept.keys()


def test_a_disk_that_takes_nothing_fails_no_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text(CONFIG)
    write_lines(LINES)
    monkeypatch.setattr(log_cache, "save", lambda path, _value, log: log(f"{path} cannot be written"))
    assert run(["render"]) == Exit.DONE
    assert capsys.readouterr().err.count("cannot be written") == 1
