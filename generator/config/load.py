"""config.yaml → `Config`, or every problem at once with line, column and a hint."""

from pydantic import ValidationError

from generator.config.config import Config
from generator.config.model_errors import problems_of
from generator.config.positions import YamlDocument, dotted, read_yaml
from generator.config.rules import faults
from generator.errors import ConfigError


def parse(text: str, file: str = "config.yaml") -> Config:
    """Return the configuration of a text; raise `ConfigError` with all problems, ordered by place."""
    return parse_document(read_yaml(text, file))


def parse_document(document: YamlDocument) -> Config:
    """Return the configuration of a file that was read; raise `ConfigError` as `parse` does."""
    problems = list(document.problems)
    if not isinstance(document.value, dict):
        empty = "the file is empty; `sunlit schema config` tells what belongs here"
        raise ConfigError(*(problems or [document.problem((), empty, "empty")]))
    problems += [
        document.problem(path, f"{dotted(path)}: {message}", code)
        for path, message, code in faults(document.value)
    ]
    config = None
    try:
        config = Config.model_validate(document.value)
    except ValidationError as error:
        problems += problems_of(error.errors(), document)
    if config is None or problems:
        raise ConfigError(*sorted(problems, key=lambda problem: (problem.line, problem.column, problem.path)))
    return config


def schema() -> dict[str, object]:
    """Return the JSON Schema of config.yaml, from the same models that read it."""
    document: dict[str, object] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return document | Config.model_json_schema()
