"""Passages of a page as lines that two versions can be compared by: figures, quotes and marks leave a gap."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from generator.verify.page_audit import numbers_said
from generator.verify.page_labels import kinds_of
from generator.verify.page_passages import PageText, Part, Passage
from generator.verify.page_relations import Relation, Relations
from generator.verify.plain_text import WORD, as_seen

_AROUND: Final = ".,;:!?()[]{}\"'\u00ab\u00bb\u2018\u2019\u201c\u201d\u201e\u2026\u00b7\u2013\u2014"
_SAID: Final = 3  #: words that say what a number among them is
FIGURE: Final = "\ufffc"
_QUOTE: Final = "\ufffd"
QUOTED_NUMBER: Final = "\ufffa"
_DIGITS: Final = re.compile(r"\d+")
_MARK: Final = "\ufffb"


def lines_of(page: PageText, quotes: AbstractSet[str] | None) -> Iterator[str]:
    """Yield each passage with figures and known quotes taken out; without `quotes` all are known."""
    for passage in page.passages:
        yield _line(passage, quotes)


def _line(passage: Passage, quotes: AbstractSet[str] | None) -> str:
    return squeezed("".join(_shown(part, quotes) for part in passage))


def sentence_of(passage: Passage) -> str:
    """Return a passage with figures, quotes and marks taken out."""
    return squeezed("".join(_MARK if part.marks else _shown(part, None) for part in passage))


def _shown(part: Part, quotes: AbstractSet[str] | None) -> str:
    if part.element is not None:
        if part.element.tag == "data":
            return FIGURE
        if "data-figures" in part.element.attributes:
            return numbers_said().sub(FIGURE, part.text)
        return re.sub(r"\d\S*", FIGURE, as_seen(part.text))
    if not part.quoted:
        return part.text
    seen = squeezed(part.text)
    if quotes is None or seen in quotes:
        return QUOTED_NUMBER if seen.isdigit() else _QUOTE
    # a date or a hash is known as a whole, or not at all: its words are no words of the page
    return seen if part.said else f"\u2039{'-'.join(seen.split())}\u203a"


def squeezed(text: str) -> str:
    """Return a text as a person sees it, with one space between words."""
    return " ".join(as_seen(text).split())


def numbers(line: str) -> Iterator[str]:
    """Yield the words of a line that hold a digit, without what stands around them."""
    for word in line.split():
        if any(letter.isdigit() for letter in word):
            yield word.strip(_AROUND)


def filling(passage: Passage, project: str) -> str:
    """Return what stands in the gaps of a sentence: figures by what they are, quotes as they are."""
    gaps = (
        words_of_mark(part)
        if part.marks
        else "+".join(kinds_of(part.element, project))
        if part.element
        else squeezed(part.text)
        for part in passage
        if part.element or part.quoted or part.marks
    )
    return ", ".join(gaps)


def words_of_mark(part: Part) -> str:
    """Return what a mark says."""
    return squeezed(part.text).rstrip(":")


def digits_of(page: PageText) -> Relations:
    """Return which digits each sentence has that are no figures; labels of a drawing are no sentences."""
    found = Relations()
    for passage in page.passages:
        if not any(part.drawn for part in passage):
            _add_digits(found, _line(passage, None))
    return found


def _add_digits(found: Relations, line: str) -> None:
    digits = _DIGITS.findall(line)
    if digits and len(WORD.findall(line)) >= _SAID:
        found.add(Relation.DIGITS, _DIGITS.sub("#", line), " ".join(digits))
