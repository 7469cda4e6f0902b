"""A stranger's folder is read without following a link, opening a device or waiting for a pipe."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cli import Exit, run
from generator.cli.verify_messages import VerificationQuestion
from generator.cli.verify_process import verify_apart
from generator.verify.file_names import name_problems
from generator.verify.files_check import check_manifest
from generator.verify.files_on_disk import SiteChanged
from generator.verify.folder_reader import read_folder
from tests.verify.original import Original, write


def red(folder: Path) -> dict[str, tuple[str, ...]]:
    return {check.name: check.problems for check in check_manifest(read_folder(folder)) if check.problems}


def link(path: Path) -> None:
    path.symlink_to("/etc/hostname")


def link_to_a_folder(path: Path) -> None:
    path.symlink_to(path.parent, target_is_directory=True)


def bound(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the address of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path.name)
    os.chdir(here)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (link, "a symbolic link"),
        (link_to_a_folder, "a symbolic link"),
        (os.mkfifo, "neither a file nor a folder"),
        (bound, "neither a file nor a folder"),
    ],
)
@pytest.mark.parametrize("name", ["added", "figures.json", "manifest.json", "CNAME"])
def test_what_is_no_ordinary_file_is_red_and_never_opened(
    make: Callable[[Path], None], why: str, name: str, original: Original, tmp_path: Path
) -> None:
    folder = write(original, tmp_path / "site")
    (folder / name).unlink(missing_ok=True)
    make(folder / name)
    copy = read_folder(folder)
    assert copy.refused[name].startswith(why)
    if name != "manifest.json":
        assert any(name in problem and why in problem for problem in red(folder)["file-names"])
    else:
        assert "manifest-read" in red(folder)


@pytest.mark.slow
def test_a_pipe_in_place_of_the_manifest_ends_with_a_sentence(
    original: Original, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(original, tmp_path / "site")
    (folder / "manifest.json").unlink()
    os.mkfifo(folder / "manifest.json")
    assert run(["verify", str(folder)]) == Exit.MISMATCH
    assert "manifest.json" in capsys.readouterr().out


def test_a_file_that_nobody_may_read_leaves_it_incomplete(
    original: Original, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(original, tmp_path / "site")
    opened = os.open

    def refuse(path: str, *flags: int) -> int:
        if path.endswith("style.css"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path, *flags)

    monkeypatch.setattr(os, "open", refuse)
    copy = read_folder(folder)
    assert copy.unread == {"style.css": "Permission denied"}
    [told] = [check for check in check_manifest(copy) if check.name == "files-read"]
    assert told.wanted


def test_a_folder_hides_nothing(original: Original, tmp_path: Path) -> None:
    folder = write(original, tmp_path / "site")
    (folder / "CNAME").write_text("report.example\n")
    assert red(folder) == {}
    (folder / "CNAME").unlink()
    for name in ("CNAME/index.html", "p/.git/index.html", ".hidden", "Style.css"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("9 BTC raised")
    found = red(folder)
    assert len(found["files-extra"]) == 4
    assert any("'style.css' differs from 'Style.css' in case alone" in text for text in found["file-names"])


@pytest.mark.parametrize(
    "name",
    [
        "../up",
        "/etc/passwd",
        "a/../b",
        "a\\b",
        "",
        "a\nb",
        "in\u200bdex.html",
        "\uff49ndex.html",
        "\u202ehtml.x",
        "caf\u0065\u0301.html",
        "index.html ",
        "index.html.",
        "a./b",
        "\udcff.html",
        "x" * 2000,
    ],
)
def test_a_manifest_that_lists_an_odd_name_is_red(name: str) -> None:
    assert list(name_problems([name, "index.html"]))


@pytest.mark.parametrize("pair", [("a/B", "a/b"), ("stra\u00dfe", "strasse")])
def test_names_that_some_disks_take_for_one_are_red(pair: tuple[str, str]) -> None:
    assert len(list(name_problems(pair))) == 1


def test_names_of_a_site_are_plain(original: Original) -> None:
    assert list(name_problems(original.copy.files)) == []


def test_more_than_a_site_may_hold_is_refused_by_name(
    original: Original, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(original, tmp_path / "site")
    with (folder / "huge.bin").open("wb") as file:
        file.truncate(2 * 10**9)
    assert "larger than" in read_folder(folder).refused["huge.bin"]
    monkeypatch.setattr("generator.verify.folder_reader.MOST_FILES", 3)
    copy = read_folder(folder)
    assert len(copy.files) == 3
    assert any("more than the 3 files" in why for why in copy.refused.values())


def test_a_folder_stays_on_disk_and_must_stay_what_it_was(original: Original, tmp_path: Path) -> None:
    folder = write(original, tmp_path / "site")
    copy = read_folder(folder)
    assert dict(copy.files) == dict(original.copy.files)
    assert list(copy.files) == sorted(original.copy.files)
    assert dict(copy.log) == dict(original.copy.log)
    (folder / "style.css").write_bytes(b"a")
    (folder / "index.html").unlink()
    (folder / "figures.json").unlink()
    (folder / "figures.json").symlink_to(folder / "today.json")
    for path in ("style.css", "index.html", "figures.json"):
        assert path in copy.files
        with pytest.raises(SiteChanged, match=path):
            copy.files[path]


@pytest.mark.slow
def test_a_folder_that_changes_meanwhile_is_not_verified(
    original: Original, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(original, tmp_path / "site")
    spoil = f"open({str(folder / 'index.html')!r}, 'w').close()"
    (tmp_path / "sitecustomize.py").write_text(
        "import generator.verify.stores_check as stores\n\nmade = stores.check_stores\n"
        f"stores.check_stores = lambda report: ({spoil}, made(report))[1]\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    answer = verify_apart(VerificationQuestion(site=str(folder)))
    assert answer.code == Exit.INCOMPLETE
    assert (
        "found that 'index.html' was changed meanwhile; verify a copy that nobody writes to" in answer.error
    )
