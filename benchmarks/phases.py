"""Which part of a render costs what, over sites of two sizes; prints rows as JSON.

python -m benchmarks.phases SMALL LARGE
"""

import gc
import sys
import time
from collections import Counter
from pathlib import Path

from benchmarks.row import Row, exponent
from generator import inputs, pages, report, store
from generator.config import parse
from generator.snapshot import fold
from generator.store.log import lines as log_lines


class Watch:
    """CPU seconds by phase, in the order in which they were."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._begin = 0.0
        self.start()

    def start(self) -> None:
        """Begin to count, without what was left over."""
        gc.collect()
        self._begin = time.process_time()

    def stop(self, name: str) -> None:
        """Name what went on since the last phase."""
        self.seconds[name] = time.process_time() - self._begin
        self.start()


def phases(site: Path) -> tuple[dict[str, float], dict[str, bytes], int]:
    """Return CPU seconds by phase, the files of the site, and the number of projects."""
    config = parse((site / "config.yaml").read_text(encoding="utf-8"))
    log = site / "content/snapshots"
    watch = Watch()
    lines = log_lines(log)
    watch.stop("load")
    known = fold(lines)
    watch.stop("fold")
    built = report.build(known, config, demo=False)
    watch.stop("report")
    content = pages.Content(
        templates=inputs.templates(site), pages=inputs.pages(site), log=store.prefixes(log)
    )
    watch.start()
    files = dict(pages.render(built, content))
    watch.stop("render")
    return watch.seconds, files, len(built.projects)


def main() -> None:
    """Print how each phase grows, and the largest pages."""
    small, large = map(Path, sys.argv[1:])
    phases(small)  # what is imported and compiled once
    less, _, few = phases(small)
    more, files, many = phases(large)
    for name in less:
        text = f"{few} projects {less[name]:.2f} s, {many} projects {more[name]:.2f} s"
        value = exponent(less[name], more[name], many / few)
        print(Row(name=f"growth of {name}, exponent", value=value, most=1.05, text=text).as_json())
    html = sorted(((len(data), path) for path, data in files.items() if path.endswith(".html")), reverse=True)
    text = ", ".join(f"{path} {size / 1024:.0f}" for size, path in html[:4])
    print(Row(name="largest page, KiB", value=html[0][0] / 1024, text=text).as_json())
    kinds: Counter[str] = Counter()
    for path, data in files.items():
        kinds[path.rpartition(".")[2] if path.startswith("p/") else path.split("/")[0]] += len(data)
    text = ", ".join(f"{name} {size / 2**20:.1f}" for name, size in kinds.most_common(8))
    print(Row(name="site, MiB", value=kinds.total() / 2**20, text=text).as_json())


if __name__ == "__main__":
    main()
