"""A page whose bytes nobody could compare, held against the one that we make of the same log.

Words may differ. What states a number may not: a sentence or attribute is known, or each number in it is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from generator.verify import style_texts
from generator.verify.inner_links import moved_links
from generator.verify.page_lines import (
    FIGURE,
    QUOTED_NUMBER,
    digits_of,
    filling,
    lines_of,
    numbers,
    sentence_of,
    squeezed,
    words_of_mark,
)
from generator.verify.page_passages import InnerLink, PageText, Part
from generator.verify.page_reader import read_page
from generator.verify.page_relations import Relation, Relations
from generator.verify.plain_text import (
    BARE,
    COMPARING,
    REORDERING,
    SPOKEN,
    UNIT_AFTER,
    WORD,
    as_seen,
    units_of_head,
)

_SENTENCE: Final = 6  #: words of a line that says what its numbers are
#: Of mail and Lightning, and what begins as addresses and invoices of Bitcoin, Lightning and Nostr do.
_ADDRESS: Final = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}|(?<!\w)(?i:lnurl1|lno1|lnbc|bc1|npub1|nprofile1)\w{6,}"
)
_COMPARED: Final = re.compile(rf"{COMPARING} {FIGURE}|{QUOTED_NUMBER}{UNIT_AFTER.pattern}")


@dataclass(slots=True)
class KnownTexts:
    """What this version says on a page, or on several."""

    lines: set[str] = field(default_factory=set)  #: passages and attributes, figures and quotes taken out
    quotes: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)  #: words with a digit, wherever they stand
    other: set[str] = field(default_factory=set)  #: pictures, and what style sheets say
    units: set[int] = field(default_factory=set)  #: that heads of columns name
    relations: Relations = field(default_factory=Relations)
    project: str = ""  #: whose page it is
    languages: set[str] = field(default_factory=set)
    policies: set[str] | None = None  #: that every page has
    inner: list[InnerLink] = field(default_factory=list)  #: of the last page

    def learn(self, text: str) -> None:
        """Add what a page says."""
        page = read_page(text)
        self.languages.add(page.language)
        self.policies = {*page.policies} & (self.policies if self.policies is not None else {*page.policies})
        self.inner = page.inner
        quotes = {squeezed(part.text) for passage in page.passages for part in passage if part.quoted}
        self.quotes |= quotes
        self.learn_lines([*lines_of(page, None), *page.spoken])
        times = (*page.times, *(time[:10] for time in page.times))
        self.words |= {word for line in (*quotes, *times) for word in numbers(line)}
        self.other |= {*page.pictures, *page.forbidden, *page.links, *_turning(text, page)}
        self.other |= {*page.outside, *_addresses(page), *_drawings(text)}
        self.project = page.project
        self.relations.learn(page.relations)
        self.relations.learn(self._sentences(page))
        self.relations.learn(digits_of(page))
        for style in page.styles:
            self.learn_style(style)

    def learn_lines(self, lines: Iterable[str]) -> None:
        """Add sentences as they are."""
        found = set(map(squeezed, lines))
        self.lines |= found
        self.units |= {unit for line in found for unit in _head_units(line)}
        self.words |= {word for line in found for word in numbers(line)}

    def learn_style(self, style: str) -> None:
        """Add what a style sheet says."""
        self.other |= {*style_texts.spoken(style), *style_texts.loaded(style)}

    def unknown_numbers(self, text: str) -> Iterator[str]:
        """Yield each number that a page states and that is not known."""
        page = read_page(text)
        yield from self.unknown_in_lines([*lines_of(page, self.quotes), *page.spoken])
        yield from self.relations.contradictions(digits_of(page))

    def forbidden_in_page(self, text: str) -> Iterator[str]:
        """Yield what makes a page show other numbers than its text has, or others under a label."""
        page = read_page(text)
        for found in (page.relations, self._sentences(page)):
            yield from self.relations.contradictions(found)
        if page.language not in self.languages:
            yield f"says that its language is {page.language[:20]!r}, and ours does not"
        never = sorted(set(page.forbidden) - self.other)
        yield from (f"holds {thing[:90]!r}, which no page of a report has" for thing in never)
        turning = sorted(_turning(text, page) - self.other)
        yield from (f"turns text round with {found!r}" for found in turning)
        yield from (said for style in page.styles for said in self.unknown_in_style(style))

    def _sentences(self, page: PageText) -> Relations:
        """Return what stands in the gaps of each sentence whose quotes and marks are all known."""
        found = Relations()
        for passage in page.passages:
            line = sentence_of(passage)
            known = all(self._is_known(part) for part in passage)
            if known and len(WORD.findall(line)) >= _SENTENCE:
                found.add(Relation.IN_SENTENCE, line, filling(passage, self.project))
        return found

    def _is_known(self, part: Part) -> bool:
        """Tell whether ours have this quote, or a mark of these words."""
        mark = (Relation.LOOK_OF_MARK, words_of_mark(part))
        return (not part.marks or not part.text.strip() or mark in self.relations.found) and (
            not part.quoted or squeezed(part.text) in self.quotes
        )

    def moved_links(self, path: str, text: str) -> Iterator[str]:
        """Yield the links of a page that lead elsewhere than those of ours at the same path."""
        yield from moved_links(path, self.inner, read_page(text).inner, in_project=bool(self.project))

    def missing_policies(self, text: str) -> Iterator[str]:
        """Yield what every page of ours tells a browser to leave out, and this one does not."""
        lacking = (self.policies or set()) - set(read_page(text).policies)
        yield from (f"without <meta {name}>, which ours has" for name in sorted(lacking))

    def outside(self, text: str) -> Iterator[str]:
        """Yield where a page leads to that ours does not, by a link or by an address to be copied."""
        page = read_page(text)
        yield from sorted({*page.outside, *_addresses(page)} - self.other)

    def unknown_quotes(self, text: str) -> Iterator[str]:
        """Yield what a page says to be somebody else's words, and ours does not."""
        said = (
            part for passage in read_page(text).passages for part in passage if part.said and not part.in_head
        )
        yield from sorted({squeezed(part.text) for part in said} - self.quotes - {""})

    def unknown_in_lines(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield each sentence with a number that is not known, or an amount."""
        for line in map(squeezed, lines):
            if line not in self.lines:
                yield from self._unknown_numbers(line)
                if found := _COMPARED.search(line):
                    yield _stating(found[0], line)
                if _head_units(line) - self.units:
                    yield f"names a unit in {line[:90]!r} that it has no column of"

    def amounts(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield each sentence with an amount that is not known."""
        for line in map(squeezed, lines):
            found = next((match for pattern in (BARE, SPOKEN) for match in pattern.finditer(line)), None)
            if found and line not in self.lines:
                yield _stating(found[0], line)

    def _unknown_numbers(self, line: str) -> Iterator[str]:
        alone = not any(letter.isalpha() for letter in line)
        new = next((word for word in numbers(line) if alone or word not in self.words), None)
        yield from [_stating(new, line)] if new else self.amounts([line])

    def unknown_in_style(self, style: str) -> Iterator[str]:
        """Yield what a style sheet says that is not known."""
        yield from (
            f"has a style that says {said[:90]!r}" for said in sorted(style_texts.spoken(style) - self.other)
        )

    def unread_in_style(self, style: str) -> Iterator[str]:
        """Yield what a style sheet loads and ours does not."""
        yield from sorted(style_texts.loaded(style) - self.other)

    def unread_in_page(self, text: str) -> Iterator[str]:
        """Yield what may show a number that nobody here can read."""
        page = read_page(text)
        loaded = (thing for style in page.styles for thing in style_texts.loaded(style))
        yield from sorted({*page.pictures, *loaded, *_drawings(text)} - self.other)

    def unknown_links(self, text: str) -> Iterator[str]:
        """Yield the addresses that a page links and ours does not."""
        yield from sorted(set(read_page(text).links) - self.other)


def _addresses(page: PageText) -> set[str]:
    """Return what of the text of a page is an address that takes money or mail."""
    shown = (as_seen(part.text) for passage in page.passages for part in passage)
    return {found for text in shown for found in _ADDRESS.findall(text)}


def _drawings(text: str) -> set[str]:
    """Return each drawing in a page by its hash: a code to be scanned is a drawing too.

    One inside another is part of it: of ten thousand, each would be hashed with all that it holds.
    """
    found = (svg.html or "" for svg in LexborHTMLParser(text).css("svg:not(svg svg)"))
    return {f"<svg> {sha256(html.encode()).hexdigest()[:16]}" for html in found}


def _head_units(line: str) -> set[int]:
    return set() if FIGURE in line else units_of_head(line)


def _stating(number: str, line: str) -> str:
    at = max(0, line.find(number) - 40)
    said = f"{number[:60]!r} in {line[at : at + 90]!r}"
    return f"states {said}, and names no figure; a theme may state no number of its own"


def _turning(text: str, page: PageText) -> set[str]:
    """Return the letters that turn text round: as they are written, or what an entity makes one of."""
    shown = (part.text for passage in page.passages for part in passage)
    return {letter for seen in (text, *shown, *page.spoken) for letter in REORDERING.findall(seen)}
