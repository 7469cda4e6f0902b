"""Logs that a disk or a hand has damaged, given to the commands that read one."""

import os
from pathlib import Path
from typing import Final

from generator.cli import Exit
from tests.hostile.bench import Give, HostileInput, change, emptied, instead, replaced

_ANGOR: Final = "content/snapshots/angor/*.jsonl"
_RUNS: Final = "content/snapshots/runs/*.jsonl"
_EXPLAIN: Final = ("explain", "all/raised")


def _third_part(path: Path) -> None:
    """Write a part that holds a run record and no part before it."""
    heading = b'{"month":"2026-02","part":3,"schema":2,"source":"runs"}\n'
    path.with_name("2026-02.3.jsonl").write_bytes(heading)


def _row(name: str, give: Give, says: str, *command: str, code: Exit = Exit.WRONG_USE) -> HostileInput:
    return HostileInput(name=f"log: {name}", give=give, command=command or ("render",), code=code, says=says)


LOGS: Final = (
    _row("nested 100,000 deep", change(_ANGOR, replaced(b"\n", b"\n" + b"[" * 100_000 + b"\n")), "angor/"),
    _row(
        "run record nested deep", change(_RUNS, replaced(b"\n", b"\n" + b'{"a":' * 50_000 + b"\n")), "runs/"
    ),
    _row("empty", emptied(_ANGOR), "angor/"),
    _row("runs empty", emptied(_RUNS), "runs/", *_EXPLAIN),
    _row("with a byte order mark", change(_ANGOR, lambda data: b"\xef\xbb\xbf" + data), "angor/"),
    _row("no UTF-8", change(_ANGOR, replaced(b'"id":"', b'"id":"\xff')), "angor/", *_EXPLAIN),
    _row("runs no UTF-8", change(_RUNS, replaced(b'"id":"', b'"id":"\xff')), "runs/"),
    _row("runs with NUL", change(_RUNS, replaced(b"{", b"{\0")), "runs/"),
    _row("a folder", instead(_ANGOR, Path.mkdir), "angor/"),
    _row("a pipe", instead(_ANGOR, os.mkfifo), "angor/"),
    _row("a link to itself", instead(_ANGOR, lambda to: to.symlink_to(to.name)), "angor/"),
    _row("a link to a device", instead(_ANGOR, lambda to: to.symlink_to("/dev/zero")), "angor/"),
    _row("run of the year 9999", change(_RUNS, replaced(b'"at":"2026', b'"at":"9999')), "run"),
    _row(
        "run record of a file outside",
        change(_RUNS, replaced(b'"path":"angor/', b'"path":"../../')),
        "own list of files",
    ),
    _row(
        "length of a file of 10^30", change(_RUNS, replaced(b'"length":', b'"length":1' + b"0" * 30)), "runs/"
    ),
    _row("runs begun with a third part", instead(_RUNS, _third_part), "the part before it"),
    _row("runs with a line of 100 MB", change(_RUNS, lambda data: data + b"x" * 10**8 + b"\n"), "runs/"),
)
