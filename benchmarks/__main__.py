"""One run, one table: what the product costs against peers and floors, in CPU time of whole programs.

    make bench
    python -m benchmarks [--only NAME …] [--size PROJECTS] [--json FILE] [--folder FOLDER]

Read ratios, not seconds: both sides are measured in turns in the same run. A row says what it must be
and whether it is. Exit code 1 means that a measure failed which held before (marked so in its row).
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from platform import machine, python_version
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks import core_rows, large_rows, markdown_pages, site_rows, start_rows, verify_rows
from benchmarks.process import Failed, module
from benchmarks.row import Row, table

Maker = Callable[[Path, int], Iterator[Row]]


def _module(name: str, *arguments: object) -> Iterator[Row]:
    """Yield the rows that a module prints, measured in a process of its own."""
    used = module(name, *arguments, allowed=(0, 1))
    found = [Row.from_json(line) for line in used.out.splitlines() if line.startswith("{")]
    if used.code or not found:
        raise Failed(used.out[-2000:])
    yield from found


def _phases(folder: Path, size: int) -> Iterator[Row]:
    few = max(1, size // 10)
    sites = [site_rows.world(folder, count, count * site_rows.ENTRIES_EACH) for count in (few, size)]
    yield from _module("phases", *sites)


#: What can be measured, in the order of the table.
MAKERS: Final[Mapping[str, Maker]] = {
    "site": site_rows.rows,
    "cores": core_rows.rows,
    "large": large_rows.rows,
    "phases": _phases,
    "pages": markdown_pages.rows,
    "drawing": lambda _folder, _size: _module("drawing"),
    "floors": lambda folder, size: _module(
        "floors", site_rows.world(folder, size, size * site_rows.ENTRIES_EACH)
    ),
    "verify": verify_rows.rows,
    "help": start_rows.rows,
    "invoices": lambda _folder, _size: _module("invoices"),
    "memory": lambda _folder, _size: _module("memory"),
}


def measured(names: list[str], folder: Path, size: int) -> Iterator[Row]:
    """Yield rows as they come; what cannot be measured says why and ends nothing."""
    for name in names:
        try:
            yield from MAKERS[name](folder, size)
        except Failed as failed:
            print(failed, file=sys.stderr)
            yield Row(name=name, text=f"could not be measured: {str(failed).splitlines()[-1][:200]}")


def main() -> int:
    """Measure what was asked for, print the table, and tell whether what held before still does."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Ratios of CPU time.")
    parser.add_argument("--only", nargs="+", choices=MAKERS, default=list(MAKERS), metavar="NAME")
    parser.add_argument("--size", type=int, default=1000, help="projects, each with 100 entries (1000)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all measures there as well")
    parser.add_argument("--folder", type=Path, help="keep worlds and sites here, to be used again")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="sunlit-bench-") as scratch:
        folder = (options.folder or Path(scratch)).resolve()
        rows = []
        for row in measured(options.only, folder, options.size):
            rows.append(row)
            print(f"… {row.name}: {row.value} {row.text}", file=sys.stderr, flush=True)
    about = f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {machine()}, Python {python_version()}"
    print(f"{about}\n\n{table(rows)}")
    if options.json:
        text = json.dumps({"about": about, "rows": [json.loads(row.as_json()) for row in rows]}, indent=1)
        options.json.write_text(text + "\n", encoding="utf-8")
    lost = [row for row in rows if row.held and row.met is False]
    for row in lost:
        print(
            f"{row.name} held before and does not now: {row.value:.3g}, must be {row.must}", file=sys.stderr
        )
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
