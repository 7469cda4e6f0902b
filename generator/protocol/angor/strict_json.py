"""JSON from strangers, read strictly: typed fields, one value a key, finite numbers, bounded depth."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Context, Decimal
from enum import IntEnum
from types import UnionType

from generator.protocol.angor.project_identifier import KeyProblem, project_script
from generator.protocol.bitcoin.transaction import MAX_SAT
from generator.protocol.curve import is_point

MAX_BYTES = 64 * 1024
MAX_DEPTH = 8
_MAX_DIGITS = 30
_CONTEXT = Context(prec=_MAX_DIGITS, traps=[])  # infinite, not an error, beyond what a decimal holds
_LATEST = 253_402_300_799  # the last second of the year 9999, where .NET and Python end
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
# the closing quote is optional, so that a text without one is passed over once and not once per quote
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)


class TermsError(ValueError):
    """Content is not the terms of a project; `reason` names why in a few fixed words."""

    def __init__(self, *, reason: str, observed: str) -> None:
        self.reason = reason
        super().__init__(f"{reason}: {observed}")


def read_object(content: str, *, most: int = MAX_BYTES) -> Mapping[str, object]:
    """Return the object a text of `most` bytes holds, numbers as `int` or `Decimal`; raise `TermsError`."""
    _check_size(content, most)
    if not looks_like_object(content):
        raise TermsError(reason="not an object", observed=f"the content begins with {content[:16]!a}")
    _check_depth(content)
    try:
        value = json.loads(
            content,
            object_pairs_hook=_unique,
            parse_int=_whole,
            parse_float=_decimal,
            parse_constant=_refused_constant,
        )
    except json.JSONDecodeError as error:
        raise TermsError(reason="not JSON", observed=str(error)) from None
    _check_text(value)
    return value  # type: ignore[no-any-return]  # the text begins with a brace, so it is an object


def looks_like_object(content: str) -> bool:
    """Tell whether a text may hold an object; other applications use kind 3030 too (angor#907)."""
    return content.lstrip(" \t\r\n").startswith("{")


def shown(value: object) -> str:
    """Return a stranger's value as one short line of plain ASCII."""
    text = ascii(value)
    return text if len(text) <= 80 else f"{text[:77]}..."  # noqa: PLR2004 - one line of a message


def _check_size(content: str, most: int) -> None:
    try:
        size = len(content.encode())
    except UnicodeEncodeError:
        raise TermsError(reason="lone surrogate", observed="the content has no UTF-8 form") from None
    if size > most:
        raise TermsError(reason="too large", observed=f"{size} bytes, at most {most} are read")


def _check_depth(content: str) -> None:
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", _STRING.sub("", content)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            raise TermsError(reason="too deep", observed=f"more than {MAX_DEPTH} levels of nesting")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for key, value in pairs:
        if key in fields:
            raise TermsError(reason="duplicate key", observed=shown(key))
        fields[key] = value
    return fields


def _whole(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise TermsError(reason="number out of range", observed=shown(text))
    return int(text)


def _decimal(text: str) -> Decimal:
    number = _CONTEXT.create_decimal(text)
    if len(text) > _MAX_DIGITS or not number.is_finite() or abs(number.adjusted()) > _MAX_DIGITS:
        raise TermsError(reason="number out of range", observed=shown(text))
    return number


def _refused_constant(text: str) -> object:
    raise TermsError(reason="not a number", observed=shown(text))


def _check_text(value: object) -> None:
    match value:
        case str():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise TermsError(reason="lone surrogate", observed=shown(value)) from None
        case dict():
            for key, item in value.items():
                _check_text(key)
                _check_text(item)
        case list():
            for item in value:
                _check_text(item)
        case _:
            pass  # numbers and truth values hold no text


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object; a missing field takes its default, or is an error when there is none."""

    values: Mapping[str, object]

    def whole(self, name: str, *, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number within bounds."""
        return int(self._number(name, int, "a whole number", low, high, default))

    def choice(self, name: str, choices: type[IntEnum], *, default: int) -> int:
        """Return a number that stands for a choice."""
        value = self.whole(name, low=-(2**31), high=2**31 - 1, default=default)
        if value in {choice.value for choice in choices}:
            return value
        raise TermsError(reason=f"unknown {name}", observed=str(value))

    def amount(self, name: str, *, default: int | None = None) -> int:
        """Return an amount in satoshis."""
        return self.whole(name, low=0, high=MAX_SAT, default=default)

    def amount_or_none(self, name: str) -> int | None:
        """Return an amount in satoshis, or None when there is none."""
        return None if self.values.get(name) is None else self.amount(name)

    def percent(self, name: str) -> Decimal:
        """Return a percentage from 0 to 100."""
        return Decimal(self._number(name, int | Decimal, "a percentage", 0, 100))

    def time(self, name: str) -> datetime:
        """Return Unix seconds as a time in UTC."""
        return datetime.fromtimestamp(self.whole(name, low=0, high=_LATEST), tz=UTC)

    def time_or_unset(self, name: str) -> datetime | None:
        """Return a time, or None when the field is absent or holds .NET's empty date."""
        seconds = self.whole(name, low=-_LATEST, high=_LATEST, default=-1)
        return None if seconds < 0 else datetime.fromtimestamp(seconds, tz=UTC)

    def text(self, name: str, *, limit: int, default: str | None = None) -> str:
        """Return a text of bounded length."""
        value = self._value(name, default)
        if not isinstance(value, str):
            raise self._refused(name, "a text")
        if len(value) > limit:
            raise TermsError(
                reason="too long", observed=f"{name} has {len(value)} characters, at most {limit}"
            )
        return value

    def hex(self, name: str, digits: int) -> str:
        """Return a fixed number of hex digits, in lower case."""
        return self._hex(name, self._value(name, None), digits)

    def hexes(self, name: str, digits: int, *, limit: int) -> tuple[str, ...]:
        """Return a list of hex texts; empty when absent."""
        return tuple(self._hex(name, value, digits) for value in self._list(name, limit))

    def key(self, name: str) -> str:
        """Return a compressed public key in hex, a point of the curve."""
        text = self.hex(name, 66)
        if not is_point(bytes.fromhex(text)):
            raise TermsError(reason=f"bad {name}", observed=f"{text} is not a point of secp256k1")
        return text

    def identifier(self, name: str) -> str:
        """Return a project identifier: bech32 with its prefix and 20 bytes."""
        text = self.text(name, limit=90)
        try:
            project_script(text)
        except KeyProblem as error:
            raise TermsError(reason=f"bad {name}", observed=str(error)) from None
        return text

    def nested(self, name: str) -> "Fields":
        """Return a nested object; empty when absent."""
        return self._fields(name, {} if self.values.get(name) is None else self.values[name])

    def nested_list(self, name: str, *, limit: int) -> "tuple[Fields, ...]":
        """Return a list of nested objects; empty when absent."""
        return tuple(self._fields(name, value) for value in self._list(name, limit))

    def _number(
        self, name: str, kind: UnionType | type, wanted: str, low: int, high: int, default: int | None = None
    ) -> int | Decimal:
        value = self._value(name, default)
        if not isinstance(value, int | Decimal) or not isinstance(value, kind) or isinstance(value, bool):
            raise self._refused(name, wanted)
        if low <= value <= high:
            return value
        raise TermsError(
            reason="number out of range", observed=f"{name} is {value}, expected {low} to {high}"
        )

    def _value(self, name: str, default: object) -> object:
        value = self.values.get(name)
        if value is None:
            value = default
        if value is None:
            raise TermsError(reason="missing field", observed=name)
        return value

    def _list(self, name: str, limit: int) -> "list[object]":
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._refused(name, "a list")
        if len(value) > limit:
            raise TermsError(reason="too long", observed=f"{name} has {len(value)} items, at most {limit}")
        return value

    def _fields(self, name: str, value: object) -> "Fields":
        if isinstance(value, dict):
            return Fields(value)
        raise TermsError(reason=f"bad {name}", observed=f"expected an object, got {shown(value)}")

    def _hex(self, name: str, value: object, digits: int) -> str:
        if isinstance(value, str) and len(value) == digits and _HEX_DIGITS.issuperset(value):
            return value.lower()
        raise TermsError(reason=f"bad {name}", observed=f"expected {digits} hex digits, got {shown(value)}")

    def _refused(self, name: str, expected: str) -> TermsError:
        return TermsError(
            reason=f"bad {name}", observed=f"expected {expected}, got {shown(self.values.get(name))}"
        )
