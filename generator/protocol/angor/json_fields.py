"""Typed access to the fields of a project's JSON, each refusal with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum

from generator.protocol.angor.project_identifier import KeyProblem, project_script
from generator.protocol.angor.strict_json import TermsError, shown
from generator.protocol.bitcoin import MAX_SAT
from generator.protocol.curve import is_point

_LATEST = 253_402_300_799  # the last second of the year 9999, where .NET and Python end
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object; a missing field takes its default, or is an error when there is none."""

    values: Mapping[str, object]

    def whole(self, name: str, *, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number within bounds."""
        value = self._value(name, default)
        if isinstance(value, int) and value is not True and value is not False:
            if low <= value <= high:
                return value
            raise TermsError(
                reason="number out of range", observed=f"{name} is {value}, expected {low} to {high}"
            )
        raise self._refused(name, "a whole number")

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
        value = self._value(name, None)
        # bool is an int to Python, and never a percentage
        if isinstance(value, int | Decimal) and value is not True and value is not False:
            if 0 <= value <= 100:  # noqa: PLR2004 - percent
                return Decimal(value)
            raise TermsError(reason="number out of range", observed=f"{name} is {value}, expected 0 to 100")
        raise self._refused(name, "a percentage")

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

    def _value(self, name: str, default: object) -> object:
        value = self.values.get(name, default)
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
