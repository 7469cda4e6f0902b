"""Several processes make the same bytes as one, and none of them outlives its work."""

import errno
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import pytest

from benchmarks.crowd import config, lines
from generator import inputs, pages, report
from generator.build import executors, processes
from generator.build.batches import BATCH, as_bytes
from generator.build.executors import make_units
from generator.next_site import NextSite, PlacedFile, SiteWriter
from generator.pages.site import in_turn, studio_of, units
from generator.report import Report
from generator.snapshot import fold
from generator.units.unit import Made, Unit
from tests.support.paths import ROOT

FULL = 20_000  #: bytes of a file that a disk has no room for
Put: TypeAlias = Callable[[str, bytes], bytes | PlacedFile]


def crowd() -> Report:
    return report.build(fold(lines(20, busy=0.9)), config(), demo=False)


def texts() -> pages.Content:
    return pages.Content(templates=inputs.templates(ROOT), pages=inputs.pages(ROOT))


@pytest.fixture(scope="module")
def built() -> Report:
    return crowd()


@pytest.fixture(scope="module")
def content() -> pages.Content:
    return texts()


def made(built: Report, content: pages.Content, jobs: int) -> dict[str, tuple[str, str]]:
    """Return of each unit the hash of its files, and what was said of it."""
    found = make_units(units(built, content), studio_of(built, content), put=as_bytes, jobs=jobs)
    return {
        unit.id: (sha256(repr(sorted(files.items())).encode()).hexdigest(), told)
        for unit, (files, told) in found
    }


@pytest.fixture(scope="module")
def alone(built: Report, content: pages.Content) -> dict[str, tuple[str, str]]:
    return made(built, content, 1)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(executors, "FEW", 2)
    for room in (executors, processes):  # as where this process has other threads, or forks on no account
        monkeypatch.setattr(room, "can_fork", lambda: False)
    return monkeypatch


def test_processes_make_the_same_bytes_and_a_lost_one_costs_nothing(
    built: Report, content: pages.Content, alone: dict[str, tuple[str, str]], small: pytest.MonkeyPatch
) -> None:
    assert made(built, content, 2) == alone
    small.setattr(processes, "_begin", _end)
    assert made(built, content, 2) == alone


def _end(*_: object) -> None:
    os._exit(1)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.usefixtures("small")
def test_of_several_faults_the_first_unit_tells_whichever_ended_first(
    jobs: int, built: Report, content: pages.Content
) -> None:
    some = [
        Unit(id=f"{number:02}", value=number, make=_made_or_not, templates=(), wide=False)
        for number in range(6 * BATCH)
    ]
    found = make_units(some, studio_of(built, content), put=as_bytes, jobs=jobs)
    with pytest.raises(ValueError, match=f"^{2 * BATCH} fails$"):
        list(found)


def _made_or_not(number: int, _studio: object) -> Made:
    """Make a unit; fail soon in the fourth batch, and late in the third."""
    if number == 2 * BATCH:
        time.sleep(0.3)
    if number in (2 * BATCH, 3 * BATCH):
        message = f"{number} fails"
        raise ValueError(message)
    return {}, ""


@pytest.mark.usefixtures("small")
def test_processes_write_what_they_make_beside_the_old_site(
    built: Report, content: pages.Content, tmp_path: Path
) -> None:
    def hashes(put: Put, jobs: int) -> dict[str, str]:
        made = make_units(units(built, content), studio_of(built, content), put=put, jobs=jobs)
        return {
            path: given.row.sha256 if isinstance(given, PlacedFile) else sha256(given).hexdigest()
            for _, (files, _) in made
            for path, given in files.items()
        }

    written = hashes(SiteWriter(tmp_path / "old", tmp_path / "next"), 2)
    assert written == hashes(as_bytes, 1)
    lying = {path for path in written if (tmp_path / "next" / path).is_file()}
    assert lying == written.keys() - in_this_process(built, content)
    assert all(sha256((tmp_path / "next" / path).read_bytes()).hexdigest() == written[path] for path in lying)


def in_this_process(built: Report, content: pages.Content) -> set[str]:
    """Return the paths of what holds a whole report, which is made here where a process is no copy."""
    wide = [unit for unit in units(built, content) if unit.wide]
    return {path for _, (files, _) in in_turn(wide, studio_of(built, content)) for path in files}


def test_copies_of_a_process_make_the_same_bytes(alone: dict[str, tuple[str, str]]) -> None:
    done = in_a_process("made_by_copies()")
    assert done.stdout == repr(sorted(alone.items()))
    assert done.stderr == ""


def made_by_copies() -> None:
    assert processes.can_fork()
    executors.FEW = 2  # type: ignore[misc]
    print(repr(sorted(made(crowd(), texts(), 2).items())), end="")


def test_copies_write_what_the_old_site_lacks(built: Report, content: pages.Content, tmp_path: Path) -> None:
    files = files_of(built, content)
    stood = set(sorted(files)[::2])
    for path in stood:
        (tmp_path / "old" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "old" / path).write_bytes(files[path])
    told = written_in_a_process(tmp_path)
    assert told == {path: "stood" if path in stood else "placed" for path in files}
    lying = {path for path in files if (tmp_path / "next" / path).is_file()}
    assert lying == files.keys() - stood
    assert all((tmp_path / "next" / path).read_bytes() == files[path] for path in lying)


def test_what_a_copy_cannot_write_is_made_and_written_here(
    built: Report, content: pages.Content, tmp_path: Path
) -> None:
    files = files_of(built, content)
    told = written_in_a_process(tmp_path, child=FULL)
    assert told.keys() == files.keys()
    assert {path for path in files if len(files[path]) > FULL} <= {
        path for path, way in told.items() if way == "here"
    }
    assert set(told.values()) == {"here", "placed"}
    assert all((tmp_path / "next" / path).read_bytes() == data for path, data in files.items())


def test_a_full_disk_is_told_by_the_file_that_it_lacks_room_for(tmp_path: Path) -> None:
    done = in_a_process(written(tmp_path, child=FULL, parent=FULL))
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert str(tmp_path / "next") in last
    assert os.strerror(errno.EFBIG) in last


def files_of(built: Report, content: pages.Content) -> dict[str, bytes]:
    made = in_turn(units(built, content), studio_of(built, content))
    return {path: data for _, (files, _) in made for path, data in files.items()}


def written(folder: Path, *, child: int = 0, parent: int = 0) -> str:
    return f"written_by_copies({str(folder)!r}, {child}, {parent})"


def written_in_a_process(folder: Path, *, child: int = 0) -> dict[str, str]:
    done = in_a_process(written(folder, child=child))
    assert done.stderr == ""
    told: dict[str, str] = json.loads(done.stdout)
    return told


def written_by_copies(folder: str, child: int, parent: int) -> None:
    """Print who wrote each file; no file of a process may have more than so many bytes, as on a full disk."""
    assert processes.can_fork()
    executors.FEW = 2  # type: ignore[misc]
    begin = processes._begin
    processes._begin = lambda *shared: (begin(*shared), limit(child))  # type: ignore[assignment]
    site = NextSite(SiteWriter(Path(folder, "old"), Path(folder, "next")))
    built, content = crowd(), texts()
    limit(parent)
    told = {}
    put = SiteWriter(site.old, site.folder)
    for _, (files, _) in make_units(units(built, content), studio_of(built, content), put=put, jobs=2):
        for path, given in files.items():
            site.take(path, given)
            told[path] = ("stood" if given.stood else "placed") if isinstance(given, PlacedFile) else "here"
    print(json.dumps(told))


def limit(size: int) -> None:
    if size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def in_a_process(call: str) -> subprocess.CompletedProcess[str]:
    script = f"from tests.build import test_executors; test_executors.{call}"
    return subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_children_end_when_their_parent_is_killed() -> None:
    done = in_a_process("killed_at_work()")
    assert done.returncode == -signal.SIGKILL
    children = [int(line) for line in done.stdout.split()]
    assert len(children) == 2
    deadline = time.monotonic() + 30
    while any(map(is_running, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_running, children))


def killed_at_work() -> None:
    with processes.processes(wait_long, [1, 2], jobs=2) as submit:
        submit(0), submit(1)
        time.sleep(1)
        os.kill(os.getpid(), signal.SIGKILL)


def wait_long(_: int) -> None:
    os.write(1, f"{os.getpid()}\n".encode())  # in one piece
    time.sleep(600)


def is_running(pid: int) -> bool:
    """Tell whether a process lives; one whose new parent has not buried it yet does not."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.usefixtures("small")
def test_a_template_that_cannot_be_used_has_its_place(built: Report, content: pages.Content) -> None:
    broken = {**content.templates, "project.html": b"\n{{ nobody.knows }}"}
    other = pages.Content(templates=broken, pages=content.pages)
    with pytest.raises(Exception, match="nobody") as raised:
        made(built, other, 2)
    assert pages.fault_place(raised.value) == ("templates/project.html", 2)
