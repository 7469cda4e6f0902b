"""The budget on the command line, and progress where nobody watches bars."""

import sys
from io import StringIO

import pytest

from generator.cli import run
from generator.cli.terminal import EVERY_S, Terminal


@pytest.mark.parametrize("text", ["40", "m", "-1m", "0s", "1.5h", "40 minutes", ""])
@pytest.mark.parametrize("command", ["build", "snapshot"])
def test_a_budget_that_is_no_time_is_refused(
    command: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([command, "--budget", text]) == 1
    assert "such as 40m" in capsys.readouterr().err


def test_progress_is_a_line_a_minute_where_there_are_no_bars(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    terminal = Terminal(clock=lambda: now)
    for second in range(10 * EVERY_S):
        now = float(second)
        terminal.step("angor", f"{second} of 600 projects read", done=False)
    terminal.step("angor", "600 new records", done=True)
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "angor: 60 of 600 projects read"
    assert len(said) == 9 + 1
    assert said[-1] == "angor: 600 new records"


def test_what_verification_looks_at_is_a_line_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    terminal = Terminal(clock=lambda: now)
    for percent in range(101):
        now = float(percent * EVERY_S // 50)
        terminal.advance("The site made again has the same bytes", percent)
    said = capsys.readouterr().err.splitlines()
    assert said == [f"The site made again has the same bytes: {percent} %" for percent in (50, 100)]


def test_bars_on_a_terminal_show_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = StringIO()
    monkeypatch.setattr(shown, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    with terminal.progress():
        terminal.advance("Every number follows", 0)
        terminal.advance("The site made again", 0)
        terminal.advance("The site made again", 40)
    assert "looked at" in shown.getvalue()
    assert "40 %" in shown.getvalue()
