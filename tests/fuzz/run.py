"""Fuzz parsers for some time each: `python -m tests.fuzz.run --seconds 600 [NAME…]`.

Guided by coverage where atheris is installed (it has no wheel for every Python), else by dice alone.
Prints executions and finds of each; what was found stands in `.sunlit/fuzz/`, and `--keep` makes it
a seed that every test run reads again.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from random import Random
from typing import Any

from tests.fuzz.hunt import FOLDER, Hunt
from tests.fuzz.mutations import mutated
from tests.fuzz.parsers import PARSERS, SEEDS, inputs_of


def by_dice(name: str, seconds: float, dice: Random) -> Hunt:
    """Change kept inputs at random until the time is over."""
    hunt, inputs, over = Hunt(name, PARSERS[name]), inputs_of(name), time.monotonic() + seconds
    while time.monotonic() < over:
        hunt(mutated(dice.choice(inputs), dice, inputs))
    return hunt


def keep() -> None:
    """Move what was found to the kept inputs."""
    for path in sorted(FOLDER.glob("found-*")):
        name = path.name.removeprefix("found-").rpartition("-")[0]
        with (SEEDS / f"{name}.txt").open("a", encoding="ascii") as seeds:
            seeds.write(json.dumps(path.read_bytes().decode("latin-1")) + "\n")
        path.unlink()


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz each parser; 1 where something was found."""
    reader: Any = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--seconds", type=float, default=60)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--keep", action="store_true", help="make seeds of what was found, and end")
    reader.add_argument("names", nargs="*", metavar="NAME")
    wish = reader.parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    if wish.keep:
        keep()
        return 0
    for name in wish.names or PARSERS:
        if find_spec("atheris"):
            command = [sys.executable, "-m", "tests.fuzz.guided", name, str(wish.seconds)]
            subprocess.run(command, check=False, stderr=subprocess.DEVNULL)
            print((FOLDER / f"{name}.txt").read_text(), flush=True)
        else:
            print(by_dice(name, wish.seconds, Random(wish.seed)).said(), flush=True)  # noqa: S311 -- inputs
    return bool([*FOLDER.glob("found-*")])


if __name__ == "__main__":
    sys.exit(main())
