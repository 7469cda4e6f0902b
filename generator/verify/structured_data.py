"""What a page tells search engines: the texts in its block of JSON-LD, and the numbers, each as a figure.

A number may stand there as the value of a ``PropertyValue`` whose ``propertyID`` is the id of a figure, and
nowhere else.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from generator.verify.strict_json import read_json

#: Media type of the one script element that a page may have: data, which no browser runs.
TYPE: Final = "application/ld+json"
_PROPERTY: Final = frozenset(
    {"@type", "propertyID", "name", "value", "minValue", "maxValue", "unitText", "description"}
)


@dataclass(slots=True)
class StructuredData:
    """What was found in one block."""

    texts: list[str] = field(default_factory=list)
    properties: list[dict[str, str]] = field(default_factory=list)  #: that state a figure
    problems: list[str] = field(default_factory=list)


def read_structured(text: str) -> StructuredData:
    """Read a block; nothing is recursive, so that no nesting ends it."""
    found = StructuredData()
    try:
        ahead: list[Any] = [read_json(text)]
    except (ValueError, RecursionError) as error:
        found.problems.append(f"<script> of {TYPE} that cannot be read ({error})")
        return found
    while ahead:
        value = ahead.pop()
        if isinstance(value, dict):
            ahead += _members(value, found)
        elif isinstance(value, list):
            ahead += value
        elif isinstance(value, str):
            found.texts.append(value)
        elif value is not None and not isinstance(value, bool):
            found.problems.append(f"<script> with a number of no figure, {value}")
    return found


def _members(value: dict[str, Any], found: StructuredData) -> list[Any]:
    """Take out what states a figure; return what else is to be read."""
    if "propertyID" not in value:
        return list(value.values())
    plain = {name: str(part) for name, part in value.items() if isinstance(part, str | int)}
    if plain.keys() != value.keys() or not value.keys() <= _PROPERTY:
        found.problems.append(f"<script> with a property of {sorted(value)}")
    found.properties.append(plain)
    return [value[name] for name in ("name", "description") if name in value]
