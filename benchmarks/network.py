"""A report of the whole network: seconds, peak memory, bytes and the largest page, by number of projects.

python benchmarks/network.py [PROJECTS ...]
"""

import gc
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from benchmarks.crowd import config, lines
from generator import inputs, pages, report
from generator.snapshot import fold

T = TypeVar("T")
ROOT = Path(__file__).parents[1]
MIB = 1024 * 1024
RUNS = 700  #: a run a day for two years


def timed(name: str, work: Callable[[], T]) -> T:
    """Run a step and print its seconds, and the peak memory of the process so far."""
    gc.collect()
    begin = time.perf_counter()
    found = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"  {name:<7} {time.perf_counter() - begin:7.1f} s, peak {peak} MiB")
    return found


def measure(projects: int) -> None:
    """Fold, report and render a log of this many projects."""
    log = lines(projects, runs=RUNS)
    print(f"{projects} projects, {len(log)} lines")
    known = timed("fold", lambda: fold(log))
    built = timed("report", lambda: report.build(known, config(), demo=False))
    content = pages.Content(templates=inputs.templates(ROOT), pages=inputs.pages(ROOT))
    files = timed("render", lambda: dict(pages.render(built, content)))
    sizes = Counter({path: len(data) for path, data in files.items()})
    kinds: Counter[str] = Counter()
    for path, size in sizes.items():
        kinds[path.rpartition(".")[2] if path.startswith("p/") else path.split("/")[0]] += size
    print(
        f"  {len(files)} files, {sizes.total() / MIB:.0f} MiB; "
        + ", ".join(f"{name} {size / MIB:.1f}" for name, size in kinds.most_common(8))
    )
    html = [(size, path) for path, size in sizes.items() if path.endswith(".html")]
    for size, path in sorted(html, reverse=True)[:4]:
        print(f"  largest pages: {size / 1024:.0f} KiB {path}")


if __name__ == "__main__":
    for count in map(int, sys.argv[1:] or ["1000", "10000"]):
        measure(count)
