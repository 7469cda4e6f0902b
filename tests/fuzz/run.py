"""Fuzz parsers for some time each: `python -m tests.fuzz.run --seconds 600 [NAME…]`.

Guided by coverage where atheris is installed (it has no wheel for every Python), else by dice alone.
Prints executions and finds of each; what was found stands in `.sunlit/fuzz/`, to become a kept seed.
"""

import argparse
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.fuzz.mutations import LONGEST, mutated
from tests.fuzz.parsers import PARSERS, Parser, inputs_of
from tests.support.paths import ROOT

SLOW_S: Final = 2.0
FOLDER: Final = ROOT / ".sunlit/fuzz"


@dataclass(slots=True)
class Hunt:
    """Inputs given to one parser, and those that it should not have stumbled over."""

    name: str
    parser: Parser
    seconds: float
    runs: Counter[str] = field(default_factory=Counter)
    finds: dict[str, str] = field(default_factory=dict)  #: what happened and where → file of the input
    slowest_s: float = 0.0

    def __call__(self, data: bytes) -> None:
        """Read one input; keep it where it raised what is not documented, or was slow."""
        began = time.process_time()
        try:
            self.runs["taken" if self.parser.takes(data) else "refused"] += 1
        except Exception as error:  # noqa: BLE001 -- whatever comes is what is looked for
            self.runs["broken"] += 1
            self._keep(data, f"{type(error).__name__} at {_place(error)}")
        cost = time.process_time() - began
        self.slowest_s = max(self.slowest_s, cost)
        if cost > SLOW_S:
            self._keep(data, f"slow: over {SLOW_S:g} s")

    def _keep(self, data: bytes, what: str) -> None:
        if what not in self.finds:
            path = FOLDER / f"found-{self.name}-{sha256(data).hexdigest()[:12]}"
            path.write_bytes(data)
            self.finds[what] = path.name

    def said(self) -> str:
        """Return one line, and one more for each find."""
        outcomes = ", ".join(f"{count} {what}" for what, count in sorted(self.runs.items()))
        head = f"{self.name}: {self.runs.total()} executions ({outcomes}), slowest {self.slowest_s:.2f} s"
        return "\n".join((head, *(f"  FOUND {what}: {file}" for what, file in sorted(self.finds.items()))))


def _place(error: BaseException) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "generator" in frame.filename]
    last = (frames or traceback.extract_tb(error.__traceback__))[-1]
    return f"{Path(last.filename).name}:{last.name}"


def by_dice(hunt: Hunt, dice: Random) -> None:
    """Change kept inputs at random until the time is over."""
    inputs, over = inputs_of(hunt.name), time.monotonic() + hunt.seconds
    while time.monotonic() < over:
        hunt(mutated(dice.choice(inputs), dice, inputs))


def by_coverage(hunt: Hunt) -> None:
    """Let atheris choose what to change next; it ends the process, so `hunt` is printed at its end."""
    import atexit  # noqa: PLC0415

    import atheris  # type: ignore[import-not-found]  # noqa: PLC0415

    inputs, corpus = inputs_of(hunt.name), FOLDER / hunt.name
    corpus.mkdir(exist_ok=True)
    for data in inputs:
        (corpus / sha256(data).hexdigest()[:16]).write_bytes(data)

    def change(data: bytes, most: int, seed: int) -> bytes:
        dice = Random(seed)  # noqa: S311 -- a change, no secret
        return bytes(
            atheris.Mutate(data, most) if dice.random() < 0.3 else mutated(data, dice, inputs)[:most]
        )

    atexit.register(lambda: print(hunt.said(), flush=True))
    wish = (f"-max_total_time={hunt.seconds:.0f}", f"-max_len={LONGEST}", "-timeout=30", "-rss_limit_mb=1024")
    atheris.Setup(
        [sys.argv[0], str(corpus), f"-artifact_prefix={FOLDER}/", "-verbosity=0", *wish],
        hunt,
        custom_mutator=change,
    )
    atheris.Fuzz()


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz each in a process of its own, since a library may break that of Python too."""
    reader: Any = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--seconds", type=float, default=60)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--alone", action="store_true", help="fuzz in this process")
    reader.add_argument("names", nargs="*", metavar="NAME")
    wish = reader.parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    if wish.alone:
        [name] = wish.names
        hunt = Hunt(name, PARSERS[name], wish.seconds)
        if find_spec("atheris"):
            by_coverage(hunt)
        by_dice(hunt, Random(wish.seed))  # noqa: S311 -- inputs, no secrets
        print(hunt.said())
        return bool(hunt.finds)
    ends = [
        subprocess.run(
            [
                *(sys.executable, "-m", "tests.fuzz.run", "--alone", "--seconds", str(wish.seconds)),
                *("--seed", str(wish.seed), name),
            ],
            check=False,
        ).returncode
        for name in wish.names or PARSERS
    ]
    return any(ends)


if __name__ == "__main__":
    sys.exit(main())
