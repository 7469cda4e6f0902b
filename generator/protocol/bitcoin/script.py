"""Scripts: reading pushes, writing the few output scripts we meet, addresses."""

from hashlib import sha256

from embit import bech32
from embit.hashes import hash160 as _hash160

from generator.protocol.bitcoin.serialization import Malformed, Reader

OP_0 = 0x00
OP_PUSHDATA1 = 0x4C
OP_PUSHDATA4 = 0x4E
OP_1 = 0x51
OP_16 = 0x60
OP_RETURN = 0x6A
_P2WPKH_BYTES = 22
_P2WSH_BYTES = 34


def hash160(data: bytes) -> bytes:
    """Return RIPEMD-160 of SHA-256, 20 bytes."""
    return bytes(_hash160(data))


def push(data: bytes) -> bytes:
    """Return the shortest push of up to 75 bytes."""
    if not 0 < len(data) < OP_PUSHDATA1:
        msg = f"a direct push takes 1 to 75 bytes, got {len(data)}"
        raise ValueError(msg)
    return bytes([len(data)]) + data


def op_return(*items: bytes) -> bytes:
    """Return an OP_RETURN output script that pushes the items."""
    return bytes([OP_RETURN]) + b"".join(push(item) for item in items)


def pushes(script: bytes) -> list[bytes]:
    """Return what an OP_RETURN output pushes; raise `Malformed` for any other script."""
    reader = Reader(script)
    if reader.take(1) != bytes([OP_RETURN]):
        msg = "the script does not begin with OP_RETURN"
        raise Malformed(msg)
    items = []
    while reader.left:
        items.append(_pushed(reader))
    return items


def _pushed(reader: Reader) -> bytes:
    opcode = reader.uint(1)
    if opcode < OP_PUSHDATA1:
        return reader.take(opcode)
    if opcode <= OP_PUSHDATA4:
        return reader.take(reader.uint(1 << (opcode - OP_PUSHDATA1)))
    if OP_1 <= opcode <= OP_16:
        return bytes([opcode - OP_1 + 1])
    msg = f"opcode {opcode:#04x} is not a push"
    raise Malformed(msg)


def p2wpkh_script(key: bytes) -> bytes:
    """Return the output script that pays a 33-byte key's hash."""
    return bytes([OP_0]) + push(hash160(key))


def p2wsh_script(witness_script: bytes) -> bytes:
    """Return the output script that pays a witness script's hash."""
    return bytes([OP_0]) + push(sha256(witness_script).digest())


def p2tr_script(output_key: bytes) -> bytes:
    """Return the output script of a 32-byte taproot output key."""
    return bytes([OP_1]) + push(output_key)


def is_p2wpkh(script: bytes) -> bool:
    """Tell whether a script pays to a key's hash (witness version 0, 20 bytes)."""
    return len(script) == _P2WPKH_BYTES and script[:2] == b"\x00\x14"


def is_p2wsh(script: bytes) -> bool:
    """Tell whether a script pays to a script's hash (witness version 0, 32 bytes)."""
    return len(script) == _P2WSH_BYTES and script[:2] == b"\x00\x20"


def is_p2tr(script: bytes) -> bool:
    """Tell whether a script pays to a taproot output key."""
    return len(script) == _P2WSH_BYTES and script[:2] == b"\x51\x20"


def address_of_script(script: bytes, hrp: str) -> str | None:
    """Return the segwit address of an output script, or None where it has none."""
    if len(script) < 4 or script[1] != len(script) - 2:  # noqa: PLR2004 - version, length, 2 bytes or more
        return None
    if script[0] != OP_0 and not OP_1 <= script[0] <= OP_16:
        return None
    version = 0 if script[0] == OP_0 else script[0] - OP_1 + 1
    address = bech32.encode(hrp, version, script[2:])
    return None if address is None else str(address)


def script_of_address(address: str, hrp: str) -> bytes:
    """Return the output script of a segwit address of one network; raise `Malformed`."""
    version, program = bech32.decode(hrp, address)
    if program is None:
        msg = f"{address!r} is not a segwit address with prefix {hrp!r}"
        raise Malformed(msg)
    return bytes([OP_0 if version == 0 else OP_1 + version - 1]) + push(bytes(program))
