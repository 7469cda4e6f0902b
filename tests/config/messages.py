"""What a configuration is told, and whether a sentence is one that a maintainer understands."""

import re
from collections.abc import Sequence
from typing import Final

from generator.config.load import parse_document
from generator.config.yaml_reader import read_yaml
from generator.errors import ConfigError, Problem

#: What no maintainer knows: words of Python, of its libraries and of YAML's parser, and patterns.
JARGON: Final = re.compile(
    r"\\|\^|\b(?:regex\w*|pattern|dict\w*|instances?|NoneType|None|str|int|float|bool\w*|string|integer|tuple|"
    r"mapping|scalar|sequence|parser?|parsing|validat\w*|literal|null|Traceback|input should|node|flow|block|"
    r"stream|document|pydantic|ValueError|type|object|datetime)\b"
)
#: What tells somebody what to do.
FIX: Final = re.compile(
    r"\b(?:write|put|take|add|copy|keep|close|use|move|indent|delete|give|name|choose|begin|set|revoke|change|"
    r"end it|leave|must be|allowed|such as|did you mean)\b"
)


def found_in(text: str) -> tuple[Sequence[Problem], Sequence[Problem]]:
    """Return the problems and the warnings of a configuration."""
    document = read_yaml(text, "config.yaml")
    try:
        parse_document(document)
    except ConfigError as error:
        return error.problems, error.warnings
    return (), document.warnings


def is_plain(problem: Problem) -> bool:
    """Tell whether a message is a sentence of plain words that says what to do."""
    message = re.sub(r"'[^']*'", "", problem.message)  # what somebody wrote is theirs
    return not JARGON.search(message) and bool(FIX.search(message)) and "\n" not in message
