"""Rewriting a log on disk without texts that were taken down."""

from pathlib import Path

from generator.atomic import write_whole
from generator.snapshot import fold
from generator.snapshot.batch import RUNS
from generator.snapshot.rewriting import rewritten
from generator.store.appending import locked
from generator.store.log import all_files, lines_of


def rewrite(root: Path) -> bool:
    """Take out of a log what its redactions name; tell whether anything was there.

    One that is killed meanwhile leaves a log that no run record vouches for: the file in git is put
    back and it is done again. Raise `LockHeld`, or `LogError` for a damaged file.
    """
    with locked(root):
        files = all_files(root)
        known = fold(line for name, data in files.items() for line in lines_of(name, data))
        made = rewritten(files, known.records)
        changed = [name for name in files if made[name] != files[name]]
        for name in sorted(changed, key=lambda name: name.startswith(f"{RUNS}/")):
            write_whole(root / name, [made[name]])
    return bool(changed)
