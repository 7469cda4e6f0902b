"""config.yaml → `Config`, or every problem at once with line, column and a hint."""

from typing import Any, Final

from pydantic import ValidationError

from generator.config.as_meant import take_as_meant
from generator.config.config import Config
from generator.config.messages import problems_of
from generator.config.positions import YamlDocument, dotted
from generator.config.rules import faults
from generator.config.server_rules import server_problems
from generator.config.traps import note_traps
from generator.config.yaml_reader import read_yaml
from generator.errors import ConfigError, Problem

#: Codes of problems beside which nothing else is said of a value.
_FIRST: Final = frozenset({"secret", "syntax"})


def parse(text: str, file: str = "config.yaml") -> Config:
    """Return the configuration of a text; raise `ConfigError` with all problems, ordered by place."""
    return parse_document(read_yaml(text, file))


def parse_document(document: YamlDocument) -> Config:
    """Return the configuration of a file that was read; raise `ConfigError` as `parse` does.

    What is allowed and hardly meant is added to the document's warnings, and to those of the error.
    """
    problems = list(document.problems)
    if not isinstance(document.value, dict):
        what = "the file is empty" if document.value in (None, "") else "the file does not begin with a key"
        step = "write version: 1 first; `sunlit schema config` tells what belongs here"
        raise ConfigError(*(problems or [document.problem((), f"{what}: {step}", "empty")]))
    take_as_meant(document)
    note_traps(document)
    problems += document.problems[len(problems) :]
    problems += [
        document.problem(path, f"{dotted(path)}: {message}", code)
        for path, message, code in faults(document.value)
    ]
    problems += server_problems(document)
    config = None
    try:
        config = Config.model_validate(document.value)
    except ValidationError as error:
        problems += problems_of(error.errors(), document)
    if config is None or problems:
        warnings = _unless_wrong(document.warnings, problems)
        raise ConfigError(*_sorted(_without_echo(problems)), warnings=tuple(_sorted(warnings)))
    document.warnings = _sorted(document.warnings)
    return config


def _sorted(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.line, problem.column, problem.path))


def _without_echo(problems: list[Problem]) -> list[Problem]:
    """Leave out what else is wrong with a secret, which has to go, and with what could not be read."""
    told = {(problem.line, problem.path) for problem in problems if problem.code in _FIRST}
    secret = {problem.line for problem in problems if problem.code == "secret" and not problem.path}
    return [
        problem
        for problem in problems
        if problem.code in _FIRST or ((problem.line, problem.path) not in told and problem.line not in secret)
    ]


def _unless_wrong(warnings: list[Problem], problems: list[Problem]) -> list[Problem]:
    """Leave out warnings of what is wrong already."""
    wrong = {(problem.line, problem.path) for problem in problems}
    return [warning for warning in warnings if (warning.line, warning.path) not in wrong]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of config.yaml, from the same models that read it."""
    document: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return document | Config.model_json_schema()
