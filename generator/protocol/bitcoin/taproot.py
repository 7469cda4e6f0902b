"""Taproot commitments (BIP-341): leaves, branches, output keys, control blocks."""

from collections.abc import Sequence
from dataclasses import dataclass

from generator.protocol.bitcoin.script import p2tr_script
from generator.protocol.bitcoin.serialization import MalformedData, counted
from generator.protocol.curve import public_xonly, tweak_public, tweak_secret
from generator.protocol.hashes import tagged_hash

LEAF_VERSION = 0xC0
_NODE_BYTES = 32
_CONTROL_HEAD_BYTES = 33
_MAX_DEPTH = 128
_ANNEX = b"\x50"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptPath:
    """The witness of a script-path spend, taken apart."""

    stack: tuple[bytes, ...]  #: what the script finds
    script: bytes
    control_block: bytes
    annex: bytes | None

    @classmethod
    def of(cls, witness: Sequence[bytes]) -> "ScriptPath | None":
        """Take a witness apart; None where it shows no script, as in a key-path spend."""
        items, annex = tuple(witness), None
        if len(items) > 1 and items[-1][:1] == _ANNEX:
            *rest, annex = items
            items = tuple(rest)
        if len(items) < 2:  # noqa: PLR2004 - script and control block
            return None
        *stack, script, control_block = items
        return cls(stack=tuple(stack), script=script, control_block=control_block, annex=annex)

    @property
    def leaf_version(self) -> int:
        """By which rules the script runs."""
        return self.control_block[0] & 0xFE

    def opens(self, output_script: bytes) -> bool:
        """Tell whether script and control block lead to a taproot output."""
        try:
            key, parity = output_key_of_control_block(self.script, self.control_block)
        except ValueError:  # a wrong length, or no point of the curve
            return False
        return output_script == p2tr_script(key) and self.control_block[0] & 1 == parity


def leaf_hash(script: bytes, version: int = LEAF_VERSION) -> bytes:
    """Return the hash of a script leaf."""
    return tagged_hash("TapLeaf", bytes([version]) + counted(script))


def branch_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash that joins two nodes; their order does not matter."""
    return tagged_hash("TapBranch", min(left, right) + max(left, right))


def output_key(internal_key: bytes, root: bytes = b"") -> tuple[bytes, int]:
    """Return the x-only output key and its parity; `root` is empty when there is no script."""
    return tweak_public(internal_key, tagged_hash("TapTweak", internal_key + root))


def taproot_output_script(internal_key: bytes, root: bytes = b"") -> bytes:
    """Return the output script of an x-only internal key and the root of its script tree."""
    return p2tr_script(output_key(internal_key, root)[0])


def key_path_secret(secret: bytes, root: bytes = b"") -> bytes:
    """Return the secret that signs a key-path spend for the owner of the internal key."""
    return tweak_secret(secret, tagged_hash("TapTweak", public_xonly(secret) + root))


def output_key_of_control_block(script: bytes, control_block: bytes) -> tuple[bytes, int]:
    """Return the output key and parity a script and its control block lead to; raise `MalformedData`."""
    depth, rest = divmod(len(control_block) - _CONTROL_HEAD_BYTES, _NODE_BYTES)
    if rest or not 0 <= depth <= _MAX_DEPTH:
        msg = f"a control block is 33 bytes and up to 128 hashes, got {len(control_block)} bytes"
        raise MalformedData(msg)
    node = leaf_hash(script, control_block[0] & 0xFE)
    for start in range(_CONTROL_HEAD_BYTES, len(control_block), _NODE_BYTES):
        node = branch_hash(node, control_block[start : start + _NODE_BYTES])
    return output_key(control_block[1:_CONTROL_HEAD_BYTES], node)
