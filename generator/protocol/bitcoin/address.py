"""Segwit addresses: bech32 for version 0, bech32m from version 1 on (BIP-173, BIP-350)."""

from embit import bech32

from generator.protocol.bitcoin.script import OP_0, OP_1, OP_16, script_of
from generator.protocol.bitcoin.serialization import MalformedData

_SHORTEST_SCRIPT = 4  # version, length, a program of 2 bytes


def segwit_address(version: int, program: bytes, hrp: str) -> str:
    """Return the address of a witness program; raise `ValueError` where BIP-141 allows none."""
    address = bech32.encode(hrp, version, program)
    if address is None:
        msg = f"no segwit address has version {version} and {len(program)} bytes"
        raise ValueError(msg)
    return str(address)


def address_of_script(script: bytes, hrp: str) -> str | None:
    """Return the segwit address of an output script, or None where it has none."""
    if len(script) < _SHORTEST_SCRIPT or script[1] != len(script) - 2:
        return None
    if script[0] != OP_0 and not OP_1 <= script[0] <= OP_16:
        return None
    version = 0 if script[0] == OP_0 else script[0] - OP_1 + 1
    try:
        return segwit_address(version, script[2:], hrp)
    except ValueError:
        return None


def script_of_address(address: str, hrp: str) -> bytes:
    """Return the output script of a segwit address of one network; raise `MalformedData`."""
    version, program = bech32.decode(hrp, address)
    if program is None:
        msg = f"{address!r} is not a segwit address with prefix {hrp!r}"
        raise MalformedData(msg)
    return script_of(OP_0 if version == 0 else OP_1 + version - 1, bytes(program))
