"""A site whose log is in parts holds like any other, and shows the same numbers."""

from collections import defaultdict
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from generator.pages.files import log_path
from generator.snapshot import FileState, Heading, Line, Record, Run, decode, encode, snapshot_id
from generator.snapshot.batch import Batch
from generator.snapshot.log_file import LogFile
from generator.store import append, prefixes
from generator.verify.log_check import read_log
from generator.verify.published_site import Installation
from generator.verify.site_copy import SiteCopy
from generator.verify.steps import verify
from tests.verify.forger import lines_of, rehashed, site_of
from tests.verify.original import Original

LIMIT = 30_000


def in_parts(original: Original, root: Path) -> dict[str, bytes]:
    """Append again what each run observed, into small files."""
    records: defaultdict[str, list[Record]] = defaultdict(list)
    runs: list[Run] = []
    for line in lines_of(original.copy):
        if isinstance(line.record, Run):
            runs.append(line.record)
        else:
            records[line.run].append(line.record)
    for run in runs:
        batch = Batch(
            run=run.id,
            at=run.at,
            asked=run.asked,
            network=run.network,
            demo=run.demo,
            tip_height=run.tip_height,
            bound=run.bound,
            records=tuple(records[run.id]),
        )
        append(root, batch, refresh_hours=0, part_limit=LIMIT)
    return prefixes(root)


@pytest.mark.slow
def test_a_site_with_parts_holds_and_one_without_its_first_part_does_not(
    original: Original, installation: Installation, tmp_path: Path
) -> None:
    log = in_parts(original, tmp_path)
    parts = [path for path in log if (file := LogFile.of(path)) and file.part > 1]
    assert len(parts) > 1
    files = site_of(log, original.config)
    outcome = verify(SiteCopy(subject="site", files=files, listed=True), installation)
    print([check for check in outcome.checks if check.result != "ok"])
    assert {check.result for check in outcome.checks} == {"ok"}
    first = log_path(parts[0].replace(".2.jsonl", ".jsonl"))
    lacking = rehashed({path: data for path, data in files.items() if path != first})
    outcome = verify(SiteCopy(subject="site", files=lacking, listed=True), installation)
    [lines] = [check for check in outcome.checks if check.name == "log-lines"]
    assert any("the part before it" in problem and "is missing" in problem for problem in lines.problems)


Files = dict[str, bytes]


def sealed(files: Files) -> Files:
    """Let the one run record vouch for whatever files there are, as a forger does."""
    [name] = [path for path in files if path.startswith("runs/")]
    heading, [line] = decode(name, files[name])
    assert isinstance(line.record, Run)
    states = tuple(
        FileState(path=path, length=len(data), sha256=sha256(data).hexdigest())
        for path, data in sorted(files.items())
        if path != name
    )
    run = msgspec.structs.replace(line.record, files=states, snapshot=snapshot_id(states))
    return {**files, name: encode(heading) + encode(Line(run=line.run, record=run))}


def named(file: LogFile, data: bytes) -> Files:
    """Return the lines of a part as another one, with the heading of that."""
    return {file.path: encode(Heading.of(file)) + data.partition(b"\n")[2]}


def without(files: Files, *paths: str) -> Files:
    return {path: data for path, data in files.items() if path not in paths}


def of_angor(files: Files) -> list[LogFile]:
    found = filter(None, map(LogFile.of, files))
    return sorted(file for file in found if file.source == "angor")


def a_gap(files: Files) -> Files:
    last = of_angor(files)[-1]
    return without(files, last.path) | named(last.next, files[last.path])


def another_source(files: Files) -> Files:
    last = of_angor(files)[-1]
    return without(files, last.path) | named(LogFile("rates", last.month, 2), files[last.path])


def another_month(files: Files) -> Files:
    last = of_angor(files)[-1]
    return without(files, last.path) | named(LogFile("angor", "2020-01"), files[last.path])


def odd_number(files: Files) -> Files:
    last = of_angor(files)[-1]
    path = last.path.replace(f".{last.part}.", f".0{last.part}.")
    return without(files, last.path) | {path: files[last.path]}


def old_heading(files: Files) -> Files:
    first, second = of_angor(files)[:2]
    return files | {second.path: files[first.path].partition(b"\n")[0] + b"\n" + files[second.path]}


def another_run(name: str) -> Callable[[Files], Files]:
    def edit(files: Files) -> Files:
        path = of_angor(files)[0].path
        heading, (line, *lines) = decode(path, files[path])
        forged = (msgspec.structs.replace(line, run=name), *lines)
        return files | {path: b"".join(map(encode, (heading, *forged)))}

    return edit


def a_later_month(files: Files) -> Files:
    last = of_angor(files)[-1]
    return files | named(LogFile("angor", "2026-13"), files[last.path])


FORGED: dict[str, tuple[Callable[[Files], Files], str]] = {
    "a part is missing": (a_gap, "is missing"),
    "a part moved to another source": (another_source, "does not belong here"),
    "a part moved to an earlier month": (another_month, "is later than the file's month"),
    "a part has an odd number": (odd_number, "its first line is that of"),
    "a row of a later run": (another_run("20260215T000000Z-deadbeef"), "later than the last one"),
    "a row of no run": (another_run("1,000 BTC raised"), "is none"),
    "a part of a month to come": (a_later_month, "its month is later than the last run"),
    "a part has two headings": (old_heading, "not a record"),
}


@pytest.mark.parametrize("name", FORGED)
def test_parts_that_a_forger_moved_and_sealed(name: str, original: Original, tmp_path: Path) -> None:
    forge, told = FORGED[name]
    log = in_parts(original, tmp_path)
    assert [check.name for check in read_log(sealed(log)).results if check.problems] == []
    found = read_log(sealed(forge(log)))
    problems = [problem for check in found.results for problem in check.problems]
    print(name, problems[:2])
    assert any(told in problem for problem in problems)


def test_a_closed_part_that_grew_in_a_later_run(original: Original, tmp_path: Path) -> None:
    log = in_parts(original, tmp_path)
    first, second = of_angor(log)[:2]
    moved = log[second.path].splitlines(keepends=True)[-1]
    log = sealed(log)
    [name] = [path for path in log if path.startswith("runs/")]
    heading, [line] = decode(name, log[name])
    assert isinstance(line.record, Run)
    grown = log[first.path] + moved
    state = FileState(path=first.path, length=len(grown), sha256=sha256(grown).hexdigest())
    states = {state.path: state for state in line.record.files} | {first.path: state}
    again = msgspec.structs.replace(line.record, files=(state,), snapshot=snapshot_id(states.values()))
    records = b"".join(map(encode, (heading, line, Line(run=line.run, record=again))))
    problems = [
        problem
        for check in read_log({**log, first.path: grown, name: records}).results
        for problem in check.problems
    ]
    assert any("changed after its next part was begun" in problem for problem in problems)
