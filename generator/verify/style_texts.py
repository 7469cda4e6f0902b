"""Style sheets can speak: text that they put on a page, and ways in which they turn digits round."""

import re
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
    r"@charset \"(?!utf-8\")|box-direction|bidi-override|isolate-override|first-letter|@counter-style"
    r"|symbols\(|text-security|first-line|(?:row|column|wrap)-reverse|letter-spacing\s*+:\s*+(?!normal|-?\.0\d*em|[\d.])"
    r"|(?<![\w-])(?:-[a-z]+-)?(?:transform|rotate|scale|writing-mode|offset(?:-path|-rotate)?)\s*:"
    r"|(?<![\w-])(?:counter-(?:set|reset|increment)\s*:|direction\s*+:\s*+(?!ltr))"
)
_LOADING: Final = re.compile(r"@import|@font-face|url\(|image-set\(|element\(|src\(")


def spoken(style: str) -> set[str]:
    """Return every declaration that shows a text, and every way in which one would be shown otherwise."""
    text = _readable(style)
    found = {f"{name.lower()}: {' '.join(value.split())}" for name, value in _DECLARATION.findall(text)}
    return {said for said in found if _speaks(*said.split(": ", 1))} | set(_TURNING.findall(text.lower()))


def loaded(style: str) -> set[str]:
    """Return what a style sheet loads: pictures, fonts, other style sheets."""
    return set(_LOADING.findall(_readable(style).lower()))


def _speaks(name: str, value: str) -> bool:
    if name == "content":
        return value not in _SILENT
    return ('"' in value or "'" in value) and not name.startswith(_NAMING)


def _readable(style: str) -> str:
    lines = _LINE_END.sub("\n", style)
    return _ESCAPE.sub(_letter, _COMMENT.sub(lambda found: " " if found[1] else found[0], lines))


def _letter(escape: re.Match[str]) -> str:
    if escape[2] is not None:
        return escape[2]
    code = int(escape[1], 16)
    return chr(code) if code < 0x110000 else "\N{REPLACEMENT CHARACTER}"  # noqa: PLR2004 -- Unicode's end
