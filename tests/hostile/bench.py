"""One hostile input is given to one command, in a child with limits, on a copy of an honest site."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generator.cli import Exit
from tests.support.paths import ROOT

CPU_S: Final = 20
PEAK_MIB: Final = 512
#: Bytes of addresses, so that a fault stops the child and not this machine.
_CEILING: Final = 4 * 2**30
#: Whoever waits for a server that says nothing costs no CPU; who waits for ever has to be found. A snapshot
#: asks three things of a BTCPay server that never answers, for two minutes each.
WALL_S: Final = 600
#: Starts a command with limits and says last how it ended. A process of its own, and a small one:
#: a child's peak begins with what its parent held.
_LAUNCHER: Final = """
import os, resource, signal, sys
cpu, space, wall = map(int, sys.argv[1:4])
sys.stdout.flush()
child = os.fork()
if not child:
    os.dup2(1, 2)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    space = space if most == resource.RLIM_INFINITY else min(space, most)
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    os.execv(sys.argv[4], sys.argv[4:])
signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
signal.alarm(wall)
_, status, used = os.wait4(child, 0)
print()
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss, end="")
"""
Give = Callable[[Path], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostileInput:
    """What is given, to which command, and how it must end."""

    name: str
    give: Give  #: changes the copy in a folder: `site/`, `config.yaml`, `content/`
    command: tuple[str, ...]
    code: Exit
    says: str  #: words that must be in what is printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended."""

    code: int
    cpu_s: float
    peak_mib: int
    said: str

    def row(self, given: HostileInput) -> str:
        """Return a line of the table of inputs, exits, CPU and peaks."""
        cost = f"{self.cpu_s:>6.2f} s {self.peak_mib:>4} MiB"
        return f"{given.name:<58} {given.command[0]:<8} {self.code:>3} {cost}"


def end_of(given: HostileInput, honest: Path, folder: Path) -> Ended:
    """Give the input in a new folder, run the command there and take the folder away."""
    shutil.copytree(honest, folder, symlinks=True)
    try:
        given.give(folder)
        return _run(given.command, folder)
    finally:
        shutil.rmtree(folder)


def _run(command: tuple[str, ...], folder: Path) -> Ended:
    line = (sys.executable, "-m", "generator.cli", *command)
    env = {**os.environ, "PAY_TOKEN": "token", "PYTHONPATH": str(ROOT)}
    limits = (str(2 * CPU_S), str(_CEILING), str(WALL_S))
    launcher = (sys.executable, "-I", "-S", "-c", _LAUNCHER, *limits, *line)
    done = subprocess.run(launcher, cwd=folder, env=env, capture_output=True, check=True)
    words, _, measured = done.stdout.decode(errors="replace").rpartition("\n")
    code, cpu_s, peak_kib = measured.split()
    return Ended(code=int(code), cpu_s=float(cpu_s), peak_mib=int(peak_kib) // 1024, said=words)


def write(path: str, data: bytes | str, times: int = 1) -> Give:
    """Return what puts bytes in place of a file, some of them many times: no collecting holds 100 MB."""

    def give(folder: Path) -> None:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        written = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        target.write_bytes(written * times)

    return give


def change(path: str, edit: Callable[[bytes], bytes]) -> Give:
    """Return what changes the bytes of a file; the first that fits a pattern."""

    def give(folder: Path) -> None:
        target = min(folder.glob(path))
        before = target.read_bytes()
        after = edit(before)
        assert after != before
        target.write_bytes(after)

    return give


def emptied(path: str) -> Give:
    """Return what leaves nothing of a file but its name."""
    return change(path, lambda data: data[:0])


def instead(path: str, make: Callable[[Path], object]) -> Give:
    """Return what puts something else in place of a file: a folder, a link, a pipe."""

    def give(folder: Path) -> None:
        target = (sorted(folder.glob(path)) or [folder / path])[0]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        make(target)

    return give


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Return an edit of the first place of some bytes."""
    return lambda data: data.replace(old, new, 1)


def faults(given: HostileInput, ended: Ended) -> list[str]:
    """Return what is wrong with how a command ended."""
    last = ended.said.strip()[-300:]
    found = []
    if ended.code != given.code:
        found.append(f"exit {ended.code}, expected {int(given.code)}: {last!r}")
    if "Traceback" in ended.said:
        found.append(f"a traceback: {last!r}")
    if given.says not in ended.said:
        found.append(f"{given.says!r} is not in {ended.said[:600]!r}")
    if ended.cpu_s > CPU_S:
        found.append(f"{ended.cpu_s:.1f} s of CPU, at most {CPU_S}")
    if ended.peak_mib > PEAK_MIB:
        found.append(f"{ended.peak_mib} MiB, at most {PEAK_MIB}")
    return found
