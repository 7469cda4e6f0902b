"""`sunlit check` and `sunlit build` as a maintainer runs them on a file with a mistake."""

import json
import random
from pathlib import Path

import pytest

from generator.cli import Exit, run
from generator.cli.site_folder import load_site
from tests.config.messages import found_in, is_plain
from tests.config.mistakes import GOOD, MISTAKES, TRAPS
from tests.support.proving import drawn, in_full

WRONG = [mistake for mistake in MISTAKES if mistake not in TRAPS]
CHANGES = [(at, kind) for at in range(len(GOOD)) for kind in ("dropped", "doubled")]
#: Signs that mean something in YAML, each put somewhere.
SIGNS = [(at, sign) for at in range(len(GOOD)) for sign in "\"'[]{}:#-&*!|>%@`,? \t\n"]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "config.yaml"


@pytest.mark.proof
@pytest.mark.parametrize("command", [["check"], ["check", "--github"], ["build"]], ids=" ".join)
def test_a_mistake_is_one_line_and_no_traceback(
    command: list[str], config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for mistake in drawn(WRONG, in_full(2, len(WRONG)), " ".join(command)):
        config.write_text(GOOD.replace(mistake.old, mistake.new, 1))
        assert run(command) == Exit.WRONG_USE
        said = capsys.readouterr()
        place = f"line={mistake.line},col={mistake.column}" if "--github" in command else f":{mistake.line}:"
        assert place in said.out + said.err
        assert mistake.fix in said.out + said.err
        assert "Traceback" not in said.out + said.err


@pytest.mark.slow
def test_a_trap_is_a_warning_and_stops_only_under_strict(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text(GOOD.replace("title: Village well", "title: Well #3", 1))
    assert run(["check"]) == Exit.DONE
    said = capsys.readouterr()
    assert "config.yaml:3:3: warning: site.title ends before the sign #" in said.out
    assert said.err.endswith("; 1 warning.\n")
    assert run(["check", "--strict"]) == Exit.WARNED
    capsys.readouterr()
    assert run(["check", "--github", "--strict"]) == Exit.WARNED
    assert capsys.readouterr().out.startswith("::warning file=config.yaml,line=3,col=3::site.title ends")
    assert run(["check", "--json"]) == Exit.DONE
    [row] = json.loads(capsys.readouterr().out)
    assert (row["severity"], row["code"], row["line"]) == ("warning", "cut", 3)


def test_warnings_stand_beside_problems(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text(GOOD.replace("Village well", "Well #3", 1).replace("network: main", "network: man"))
    assert run(["check", "--strict"]) == Exit.WRONG_USE
    said = capsys.readouterr()
    assert "did you mean 'main'" in said.out
    assert "warning: site.title" in said.out
    assert "1 problem and 1 warning found" in said.err


@pytest.mark.slow
def test_any_letter_dropped_doubled_or_put_in_gives_plain_sentences() -> None:
    chosen = random.Random(15)  # noqa: S311 -- no secret
    for at, kind in chosen.sample(CHANGES, 150):
        middle = "" if kind == "dropped" else GOOD[at] * 2
        check_plain(GOOD[:at] + middle + GOOD[at + 1 :])
    for at, sign in chosen.sample(SIGNS, 250):
        check_plain(GOOD[:at] + sign + GOOD[at:])


def test_any_line_moved_dropped_or_doubled_gives_plain_sentences() -> None:
    lines = GOOD.splitlines(keepends=True)
    for at, line in enumerate(lines):
        for changed in ("", line * 2, "  " + line, line.removeprefix("  "), "\t" + line):
            check_plain("".join([*lines[:at], changed, *lines[at + 1 :]]))


def check_plain(text: str) -> None:
    problems, warnings = found_in(text)
    lines = text.count("\n") + 1
    for problem in (*problems, *warnings):
        assert is_plain(problem), problem
        assert 1 <= problem.line <= lines, problem


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("config.yml", "there is config.yml: rename it to config.yaml"),
        ("config.yaml.txt", "there is config.yaml.txt: rename it to config.yaml"),
        (
            "content/snapshots/angor/2026-11.jsonl",
            "a report's log is here: bring the file back with `git checkout",
        ),
        ("README.md", "go to the folder of your report, or begin one with `sunlit init`"),
    ],
)
def test_a_configuration_that_is_not_there_is_looked_for(
    name: str, said: str, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = config.parent / name
    there.parent.mkdir(parents=True, exist_ok=True)
    there.write_text(GOOD)
    assert run(["check"]) == Exit.WRONG_USE
    assert f"there is no such file; {said}" in capsys.readouterr().out


def test_a_command_below_the_folder_of_a_report_names_it(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text(GOOD)
    pages = config.parent / "content/pages"
    pages.mkdir(parents=True)
    monkeypatch.chdir(pages)
    assert run(["check"]) == Exit.WRONG_USE
    assert f"the report's folder is {config.parent}: run sunlit there" in capsys.readouterr().out


def test_what_content_has_and_no_report_reads_is_a_warning(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text(GOOD + "\n")
    content = config.parent / "content"
    content.mkdir()
    for name in ("README.md", ".gitkeep", "notes.yml", "donors.md"):
        (content / name).write_text("")
    assert run(["check", "--strict"]) == Exit.WARNED
    said = capsys.readouterr().out.splitlines()
    assert [line.split(" allowed: ")[0] for line in said] == [
        "content/donors.md:1:1: warning: no report reads this; pages stand in content/pages;",
        "content/notes.yml:1:1: warning: no report reads this, did you mean 'notes.yaml'?",
    ]


def test_a_domain_is_where_the_site_stands(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = "  base_url: https://village.github.io/report\n"
    config.write_text(GOOD.replace(base, "  domain: report.village.org\n", 1))
    assert load_site(config).config.site.base_url == "https://report.village.org"
    assert run(["check", "--strict"]) == Exit.DONE
    capsys.readouterr()
    config.write_text(GOOD.replace(base, f"{base}  domain: report.village.org\n", 1))
    assert run(["check", "--strict"]) == Exit.WARNED
    assert "leads to village.github.io, and site.domain is report.village.org" in capsys.readouterr().out
