"""What YAML takes for a number, a day or yes and no where a text is meant, and the other way round."""

import re
from typing import Any, Final

from generator.config.positions import KeyPath, YamlDocument, dotted
from generator.config.shape import shape_at

#: Numbers that everyone reads as they are written.
_PLAIN_NUMBER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)(?:\.[0-9]+)?")
_NOTHING: Final = frozenset({"", "~", "null", "Null", "NULL"})


def take_as_meant(document: YamlDocument) -> None:
    """Put the text as it is written where a free text, a slug or the like belongs, with a warning.

    Ids stay refused: a wrong one would read another's money.
    """
    for path, text in document.written.items():
        shape = shape_at(path)
        if shape is None or text in _NOTHING:
            continue
        if shape.base is str and not shape.is_id:
            _put(document.value, path, text)
            message = f'is {text} without quotes, which YAML takes for no text: write it in quotes, "{text}"'
            document.warn(path, message, "unquoted")
        elif shape.base is int:
            _number(document, path, text)
        elif shape.choices == ("1",) and text != "1":
            document.warn(path, f"is {text}: write 1", "version")


def _number(document: YamlDocument, path: KeyPath, text: str) -> None:
    value = _at(document.value, path)
    if isinstance(value, bool):
        message = f"{dotted(path)} is {text}: must be a number, such as 1; yes and no are none"
        document.problems.append(document.problem(path, message, "number"))
    elif isinstance(value, int) and not _PLAIN_NUMBER.fullmatch(text):
        document.warn(
            path, f"is {text}, which YAML reads as {value}: write {value} if that is meant", "number"
        )


def _at(value: Any, path: KeyPath) -> Any:  # noqa: ANN401 -- any value of YAML
    for part in path:
        value = value[part]
    return value


def _put(value: Any, path: KeyPath, text: str) -> None:  # noqa: ANN401 -- any value of YAML
    _at(value, path[:-1])[path[-1]] = text
