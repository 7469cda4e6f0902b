"""Print the table of hostile inputs: `python -m tests.hostile [WORD…]`, those whose names have all words."""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile import honest
from tests.hostile.answers import ANSWERS, asked, serving
from tests.hostile.batches import BATCHES
from tests.hostile.bench import HostileInput, end_of, faults
from tests.hostile.configs import CONFIGS, CONTENT
from tests.hostile.logs import LOGS
from tests.hostile.sites import SITES

GIVEN = (*SITES, *LOGS, *CONFIGS, *CONTENT, *BATCHES)
KINDS = ("server", "site")


def rows(words: list[str], base: Path) -> Iterator[str]:
    """Yield a line for each input, and why it is wrong where it is."""
    for given in GIVEN:
        if all(word in given.name for word in words):
            yield from _row(given, base)
    for kind in KINDS:
        for name, answer in ANSWERS.items():
            if all(word in asked(name, "", kind).name for word in words):
                with serving(answer) as url:
                    yield from _row(asked(name, url, kind), base)


def _row(given: HostileInput, base: Path) -> Iterator[str]:
    ended = end_of(given, base / "honest", base / "given")
    yield ended.row(given)
    yield from (f"    WRONG {fault}" for fault in faults(given, ended))


def main(words: list[str]) -> int:
    """Print the table; 1 where a row is wrong."""
    wrong = 0
    with TemporaryDirectory() as made:
        honest.make(Path(made) / "honest")
        for line in rows(words, Path(made)):
            print(line, flush=True)
            wrong += "WRONG" in line
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
