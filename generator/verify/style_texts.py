"""Style sheets can speak: text that they put on a page, and ways in which they turn digits round."""

import re
from collections.abc import Iterator
from typing import Final

#: A comment, or what holds none though it looks so: an escaped sign, a string, which ends with its line.
_COMMENT: Final = re.compile(
    r"(/\*.*?(?:\*/|\Z))|\\.|\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?", re.DOTALL
)
_LINE_END: Final = re.compile("\r\n?|\f")
_ESCAPE: Final = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_DECLARATION: Final = re.compile(r"(?<![\w-])([\w-]++)\s*+:\s*+([^;{}]*+)")
_SILENT: Final = frozenset({"none", "normal", "''", '""'})
#: Properties whose strings are names and never shown.
_NAMING: Final = ("font", "grid")
_TURNING: Final = re.compile(
    r"line-through|box-reflect\s*:|list-style(?:-type)?\s*+:(?!\s*+(?:none|disc|circle|square)\s*+\Z)"
    r"|@charset \"(?!utf-8\")|box-direction|bidi-override|isolate-override|first-letter|@counter-style"
    r"|symbols\(|text-security|first-line|(?:row|column|wrap)-reverse|letter-spacing\s*+:\s*+(?!normal|-?\.0\d*em|[\d.])"
    r"|(?<![\w-])(?:-[a-z]+-)?(?:transform|rotate|scale|writing-mode|offset(?:-path|-rotate)?)\s*:[^;]*"
    r"|(?<![\w-])(?:counter-(?:set|reset|increment)\s*:|direction\s*+:\s*+(?!ltr))"
)
#: What says that a number is one of at least so much.
_BOUND: Final = re.compile(r"\bbound\b")
_LOADING: Final = re.compile(r"@import|@font-face|url\(|image-set\(|element\(|src\(")


def spoken(style: str) -> set[str]:
    """Return every declaration that shows a text, and every way in which one would be shown otherwise.

    Each with the selector of its rule: what is ours for an arrow is not ours for a number.
    """
    found: set[str] = set()
    for selector, text in _rules(style):
        said = [f"{name.lower()}: {' '.join(value.split())}" for name, value in _DECLARATION.findall(text)]
        told = [each for each in said if _speaks(*each.split(": ", 1))]
        told += (turn for part in text.lower().split(";") for turn in _TURNING.findall(part))
        told += said if _BOUND.search(selector) else []
        found |= {f"{selector[:200]} {{{each}}}".strip() for each in told}
    return found


def loaded(style: str) -> set[str]:
    """Return what a style sheet loads: pictures, fonts, other style sheets."""
    return set(_LOADING.findall(_readable(style).lower()))


def _speaks(name: str, value: str) -> bool:
    if name == "content":
        return value not in _SILENT
    return ('"' in value or "'" in value) and not name.startswith(_NAMING)


def _rules(style: str) -> Iterator[tuple[str, str]]:
    """Yield each piece between braces with the selector before it, empty where there is none."""
    pieces = re.split(r"([{}])", _COMMENT.sub(_braceless, _LINE_END.sub("\n", style)))
    before, selector = "", ""
    for piece in pieces:
        if piece in ("{", "}"):
            selector = before if piece == "{" else ""
            continue
        yield selector, (text := _ESCAPE.sub(_letter, piece))
        before = " ".join(text.split())


def _readable(style: str) -> str:
    return " ".join(text for _, text in _rules(style))


def _braceless(found: re.Match[str]) -> str:
    """Take comments out, and braces that open or close no rule."""
    return " " if found[1] else re.sub(r"[{};]", "\ufffc", found[0])


def _letter(escape: re.Match[str]) -> str:
    if escape[2] is not None:
        return escape[2]
    code = int(escape[1], 16)
    return chr(code) if code < 0x110000 else "\N{REPLACEMENT CHARACTER}"  # noqa: PLR2004 -- Unicode's end
