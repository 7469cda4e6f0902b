"""Other values than a field has: what a forger would write there, by the type and the look of what stands."""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import msgspec
from msgspec import NODEFAULT, Struct, inspect

from generator.periods import Recurrence

_HEX = re.compile(r"[0-9a-f]{16,}")
_DAY = re.compile(r"(\d{4}-\d{2})(-\d{2})?")


def others(value: object) -> Iterator[tuple[str, object]]:
    """Yield other values for one that stands, each with a word on what it is."""
    match value:
        case Enum():
            yield from ((f"to {other.value}", other) for other in type(value) if other is not value)
        case bool():
            yield "turned", not value
        case int() | Decimal():
            yield "grown", value + 1_000
            yield "shrunk", type(value)(1) if value > 1 else value + 1
        case datetime():
            yield "later", value + timedelta(days=1)
            yield "earlier", value - timedelta(days=1)
        case str():
            yield "reworded", _reworded(value)
        case tuple() if value and not isinstance(value[0], Struct):
            yield from ((f"first {word}", (other, *value[1:])) for word, other in others(value[0]))
            yield "one more", (*value, next(others(value[-1]))[1])
            yield "one less", value[:-1]
        case tuple() if value:
            yield "one less", value[:-1]
            yield "doubled", (*value, value[-1])
        case Mapping() if value:
            name, first = min(value.items())
            yield from ((f"first {word}", {**value, name: other}) for word, other in others(first))
            yield "one more", {**value, "invented": first}
            yield "one less", {key: kept for key, kept in value.items() if key != name}


def _reworded(text: str) -> str:
    """Return another text of the same look, so that nothing but its meaning tells."""
    if found := _HEX.search(text):
        last = found.end() - 1
        return f"{text[:last]}{int(text[last], 16) ^ 1:x}{text[last + 1 :]}"
    if (month := _DAY.search(text)) is not None:
        year = int(text[month.start() : month.start() + 4])
        return f"{text[: month.start()]}{year - 1}{text[month.start() + 4 :]}"
    return f"{text}x"


#: Values of structs that refuse what is invented.
_GENUINE: Final = {Recurrence: Recurrence(start=datetime.fromisoformat("2026-01-02T00:00:00Z"), unit="month")}
#: What a forger writes where nothing stands to copy from, by the name of a type.
_INVENTED: Final = {
    "DecimalType": Decimal(7),
    "DateTimeType": datetime.fromisoformat("2026-01-02T03:04:05+00:00"),
    "BoolType": True,
    "IntType": 7,
    "StrType": "invented",
}


def invented(kind: inspect.Type) -> Any:  # noqa: ANN401 -- of any type
    """Return a value of a type where nothing stands to copy from; raise `KeyError` for one not known here."""
    match kind:
        case inspect.UnionType():
            return invented(next(part for part in kind.types if not isinstance(part, inspect.NoneType)))
        case inspect.StructType():
            return _GENUINE.get(kind.cls) or kind.cls(
                **{field.name: invented(field.type) for field in kind.fields if field.required}
            )
        case inspect.VarTupleType():
            return (invented(kind.item_type),)
        case inspect.DictType():
            return {"invented": invented(kind.value_type)}
        case inspect.EnumType():
            return next(iter(kind.cls))
    return _INVENTED[type(kind).__name__]


def replaced(record: Struct, name: str, value: object) -> Struct:
    """Return a record with another value, also one that its type refuses: a forger writes text."""
    made = copy(record)
    msgspec.structs.force_setattr(made, name, value)
    return made


def default_of(kind: type[Struct], name: str) -> Any:  # noqa: ANN401 -- of any field
    """Return what a field is when a line leaves it out; `NODEFAULT` where it must be said."""
    [field] = (field for field in msgspec.structs.fields(kind) if field.name == name)
    return field.default if field.default_factory is NODEFAULT else field.default_factory()


def distinct(values: Iterable[object]) -> list[object]:
    """Return the values that differ, in their order."""
    found: list[object] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found
