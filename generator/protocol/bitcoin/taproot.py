"""Taproot commitments (BIP-341): leaves, branches, output keys, control blocks."""

from generator.protocol.bitcoin.script import p2tr_script
from generator.protocol.bitcoin.serialization import Malformed, counted
from generator.protocol.curve import public_xonly, tagged_hash, tweak_public, tweak_secret

LEAF_VERSION = 0xC0
_NODE_BYTES = 32
_CONTROL_HEAD_BYTES = 33
_MAX_DEPTH = 128


def leaf_hash(script: bytes, version: int = LEAF_VERSION) -> bytes:
    """Return the hash of a script leaf."""
    return tagged_hash("TapLeaf", bytes([version]) + counted(script))


def branch_hash(one: bytes, other: bytes) -> bytes:
    """Return the hash that joins two nodes; their order does not matter."""
    return tagged_hash("TapBranch", min(one, other) + max(one, other))


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
    """Return the output key and parity a script and its control block lead to; raise `Malformed`."""
    depth, rest = divmod(len(control_block) - _CONTROL_HEAD_BYTES, _NODE_BYTES)
    if rest or not 0 <= depth <= _MAX_DEPTH:
        msg = f"a control block is 33 bytes and up to 128 hashes, got {len(control_block)} bytes"
        raise Malformed(msg)
    node = leaf_hash(script, control_block[0] & 0xFE)
    for start in range(_CONTROL_HEAD_BYTES, len(control_block), _NODE_BYTES):
        node = branch_hash(node, control_block[start : start + _NODE_BYTES])
    return output_key(control_block[1:_CONTROL_HEAD_BYTES], node)
