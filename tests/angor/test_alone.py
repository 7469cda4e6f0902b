"""The library stands alone, and each of its rooms without the ones above it."""

import pkgutil
import subprocess
import sys

import pytest

import generator.protocol

LISTING = """
import sys, {names}
print(" ".join(sorted(name for name in sys.modules if name.startswith("generator."))))
"""
ALL = [info.name for info in pkgutil.walk_packages(generator.protocol.__path__, "generator.protocol.")]
PRIMITIVES = ("generator.protocol.curve", "generator.protocol.hashes")


def modules(room: str) -> list[str]:
    return [name for name in ALL if f"{name}.".startswith(f"generator.protocol.{room}.")]


@pytest.mark.parametrize(
    ("names", "allowed"),
    [
        (ALL, ("generator.protocol",)),
        (modules("angor"), ("generator.protocol.angor", "generator.protocol.bitcoin", *PRIMITIVES)),
        (modules("bitcoin"), ("generator.protocol.bitcoin", *PRIMITIVES)),
        (modules("nostr"), ("generator.protocol.nostr", *PRIMITIVES)),
        (modules("curve"), PRIMITIVES),
        (modules("hashes"), ("generator.protocol.hashes",)),
    ],
    ids=["all", "angor", "bitcoin", "nostr", "curve", "hashes"],
)
def test_a_room_brings_nothing_else_of_ours(names: list[str], allowed: tuple[str, ...]) -> None:
    assert names
    listing = LISTING.format(names=", ".join(names))
    out = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    loaded = out.stdout.split()
    assert set(names) <= set(loaded)
    assert [name for name in loaded if not name.startswith(allowed) and name != "generator.protocol"] == []
