"""Each primitive of Bitcoin and Nostr is defined once, and nothing else does its work under another name."""

import ast
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Code:
    """What of all modules is looked at, read in one pass that keeps no tree."""

    functions: set[tuple[str, str]] = field(default_factory=set)  #: module and name
    constants: dict[object, set[str]] = field(default_factory=dict)  #: modules by the text or bytes they hold
    hashes_of_hashes: set[str] = field(default_factory=set)  #: modules
    embit: dict[str, set[str]] = field(default_factory=dict)  #: modules by the part they import

    def add(self, module: str, node: ast.AST) -> None:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                self.functions.add((module, name))
            case ast.Constant(value=str() | bytes() as value):
                self.constants.setdefault(value, set()).add(module)
            case ast.Call() if called(node) == "sha256":
                inner = (part for part in ast.walk(node) if part is not node)
                if any(called(part) == "sha256" for part in inner):
                    self.hashes_of_hashes.add(module)
            case ast.ImportFrom(module=str(source), names=names):
                self._add_imports(module, [f"{source}.{alias.name}" for alias in names])
            case ast.Import(names=names):
                self._add_imports(module, [alias.name for alias in names])

    def _add_imports(self, module: str, names: list[str]) -> None:
        for name in names:
            if name.startswith("embit"):
                part = next((part for part in EMBIT if f"{name}.".startswith(f"{part}.")), name)
                self.embit.setdefault(part, set()).add(module)


def called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


@cache
def code() -> Code:
    """Return what all modules hold, read once for all tests."""
    found = Code()
    for path in ROOT.rglob("*.py"):
        module = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text())):
            found.add(module, node)
    return found


@pytest.mark.parametrize(("module", "name"), DEFINITIONS.values(), ids=DEFINITIONS.keys())
def test_it_is_defined_where_it_says(module: str, name: str) -> None:
    assert (module, name) in code().functions


def test_nothing_else_is_named_like_one_of_them() -> None:
    known = {*DEFINITIONS.values(), *OTHERS}
    names = {name for _, name in DEFINITIONS.values()} - {"of", "target"}
    found = {
        (module, name)
        for module, name in code().functions
        if name.strip("_") in names or any(word in name for word in TELLING)
    }
    assert found <= known
    assert set(OTHERS) <= found, "an exception that no function needs"


@pytest.mark.parametrize(("marker", "module"), MARKERS.items())
def test_what_gives_a_primitive_away_stands_in_one_module(marker: str | bytes, module: str) -> None:
    assert code().constants[marker] == {module}


def test_no_hash_is_hashed_by_hand() -> None:
    assert code().hashes_of_hashes == {"protocol/hashes.py"}


def test_embit_is_called_in_few_places() -> None:
    assert code().embit == EMBIT
