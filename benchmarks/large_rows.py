"""Ten times as many projects, once, for they take minutes; ten times as many entries, in turns."""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Final

from benchmarks.process import Usage, cpu, in_turns, module, peak
from benchmarks.row import MIB, Row, exponent
from benchmarks.site_rows import ENTRIES_EACH, GITHUB_MIB, ONE_CORE, SITE_MOST_MB, rendered_cold, world
from generator import store

TIMES: Final = 10


def rows(folder: Path, size: int) -> Iterator[Row]:
    """Render many projects with few entries each; fold a log of many entries."""
    yield from _many_projects(folder, size)
    yield from _many_entries(folder, size)


def _many_projects(folder: Path, size: int) -> Iterator[Row]:
    few, many = (
        world(folder, projects, projects * ENTRIES_EACH // TIMES) for projects in (size, size * TIMES)
    )
    less, more = (rendered_cold(site, *ONE_CORE) for site in (few, many))
    output = many / "output"
    sizes = {path.relative_to(output): path.stat().st_size for path in output.rglob("*") if path.is_file()}
    label, mb = f"{size * TIMES} projects, {size * ENTRIES_EACH} entries", sum(sizes.values()) / 10**6
    text = f"{len(sizes)} files, {more.wall_s:.0f} s by the clock"
    yield Row(name=f"{label}: site, MB", value=mb, most=SITE_MOST_MB, text=text)
    largest = max(sizes, key=sizes.__getitem__)
    text = str(largest)
    yield Row(name="largest file of it, MiB", value=sizes[largest] / MIB, most=GITHUB_MIB, text=text)
    yield Row(
        name="its peak memory, MiB", value=more.peak_mib, most=1536, text="report and pages, end to end"
    )
    empty = _without_rows(sizes)
    text = f"mean of {len(empty)} in it"
    yield Row(name="bytes of a project without entries", value=mean(empty), most=40_000, text=text)
    value = exponent(less.cpu_s, more.cpu_s, TIMES)
    text = f"{size} projects {less.cpu_s:.1f} s, {size * TIMES} projects {more.cpu_s:.1f} s"
    yield Row(name="growth of cold to it, exponent", value=value, most=1.05, text=text)


def _without_rows(sizes: dict[Path, int]) -> list[int]:
    """Return the bytes of each project that has no ledger."""
    found: dict[str, int] = {}
    for path, size in sizes.items():
        if path.parts[0] == "p":
            found[path.parts[1]] = found.get(path.parts[1], 0) + size
    ledgers = {path.parts[1] for path in sizes if path.parts[0] == "p" and path.parts[2:3] == ("ledger",)}
    return [size for slug, size in found.items() if slug not in ledgers]


def _many_entries(folder: Path, size: int) -> Iterator[Row]:
    entries = size * ENTRIES_EACH
    sites = [world(folder, size, count) for count in (entries, entries * TIMES)]
    less, more = in_turns({site.name: partial(_folded, site) for site in sites}).values()
    text = f"{entries} entries {cpu(less):.1f} s, {entries * TIMES} entries {cpu(more):.1f} s"
    value = exponent(cpu(less), cpu(more), TIMES)
    yield Row(name="growth of reading and folding the log, exponent", value=value, most=1.05, text=text)
    text = f"{entries} entries {peak(less):.0f} MiB"
    yield Row(name=f"folding {entries * TIMES} entries: peak memory, MiB", value=peak(more), text=text)


def _folded(site: Path) -> Usage:
    return module("large_rows", site / "content/snapshots")


if __name__ == "__main__":
    store.load(Path(sys.argv[1]))
