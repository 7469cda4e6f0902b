"""A mistake in `config.yaml` ends in one plain sentence with its place and a fix, and repeats no secret."""

import re
from collections.abc import Sequence

import pytest

from generator.config.load import parse_document
from generator.config.yaml_reader import read_yaml
from generator.errors import ConfigError, Problem
from tests.config.mistakes import GOOD, MISTAKES, SECRETS, TRAPS, Mistake

#: What no maintainer knows: words of Python, of its libraries and of YAML's parser, and patterns.
JARGON = re.compile(
    r"\\|\^|\b(?:regex\w*|pattern|dict\w*|instances?|NoneType|None|str|int|float|bool\w*|string|integer|tuple|"
    r"mapping|scalar|sequence|parser?|parsing|validat\w*|literal|null|Traceback|input should|node|flow|block|"
    r"stream|document|pydantic|ValueError|type|object|datetime)\b"
)
#: What tells somebody what to do.
FIX = re.compile(
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


def test_there_are_many_and_the_text_that_they_change_is_right() -> None:
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES) >= 200
    assert found_in(GOOD) == ((), [])
    print(f"{len(MISTAKES)} mistakes")


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_each_is_told_where_it_begins(mistake: Mistake) -> None:
    assert GOOD.count(mistake.old) >= 1
    problems, warnings = found_in(GOOD.replace(mistake.old, mistake.new, 1))
    shown = "\n".join(map(str, (*problems, *warnings)))
    assert all(map(is_plain, (*problems, *warnings))), shown
    found = warnings if mistake in TRAPS else problems
    assert any(
        (problem.line, problem.column) == (mistake.line, mistake.column)
        and mistake.words in problem.message
        and mistake.fix in problem.message
        for problem in found
    ), shown
    assert bool(problems) is (mistake not in TRAPS), shown


@pytest.mark.parametrize("mistake", SECRETS, ids=lambda mistake: mistake.name)
def test_no_secret_is_repeated(mistake: Mistake) -> None:
    problems, warnings = found_in(GOOD.replace(mistake.old, mistake.new, 1))
    shown = "\n".join(map(str, (*problems, *warnings))).lower()
    words = re.findall(r"[\w-]{10,}", mistake.new.replace("token_env", "").lower())
    assert max(words, key=len, default="winner thank year") not in shown
    assert "hunter2" not in shown
