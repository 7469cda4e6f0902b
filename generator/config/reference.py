"""The reference page of all keys of `config.yaml`, from the models that read it: `make reference`."""

import json
from collections.abc import Iterator

from generator.config.config import Config
from generator.config.shape import Shape, shape_at

_OPENING = """# Every key of config.yaml

`make reference` writes this page from the models in `generator/config/`. Editors show the same words while
you type, if the first line of the file names the schema, which `sunlit schema config` prints and sites have:
`# yaml-language-server: $schema=https://village.github.io/report/data/schema/config.json`.
`sunlit check` tells every mistake with its line; what is allowed and hardly meant is a warning.

A key in **bold** has to be there. `[]` is an item of a list: each begins with a dash. Texts with a colon, a
`#` or quotes in them, and texts that look like a number or like yes and no, stand in quotes:
`title: "Well: year 2"`. Keys and passwords never stand in this file: it names the environment variables that
hold them.
"""
_HEAD = "| key | what must stand there | without it | example | what it is |\n|---|---|---|---|---|"


def reference() -> str:
    """Return the whole page, in Markdown."""
    return "\n".join([_OPENING, *_section("The file", "", Shape(Config), "The whole file.")])


def _section(title: str, place: str, shape: Shape, text: str) -> Iterator[str]:
    """Yield a table of the keys at a place, and then those of the groups among them."""
    model = (shape.item or shape).model
    if model is None:
        return
    yield f"## {title}\n\n{text}\n\n{_HEAD}"
    groups = []
    for name, field in model.model_fields.items():
        path = (*(part.removesuffix("[]") for part in place.split(".") if part), name)
        inner = shape_at(path)
        if inner is None:
            continue
        described = " ".join((field.description or "").split())
        key = f"**`{name}`**" if field.is_required() else f"`{name}`"
        where = f"{place}.{name}".removeprefix(".") + ("[]" if inner.item else "")
        if inner.keys:
            groups.append((where, inner, described))
            row = (
                key,
                f"{'a list, ' if inner.item else ''}see [{where}](#{_anchor(where)})",
                "",
                "",
                described,
            )
        else:
            default = (
                ""
                if field.is_required()
                else _written(field.get_default(call_default_factory=True, validated_data={}))
            )
            row = (key, inner.allowed, default, f"`{inner.example}`", described)
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"
    yield ""
    for where, inner, described in groups:
        yield from _section(where, where, inner, described)


def _written(default: object) -> str:
    """Return a default as it would stand in the file."""
    if default is None or default in ((), "", {}):
        return "nothing"
    if isinstance(default, tuple):
        return f"`[{', '.join(map(str, default))}]`"
    return f"`{json.dumps(default) if isinstance(default, bool) else default}`"


def _anchor(title: str) -> str:
    """Return what GitHub calls a heading."""
    return "".join(letter for letter in title.lower() if letter.isalnum() or letter in "-_")
