"""A site of which a few bytes are others: verification answers, soon, and never that all is well."""

import time
from pathlib import PurePosixPath
from random import Random

import pytest

from generator.packed import SUFFIX, pack, unpack
from generator.pages.files import RECIPE
from generator.verify.published_site import Installation
from generator.verify.site_copy import SiteCopy
from generator.verify.steps import verify
from tests.fuzz.hunt import SLOW_S
from tests.fuzz.mutations import mutated
from tests.support.proving import in_full, seed
from tests.verify.forger import rehashed
from tests.verify.original import Original

#: Where a reader of one kind of file reads: a draw by file alone would mostly draw pages.
KINDS = ("json", "bz2", "csv", "html", "svg", "xml", "css")


def with_other_bytes(name: str, data: bytes, dice: Random, other: bytes) -> bytes:
    """Return a file with some bytes changed; of the log mostly those that are packed in it."""
    if name.endswith(SUFFIX) and dice.random() < 0.8:
        return pack(mutated(unpack(data, 10**7)[:200_000], dice, [other]))
    return mutated(data[:200_000], dice, [other])


def tampered(files: dict[str, bytes], dice: Random) -> tuple[dict[str, bytes], str]:
    """Return a site with one to three files changed, removed or swapped, and what was done."""
    after, done = dict(files), []
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        kind = dice.choice(KINDS)
        names = [name for name in after if PurePosixPath(name).suffix == f".{kind}"]
        name, other = dice.choice(names or sorted(after)), dice.choice(sorted(after))
        match dice.randrange(10):
            case 0:
                after.pop(name)
            case 1:
                after[name], after[other] = after[other], after[name]
            case 2:
                after[f"{name}{dice.choice(('x', '/x', chr(0x202E), ' '))}"] = after[name]
            case _:
                after[name] = with_other_bytes(name, after[name], dice, after[other][:20_000])
        done.append(name)
    return after, ", ".join(done)


@pytest.mark.slow
@pytest.mark.proof
@pytest.mark.usefixtures("unwatched")
def test_a_tampered_site_is_never_well_and_never_stops_who_looks(
    original: Original, installation: Installation
) -> None:
    dice, files = Random(seed()), dict(original.copy.files)  # noqa: S311 -- tamperings
    began = time.process_time()
    assert not verify(original.copy, installation).mismatch
    honest_s = time.process_time() - began
    slowest, changed = 0.0, 0
    for number in range(in_full(2, 400)):
        after, done = tampered(files, dice)
        if after == files:
            continue
        sealed = dice.random() < 0.7 and after.get("manifest.json") == files["manifest.json"]
        changed += 1
        began = time.process_time()
        try:
            found = verify(
                SiteCopy(subject="site", files=rehashed(after) if sealed else after, listed=True),
                installation,
            )
        except Exception as error:
            error.add_note(f"tampering {number} of seed {seed()}, {'sealed' if sealed else 'bare'}: {done}")
            raise
        slowest = max(slowest, time.process_time() - began)
        told = found.mismatch or RECIPE in done  # whose configuration is the publisher's word
        assert told, f"tampering {number} of seed {seed()}: {done} passed"
    print(f"{changed} sites, honest {honest_s:.1f} s, slowest {slowest:.1f} s")
    assert slowest < 2 * honest_s + SLOW_S
