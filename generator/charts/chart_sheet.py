"""The part of the style sheet that one chart carries when it stands alone; pure.

A site has a chart file for each chart, and most use a few of the many kinds of marks.
"""

import re
from functools import lru_cache
from typing import Final

#: A rule, or an at-rule with rules inside: what stands before its braces, and between them.
_RULE: Final = re.compile(r"([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_TOKEN: Final = re.compile(r"(--[\w-]+)\s*:([^;]*);?")
_USED: Final = re.compile(r"var\(\s*(--[\w-]+)")
_CLASS: Final = re.compile(r"\.([\w-]+)")
_CLASSES: Final = re.compile(r'\bclass="([^"]*)"')
#: What makes a sheet of another form than ours; a theme may have such, and its charts carry all of it.
_OTHER: Final = re.compile(r"url\(|@import|\\")
#: Spaces that say nothing, behind a sign and before a brace.
_ROOM: Final = re.compile(r"([{};:,]) | ([{}])")
_STRING: Final = re.compile(r"\"[^\"]*\"|'[^']*'")


class ChartSheet:
    """A style sheet, and what of it a drawing needs: rules whose classes it has, tokens that these use."""

    def __init__(self, text: str) -> None:
        self._text = text
        short = " ".join(_COMMENT.sub("", text).split())
        self._short = short if _is_plain(short) else ""
        self._of = lru_cache(maxsize=256)(self._with)

    def of(self, body: str, *classes: str) -> str:
        """Return the sheet of one drawing: its elements, and the classes of what holds them."""
        inside = (name for names in _CLASSES.findall(body) for name in names.split())
        return self._of(frozenset((*inside, *classes)))

    def _with(self, classes: frozenset[str]) -> str:
        return _without_unused_tokens(_rules(self._short, classes)) if self._short else self._text


def _is_plain(text: str) -> bool:
    signs = "".join(_STRING.findall(text))
    return not (_OTHER.search(text) or re.search("[{};:,]", signs) or _RULE.sub("", text).strip())


def _rules(text: str, classes: frozenset[str]) -> str:
    found = []
    for selectors, body in _RULE.findall(text):
        inner = _rules(body, classes) if "{" in body else body.strip()
        chosen = selectors.strip() if "{" in body or "(" in selectors else _fitting(selectors, classes)
        if inner and chosen:
            found.append(f"{chosen}{{{inner}}}")
    return "\n".join(found)


def _fitting(selectors: str, classes: frozenset[str]) -> str:
    """Return those that may choose something."""
    every = (each.strip() for each in selectors.split(","))
    return ",".join(each for each in every if classes.issuperset(_CLASS.findall(each)))


def _without_unused_tokens(rules: str) -> str:
    used = set(_USED.findall(_TOKEN.sub("", rules)))
    tokens = [(name, _USED.findall(value)) for name, value in _TOKEN.findall(rules)]
    while more := {each for name, needs in tokens if name in used for each in needs} - used:
        used |= more
    kept = _TOKEN.sub(lambda token: f"{token[1]}:{token[2].strip()};" if token[1] in used else "", rules)
    return _ROOM.sub(lambda room: room[1] or room[2], re.sub(r"\s+", " ", kept))
