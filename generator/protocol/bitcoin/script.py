"""Scripts: pushes, the few output scripts we meet, and their segwit addresses (BIP-173, BIP-350)."""

from enum import IntEnum
from functools import lru_cache
from hashlib import sha256

from embit import bech32

from generator.protocol.bitcoin.serialization import MalformedData, Reader
from generator.protocol.hashes import hash160

OP_0 = 0x00
OP_PUSHDATA1 = 0x4C
OP_PUSHDATA4 = 0x4E
OP_1NEGATE = 0x4F
OP_1 = 0x51
OP_16 = 0x60
_LARGEST_SMALL_NUMBER = 16
_P2WPKH_BYTES = 22
_P2WSH_BYTES = 34
_SHORTEST_SCRIPT = 4  # version, length, a program of 2 bytes


class Op(IntEnum):
    """The opcodes, besides those that push, of the scripts we meet."""

    RETURN = 0x6A
    EQUAL = 0x87
    EQUALVERIFY = 0x88
    HASH256 = 0xAA
    CHECKSIG = 0xAC
    CHECKSIGVERIFY = 0xAD
    CHECKLOCKTIMEVERIFY = 0xB1
    CHECKSEQUENCEVERIFY = 0xB2


def push(data: bytes) -> bytes:
    """Return the shortest push of up to 75 bytes."""
    if not 0 < len(data) < OP_PUSHDATA1:
        msg = f"a direct push takes 1 to 75 bytes, got {len(data)}"
        raise ValueError(msg)
    return bytes([len(data)]) + data


def minimal_number(number: int) -> int | bytes:
    """Return the shortest push of a whole number, an opcode or bytes to push, for `script_of`."""
    if number < 0:
        msg = f"{number} is negative; no time or height in a script is"
        raise ValueError(msg)
    if number == 0:
        return OP_0
    if number <= _LARGEST_SMALL_NUMBER:
        return OP_1 + number - 1
    # one bit more than the number needs, because the highest bit is the sign
    return number.to_bytes(number.bit_length() // 8 + 1, "little")


def script_of(*items: int | bytes) -> bytes:
    """Return the script of opcodes (whole numbers) and pushed data (1 to 75 bytes each)."""
    return b"".join(bytes([item]) if isinstance(item, int) else push(item) for item in items)


def read_push(opcode: int, reader: Reader) -> bytes:
    """Return what a push opcode puts on the stack, its data read from `reader`; raise `MalformedData`.

    As consensus and NBitcoin's ``Op.PushData`` have it: OP_0 pushes nothing, OP_1 to
    OP_16 push their number as one byte, OP_1NEGATE pushes minus one, ``81``.
    """
    if opcode < OP_PUSHDATA1:
        return reader.take(opcode)
    if opcode <= OP_PUSHDATA4:
        return reader.take(reader.uint(1 << (opcode - OP_PUSHDATA1)))
    if opcode == OP_1NEGATE:
        return b"\x81"
    if OP_1 <= opcode <= OP_16:
        return bytes([opcode - OP_1 + 1])
    msg = f"opcode {opcode:#04x} is not a push"
    raise MalformedData(msg)


def op_return(*items: bytes) -> bytes:
    """Return an OP_RETURN output script that pushes the items."""
    return script_of(Op.RETURN, *items)


def pushes(script: bytes) -> list[bytes]:
    """Return what an OP_RETURN output pushes; raise `MalformedData` for any other script."""
    reader = Reader(script)
    if reader.take(1) != bytes([Op.RETURN]):
        msg = "the script does not begin with OP_RETURN"
        raise MalformedData(msg)
    items = []
    while reader.left:
        items.append(read_push(reader.uint(1), reader))
    return items


def p2wpkh_script(key: bytes) -> bytes:
    """Return the output script that pays a 33-byte key's hash."""
    return script_of(OP_0, hash160(key))


def p2wsh_script(witness_script: bytes) -> bytes:
    """Return the output script that pays a witness script's hash."""
    return script_of(OP_0, sha256(witness_script).digest())


def p2tr_script(output_key: bytes) -> bytes:
    """Return the output script of a 32-byte taproot output key."""
    return script_of(OP_1, output_key)


def is_p2wpkh(script: bytes) -> bool:
    """Tell whether a script pays to a key's hash (witness version 0, 20 bytes)."""
    return len(script) == _P2WPKH_BYTES and script[:2] == b"\x00\x14"


def is_p2wsh(script: bytes) -> bool:
    """Tell whether a script pays to a script's hash (witness version 0, 32 bytes)."""
    return len(script) == _P2WSH_BYTES and script[:2] == b"\x00\x20"


def is_p2tr(script: bytes) -> bool:
    """Tell whether a script pays to a taproot output key."""
    return len(script) == _P2WSH_BYTES and script[:2] == b"\x51\x20"


@lru_cache(maxsize=4096)  # an address is met with each payment to and from it
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
