"""A hunt guided by coverage: `python -m tests.fuzz.guided NAME SECONDS`.

The library ends the process without a word of ours, so the outcome is written while it runs.
"""

import sys
from hashlib import sha256
from random import Random
from typing import Final

import atheris  # type: ignore[import-not-found]

from tests.fuzz.hunt import FOLDER, Hunt
from tests.fuzz.mutations import LONGEST, mutated

with atheris.instrument_imports(include=["generator"]):
    from tests.fuzz.parsers import PARSERS, inputs_of

#: Part of the changes that are the library's own: it knows which comparisons have just failed.
_OWN: Final = 0.3
_WRITTEN: Final = 200  #: executions between two writings of the outcome


def main(name: str, seconds: str) -> None:
    """Start from the kept inputs; the corpus stands in `.sunlit/fuzz/NAME`."""
    hunt, inputs, corpus = Hunt(name, PARSERS[name]), inputs_of(name), FOLDER / name
    corpus.mkdir(parents=True, exist_ok=True)
    for data in inputs:
        (corpus / sha256(data).hexdigest()).write_bytes(data)

    def change(data: bytes, most: int, seed: int) -> bytes:
        dice = Random(seed)  # noqa: S311 -- a change, no secret
        own = dice.random() < _OWN
        return bytes(atheris.Mutate(data, most)) if own else mutated(data, dice, inputs)[:most]

    said = FOLDER / f"{name}.txt"

    def read(data: bytes) -> None:
        hunt(data)
        if hunt.runs.total() % _WRITTEN == 1:
            said.write_text(hunt.said())

    bounds = (
        f"-max_total_time={float(seconds):.0f}",
        f"-max_len={LONGEST}",
        "-timeout=30",
        "-rss_limit_mb=1024",
    )
    arguments = [name, str(corpus), f"-artifact_prefix={FOLDER}/{name}-", *bounds]
    atheris.Setup(arguments, read, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
