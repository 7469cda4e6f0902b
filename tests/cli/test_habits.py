"""What people are used to from other commands: -q and -v anywhere, JSON, completion, documented options."""

import asyncio
import subprocess
import sys
from pathlib import Path

import click
import httpx
import pytest

from generator.cli import Exit
from generator.cli import run as sunlit
from generator.cli.main import cli
from generator.cli.terminal import Terminal
from generator.preview import application
from tools.commands import PAGE, commands, written

ALL = dict(commands(cli, "sunlit"))
LEAVES = {path: command for path, command in ALL.items() if not isinstance(command, click.Group)}
#: Commands that ask and change nothing; `schema` prints JSON alone, `export` has its own --format.
READ = ("check", "doctor", "explain", "privacy-report", "theme list", "verify")


def test_every_option_is_documented() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), "run `make reference`"
    options = [option for command in LEAVES.values() for option in command.params]
    assert len(options) > 100
    assert [option for option in options if isinstance(option, click.Option) and not option.help] == []


def test_quiet_and_verbose_may_stand_behind_any_command() -> None:
    for path, command in LEAVES.items():
        names = {name for option in command.params for name in option.opts}
        assert {"-q", "--quiet", "-v", "--verbose"} <= names, path


def test_quiet_behind_a_command_is_quiet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sunlit(["init", str(tmp_path), "--yes", "-q", "--sunlit", "village/sunlit"]) == Exit.DONE
    assert capsys.readouterr().err == ""
    monkeypatch.chdir(tmp_path)
    assert sunlit(["check"]) == Exit.DONE
    assert "No problem" in capsys.readouterr().err
    assert sunlit(["check", "--quiet"]) == Exit.DONE
    assert capsys.readouterr().err == ""


def test_verbose_says_each_step(capsys: pytest.CaptureFixture[str]) -> None:
    for verbose, lines in ((False, 0), (True, 2)):
        terminal = Terminal(verbose=verbose, clock=lambda: 0.0)
        for percent in (10, 20):
            terminal.advance("Reading", percent)
        assert len(capsys.readouterr().err.splitlines()) == lines


@pytest.mark.parametrize("name", READ)
def test_what_reads_speaks_json(name: str) -> None:
    assert "--json" in {option for given in LEAVES[f"sunlit {name}"].params for option in given.opts}


def test_the_version_says_what_verification_compares(capsys: pytest.CaptureFixture[str]) -> None:
    assert sunlit(["--version"]) == Exit.DONE
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("sunlit ")
    assert second.startswith("libraries ")
    assert ", templates " in second


def test_a_shell_completes_commands() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from generator.cli.main import cli; cli(prog_name='sunlit')"],
        env={"_SUNLIT_COMPLETE": "bash_complete", "COMP_WORDS": "sunlit ver", "COMP_CWORD": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout.splitlines() == ["plain,verify"]


LAN = "192.0.2.7"


@pytest.mark.parametrize(
    ("bound", "host", "status"),
    [
        ("127.0.0.1", "localhost:8000", 200),
        ("127.0.0.1", "LOCALHOST", 200),
        ("127.0.0.1", "127.0.0.1:8000", 200),
        ("127.0.0.1", "127.8.9.1:8000", 200),
        ("127.0.0.1", "[::1]:8000", 200),
        ("127.0.0.1", f"{LAN}:8000", 421),
        ("127.0.0.1", "0.0.0.0:8000", 421),
        ("127.0.0.1", "[2001:db8::7]:8000", 421),
        ("127.0.0.1", "evil.example", 421),
        ("127.0.0.1", "127.0.0.1.evil.example", 421),
        ("127.0.0.1", "localhost.evil.example:8000", 421),
        ("127.0.0.1", "", 421),
        (LAN, f"{LAN}:8000", 200),
        (LAN, "192.0.2.8:8000", 421),
        (LAN, "evil.example", 421),
        ("0.0.0.0", f"{LAN}:8000", 200),  # noqa: S104 -- a value, nothing listens
        ("::", "[2001:db8::7]:8000", 200),
        ("0.0.0.0", "evil.example", 421),  # noqa: S104
    ],
)
def test_a_preview_answers_to_loopback_and_to_what_it_is_bound_to(
    bound: str, host: str, status: int, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_bytes(b"<p>ours</p>")

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(application(tmp_path, None, bound))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/", headers={"Host": host})

    answer = asyncio.run(asked())
    assert answer.status_code == status
    assert ("ours" in answer.text) == (status == 200)
