"""Each primitive of Bitcoin and Nostr is defined once, and nothing else does its work under another name."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "generator"
#: The one definition of each: what it does → module and function.
DEFINITIONS = {
    "tagged hash": ("protocol/hashes.py", "tagged_hash"),
    "RIPEMD-160 of SHA-256": ("protocol/hashes.py", "hash160"),
    "double SHA-256": ("protocol/hashes.py", "sha256d"),
    "point check": ("protocol/curve.py", "is_point"),
    "tweak of a public key": ("protocol/curve.py", "tweak_public"),
    "tweak of a secret": ("protocol/curve.py", "tweak_secret"),
    "push writer": ("protocol/bitcoin/script.py", "push"),
    "minimal number": ("protocol/bitcoin/script.py", "minimal_number"),
    "script writer": ("protocol/bitcoin/script.py", "script_of"),
    "push reader": ("protocol/bitcoin/script.py", "read_push"),
    "reader of an OP_RETURN": ("protocol/bitcoin/script.py", "pushes"),
    "P2WSH output": ("protocol/bitcoin/script.py", "p2wsh_script"),
    "P2WSH check": ("protocol/bitcoin/script.py", "is_p2wsh"),
    "P2TR output": ("protocol/bitcoin/script.py", "p2tr_script"),
    "segwit address": ("protocol/bitcoin/script.py", "segwit_address"),
    "script of an address": ("protocol/bitcoin/script.py", "script_of_address"),
    "BIP-32 step": ("protocol/angor/project_identifier.py", "child_key"),
    "compact target": ("protocol/bitcoin/header.py", "target"),
    "compact size": ("protocol/bitcoin/serialization.py", "compact"),
    "leaf hash": ("protocol/bitcoin/taproot.py", "leaf_hash"),
    "branch hash": ("protocol/bitcoin/taproot.py", "branch_hash"),
    "output key": ("protocol/bitcoin/taproot.py", "output_key"),
    "control block": ("protocol/bitcoin/taproot.py", "output_key_of_control_block"),
    "script path of a witness": ("protocol/bitcoin/taproot.py", "of"),
}
#: Words in the names of functions that do such work, whatever else they are called.
TELLING = (
    "tagged",
    "hash160",
    "ripemd",
    "sha256d",
    "hash256",
    "double_sha",
    "is_point",
    "on_curve",
    "tweak",
    "pushes",
    "push_number",
    "read_push",
    "pushed",
    "p2wsh",
    "p2tr",
    "bech32",
    "segwit_address",
    "leaf_hash",
    "branch_hash",
    "control_block",
    "from_bits",
    "of_bits",
    "nbits",
    "compact",
)
#: Functions with such a word that do something else.
OTHERS = {
    ("protocol/hashes.py", "_tagged"),  # the cache of `tagged_hash`
    ("protocol/bitcoin/tapscript.py", "hash256"),  # the opcode, by `sha256d`
    ("protocol/bitcoin/serialization.py", "compact"),  # of `Reader`: reads what `compact` writes
    ("protocol/bitcoin/script.py", "is_p2tr"),
    ("protocol/angor/stage_scripts.py", "control_block"),  # writes one for a stage's leaf
}
#: Text and bytes that only one module may hold.
MARKERS = {
    "TapTweak": "protocol/bitcoin/taproot.py",
    "TapLeaf": "protocol/bitcoin/taproot.py",
    "TapBranch": "protocol/bitcoin/taproot.py",
    "TapSighash": "protocol/bitcoin/sighash.py",
    "BIP0340/challenge": "protocol/curve.py",
    b"\x00\x14": "protocol/bitcoin/script.py",
    b"\x00\x20": "protocol/bitcoin/script.py",
    b"\x51\x20": "protocol/bitcoin/script.py",
    b"\x81": "protocol/bitcoin/script.py",
    b"\x50": "protocol/bitcoin/taproot.py",
}
#: Which parts of embit are called, and where.
EMBIT = {
    "embit.hashes": {"protocol/hashes.py"},
    "embit.util.secp256k1": {"protocol/curve.py"},
    "embit.bip32": {
        "protocol/angor/project_identifier.py",
        "sandbox/chain/identity.py",
    },  # wallets of the sandbox
    "embit.wordlists.bip39": {"config/secret_shapes.py"},  # what a wallet's words look like
    "embit.bech32": {"protocol/bitcoin/script.py", "protocol/nostr/keys.py"},  # NIP-19 has no version
}


@cache
def nodes() -> tuple[tuple[str, ast.AST], ...]:
    """Return every node of every module, read once for all tests."""
    return tuple(
        (path.relative_to(ROOT).as_posix(), node)
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
    )


@cache
def functions() -> frozenset[tuple[str, str]]:
    return frozenset(
        (module, node.name)
        for module, node in nodes()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


@cache
def constants() -> dict[object, set[str]]:
    """Return the modules that hold each text or bytes."""
    found: dict[object, set[str]] = {}
    for module, node in nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            found.setdefault(node.value, set()).add(module)
    return found


@pytest.mark.parametrize(("module", "name"), DEFINITIONS.values(), ids=DEFINITIONS.keys())
def test_it_is_defined_where_it_says(module: str, name: str) -> None:
    assert (module, name) in functions()


def test_nothing_else_is_named_like_one_of_them() -> None:
    known = {*DEFINITIONS.values(), *OTHERS}
    names = {name for _, name in DEFINITIONS.values()} - {"of", "target"}
    found = {
        (module, name)
        for module, name in functions()
        if name.strip("_") in names or any(word in name for word in TELLING)
    }
    assert found <= known
    assert set(OTHERS) <= found, "an exception that no function needs"


@pytest.mark.parametrize(("marker", "module"), MARKERS.items())
def test_what_gives_a_primitive_away_stands_in_one_module(marker: str | bytes, module: str) -> None:
    assert constants()[marker] == {module}


def test_no_hash_is_hashed_by_hand() -> None:
    found = {
        module
        for module, node in nodes()
        if called(node) == "sha256"
        and any(called(inner) == "sha256" for inner in ast.walk(node) if inner is not node)
    }
    assert found == {"protocol/hashes.py"}


def called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_embit_is_called_in_few_places() -> None:
    found: dict[str, set[str]] = {}
    for module, node in nodes():
        names = (
            [f"{node.module}.{alias.name}" for alias in node.names]
            if isinstance(node, ast.ImportFrom) and node.module
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
        for name in names:
            part = next((part for part in EMBIT if f"{name}.".startswith(f"{part}.")), name)
            if name.startswith("embit"):
                found.setdefault(part, set()).add(module)
    assert found == EMBIT
