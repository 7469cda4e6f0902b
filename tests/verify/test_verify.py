"""Verification of a site that nobody touched, and its exit codes."""

import json
import re
from pathlib import Path

import pytest

from generator.cli import Exit, run
from generator.cli.commands.verify import exit_code
from generator.report.files.figures_json import decode_figures
from generator.verify.published_site import Installation
from generator.verify.site_copy import SiteCopy
from generator.verify.step_table import ONLINE, STEPS
from generator.verify.steps import verify
from tests.verify.forger import site_of
from tests.verify.original import Original, write

#: Ends a process that opens a socket.
NO_SOCKETS = """
import os
import sys

sys.addaudithook(lambda event, _: os._exit(99) if event == "socket.__new__" else None)
"""


def test_the_untouched_site_is_green(original: Original, installation: Installation) -> None:
    outcome = verify(original.copy, installation)
    for check in outcome.checks:
        print(f"{check.step}: {check.name}: {check.result}, {check.compared} compared {check.reason}")
    [themed] = [check for check in outcome.checks if check.result != "ok"]
    assert (themed.name, themed.result, themed.wanted) == ("theme", "not checked", False)
    assert "(unused.txt)" in themed.reason
    assert all(check.compared for check in outcome.checks if check is not themed)
    assert (outcome.demo, outcome.network) == (True, "regtest")


def test_a_folder_is_verified_without_any_network(
    original: Original, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sitecustomize.py").write_text(NO_SOCKETS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))  # of the process that verifies
    folder = write(original, tmp_path / "site")
    assert run(["verify", str(folder)]) == 0
    said = capsys.readouterr().out
    assert re.match(r"As of \d+ \w+ \d{4}, \d\d:\d\d UTC, \d+ days old by this computer's clock\.\n", said)
    assert "Everything holds" in said
    (folder / "style.css").write_bytes(b"")
    assert run(["verify", str(folder), "--json"]) == 5
    text = capsys.readouterr().out
    assert "style.css hashes to" in text
    document = json.loads(text)
    assert list(document)[:4] == ["schema", "subject", "as_of", "age_s"]
    assert document["age_s"] > 0
    wrong = {check["name"]: check["result"] for check in document["checks"] if check["result"] != "ok"}
    assert wrong == {"files-changed": "failed", "same-bytes": "failed", "theme": "not checked"}


def test_a_configuration_newer_than_the_last_run_is_not_recorded_yet(
    original: Original, installation: Installation
) -> None:
    projects = [
        project.model_copy(update={"slug": f"new-{project.slug}"}) for project in original.config.projects
    ]
    renamed = original.config.model_copy(update={"projects": tuple(projects)})
    files = site_of(original.copy.log, renamed)
    outcome = verify(SiteCopy(subject="site", files=files, listed=True), installation)
    [told] = [check for check in outcome.checks if check.result != "ok"]
    assert (told.name, told.wanted) == ("bindings", True)
    assert "not recorded yet" in told.reason
    assert "counts for new-" in told.reason
    assert exit_code(outcome) == Exit.INCOMPLETE
    assert "The configuration is newer than the last run" in files["index.html"].decode()
    assert "newer than the last run" not in original.copy.files["index.html"].decode()


def test_a_folder_without_a_site_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(tmp_path)]) == 1
    assert "holds no manifest.json" in capsys.readouterr().err


def test_a_chart_in_any_folder_is_held_against_the_figures(
    original: Original, installation: Installation
) -> None:
    files = original.copy.files
    charts = [path for path in files if path.endswith(".csv") and f"{path[:-4]}.svg" in files]
    table, drawing = files[charts[0]], files[f"{charts[0][:-4]}.svg"].decode()
    number = re.compile(r'(data-figure="[^"]+"[^>]*>)')
    assert number.search(drawing)
    forged = number.sub(r"\g<1>9", drawing).encode()
    grown = {
        **files,
        "health/h1.csv": table,
        "health/h2.csv": table + b"x/y,1,msat,yes\r\n",
        "health/h3.csv": table[:-1] + b"x" * 140_000,  # longer than a cell that is read
        "health/h4.csv": table[:-1] + b"\rx",
        "elsewhere/z.svg": forged,
    }
    told = verify(SiteCopy(subject="site", files=grown, listed=True), installation).checks
    found = {check.name: check for check in told if check.step == "figures"}
    assert found["chart-data"].compared == len(charts) + 4
    odd, long, *cut = found["chart-data"].problems
    assert odd == "health/h2.csv: ['x/y'] is no figure"
    assert long.startswith("health/h3.csv: not a table")
    assert cut
    assert all(problem.startswith("health/h4.csv: ") for problem in cut)
    assert {problem.partition(":")[0] for problem in found["pages"].problems} == {"elsewhere/z.svg"}


def test_a_chart_states_figures_of_today_beside_a_page_of_today_alone(
    original: Original, installation: Installation
) -> None:
    day = next(iter(decode_figures(original.copy.files["today.json"]).every({})))
    value = "" if day.value is None else day.value
    row = f"figure,value,unit,bound\r\n{day.id},{value},{day.unit},{day.bound}\r\n"
    files = {**original.copy.files, "health/h1.csv": row.encode(), "stages/s9.csv": row.encode()}
    told = verify(SiteCopy(subject="site", files=files, listed=True), installation).checks
    [found] = [check for check in told if check.name == "chart-data"]
    assert list(found.problems) == [f"stages/s9.csv: ['{day.id}'] is no figure"]


def test_every_check_has_words_for_a_person(original: Original, installation: Installation) -> None:
    made = [(check.step, check.name) for check in verify(original.copy, installation).checks]
    words = [
        (step.name, name)
        for step in STEPS
        for name, counted in step.checks.items()
        if counted or name == "theme"  # the site has one
    ]
    assert made == [check for check in words if check != ("evidence", "epochs")]  # of main alone
    assert all(ONLINE.checks.values())
    assert all(step.question for step in (*STEPS, ONLINE))


def test_what_cannot_be_made_is_told_step_by_step(original: Original, installation: Installation) -> None:
    files = {path: data for path, data in original.copy.files.items() if path != "data/recipe.json"}
    told = verify(SiteCopy(subject="site", files=files, listed=True), installation).checks
    found = {(check.step, check.name): check.reason for check in told if check.result == "not checked"}
    later = [
        (step.name, name)
        for step in STEPS[4:]
        for name, counted in step.checks.items()
        if counted and step.name != "editions"  # each has its own configuration
    ]
    assert found == dict.fromkeys(
        [pair for pair in later if pair[1] != "recipe"], "the log gives no report"
    ) | {("schemas", name): found["schemas", name] for name in ("file-kinds", "schemas-ours")}
    files = {path: data for path, data in original.copy.files.items() if "snapshots/" not in path}
    told = verify(SiteCopy(subject="site", files=files, listed=True), installation).checks
    assert {check.step for check in told if check.reason == "the log could not be read"} == {
        "editions",
        "evidence",
        "figures",
        "proof",
        "records",
        "rebuild",
    }
