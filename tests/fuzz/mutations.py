"""Bytes made of other bytes: what strangers and broken disks make of a file, drawn by dice; pure."""

import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, Final

LONGEST: Final = 60_000  #: bytes of what is made, so that a thousand inputs take seconds
#: Texts that parsers have stumbled over somewhere.
TOKENS: Final = (
    *(
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\r\n",
        b"\n\n",
        b"\\ud800",
    ),
    *(b"NaN", b"-Infinity", b"1e999", b"1e-999999999", b"1E9999999999999999999", b"-0", b"-1", b"0", b"null"),
    *(b"9" * 5000, b"18446744073709551616", b"9007199254740993", b"1" + b"0" * 400, b"0x1F", b"1_0", b"1:60"),
    *(
        b"[" * 3000,
        b'{"a":' * 3000,
        b"]" * 50,
        b"()",
        b"<",
        b"<!--",
        b"&#x110000;",
        b"&#55296;",
        b"%00",
        b"../",
    ),
    *(b"!!python/object:os.system x", b"&a [*a]", b"<<: *a", b"? ", b"---\n", b"? - ", b"*a", b"{{", b"{% "),
    *(b"9999-12-31T23:59:59Z", b"0000-00-00", b"10000-01-01T00:00:00Z", b"2026-02-30", b"T", b"+14:00"),
    *("\u202e\u2066".encode(), "\u0661\u00b2".encode(), "\ufeff".encode(), "\U0001f600".encode()),
    *(
        b"\xfd\xff\xff",
        b"\xfe\xff\xff\xff\xff",
        b"\xff" * 9,
        b"\0\1",
        b"\x6a\x21\x02",
        b"\x4e\xff\xff\xff\xff",
    ),
)
#: JSON values in place of others, as Python writes them.
VALUES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**32, 2**53 + 1, 2**63, 2**64, -(2**63), 10**30, 10**400),
    *(0.1, 1e308, -0.0, float("nan"), float("inf"), "", " ", "0", "-1", "1e999", "NaN", "a" * 3000),
    *("\0", "\ud800", "\ufeff", "\u202e", "../../etc/passwd", "/etc/passwd", "CON", "=1+1", "\u0661"),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-14:00", "2026-02-29"),
    *([], {}, [[]], [None], [{}], {"": None}, ["x"] * 300, "00" * 32, "f" * 64, "02" + "79" * 32),
)


def mutated(data: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    """Return bytes that differ from `data` in a few places; parts of `others` may stand in them."""
    for _ in range(dice.choice((1, 1, 1, 2, 3, 6))):
        change = dice.choice(CHANGES)
        data = change(data, dice, others)[:LONGEST]
    return data


def _place(data: bytes, dice: Random) -> int:
    return dice.randrange(len(data) + 1)


def _flip(data: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    del others
    at = _place(data, dice)
    return data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]


def _cut(data: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    del others
    start, end = sorted((_place(data, dice), _place(data, dice)))
    return data[:start] + data[end:] if dice.random() < 0.7 else data[:end]


def _double(data: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    del others
    start, end = sorted((_place(data, dice), _place(data, dice)))
    return data[:end] + data[start:end] * dice.choice((1, 1, 2, 50)) + data[end:]


def _insert(data: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    del others
    at = _place(data, dice)
    over = dice.choice((0, 0, 1, 8))
    return data[:at] + dice.choice(TOKENS) + data[at + over :]


def _splice(data: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    other = dice.choice(others) if others else data
    return data[: _place(data, dice)] + other[_place(other, dice) :]


def _number(data: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    """Put another number in place of a run of digits."""
    del others
    at = _place(data, dice)
    while at < len(data) and not data[at : at + 1].isdigit():
        at += 1
    end = at
    while data[end : end + 1].isdigit():
        end += 1
    number = dice.choice(
        (b"0", b"-1", b"00", b"9" * 20, b"9" * 5000, b"1e99", b"1.5", b"99", b"253402300800")
    )
    return data[:at] + number + data[end:]


def _line(data: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    """Move, double or drop a line."""
    del others
    lines = data.split(b"\n")
    line = lines.pop(dice.randrange(len(lines)))
    for _ in range(dice.choice((0, 1, 2))):
        lines.insert(dice.randrange(len(lines) + 1), line)
    return b"\n".join(lines)


def _json(data: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    """Change a value, key or item of one line that is JSON, or of the whole."""
    del others
    lines = data.split(b"\n") if dice.random() < 0.8 else [data]
    at = dice.randrange(len(lines))
    try:
        value = json.loads(lines[at])
    except (ValueError, RecursionError):
        return data
    places = list(_places([value]))
    holder, key = dice.choice(places)
    match dice.randrange(5):
        case 0 if isinstance(holder, dict):
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[dice.choice(("", "id", "type", "x" * 300, "run", "ä"))] = holder.pop(key)
        case 2 if isinstance(holder, list):
            holder.extend([holder[key]] * dice.choice((1, 3, 300)))
        case 3:
            other, name = dice.choice(places)
            holder[key] = other[name] if other is not holder else None
        case _:
            holder[key] = dice.choice(VALUES)
    try:
        lines[at] = json.dumps(value, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return data
    return b"\n".join(lines)


def _places(value: dict[str, Any] | list[Any]) -> Iterator[tuple[Any, Any]]:
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(item, dict | list):
            yield from _places(item)


Change = Callable[[bytes, Random, Sequence[bytes]], bytes]
CHANGES: Final[tuple[Change, ...]] = (
    *(_flip, _cut, _double, _insert, _splice, _number, _line),
    *(_json,) * 5,
)
