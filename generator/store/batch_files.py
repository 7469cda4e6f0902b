"""Batches as files between two jobs, and what the plausibility gate kept out of one."""

from collections.abc import Iterable
from pathlib import Path
from stat import S_ISREG
from typing import Final

from generator.atomic import write_whole
from generator.errors import LogError
from generator.snapshot import Line, Record, encode
from generator.snapshot.batch import Batch, decode_batch, encode_batch

#: Bytes of a batch at most.
LARGEST: Final = 100 * 2**20


def write_batch(path: Path, batch: Batch) -> None:
    """Write a batch for another job to append."""
    write_whole(path, [encode_batch(batch)])


def read_batch(path: Path) -> Batch:
    """Read a batch; raise `LogError` when it is missing, no file, too large, cut off or of another schema."""
    try:
        if not S_ISREG((status := path.stat()).st_mode):
            msg = f"{path}: is no file; give the batch that `sunlit snapshot --batch` wrote"
            raise LogError(msg)
        if (size := status.st_size) > LARGEST:
            msg = f"{path}: {size} bytes, and GitHub takes no file of more than {LARGEST} into a repository"
            raise LogError(msg)
        return decode_batch(str(path), path.read_bytes())
    except FileNotFoundError as error:
        msg = f"{path}: there is no such batch; make one with `sunlit snapshot --batch {path}`"
        raise LogError(msg) from error
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror})"
        raise LogError(msg) from error


def quarantine(folder: Path, run: str, source: str, records: Iterable[Record]) -> Path:
    """Keep what the plausibility gate refused of one source, for a person to look at; return the file."""
    path = folder / f"{run}-{source}.jsonl"
    write_whole(path, (encode(Line(run=run, record=record)) for record in records))
    return path
