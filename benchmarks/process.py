"""A program of its own, measured by the kernel: CPU time with its children's, wall time, peak memory."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from typing import Final

ROOT: Final = Path(__file__).parents[1]
SUNLIT: Final = str(Path(sys.executable).with_name("sunlit"))
#: A program that takes longer is measured once.
ONCE_S: Final = 60
ROUNDS: Final = 5


@dataclass(frozen=True, slots=True)
class Usage:
    """What one run of a program took. The peak is that of the largest process among it and its children.

    The kernel counts the memory of the process that started it as well, so that one has to stay small.
    """

    cpu_s: float
    wall_s: float
    peak_mib: float
    code: int
    out: str


class Failed(Exception):
    """A program that was to be measured ended with an error."""


def run(
    command: Sequence[str],
    folder: Path = ROOT,
    *,
    allowed: Sequence[int] = (0,),
    env: Mapping[str, str] | None = None,
) -> Usage:
    """Run a program to its end, with compiled modules as an installation has them.

    Raise `Failed` with what it printed where its exit code is not `allowed`.
    """
    with TemporaryFile() as out:
        begin = time.monotonic()
        started = subprocess.Popen(  # noqa: S603 -- our own commands
            command,
            cwd=folder,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "", **(env or {})},
        )
        _, status, used = os.wait4(started.pid, 0)
        wall_s = time.monotonic() - begin
        started.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read().decode(errors="replace")
    if started.returncode not in allowed:
        msg = f"{' '.join(command)} ended with {started.returncode}: {text[-2000:]}"
        raise Failed(msg)
    return Usage(
        cpu_s=used.ru_utime + used.ru_stime,
        wall_s=wall_s,
        peak_mib=used.ru_maxrss / 1024,
        code=started.returncode,
        out=text,
    )


def module(name: str, *arguments: object, folder: Path = ROOT, allowed: Sequence[int] = (0,)) -> Usage:
    """Run a module of the benchmarks."""
    return run([sys.executable, "-m", f"benchmarks.{name}", *map(str, arguments)], folder, allowed=allowed)


def sunlit(folder: Path, *arguments: str, allowed: Sequence[int] = (0, 3)) -> Usage:
    """Run a command of the product."""
    return run([SUNLIT, *arguments], folder, allowed=allowed)


def in_turns(ways: Mapping[str, Callable[[], Usage]], rounds: int = ROUNDS) -> dict[str, list[Usage]]:
    """Run each way in turns; one that takes a minute is run once."""
    found: dict[str, list[Usage]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            if not found[name] or found[name][-1].wall_s <= ONCE_S:
                found[name].append(way())
    return found


def set_aside(folder: Path) -> Path:
    """Move a folder that a program made out of its way, so that it makes all of it again; return its path.

    Nothing is removed: in ext4 a file takes ten times longer to make where as many have just been removed,
    because their places are kept free for some seconds.
    """
    if folder.exists():
        folder.rename(folder.with_name(f"{folder.name}.{time.monotonic_ns()}"))
    return folder


def cpu(usages: Sequence[Usage]) -> float:
    """Return the median CPU time in seconds."""
    return median(usage.cpu_s for usage in usages)


def peak(usages: Sequence[Usage]) -> float:
    """Return the highest peak in MiB."""
    return max(usage.peak_mib for usage in usages)
