"""Signs that come into a file from elsewhere: a web page, a text program, Markdown, Git, another format."""

import re
from typing import Final

from generator.config.positions import Position

_NO_BLANK: Final = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff"
#: Blanks that only look like some, before the first sign of a line.
ODD_INDENT: Final = re.compile(rf"(?<=\n)[ \t]*[{_NO_BLANK}]+")
#: Signs in a line that nobody sees: ends of lines that editors do not show, what turns text round, no blanks.
UNSEEN: Final = re.compile(
    "[\x85\u2028\u2029\u202a-\u202e\u2066-\u2069]|(?<=[^\\s\u200b\ufeff])[\u200b\u2060\ufeff]"
)
_ODD_BLANK: Final = "a blank of another kind stands here, as on web pages: delete it and write plain blanks"
_ANYWHERE: Final = (
    (
        re.compile(r"^(<{7} |={7}$|>{7} ).*", re.MULTILINE),
        "two versions of this file were merged by Git, and its marks are left: keep one version",
    ),
    (re.compile(r"^[ \t]*(```|~~~).*", re.MULTILINE), "a fence of Markdown stands here: take this line away"),
)
_DASHES: Final = "\u2010-\u2015\u2022\u2023\u2043\u2212\u25cf\u25e6\u00b7*"
_NEAR: Final = tuple(
    (re.compile(pattern, re.MULTILINE), sentence)
    for pattern, sentence in (
        (r"(\[[^\[\]\n]{0,200}\]\()", "a link of Markdown stands here: write the address alone"),
        (rf"(?<![\w-])[\w-]{{1,64}}:([{_NO_BLANK}])", _ODD_BLANK),
        (r"^[ \t]*\w+([\uff1a\ufe55\u2236\ua789])", "this is no plain colon: write : and a blank"),
        (rf"^[ \t]*([{_DASHES}]) ", "an item of a list begins with a plain dash: write - and a blank"),
        (r"\A\s*^(\[\w+\])", "this is TOML: write a key and a colon, such as site:"),
        (r"\A\s*^(<[?!a-z])", "this is a web page: copy the file itself, not the page around it"),
        (r"\A(?:[ \t]*(?:#[^\n]*)?\n)*([ \t]+)\S", "the first key is indented: begin it in the first column"),
    )
)


def pasted(text: str, line: int) -> tuple[Position, str] | None:
    """Return place and sentence of what does not belong in or before a line that fails, counted from 0."""
    for patterns, reach in ((_ANYWHERE, line), (_NEAR, 1)):
        for pattern, sentence in patterns:
            for found in pattern.finditer(text):
                number = text.count("\n", 0, found.start(1))
                if 0 <= line - number <= reach:
                    return (number + 1, found.start(1) - text.rfind("\n", 0, found.start(1))), sentence
    return None


def odd_indent(text: str) -> tuple[Position, str] | None:
    """Return place and sentence of the first line that begins with blanks which are none."""
    found = ODD_INDENT.search(text)
    return ((text.count("\n", 0, found.end()) + 1, 1), _ODD_BLANK) if found else None
