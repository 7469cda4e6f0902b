"""config.yaml → `Config`, or every problem at once with line, column and a hint."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

from generator.config.config import Config
from generator.config.hints import hint
from generator.config.positions import KeyPath, YamlDocument, dotted, read_yaml
from generator.config.rules import faults
from generator.config.server_rules import server_problems
from generator.errors import ConfigError, Problem

LONGEST_SHOWN: Final = 48
#: What is said of a value that is not made of keys: whether a list of such would do.
_SHAPES: Final = {"model_type": "", "tuple_type": ", or a list of such"}
Details = Mapping[str, Any]  #: one of pydantic's `ErrorDetails`, a loose dict


def problems_of(errors: Sequence[Details], document: YamlDocument) -> Iterator[Problem]:
    """Yield a problem for each error; not that a list is too short whose broken items are named already."""
    places = [document.as_written(tuple(details["loc"])) for details in errors]
    for details, place in zip(errors, places, strict=True):
        if details["type"] != "too_short" or not any(
            other[: len(place)] == place and other != place for other in places
        ):
            yield _problem(document, place, details)


def _problem(document: YamlDocument, path: KeyPath, details: Details) -> Problem:
    match details["type"]:
        case "extra_forbidden":
            allowed = _fields(Config, path[:-1])
            message = f"unknown key {path[-1]!r}{hint(str(path[-1]), allowed)}; allowed: {', '.join(allowed)}"
            return document.problem(path, message, "unknown-key")
        case "missing":
            where = dotted(path[:-1]) or "the file"
            return document.problem(path, f"key {path[-1]!r} is missing in {where}", "missing-key")
        case "literal_error":
            allowed = _literals(details)
            message = (
                f"{dotted(path)} is {_shown(details['input'])}{hint(str(details['input']), allowed)}; "
                f"allowed: {', '.join(allowed)}"
            )
            return document.problem(path, message, "not-allowed")
        case kind:
            shown = _shown(details["input"])
            message = f"{dotted(path)}{shown and ' is ' + shown}: {_reason(details, path)}"
            return document.problem(path, message, kind)


def _shown(value: object) -> str:
    """Return a short picture of a wrong value; long ones may be secrets put in the wrong place."""
    if isinstance(value, (dict, list)):
        return ""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"a text of {len(text)} characters"


def _literals(details: Details) -> tuple[str, ...]:
    expected = str(details["ctx"]["expected"]).replace(" or ", ", ").split(",")
    return tuple(part.strip().strip("'") for part in expected)


def _reason(details: Details, path: KeyPath) -> str:
    if details["type"] == "string_pattern_mismatch":
        return f"expected the form {details['ctx']['pattern']}"
    if details["type"] == "too_short":
        return "expected at least one item"
    if details["type"] in _SHAPES and (keys := _fields(Config, path)):
        return f"expected {{key: value, …}} with some of the keys {', '.join(keys)}{_SHAPES[details['type']]}"
    message = str(details["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _fields(model: type[BaseModel], path: KeyPath) -> tuple[str, ...]:
    """Return the keys allowed at a path, found by walking the models' annotations."""
    for part in path:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        inner = field and _model_in(field.annotation)
        if inner is None:
            return ()
        model = inner
    return tuple(model.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        if (found := _model_in(argument)) is not None:
            return found
    return None


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
    problems += server_problems(document)
    config = None
    try:
        config = Config.model_validate(document.value)
    except ValidationError as error:
        problems += problems_of(error.errors(), document)
    if config is None or problems:
        raise ConfigError(*sorted(problems, key=lambda problem: (problem.line, problem.column, problem.path)))
    return config


def schema() -> dict[str, Any]:
    """Return the JSON Schema of config.yaml, from the same models that read it."""
    document: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return document | Config.model_json_schema()
