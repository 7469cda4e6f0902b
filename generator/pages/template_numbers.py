"""Numbers in a theme's own words: nothing computes them, so `sunlit verify` cannot find them; pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from generator.errors import Problem
from generator.themes import ORIGINAL

#: What is no text: comments and statements of a template, styles, then what stands in tags.
_UNSEEN: Final = (
    re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL),
    re.compile(r"<!--.*?-->|<(style|script)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE),
)
_TAG: Final = re.compile(r"<[^<>]*>")
#: Attributes that are read to a visitor.
_SPOKEN: Final = re.compile(r"""\b(?:alt|title|aria-label)\s*=\s*(["'])(.*?)\1""", re.DOTALL | re.IGNORECASE)
_ENTITY: Final = re.compile(r"&#?\w+;")
_AROUND: Final = ".,;:!?()[]“”„\"'\u2019…"


def own_numbers(theme: Mapping[str, bytes], shipped: Mapping[str, bytes], folder: str) -> Iterator[Problem]:
    """Yield a warning for each line of a theme that states a number which none of our templates states."""
    known = {number for name, data in shipped.items() for _, number in _numbers(name, data)}
    for name, data in sorted(theme.items()):
        told: set[int] = set()
        for line, number in _numbers(name.removeprefix(ORIGINAL), data):
            if number in known or line in told:
                continue
            told.add(line)
            message = (
                f"states the number {number[:40]!r} in words of its own, which no data of the report gives: "
                "`sunlit verify` would call the site wrong. Write a figure of the report there, as "
                "{{ figure | amount }}, move the sentence to content/pages/, or leave the number out"
            )
            yield Problem(
                file=f"{folder}/{name}",
                line=line,
                path="",
                message=message,
                code="theme-number",
                severity="warning",
            )


def _numbers(name: str, data: bytes) -> Iterator[tuple[int, str]]:
    """Yield line and word of each number that a template's own text shows."""
    if not name.endswith(".html"):
        return
    text = data.decode("utf-8", "replace")
    for unseen in _UNSEEN:
        text = unseen.sub(_blank, text)
    text = _ENTITY.sub(_blank, _TAG.sub(_spoken_alone, text))
    for number, line in enumerate(text.split("\n"), 1):
        for word in line.split():
            if any(letter.isdigit() for letter in word):
                yield number, word.strip(_AROUND)


def _blank(found: re.Match[str]) -> str:
    return " " + "\n" * found[0].count("\n")


def _spoken_alone(found: re.Match[str]) -> str:
    """Return what of a tag is read to a visitor, in as many lines."""
    said = " ".join(match[2] for match in _SPOKEN.finditer(found[0])).replace("\n", " ")
    return f" {said} " + "\n" * found[0].count("\n")
