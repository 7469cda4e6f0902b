"""JSON from strangers, read strictly: one value per key, finite numbers, real text, bounded depth."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal

MAX_BYTES = 64 * 1024
MAX_DEPTH = 8
_MAX_DIGITS = 30
# the closing quote is optional, so that a text without one is passed over once and not once per quote
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)


class TermsError(ValueError):
    """Content is not the terms of a project; `reason` names why in a few fixed words."""

    def __init__(self, *, reason: str, observed: str) -> None:
        self.reason = reason
        super().__init__(f"{reason}: {observed}")


def read_object(content: str) -> Mapping[str, object]:
    """Return the object a text holds, numbers as `int` or `Decimal`; raise `TermsError`."""
    _check_size(content)
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


def _check_size(content: str) -> None:
    try:
        size = len(content.encode())
    except UnicodeEncodeError:
        raise TermsError(reason="lone surrogate", observed="the content has no UTF-8 form") from None
    if size > MAX_BYTES:
        raise TermsError(reason="too large", observed=f"{size} bytes, at most {MAX_BYTES} are read")


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
    number = Decimal(text)
    if len(text) > _MAX_DIGITS or abs(number.adjusted()) > _MAX_DIGITS:
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
