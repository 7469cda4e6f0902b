"""The few script elements Angor uses: pushes, minimal numbers, opcodes."""

from hashlib import sha256

OP_0 = 0x00
OP_PUSHDATA1 = 0x4C
OP_PUSHDATA2 = 0x4D
OP_1 = 0x51
OP_RETURN = b"\x6a"
OP_EQUAL = b"\x87"
OP_EQUALVERIFY = b"\x88"
OP_HASH256 = b"\xaa"
OP_CHECKSIG = b"\xac"
OP_CHECKSIGVERIFY = b"\xad"
OP_CHECKLOCKTIMEVERIFY = b"\xb1"
OP_CHECKSEQUENCEVERIFY = b"\xb2"
_LARGEST_SMALL_NUMBER = 16


def push(data: bytes) -> bytes:
    """Return the direct push of 1 to 75 bytes."""
    if not 0 < len(data) < OP_PUSHDATA1:
        msg = f"a direct push takes 1 to 75 bytes, got {len(data)}"
        raise ValueError(msg)
    return bytes([len(data)]) + data


def push_number(number: int) -> bytes:
    """Return the shortest push of a whole number that is not negative."""
    if number < 0:
        msg = f"{number} is negative; no time in an Angor script is"
        raise ValueError(msg)
    if number == 0:
        return bytes([OP_0])
    if number <= _LARGEST_SMALL_NUMBER:
        return bytes([OP_1 + number - 1])
    # one bit more than the number needs, because the highest bit is the sign
    return push(number.to_bytes(number.bit_length() // 8 + 1, "little"))


def pushes(script: bytes) -> tuple[bytes, ...] | None:
    """Return what an OP_RETURN script pushes, or None when it is anything else."""
    if script[:1] != OP_RETURN:
        return None
    items = []
    position = 1
    while position < len(script):
        size, start = _push_at(script, position)
        if size is None or start + size > len(script):
            return None
        items.append(script[start : start + size])
        position = start + size
    return tuple(items)


def _push_at(script: bytes, position: int) -> tuple[int | None, int]:
    opcode = script[position]
    if opcode < OP_PUSHDATA1:
        return opcode, position + 1
    if opcode in {OP_PUSHDATA1, OP_PUSHDATA2}:
        width = opcode - OP_PUSHDATA1 + 1
        start = position + 1 + width
        return int.from_bytes(script[position + 1 : start], "little"), start
    return None, position


def p2wsh(witness_script: bytes) -> bytes:
    """Return the output script that pays to a witness script's hash."""
    return b"\x00\x20" + sha256(witness_script).digest()


def is_p2wsh(script: bytes) -> bool:
    """Tell whether an output pays to a script's hash (witness version 0, 32 bytes)."""
    return len(script) == 34 and script[:2] == b"\x00\x20"  # noqa: PLR2004 - version, push, SHA-256
