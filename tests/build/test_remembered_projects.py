"""Of a project of which nothing changed no report is worked out, and what is remembered is what it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from benchmarks import world
from benchmarks.crowd import CONFIG, lines
from generator.build import cache
from generator.build.project_cache import load_projects, save_projects
from generator.charts import pace
from generator.cli import Exit, run
from generator.config import parse
from generator.ledger import Entry
from generator.report import assemble, remembered_projects
from generator.report.project_inputs import ProjectInputs, ReportContext
from generator.report.project_report import project_report
from generator.report.remembered_projects import ProjectMemory
from generator.snapshot import Line, Run, fold, run_id
from generator.units.key import digest
from tests.build.built_site import write_lines

LINES = lines(9, runs=3, busy=0.9)
REMEMBERED = Path(".sunlit/cache/projects")


def later(hours: int, paid: bool = False) -> list[Line]:  # noqa: FBT001, FBT002 -- a table's cells
    """Return the log with a later run, which may have seen a payment."""
    last = max((line.record for line in LINES if isinstance(line.record, Run)), key=lambda run: run.id)
    at = last.at + timedelta(hours=hours)
    run = msgspec.structs.replace(last, id=run_id(at, "later"), at=at)
    entry = next(line.record for line in LINES if isinstance(line.record, Entry))
    more = msgspec.structs.replace(entry, id=f"{'9' * 64}:0", amount_msat=1_000)
    return [*LINES, *([Line(run=run.id, record=more)] if paid else []), Line(run=run.id, record=run)]


@pytest.mark.parametrize("hours", [1, 24, 24 * 40, 24 * 400])
def test_as_of_taken_back_gives_the_same_report(hours: int, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[ProjectInputs, ReportContext]] = []
    inputs_of = ProjectInputs.of

    def spied(project: object, context: ReportContext) -> ProjectInputs:
        given.append((inputs_of(project, context), context))  # type: ignore[arg-type]
        return given[-1][0]

    monkeypatch.setattr(ProjectInputs, "of", spied)
    assemble.build(fold(later(hours)), parse(CONFIG), demo=False)
    assert given
    assert hours < 24 or any(inputs.as_of < context.as_of for inputs, context in given)
    for inputs, context in given:
        exact = project_report(replace(inputs, as_of=context.as_of))
        assert digest(project_report(inputs)) == digest(exact)


def test_a_payment_has_its_project_worked_out_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def spied(inputs: ProjectInputs) -> object:
        made.append(inputs.project.slug)
        return project_report(inputs)

    monkeypatch.setattr(remembered_projects, "project_report", spied)
    first = ProjectMemory({}, digest)
    assemble.build(fold(later(72)), parse(CONFIG), demo=False, memory=first)
    assert len(made) == len(first.kept) == 9
    made.clear()
    second = ProjectMemory(first.kept, digest)
    built = assemble.build(fold(later(73, paid=True)), parse(CONFIG), demo=False, memory=second)
    assert len(made) == 1
    clean = assemble.build(fold(later(73, paid=True)), parse(CONFIG), demo=False)
    assert built.figures == clean.figures
    assert built.statements == clean.statements
    told = [digest(getattr(project, "full", project)) for project in built.projects]
    assert told == [digest(project) for project in clean.projects]


def test_pages_of_a_payment_ask_for_no_whole_report_but_of_its_project_and_of_the_drawn_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.make(tmp_path, 24, 240)
    monkeypatch.chdir(tmp_path)
    assert run(["render", "--jobs", "1"]) == Exit.DONE
    world.pay(tmp_path)
    made: list[str] = []

    def spied(inputs: ProjectInputs) -> object:
        made.append(inputs.project.slug)
        return project_report(inputs)

    monkeypatch.setattr(remembered_projects, "project_report", spied)
    assert run(["render", "--jobs", "1"]) == Exit.DONE
    assert 0 < len(made) <= 1 + pace.MOST < 24


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:-9] + b"x" + data[-8:],
        lambda _: cache._seal(b"[9]").encode() + b"\n[9]",
        lambda _: b"",
    ],
)
def test_a_memory_that_cannot_be_used_is_discarded_with_one_line(
    damage: Callable[[bytes], bytes],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text(CONFIG)
    write_lines(LINES)
    assert run(["render", "--output", "first"]) == Exit.DONE
    part = min(REMEMBERED.iterdir())
    part.write_bytes(damage(part.read_bytes()))
    capsys.readouterr()
    assert run(["render", "--output", "second"]) == Exit.DONE
    assert capsys.readouterr().err.count("it is not used, what it held is made again") == 1
    assert cache.load(part, dict[str, remembered_projects.ProjectSummary], pytest.fail)


def test_a_payment_rewrites_the_part_of_its_project_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.make(tmp_path, 24, 240)
    monkeypatch.chdir(tmp_path)
    assert run(["render"]) == Exit.DONE
    before = {path: path.read_bytes() for path in REMEMBERED.iterdir()}
    assert len(before) > 1
    world.pay(tmp_path)
    assert run(["render"]) == Exit.DONE
    after = {path: path.read_bytes() for path in REMEMBERED.iterdir()}
    assert after.keys() == before.keys()
    assert sum(after[path] != data for path, data in before.items()) == 1


def test_a_disk_that_refuses_a_part_is_said_once(tmp_path: Path) -> None:
    folder, told = tmp_path / "projects", list[str]()
    kept = ProjectMemory({}, digest)
    assemble.build(fold(LINES), parse(CONFIG), demo=False, memory=kept)
    folder.write_text("a file where the folder belongs")
    save_projects(folder, kept.kept, {}, told.append)
    assert len(told) == 1
    folder.unlink()
    save_projects(folder, kept.kept, {}, told.append)
    assert load_projects(folder, pytest.fail) == kept.kept
    save_projects(folder, {}, kept.kept, told.append)
    assert load_projects(folder, pytest.fail) == {}
    assert len(told) == 1
