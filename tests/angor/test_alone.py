"""Angor could be its own package; Nostr and Bitcoin share only the curve."""

import subprocess
import sys

import pytest

LISTING = """
import sys, {names}
print(" ".join(sorted(name for name in sys.modules if name.startswith("generator."))))
"""
ANGOR = [
    "checks",
    "curve",
    "fields",
    "investments",
    "keys",
    "opreturn",
    "script",
    "scripts",
    "seen",
    "spends",
    "stages",
    "strict",
    "terms",
    "tree",
]


@pytest.mark.parametrize(
    ("names", "allowed"),
    [
        ([f"generator.protocol.angor.{name}" for name in ANGOR], ("generator.protocol.angor",)),
        (["generator.protocol.bitcoin"], ("generator.protocol.bitcoin", "generator.protocol.curve")),
        (["generator.protocol.nostr"], ("generator.protocol.nostr", "generator.protocol.curve")),
    ],
)
def test_a_room_brings_nothing_else_of_ours(names: list[str], allowed: tuple[str, ...]) -> None:
    listing = LISTING.format(names=", ".join(names))
    out = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    loaded = out.stdout.split()
    assert set(names) <= set(loaded)
    assert [module for module in loaded if not module.startswith(allowed)] == []
