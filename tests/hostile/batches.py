"""Batches between the job with the secrets and the job that writes, given to `sunlit append`."""

import os
from pathlib import Path
from typing import Final

from generator.cli import Exit
from tests.hostile.bench import Give, HostileInput, change, instead, replaced, write

_BATCH: Final = "batch.jsonl"


def _row(name: str, give: Give, says: str) -> HostileInput:
    return HostileInput(
        name=f"batch: {name}", give=give, command=("append", _BATCH), code=Exit.WRONG_USE, says=says
    )


BATCHES: Final = (
    _row("nested 100,000 deep", write(_BATCH, "[" * 100_000 + "\n"), "batch.jsonl"),
    _row("record nested deep", change(_BATCH, lambda data: data + b"[" * 100_000 + b"\n"), "batch.jsonl"),
    _row("no UTF-8", change(_BATCH, replaced(b'"id":"', b'"id":"\xff')), "batch.jsonl"),
    _row("with NUL", change(_BATCH, replaced(b'"id":"', b'"id":"\0')), ""),
    _row("with a byte order mark", change(_BATCH, lambda data: b"\xef\xbb\xbf" + data), "batch.jsonl"),
    _row("with Windows' line ends", change(_BATCH, lambda data: data.replace(b"\n", b"\r\n")), "batch"),
    _row("empty", write(_BATCH, ""), "batch.jsonl"),
    _row("cut off", change(_BATCH, lambda data: data[: len(data) // 2]), "batch.jsonl"),
    _row("unknown records", change(_BATCH, replaced(b'"type":"', b'"type":"un')), "batch.jsonl"),
    _row("of the year 9999", change(_BATCH, replaced(b'"at":"2026', b'"at":"9999')), "9999"),
    _row("of the year 0", change(_BATCH, replaced(b'"at":"2026', b'"at":"0000')), "batch.jsonl"),
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
