"""The site on disk: the old one whole, or the new one whole, whenever the build is cut off."""

import errno
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from generator import publish as publishing
from generator.errors import OutputRefused
from generator.file_rows import FileRow, row_of
from generator.manifest import MANIFEST
from generator.next_site import FILE_LIMIT, PlacedFile, SiteWriter
from generator.publish import PublishResult, publish, recover
from generator.snapshot.log_file import PART_LIMIT
from tests.support.paths import ROOT

FILES = {"index.html": b"<p>1</p>", "p/well/index.html": b"<p>2</p>", "data/log.jsonl": b"{}\n"}


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What publishing needs of a report."""

    demo: bool = False
    snapshot: str = "5" * 64
    as_of: datetime = datetime(2026, 3, 14, 12, tzinfo=UTC)


REPORT: Any = Origin()


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_site_has_keepers_and_a_manifest_of_every_other_file(tmp_path: Path) -> None:
    output = tmp_path / "output"
    assert publish(output, FILES.items(), report=REPORT).changed
    site = tree(output)
    assert sorted(site) == sorted([*FILES, ".gitkeep", ".nojekyll", "manifest.json"])
    manifest = json.loads(site.pop("manifest.json"))
    assert manifest == {
        "schema": 1,
        "demo": False,
        "snapshot": "5" * 64,
        "as_of": "2026-03-14T12:00:00Z",
        "files": {path: sha256(data).hexdigest() for path, data in site.items()},
        "pixels": {},
    }
    assert [path.name for path in tmp_path.iterdir()] == ["output"]


def test_a_picture_of_the_maintainers_is_published_as_it_is(tmp_path: Path) -> None:
    files = {**FILES, "static/house.png": b"\x89PNG of another tool"}
    assert publish(tmp_path / "output", files.items(), report=REPORT).changed
    manifest = json.loads((tmp_path / "output/manifest.json").read_bytes())
    assert manifest["pixels"] == {}
    assert manifest["files"]["static/house.png"] == sha256(files["static/house.png"]).hexdigest()


def test_the_disk_has_every_file_before_the_site_takes_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: set[int] = set()
    at_swap: set[int] = set()
    rename = Path.rename
    monkeypatch.setattr(os, "fsync", lambda descriptor: waited.add(os.fstat(descriptor).st_ino))
    monkeypatch.setattr(Path, "rename", lambda *paths: (at_swap.update(waited), rename(*paths)))
    output = tmp_path / "output"
    publish(output, FILES.items(), report=REPORT)
    assert at_swap >= {path.stat().st_ino for path in (output, *output.rglob("*"))}


def test_the_same_site_again_touches_nothing(tmp_path: Path) -> None:
    output = tmp_path / "output"
    first = publish(output, FILES.items(), report=REPORT)
    before = {path: path.stat().st_ino for path in (output, *output.rglob("*"))}
    assert publish(output, FILES.items(), report=REPORT) == PublishResult(
        changed=False, count=3, size=first.size
    )
    assert {path: path.stat().st_ino for path in (output, *output.rglob("*"))} == before


def test_a_change_replaces_adds_and_removes_but_rewrites_no_unchanged_file(tmp_path: Path) -> None:
    output = tmp_path / "output"
    publish(output, FILES.items(), report=REPORT)
    kept = (output / "index.html").stat().st_ino
    now = {"index.html": FILES["index.html"], "p/well/index.html": b"<p>3</p>", "new/a.css": b"a{}"}
    assert publish(output, now.items(), report=REPORT).changed
    site = tree(output)
    assert {path: site[path] for path in now} == now
    assert "data/log.jsonl" not in site
    assert (output / "index.html").stat().st_ino == kept
    assert [path.name for path in tmp_path.iterdir()] == ["output"]


@pytest.mark.parametrize("name", ["../out.html", "/etc/passwd", "a/../b", "", "a//b", "./a"])
def test_a_path_that_leaves_the_site_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputRefused, match="expected a path inside it"):
        publish(tmp_path / "output", {name: b""}.items(), report=REPORT)
    assert list(tmp_path.iterdir()) == []


def test_another_process_writes_nothing_that_is_refused(tmp_path: Path) -> None:
    write = SiteWriter(tmp_path / "output", tmp_path / "next")
    assert write("../out.html", b"out") == b"out"
    assert write("data/ledger.json", large := bytes(FILE_LIMIT + 1)) is large
    assert not any(tmp_path.iterdir())


def test_who_makes_files_has_ended_when_the_next_site_is_taken_away(tmp_path: Path) -> None:
    output, ended = tmp_path / "output", []

    def made() -> Iterator[tuple[str, bytes]]:
        try:
            yield "../out.html", b"out"
        finally:
            ended.append((tmp_path / ".output.next").exists())

    with pytest.raises(OutputRefused):
        publish(output, made(), report=REPORT)
    assert ended == [True]
    assert not (tmp_path / ".output.next").exists()


def test_a_folder_with_somebodys_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(OutputRefused, match=r"holds 'thesis\.tex' and is no site of Sunlit"):
        publish(tmp_path, FILES.items(), report=REPORT)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"
    with pytest.raises(OutputRefused, match="is not a folder"):
        publish(tmp_path / "thesis.tex", FILES.items(), report=REPORT)


@pytest.mark.parametrize("text", [None, b"", b"{}x", b"[]", b'{"schema": 2}'])
def test_a_site_that_lost_its_manifest_is_refused_and_stays(tmp_path: Path, text: bytes | None) -> None:
    publish(tmp_path / "output", FILES.items(), report=REPORT)
    manifest = tmp_path / "output" / MANIFEST
    manifest.unlink() if text is None else manifest.write_bytes(text)
    before = tree(tmp_path / "output")
    with pytest.raises(OutputRefused, match="is no site of Sunlit; empty it or choose another --output"):
        publish(tmp_path / "output", FILES.items(), report=REPORT)
    assert tree(tmp_path / "output") == before


def test_the_kept_empty_folder_of_the_repository_is_filled(tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.mkdir()
    (output / ".gitkeep").touch()
    assert publish(output, FILES.items(), report=REPORT).changed


def test_a_site_too_large_is_refused_and_a_large_one_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = publish(tmp_path / "output", FILES.items(), report=REPORT).size
    assert (publishing.NEARLY_FULL, publishing.LIMIT) == (800_000_000, 1_000_000_000)
    assert not publish(tmp_path / "output", FILES.items(), report=REPORT).nearly_full
    monkeypatch.setattr(publishing, "NEARLY_FULL", size - 1)
    assert publish(tmp_path / "output", FILES.items(), report=REPORT).nearly_full
    before = tree(tmp_path)
    monkeypatch.setattr(publishing, "LIMIT", size - 1)
    with pytest.raises(
        OutputRefused, match=f"the site has at least {size} bytes and GitHub Pages takes {size - 1}"
    ):
        publish(tmp_path / "output", FILES.items(), report=REPORT)
    assert tree(tmp_path) == before


def test_a_file_beyond_its_limit_is_refused_by_name(tmp_path: Path) -> None:
    assert FILE_LIMIT == 41_943_040
    output = tmp_path / "output"
    publish(output, FILES.items(), report=REPORT)
    before = tree(tmp_path)
    largest = {**FILES, "data/ledger.json": bytes(FILE_LIMIT)}
    told = (
        r"^data/ledger\.json has 41943041 bytes, and a file of a site has at most 41943040 \(40 MiB\); "
        r"report fewer projects in one site, such as with `angor: \{discover: listed\}`$"
    )
    larger = {**FILES, "data/ledger.json": bytes(FILE_LIMIT + 1)}
    with pytest.raises(OutputRefused, match=told):
        publish(output, larger.items(), report=REPORT)
    assert tree(tmp_path) == before
    assert publish(output, largest.items(), report=REPORT).changed


def test_what_is_kept_has_the_same_limit(tmp_path: Path) -> None:
    kept = PlacedFile(FileRow("0" * 64, FILE_LIMIT + 1, 0, 0, 0), stood=True)
    with pytest.raises(OutputRefused, match=r"^index\.html has 41943041 bytes"):
        publish(tmp_path / "output", [("index.html", kept)], report=REPORT)


def test_a_part_of_the_log_has_room_below_the_limit_of_a_file() -> None:
    assert PART_LIMIT < FILE_LIMIT


def test_a_disk_that_refuses_is_told_and_the_old_site_stands(tmp_path: Path) -> None:
    output = tmp_path / "output"
    publish(output, FILES.items(), report=REPORT)
    before = tree(output)
    with pytest.raises(OutputRefused, match=r"cannot be written \(.*\); the old site stands"):
        publish(output, {"a": b"a file", "a/b": b"in a folder of that name"}.items(), report=REPORT)
    assert tree(output) == before


def test_files_that_cannot_be_made_to_the_end_leave_the_old_site(tmp_path: Path) -> None:
    output = tmp_path / "output"
    publish(output, FILES.items(), report=REPORT)
    before = tree(tmp_path)

    def failing() -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"<p>other</p>"
        raise FileNotFoundError(errno.ENOENT, "of who makes the files, not of the disk")

    with pytest.raises(FileNotFoundError, match="of who makes the files"):
        publish(output, failing(), report=REPORT)
    assert tree(tmp_path) == before


def test_a_later_file_stands_in_place_of_an_earlier_one_at_its_path(tmp_path: Path) -> None:
    output = tmp_path / "output"
    publish(output, FILES.items(), report=REPORT)
    files = [("index.html", b"<p>other</p>"), *FILES.items()]
    assert not publish(output, files, report=REPORT).changed
    assert publish(output, [*FILES.items(), files[0]], report=REPORT).changed
    assert tree(output)["index.html"] == b"<p>other</p>"


def test_a_kept_file_is_linked_and_counts_as_if_it_were_given(tmp_path: Path) -> None:
    output = tmp_path / "output"
    first = publish(output, FILES.items(), report=REPORT)
    before = (output / "index.html").stat().st_ino
    rows = {path: row_of(sha256(data).hexdigest(), (output / path).stat()) for path, data in FILES.items()}
    kept = [(path, PlacedFile(row, stood=True)) for path, row in rows.items()]
    assert publish(output, kept, report=REPORT) == PublishResult(changed=False, count=3, size=first.size)
    site = tree(output)
    assert publish(output, [*kept, ("new.html", b"new")], report=REPORT).changed
    assert {path: data for path, data in tree(output).items() if path in FILES} == FILES
    assert (output / "index.html").stat().st_ino == before
    assert publish(output, kept, report=REPORT).changed
    assert tree(output) == site


def test_what_was_rendered_is_not_held_until_the_end(tmp_path: Path) -> None:
    def many() -> Iterator[tuple[str, bytes]]:
        for number in range(40):
            yield f"{number}.html", bytes([number]) * 2**20

    tracemalloc.start()
    publish(tmp_path / "output", many(), report=REPORT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6 * 2**20


def test_recover_puts_the_old_site_back_and_clears_left_overs(tmp_path: Path) -> None:
    output, previous = tmp_path / "output", tmp_path / ".output.prev"
    publish(output, FILES.items(), report=REPORT)
    before = tree(output)
    output.rename(previous)
    recover(output)
    assert tree(output) == before
    assert not previous.exists()
    previous.mkdir()
    (previous / "old").touch()
    recover(output)
    assert tree(output) == before
    assert not previous.exists()
    recover(tmp_path / "elsewhere")


KILLER = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from generator.publish import publish, recover

output = Path(sys.argv[1])
report = SimpleNamespace(demo=False, snapshot="5", as_of=datetime(2026, 3, 14, tzinfo=UTC))
new = {"index.html": b"new", "same.html": b"same", "p/x/index.html": b"x" * 9999}
WATCHED = {"open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "shutil.rmtree"}
first = {"index.html": b"old", "same.html": b"same", "gone.html": b"gone"}
others = {f"other/{number}.html": b"other" for number in range(int(sys.argv[2]))}
new |= others
first |= others
publish(output, first.items(), report=report)
def tree():
    return {str(p.relative_to(output)): p.read_bytes() for p in sorted(output.rglob("*")) if p.is_file()}
old, step, killed, states = tree(), 0, True, []
while killed:
    step += 1
    child = os.fork()
    if child == 0:
        count = 0
        def audit(event, arguments):
            global count
            if event in WATCHED and str(output.parent) in str(arguments[0]):
                count += 1
                if count == step:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(audit)
        publish(output, new.items(), report=report)
        os._exit(0)
    killed = os.waitpid(child, 0)[1] == signal.SIGKILL
    if (output.parent / ".output.changes").exists():
        assert output.exists()
        recover(output)
        now = tree()
        whole = {name: now.get(name) for name in new} == new and "gone.html" not in now
        states.append("on" if whole and not (output.parent / ".output.changes").exists() else "torn")
        publish(output, first.items(), report=report)
        assert tree() == old
        continue
    untouched = output.exists() and tree() == old
    if not untouched and not output.exists():
        recover(output)
        states.append("back" if tree() == old else "lost")
    elif untouched:
        states.append("old")
    else:
        now = tree()
        whole = {name: now.get(name) for name in new} == new and "gone.html" not in now
        states.append("new" if whole else "torn")
        publish(output, first.items(), report=report)
        assert tree() == old
print(" ".join(states))
"""


def _killed_at_each_step(output: Path, *, others: int) -> list[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", KILLER, str(output), str(others)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return run.stdout.split()


def test_a_build_killed_at_any_step_leaves_the_old_site_byte_identical(tmp_path: Path) -> None:
    states = _killed_at_each_step(tmp_path / "output", others=0)
    order = sorted(states, key=["old", "back", "new"].index)  # fails on "torn" and "lost"
    assert states == order
    assert states.count("old") > 10
    assert states.count("back") == 1
    assert states[-1] == "new"


def test_a_few_changes_cut_off_at_any_step_are_none_or_are_brought_in_by_the_next(tmp_path: Path) -> None:
    states = _killed_at_each_step(tmp_path / "output", others=9)
    order = sorted(states, key=["old", "on", "new"].index)  # fails on "torn", "lost" and "back"
    assert states == order
    assert states.count("old") > 5
    assert states.count("on") > 5
    assert states[-1] == "new"


MANY = {f"other/{number}.html": b"other" for number in range(9)}


def test_a_few_changes_leave_other_files_and_folders_as_they_are(tmp_path: Path) -> None:
    output = tmp_path / "output"
    publish(output, (FILES | MANY).items(), report=REPORT)
    before = {path: path.stat().st_ino for path in (output, *output.glob("other/*"), output / "index.html")}
    now = {"index.html": FILES["index.html"], "p/new/a.html": b"a"} | MANY
    assert publish(output, now.items(), report=REPORT).changed
    assert {path: path.stat().st_ino for path in before} == before
    site = tree(output)
    assert site.keys() - {"manifest.json", ".gitkeep", ".nojekyll"} == now.keys()
    assert not (output / "data").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["output"]


@pytest.mark.parametrize(
    ("first", "then"),
    [("a", "a/index.html"), ("a/index.html", "a"), ("a/b/c.html", "a/b"), ("a", "a/b/c.html")],
)
def test_a_file_takes_the_place_of_a_folder_and_a_folder_that_of_a_file(
    tmp_path: Path, first: str, then: str
) -> None:
    output = tmp_path / "output"
    publish(output, ({first: b"1"} | MANY).items(), report=REPORT)
    assert publish(output, ({then: b"2"} | MANY).items(), report=REPORT).changed
    site = tree(output)
    assert site[then] == b"2"
    assert first not in site


def test_a_link_to_a_folder_is_replaced_by_what_the_site_has_there(tmp_path: Path) -> None:
    output, elsewhere = tmp_path / "output", tmp_path / "elsewhere"
    publish(output, (FILES | MANY).items(), report=REPORT)
    (output / "other").rename(elsewhere)
    (output / "other").symlink_to(elsewhere)
    assert publish(output, (FILES | MANY).items(), report=REPORT).changed
    assert not (output / "other").is_symlink()
    assert tree(output).items() >= MANY.items()
    assert len(list(elsewhere.iterdir())) == len(MANY)


def test_the_disk_has_a_few_changes_before_they_are_decided_and_before_they_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "output"
    publish(output, (FILES | MANY).items(), report=REPORT)
    waited: set[int] = set()
    at_rename: set[int] = set()
    rename = Path.rename
    monkeypatch.setattr(os, "fsync", lambda descriptor: waited.add(os.fstat(descriptor).st_ino))
    monkeypatch.setattr(Path, "rename", lambda *paths: (at_rename.update(waited), rename(*paths)))
    publish(output, (FILES | MANY | {"p/new/a.html": b"a"}).items(), report=REPORT)
    assert at_rename >= {(output / path).stat().st_ino for path in ("p/new/a.html", "manifest.json")}
    assert waited >= {path.stat().st_ino for path in (output, output / "p/new")}


def test_a_disk_that_refuses_between_two_sites_is_told_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "output"
    publish(output, (FILES | MANY).items(), report=REPORT)
    now = FILES | MANY | {"index.html": b"<p>other</p>"}
    with monkeypatch.context() as refusing:
        refusing.setattr(Path, "replace", _refused_by_the_disk)
        with pytest.raises(OutputRefused, match=r"between two sites .No space.*run again"):
            publish(output, now.items(), report=REPORT)
    recover(output)
    assert tree(output).items() >= now.items()
    assert [path.name for path in tmp_path.iterdir()] == ["output"]


def test_changes_of_a_site_that_was_taken_away_are_dropped(tmp_path: Path) -> None:
    output = tmp_path / "output"
    (tmp_path / ".output.changes").mkdir()
    recover(output)
    assert not list(tmp_path.iterdir())


def _refused_by_the_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_two_builds_at_once_leave_one_whole_site(tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from types import SimpleNamespace; from generator.publish import publish\n"
        "report = SimpleNamespace(demo=False, snapshot='5', as_of=datetime(2026, 3, 14, tzinfo=UTC))\n"
        "for n in range(15):\n"
        "    files = {f'{m}.html': f'{sys.argv[2]} {n}'.encode() for m in range(5)}\n"
        "    publish(Path(sys.argv[1]), files.items(), report=report)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, str(tmp_path / "output")]
    running = [subprocess.Popen([*command, name], env=environment) for name in ("one", "two")]
    assert [process.wait() for process in running] == [0, 0]
    assert len({(tmp_path / "output" / f"{m}.html").read_bytes() for m in range(5)}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["output"]
