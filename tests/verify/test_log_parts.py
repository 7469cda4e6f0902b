"""A site whose log is in parts holds like any other, and shows the same numbers."""

from collections import defaultdict
from pathlib import Path

from generator.snapshot import Record, Run
from generator.snapshot.batch import Batch
from generator.snapshot.log_file import LogFile
from generator.store import append, prefixes
from generator.verify.published_site import Installation
from generator.verify.site_copy import LOG, SiteCopy
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
    first = LOG + parts[0].replace(".2.jsonl", ".jsonl")
    lacking = rehashed({path: data for path, data in files.items() if path != first})
    outcome = verify(SiteCopy(subject="site", files=lacking, listed=True), installation)
    [lines] = [check for check in outcome.checks if check.name == "log-lines"]
    assert any("the part before it" in problem and "is missing" in problem for problem in lines.problems)
