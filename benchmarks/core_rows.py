"""What two cores, and two workers of Dask, bring to a cold build, by the clock."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from benchmarks.process import ROOT, ROUNDS, Failed, Usage, in_turns, module, set_aside
from benchmarks.row import Row
from benchmarks.site_rows import ENTRIES_EACH, Files, rendered_cold, world

WORKERS: Final = 2
#: Seconds that a scheduler and its workers may take to stand.
PATIENCE_S: Final = 120

#: Makes objects and texts, as rendering does.
_BUSY: Final = "import json\nfor i in range(200_000): json.dumps({'row': i, 'cells': [str(i)] * 5})"


def rows(folder: Path, size: int) -> Iterator[Row]:
    """Render cold with one job, with two, and with two workers of Dask where it is installed."""
    site = world(folder, size, size * ENTRIES_EACH)
    outputs: dict[str, Files] = {}

    def cold(name: str, *options: str) -> Usage:
        used = rendered_cold(site, *options)
        outputs[name] = Files.below(site / "output")
        return used

    ways = {
        "1": lambda: cold("1", "--jobs", "1"),
        "2": lambda: cold("2", "--jobs", "2"),
        "script": lambda: module("script.report", site, set_aside(folder / "script")),
    }
    if find_spec("distributed") is None:
        used = in_turns(ways)
    else:
        with dask(folder) as address:
            used = in_turns({**ways, "dask": lambda: cold("dask", "--dask", address)})
    one, two = (min(usage.wall_s for usage in used[jobs]) for jobs in ("1", "2"))
    yield ceiling()
    text = f"{size} projects: {one:.1f} s; {two:.1f} s"
    yield Row(name="--jobs 2, times as fast by the clock", value=one / two, least=1.6, text=text)
    script = min(usage.wall_s for usage in used["script"])
    text = f"{script:.1f} s; {two:.1f} s"
    yield Row(name="plain script ÷ --jobs 2, by the clock", value=script / two, least=7, text=text)
    yield Row(name="--jobs 2: files that differ", value=len(outputs["1"].changed(outputs["2"])), most=0)
    if "dask" not in used:
        yield Row(name="--dask", text="distributed is not installed")
        return
    dask_s = min(usage.wall_s for usage in used["dask"])
    text = f"{WORKERS} workers on this machine: {dask_s:.1f} s"
    yield Row(name="--dask, times as fast by the clock", value=one / dask_s, text=text)
    yield Row(name="--dask: files that differ", value=len(outputs["1"].changed(outputs["dask"])), most=0)


def ceiling() -> Row:
    """State how much faster two programs that share nothing end at once than one after the other."""
    walls = [(_wall_of_two(at_once=False), _wall_of_two(at_once=True)) for _ in range(ROUNDS)]
    turns, at_once = (min(wall) for wall in zip(*walls, strict=True))
    text = f"no code of ours: {turns:.2f} s in turns, {at_once:.2f} s at once"
    return Row(name="two cores of this machine, times as fast as one", value=turns / at_once, text=text)


def _wall_of_two(*, at_once: bool) -> float:
    begin = time.monotonic()
    running: list[subprocess.Popen[bytes]] = []
    for _ in range(2):
        running.append(subprocess.Popen([sys.executable, "-c", _BUSY]))  # noqa: S603 -- our own command
        if not at_once:
            running[-1].wait()
    for process in running:
        process.wait()
    return time.monotonic() - begin


@contextmanager
def dask(folder: Path) -> Iterator[str]:
    """Run a scheduler and its workers on this machine; give its address."""
    place = folder / "scheduler.json"
    place.unlink(missing_ok=True)
    running = [_started("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(place))]
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not (place.is_file() and place.stat().st_size):
            if time.monotonic() > deadline:
                msg = "the scheduler of Dask did not begin"
                raise Failed(msg)
            time.sleep(0.1)
        address = str(json.loads(place.read_text(encoding="utf-8"))["address"])
        for number in range(WORKERS):
            own = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder / f"worker-{number}"))
            running.append(_started("worker", address, *own))
        waiting = f"wait_for_workers({WORKERS}, timeout={PATIENCE_S})"
        script = f"import distributed as d; d.Client({address!r}).{waiting}"
        subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)  # noqa: S603 -- our own command
        yield address
    finally:
        for process in running:
            process.kill()
            process.wait()


def _started(what: str, *words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 -- our own command
        [sys.executable, "-m", f"distributed.cli.dask_{what}", *words, "--no-dashboard"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
