"""config.yaml → `Config`, or every problem at once with line, column and a hint."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from generator.config.hints import hint
from generator.config.model import Config
from generator.config.positions import Document, Path, dotted, read
from generator.config.rules import faults
from generator.errors import ConfigError, Problem

KEY_HELP = "in BTCPay: Account → Manage account → API keys → Generate key, with only {rights}"
RIGHTS = {
    "invoices": "btcpay.store.canviewinvoices",
    "crowdfund": "btcpay.store.canviewinvoices",
    "payouts": "btcpay.store.canviewstoresettings",
}
ID_KEY_ENV = "SUNLIT_ID_KEY"
LONGEST_SHOWN = 48


def parse(text: str, file: str = "config.yaml") -> Config:
    """Return the configuration of a text; raise `ConfigError` with all problems, ordered by place."""
    return parse_document(read(text, file))


def parse_document(document: Document) -> Config:
    """Return the configuration of a file that was read; raise `ConfigError` as `parse` does."""
    problems = list(document.problems)
    if not isinstance(document.value, dict):
        if not problems:
            problems.append(
                document.problem(
                    (), "the file is empty; `sunlit schema config` tells what belongs here", "empty"
                )
            )
        raise ConfigError(*problems)
    problems += [
        document.problem(path, f"{dotted(path)}: {message}", code)
        for path, message, code in faults(document.value)
    ]
    try:
        config = Config.model_validate(document.value)
    except ValidationError as error:
        problems += [_problem(document, details) for details in _telling(error.errors())]
        raise ConfigError(*_ordered(problems)) from None
    if problems:
        raise ConfigError(*_ordered(problems))
    return config


def _telling(errors: list[Any]) -> list[Any]:
    """Leave out that a list is too short where its broken items are named already."""
    places = [tuple(details["loc"]) for details in errors]
    return [
        details
        for details, place in zip(errors, places, strict=True)
        if details["type"] != "too_short"
        or not any(other[: len(place)] == place and other != place for other in places)
    ]


def _ordered(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.line, problem.column, problem.path))


def _problem(document: Document, details: Any) -> Problem:  # noqa: ANN401 -- pydantic's ErrorDetails is a loose dict
    path: Path = tuple(details["loc"])
    kind = details["type"]
    if kind == "extra_forbidden":
        allowed = _fields(Config, path[:-1])
        message = f"unknown key {path[-1]!r}{hint(str(path[-1]), allowed)}; allowed: {', '.join(allowed)}"
        return document.problem(path, message, "unknown-key")
    if kind == "missing":
        where = dotted(path[:-1]) or "the file"
        return document.problem(path, f"key {path[-1]!r} is missing in {where}", "missing-key")
    if kind == "literal_error":
        allowed = tuple(str(value) for value in _literals(details))
        message = (
            f"{dotted(path)} is {_shown(details['input'])}{hint(str(details['input']), allowed)}; "
            f"allowed: {', '.join(allowed)}"
        )
        return document.problem(path, message, "not-allowed")
    shown = _shown(details["input"])
    return document.problem(path, f"{dotted(path)}{shown and ' is ' + shown}: {_reason(details)}", kind)


def _shown(value: object) -> str:
    """Return a short picture of a wrong value; long ones may be secrets put in the wrong place."""
    if isinstance(value, (dict, list)):
        return ""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"a text of {len(text)} characters"


def _literals(details: Mapping[str, Any]) -> list[str]:
    return [part.strip().strip("'") for part in details["ctx"]["expected"].replace(" or ", ", ").split(",")]


def _reason(details: Mapping[str, Any]) -> str:
    if details["type"] == "string_pattern_mismatch":
        return f"expected the form {details['ctx']['pattern']}"
    if details["type"] == "too_short":
        return "expected at least one item"
    message = str(details["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _fields(model: type[BaseModel], path: Path) -> tuple[str, ...]:
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


def secrets(
    config: Config, environment: Mapping[str, str], document: Document | None = None
) -> dict[str, str]:
    """Return the secrets the configuration names, by variable; raise `ConfigError` for each missing one.

    `document` is the file read by `positions.read`, for the places of the problems.
    """
    document = document or Document("config.yaml")
    problems = []
    found: dict[str, str] = {}
    for number, server in enumerate(config.sources.btcpay):
        value = environment.get(server.token_env, "").strip()
        if value:
            found[server.token_env] = value
            continue
        rights = " and ".join(
            sorted(
                {f"{RIGHTS[part]}:{store}" for part in server.include for store in server.stores}
                | _rates_right(config, server.id)
            )
        )
        message = (
            f"environment variable {server.token_env} is not set: it holds the API key of {server.address}. "
            f"Create one {KEY_HELP.format(rights=rights)}, and give it to the job as a secret"
        )
        problems.append(
            document.problem(("sources", "btcpay", number, "token_env"), message, "missing-secret")
        )
    if config.privacy.rows == "payment" and config.sources.btcpay:
        value = environment.get(ID_KEY_ENV, "").strip()
        if value:
            found[ID_KEY_ENV] = value
        else:
            message = (
                f"environment variable {ID_KEY_ENV} is not set: privacy.rows payment needs a key of its own. "
                "Make one with `openssl rand -hex 32` and keep it: another key would change every id"
            )
            problems.append(document.problem(("privacy", "rows"), message, "missing-secret"))
    if problems:
        raise ConfigError(*problems)
    return found


def _rates_right(config: Config, server: str) -> set[str]:
    """Return the permission that reading a store's rates needs; none where it is not asked for them."""
    rates = config.sources.rates
    wanted = "btcpay" in rates.asked and rates.server == server
    return {f"{RIGHTS['payouts']}:{rates.store}"} if wanted else set()


def schema() -> dict[str, object]:
    """Return the JSON Schema of config.yaml, from the same models that read it."""
    document: dict[str, object] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return document | Config.model_json_schema()
