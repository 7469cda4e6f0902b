"""GitHub's expressions, as far as our workflows use them."""

import re
from collections.abc import Callable, Mapping

_TOKEN = re.compile(r"\s*(?:(?P<text>'[^']*')|(?P<name>[A-Za-z_][\w.-]*)|(?P<sign>&&|\|\||==|!=|!|[()]))")
_SIGNS = {"&&": " and ", "||": " or ", "!": " not "}
_PASTED = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
Context = Mapping[str, object]
Functions = Mapping[str, Callable[[], bool]]


def look_up(context: Context, path: str) -> object:
    """Return what a dotted name stands for; a name that is not there is empty, as on GitHub."""
    found: object = context
    for part in path.split("."):
        found = found.get(part, "") if isinstance(found, Mapping) else ""
    return "" if found is None else found


def value(expression: str, context: Context, functions: Functions) -> object:
    """Return what an expression gives, without its braces."""
    words, at, text = [], 0, expression.strip()
    while at < len(text):
        token = _TOKEN.match(text, at)
        assert token, f"not understood: {text[at:]}"
        at = token.end()
        if name := token["name"]:
            words.append(name if text[at : at + 1] == "(" else f"look({name!r})")
        else:
            words.append(token["text"] or _SIGNS.get(token["sign"], token["sign"]))
    known = {**functions, "look": lambda path: look_up(context, path)}
    return eval("".join(words), {"__builtins__": {}}, known)  # noqa: S307 -- our own workflows


def filled(text: object, context: Context, functions: Functions) -> str:
    """Return a text with its expressions replaced."""

    def one(match: re.Match[str]) -> str:
        found = value(match[1], context, functions)
        return str(found).lower() if isinstance(found, bool) else str(found)

    return _PASTED.sub(one, str(text).lower() if isinstance(text, bool) else str(text))


def holds(condition: object, context: Context, functions: Functions) -> bool:
    """Tell whether an `if` holds; one that asks for no status asks for success."""
    text = str(condition if condition is not None else "").strip()
    text = text.removeprefix("${{").removesuffix("}}").strip()
    if not re.search(r"\b(always|success|failure|cancelled)\(\)", text):
        text = f"success() && ({text})" if text else "success()"
    return bool(value(text, context, functions))
