"""Batches between the job with the secrets and the job that writes, given to `sunlit append`."""

import os
import re
import shutil
from pathlib import Path
from typing import Final

from generator.cli import Exit
from tests.hostile.bench import Give, HostileInput, change, instead, replaced, write

_BATCH: Final = "batch.jsonl"


def begun(give: Give) -> Give:
    """Return what also takes the log away, so that all of the batch is news to the gate."""

    def give_and_begin(folder: Path) -> None:
        shutil.rmtree(folder / "content/snapshots")
        give(folder)

    return give_and_begin


def _row(name: str, give: Give, says: str, code: Exit = Exit.WRONG_USE) -> HostileInput:
    command = ("append", _BATCH)
    return HostileInput(name=f"batch: {name}", give=begun(give), command=command, code=code, says=says)


def _of_year(year: str) -> Give:
    return change(_BATCH, lambda data: re.sub(rb'"at":"\d{4}', b'"at":"' + year.encode(), data, count=1))


BATCHES: Final = (
    _row("nested 100,000 deep", write(_BATCH, "[" * 100_000 + "\n"), "batch.jsonl"),
    _row("record nested deep", change(_BATCH, lambda data: data + b"[" * 100_000 + b"\n"), "batch.jsonl"),
    _row("no UTF-8", change(_BATCH, replaced(b'"id":"', b'"id":"\xff')), "batch.jsonl"),
    _row("with NUL", change(_BATCH, replaced(b'"id":"', b'"id":"\0')), ""),
    _row("with a byte order mark", change(_BATCH, lambda data: b"\xef\xbb\xbf" + data), "batch.jsonl"),
    _row(
        "with Windows' line ends",  # blanks between lines: what enters the log is written anew
        change(_BATCH, lambda data: data.replace(b"\n", b"\r\n")),
        "appended",
        Exit.DONE,
    ),
    _row("empty", write(_BATCH, ""), "batch.jsonl"),
    _row("cut off", change(_BATCH, lambda data: data[: len(data) // 2]), "batch.jsonl"),
    _row("unknown records", change(_BATCH, replaced(b'"type":"', b'"type":"un')), "batch.jsonl"),
    _row("of the year 9999", _of_year("9999"), "9999"),
    _row("of the year 0", _of_year("0000"), "batch.jsonl"),
    _row(
        "of a source with a path",
        change(_BATCH, replaced(b'"source":"angor"', b'"source":"../../up"')),
        "../../up",
    ),
    _row("of a run with a path", change(_BATCH, replaced(b'"run":"', b'"run":"../../')), "run"),
    _row(
        "an amount of 10^400",
        change(_BATCH, replaced(b'"amount_msat":', b'"amount_msat":1' + b"0" * 400)),
        "batch",
    ),
    _row("an id of 10 MB", change(_BATCH, replaced(b'"id":"', b'"id":"' + b"a" * 10**7)), ""),
    _row("a line of 100 MB", change(_BATCH, lambda data: data + b"x" * 10**8 + b"\n"), "batch.jsonl"),
    _row("a folder", instead(_BATCH, Path.mkdir), "batch.jsonl"),
    _row("a pipe", instead(_BATCH, os.mkfifo), "batch.jsonl"),
    _row("a link to itself", instead(_BATCH, lambda to: to.symlink_to(_BATCH)), "batch.jsonl"),
    _row("not there", instead(_BATCH, Path.exists), "batch.jsonl"),
)
