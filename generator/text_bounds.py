"""How much of a text in Markdown is rendered: bounds that are looked at before any library sees it; pure.

Rendering calls itself for each level of a list or quote and reads on from each bracket, tag and line
to the end, so depth and counts decide whether and when it ends (Python-Markdown#799, mistletoe#279).
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

import msgspec

from generator.text_format import clean

#: Levels of lists and quotes.
DEPTH: Final = 10
_TAB: Final = 4  #: columns that indent by a level
#: What begins a line and nests it: blanks, quotes, items of lists.
_PREFIX: Final = re.compile(r"(?:[ \t]|>|[-*+](?=[ \t])|\d{1,18}\.(?=[ \t]))*")
#: A line that may be too deep: of the signs of a prefix, each opens one level at most.
_DEEP: Final = re.compile(rf"\n[ \t>*+.\d-]{{{DEPTH + 1}}}")
_BLOCK: Final = re.compile(r"\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")
_MARK: Final = re.compile(r"[>*+.-]")
#: Letters between brackets and what closes them, or the end of their paragraph: as many are read, four times.
REACH: Final = 1_000_000
_BRACKET: Final = re.compile(r"[\[\]]")


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """The most that is rendered as Markdown."""

    letters: int
    lines: int
    brackets: int  #: opening ones, each of which may begin a link
    tags: int  #: opening angle brackets
    cells: int | None = None  #: of one table, None where tables are not rendered


STRANGERS: Final = Bounds(letters=10_000, lines=1_000, brackets=100, tags=200)
OWN: Final = Bounds(letters=50_000, lines=3_000, brackets=1_000, tags=500, cells=20_000)


class Excess(msgspec.Struct, frozen=True):
    """Why a text is not rendered, in words that follow "it", and the line that shows it, from 1."""

    line: int
    why: str


class Quotation(msgspec.Struct, frozen=True):
    """As much of a stranger's text as is shown, and what it goes beyond."""

    text: str  #: without characters that hide or reorder
    cut: bool
    excess: Excess | None  #: of what is shown: it stands as plain text

    @property
    def fault(self) -> str:
        """Say in words that follow "it" why it is not shown as it was written, empty if it is."""
        if self.excess:
            return f"{self.excess.why} (line {self.excess.line}), so it stands as plain text"
        return f"is cut after {len(self.text)} letters" if self.cut else ""


def quotation(text: str) -> Quotation:
    """Return what is shown of a stranger's text."""
    shown = clean(text[: 2 * STRANGERS.letters])[: STRANGERS.letters]
    return Quotation(shown, len(text) > STRANGERS.letters, excess_of(shown, STRANGERS))


def excess_of(text: str, bounds: Bounds) -> Excess | None:
    """Return the first thing in a text that goes beyond the bounds."""
    return next(_excesses(text, bounds), None)


def _excesses(text: str, bounds: Bounds) -> Iterator[Excess]:
    """Yield what goes beyond; a text is looked through by line or block only where its counts allow that."""
    lines, brackets = text.count("\n") + 1, text.count("[")
    counts = (
        (len(text), "letters", bounds.letters, re.compile(r".", re.DOTALL)),
        (lines, "lines", bounds.lines, re.compile(r"^", re.MULTILINE)),
        (brackets, "opening brackets", bounds.brackets, re.compile(r"\[")),
        (text.count("<"), "signs “<”", bounds.tags, re.compile("<")),
    )
    for count, noun, most, pattern in counts:
        if count > most:
            first = next(islice(pattern.finditer(text), most, None)).start()
            yield Excess(text.count("\n", 0, first) + 1, f"has more than {most} {noun}")
    if _DEEP.search(f"\n{text}"):  # sought from line to line, which `^` would be at every letter
        for number, line in enumerate(text.split("\n"), 1):
            if _depth(line) > DEPTH:
                yield Excess(number, f"nests lists or quotes more than {DEPTH} deep")
    if brackets * len(text) > REACH:
        for found in _BLOCK.finditer(text):
            if _reach(found.group()) > REACH:
                first = text.count("\n", 0, found.start()) + 1
                yield Excess(
                    first, f"has brackets over more than {REACH} letters of a paragraph, all added up"
                )
    if bounds.cells is not None and lines * text.count("|") > bounds.cells:
        yield from _wide_tables(text, bounds.cells)


def _reach(block: str) -> int:
    open_at, reach = list[int](), 0
    for found in _BRACKET.finditer(block):
        if found.group() == "[":
            open_at.append(found.start())
        elif open_at:
            reach += found.start() - open_at.pop()
    return reach + sum(len(block) - at for at in open_at)


def _wide_tables(text: str, most: int) -> Iterator[Excess]:
    """Yield tables that are too large, up to an empty line: each short row is filled up with cells."""
    for found in _BLOCK.finditer(text):
        lines = found.group().split("\n")
        if len(lines) * max(line.count("|") for line in lines) > most:
            yield Excess(text.count("\n", 0, found.start()) + 1, f"has a table of more than {most} cells")


def _depth(line: str) -> int:
    """Return the most levels a line can open or stand in; without a mark it opens none."""
    found = _PREFIX.match(line)
    prefix = found.group() if found else ""
    marks = len(_MARK.findall(prefix))
    return marks + len(prefix[: len(prefix) - len(prefix.lstrip())].expandtabs(_TAB)) // _TAB if marks else 0
