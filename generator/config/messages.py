"""What a wrong value is told: what stands there, what is allowed, an example, and the fix."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from generator.config.hints import LONGEST_SHOWN, hint, nearest, quoted
from generator.config.positions import MASK, KeyPath, YamlDocument, dotted
from generator.config.recognised import day_slip, is_variable_like, number_slip
from generator.config.secret_shapes import looks_secret
from generator.config.shape import Shape, homes, shape_at
from generator.errors import Problem

_SAME: Final = 0.8  #: how alike two words are that are one with a slip
Details = Mapping[str, Any]  #: one of pydantic's `ErrorDetails`, a loose dict
#: Words that others use for a key.
_USUAL: Final = {
    "address": "url", "host": "url", "server_url": "url", "link": "url", "uri": "url", "domain": "base_url",
    "site_url": "base_url", "url": "base_url", "name": "title", "license": "licence", "currency": "fiat",
    "amount": "sats", "target": "sats", "satoshis": "sats", "date": "deadline", "end": "deadline",
    "ends": "deadline", "until": "deadline", "crowdfund": "app", "app_id": "app", "store_id": "store",
    "server": "source", "relay": "relays", "indexer": "indexers", "key": "slug", "id": "slug",
    "frequency": "every", "file_name": "file", "path": "file", "key_env": "token_env",
}  # fmt: skip
#: Words in the names of keys under which a secret is kept.
_SECRET_KEY: Final = re.compile(r"(?i)token|secret|passw|api_?key|private|credential|^key$|mnemonic|seed")


def problems_of(errors: Sequence[Details], document: YamlDocument) -> Iterator[Problem]:
    """Yield a problem for each error; not that a list is too short whose broken items are named already."""
    places = [document.as_written(tuple(details["loc"])) for details in errors]
    for details, place in zip(errors, places, strict=True):
        if details["type"] != "too_short" or not any(
            other[: len(place)] == place and other != place for other in places
        ):
            yield _problem(document, place, details)


def _problem(document: YamlDocument, path: KeyPath, details: Details) -> Problem:
    shape = shape_at(tuple(details["loc"]))
    match details["type"]:
        case "extra_forbidden":
            return document.problem(path, _unknown(path), "unknown-key")
        case "missing":
            return document.problem(path, _missing(path, shape), "missing-key")
        case "literal_error" if shape is not None:
            near = hint(str(details["input"]), shape.choices)
            bare = ", without quotes" if str(details["input"]) in shape.choices else ""
            shown = _shown(document, path, details["input"], shape)
            what = f"{dotted(path)} is {shown}{near}" if shown else f"{dotted(path)}: write one word"
            message = f"{what}; allowed: {', '.join(shape.choices)}{bare}"
            return document.problem(path, message, "not-allowed")
        case kind:
            shown = _shown(document, path, details["input"], shape)
            reason = _reason(details, shape)
            message = f"{dotted(path)}{shown and ' is ' + shown}: {reason}"
            told = document.problem_of_text if isinstance(details["input"], str) else document.problem
            return told(path, message, kind)


def _unknown(path: KeyPath) -> str:
    key, parent = str(path[-1]), shape_at(path[:-1])
    allowed = parent.keys if parent else ()
    home = homes().get(key)
    usual = _USUAL.get(key.casefold(), "")
    near = (
        f", did you mean {usual!r}?"
        if usual in allowed
        else hint(key, allowed)
        if home is None or nearest(key, allowed, _SAME)
        else ""
    )
    glued = re.match(r"([\w-]+)\s*[:=]", key)
    if glued and glued.group(1) in allowed:
        return f"unknown key {quoted(glued.group())}…: write {glued.group(1)}, a colon, a blank and the value"
    foreign = next((letter for letter in key if letter.isalpha() and not letter.isascii()), "")
    if near and foreign:
        near += f" (its letter {foreign}, U+{ord(foreign):04X}, is of another alphabet: write the key anew)"
    message = f"unknown key {quoted(key)}{near}; allowed: {', '.join(allowed)}"
    if _SECRET_KEY.search(key):
        return (
            f"{message}; a secret never stands in this file: name an environment variable that holds it, "
            "and if a real one stood here, revoke it"
        )
    if key == "$schema":
        return f"{message}; for an editor write it as a comment: # yaml-language-server: $schema=…"
    if key.isdigit():
        return f"{message}; if it follows a comma in a number, write that as 50000000 or 1.5, without a comma"
    if near or home is None:
        return f"{message}; take it away" if not near else message
    return f"{message}; {key} belongs {f'below {home}' if home else 'in the first column'}: move it there"


def _missing(path: KeyPath, shape: Shape | None) -> str:
    where, example = dotted(path[:-1]) or "the file", shape.example if shape else ""
    step = f"add {path[-1]}: {example}" if example else f"add {path[-1]}: and, indented below it, its keys"
    return f"key {quoted(str(path[-1]))} is missing in {where}: {step}"


def _reason(details: Details, shape: Shape | None) -> str:
    """Return what is allowed, and the fix; the models' own sentences as they are."""
    if details["type"] == "value_error":
        return str(details["msg"]).removeprefix("Value error, ")
    if shape is None:
        return "this does not belong here: take it away"
    if details["type"] == "too_short":
        return f"expected at least one item, such as {shape.example or 'an entry with its keys'}"
    if shape.keys and details["type"] in {"model_type", "tuple_type"}:
        more = ", or a list of such" if shape.item else ""
        expected = f"expected {{key: value, …}} with some of the keys {', '.join(shape.keys)}{more}"
        given = str(details["input"])
        if shape.item and "://" in given:
            return f"{expected}; write each item behind a dash and a blank, or all in brackets"
        glued = re.match(r"\w+:\S", given)
        return expected + ("; write a blank behind the colon" if glued else "; write them below it")
    given = details["input"]
    step = f"; {_step(given, shape)}" if _step(given, shape) else ""
    if details["type"].startswith("string_too"):
        step = f"; it has {len(given)}"
    return f"must be {shape.allowed}" + (f", such as {shape.example}" if shape.example else "") + step


def _step(given: object, shape: Shape) -> str:
    if not isinstance(given, str):
        alone = isinstance(given, list | dict) and not shape.item
        return "write one value, without brackets and dashes" if alone else ""
    if shape.base is int:
        return number_slip(given)
    if shape.item is not None and shape.item.form is not None:
        return "write each item behind a dash and a blank, or all in brackets"
    return day_slip(given) if "day" in shape.allowed else ""


def _shown(document: YamlDocument, path: KeyPath, value: object, shape: Shape | None) -> str:
    """Return a short picture of a wrong value, as it is written; what may be a secret is not shown."""
    if isinstance(value, (dict, list)):
        return ""
    if value is None:
        return "empty"
    if not isinstance(value, str):
        return document.written.get(path, str(value))
    variable = shape is not None and shape.form is not None and "variable" in shape.form.allowed
    public = value.startswith(("angor1", "npub1")) or (shape is not None and shape.is_id)
    hidden = not is_variable_like(value) if variable else not public and looks_secret(value)
    hidden = hidden or bool(re.search(r":.*@", value))
    if hidden:
        return ""
    text = re.sub(r"(?<=://)[^/@]*@", f"{MASK}@", value)
    text = re.sub(r"(://[^?]*\?).*", rf"\1{MASK}", text)
    return quoted(text) if len(text) <= LONGEST_SHOWN else f"a text of {len(text)} characters"
