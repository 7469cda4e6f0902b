"""Verification in a process of its own: what its budgets end, and that nothing of it is left."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from generator.cli import Exit, run
from generator.cli.verify_messages import VerificationQuestion, unheld
from generator.cli.verify_process import verify_apart
from tests.support.paths import ROOT

MIB = 2**20
SHORT_S = 0.01  #: no process begins in it


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that is a site by name."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/manifest.json").write_text("{}")
    return tmp_path / "site"


def test_time_that_ended_is_said(folder: Path) -> None:
    answer = verify_apart(VerificationQuestion(site=str(folder), time_s=SHORT_S))
    assert answer.code == Exit.INCOMPLETE
    assert answer.error == (
        "nothing was verified: verification took longer than the 0.01 s it was given; --time gives it more"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")
def test_memory_that_ended_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(5):
        with (folder / f"{number}.txt").open("wb") as hollow:
            hollow.truncate(90 * MIB)
    assert run(["verify", str(folder), "--memory", "256M"]) == Exit.INCOMPLETE
    said = capsys.readouterr().err
    assert "verification needed more than the 256 MiB of memory it was given; --memory gives it more" in said
    assert "Traceback" not in said


def test_a_system_that_holds_nobody_to_his_memory_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unheld() == ""
    monkeypatch.setattr(sys, "platform", "win32")
    assert "--time alone" in unheld()


@pytest.mark.slow
def test_a_folder_that_is_current_lends_no_modules(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("msgspec", "generator", "json", "sitecustomize"):
        (folder / f"{name}.py").write_text("open('ran.txt', 'w').close()")
    monkeypatch.chdir(folder)
    answer = verify_apart(VerificationQuestion(site="."))
    assert answer.result is not None
    assert answer.result.mismatch
    assert not (folder / "ran.txt").exists()


def test_a_fault_of_ours_is_a_sentence_without_the_words_of_the_site(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = (
        "import generator.verify.steps as v\n\nv.verify = lambda copy, *_, **__: dict(copy.files)['secret']\n"
    )
    (tmp_path / "sitecustomize.py").write_text(broken)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    answer = verify_apart(VerificationQuestion(site=str(folder)))
    assert answer.code == Exit.INCOMPLETE
    assert "stopped at a fault of Sunlit's own (KeyError in " in answer.error
    assert "sitecustomize.py:3)" in answer.error
    assert "secret" not in answer.error
    assert capfd.readouterr() == ("", "")


def test_a_process_that_gives_no_answer_is_said(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import os\n\nos.kill(os.getpid(), 9)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    answer = verify_apart(VerificationQuestion(site=str(folder)))
    assert answer.code == Exit.INCOMPLETE
    assert "ended by signal 9 and gave no answer" in answer.error


@pytest.mark.slow
@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGKILL, -9)])
def test_nothing_goes_on_after_the_command(how: signal.Signals, code: int, tmp_path: Path) -> None:
    """The process that verifies holds a connection; it ends when the process does."""
    with socket.create_server(("127.0.0.1", 0)) as listening, (tmp_path / "said.txt").open("w+") as said:
        command = [sys.executable, "-m", "generator.cli", "verify", f"http://127.0.0.1:{_port(listening)}"]
        parent = subprocess.Popen(command, stderr=said, stdout=said, env=os.environ | {"NO_PROXY": "*"})
        link, _ = listening.accept()
        with link:
            assert link.recv(4)
            parent.send_signal(how)
            assert parent.wait() == code
            while link.recv(4096):
                pass
        said.seek(0)
        words = said.read()
        assert "Traceback" not in words
        assert ("Error: interrupted" in words) == (how == signal.SIGINT)


def test_a_python_without_bzip2_is_named_and_nothing_of_ours(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['_bz2'] = None")
    ended = subprocess.run(
        [sys.executable, "-m", "generator.cli", "verify", str(folder)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == Exit.WRONG_USE
    assert "This Python was built without bzip2" in ended.stderr
    assert "fault of Sunlit's own" not in ended.stderr


def _port(listening: socket.socket) -> int:
    return int(listening.getsockname()[1])


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--memory", "1T", "'1T' is no size; write a whole number with M or G, such as 512M"),
        ("--memory", "0M", "is no size"),
        ("--time", "forever", "is no length of time"),
    ],
)
def test_budgets_are_written_one_way(
    option: str, value: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", ".", option, value]) == Exit.WRONG_USE
    assert says in capsys.readouterr().err
