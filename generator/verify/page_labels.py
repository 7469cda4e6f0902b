"""What a number is taken for: label of its row, head of its column; and what marks and links say."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from generator.verify.markup_words import ELSEWHERE
from generator.verify.page_passages import InnerLink, PageText, StatingElement
from generator.verify.page_relations import Relation
from generator.verify.plain_text import WORD, as_seen, units_of_head

_MARK: Final = "st"  #: class of what says in a word and a picture how sure something is
_MOST_COLUMNS: Final = 100
#: Dates without one may stand for several days.
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_DAY: Final = len("2026-02-01")
_MINUTE: Final = len("2026-02-01T12:00")


def names_of(element: StatingElement) -> Iterator[tuple[str, str]]:
    """Yield project and own name of each figure that an element states."""
    attributes = element.attributes
    for name in (attributes.get("data-figure") or attributes.get("data-figures", "")).split():
        slug, _, own = name.partition("/")
        yield slug, own


def subjects_of(element: StatingElement) -> Iterator[str]:
    """Yield of whom, and of which day or month, each figure of an element is."""
    for slug, own in names_of(element):
        dated = (part for part in own.split("@")[1:] if any(letter.isdigit() for letter in part))
        yield "@".join((slug, *dated))


def kinds_of(element: StatingElement, project: str) -> Iterator[str]:
    """Yield what each figure of an element is, on a page of a project: its own, of all, or of another one."""
    for slug, own in names_of(element):
        name, *parts = own.split("@")
        undated = (part for part in parts if not any(letter.isdigit() for letter in part))
        whose = "own" if slug == project else slug if slug == "all" else "other"
        yield f"{whose}/{'@'.join((name, *undated))}"


class _Open:
    """The text of the one element of a kind that is open, wherever it stands."""

    def __init__(self) -> None:
        self.depth = 0  #: 0 where none is open
        self.pieces: list[str] = []

    def begin(self, depth: int) -> None:
        self.depth, self.pieces = depth, []

    def take(self, text: str) -> None:
        if self.depth:
            self.pieces.append(text)

    def ends(self, depth: int) -> bool:
        """Close at this depth; tell whether it was open."""
        ended = depth == self.depth != 0
        self.depth = 0 if ended else self.depth
        return ended


class PageLabels:
    """Follows labels, heads, marks and links of a page, element by element, into what is related on it."""

    def __init__(self, page: PageText) -> None:
        self._page, self._relations = page, page.relations
        self._label, self._head, self._mark, self._link = _Open(), _Open(), _Open(), _Open()
        self._time, self._navigation = _Open(), _Open()
        self._until = 0  #: depth of what the last label is the label in; 0 where none is
        self._is_first = False  #: no number was stated since the label
        self._columns: list[list[str]] = []  #: pieces of the head of each column
        self._column = 0  #: of the next cell
        self._heads: list[list[str]] = []  #: of the cell that is read
        self._look: list[str] = []
        self._href = self._moment = ""
        self._names = False  #: the label of the link is a name

    @property
    def in_mark(self) -> bool:
        """Whether the reader stands in a mark."""
        return self._mark.depth > 0

    def enter(self, tag: str, found: Mapping[str, str], depth: int) -> None:
        """Look at an element."""
        if tag == "table":
            self._columns = []
        elif tag == "tr":
            self._column, self._heads = 0, []
        elif tag in ("td", "th"):
            self._cell(tag, found, depth)
        if tag == "dt" or (tag == "th" and found.get("scope") == "row"):
            self._label.begin(depth)
            self._until, self._is_first = depth - 1, True
        if not self._mark.depth and _MARK in found.get("class", "").split():
            self._mark.begin(depth)
            self._look = [" ".join(sorted(found["class"].split()))]
        elif self._mark.depth and tag == "use":
            self._look.append(found.get("href", ""))
        if tag == "a" and "href" in found:
            self._link.begin(depth)
            self._href, self._names = found["href"], False
        self._names = self._names or tag == "bdi"
        if tag == "nav" and not self._navigation.depth:
            self._navigation.begin(depth)
        if tag == "time":
            self._time.begin(depth)
            self._moment = found.get("datetime", "")

    def _cell(self, tag: str, found: Mapping[str, str], depth: int) -> None:
        span = found.get("colspan", "")
        width = max(min(int(span), _MOST_COLUMNS), 1) if span.isascii() and span.isdigit() else 1
        if tag == "th" and found.get("scope") == "col":
            self._head.begin(depth)
            self._columns = [*self._columns, *([self._head.pieces] * width)][:_MOST_COLUMNS]
        self._heads = self._columns[self._column : self._column + 1]
        if "data-label" in found:
            self._heads = [*self._heads, [found["data-label"]]]
        self._column += width

    def text(self, text: str, *, states: bool) -> None:
        """Take a text that stands where the reader is; what states a number is part of no label."""
        if not states:
            self._label.take(text)
        for element in (self._head, self._mark, self._link, self._time):
            element.take(text)

    def state(self, element: StatingElement) -> None:
        """Take an element that states a number."""
        if label := self._closed_label():
            if self._is_first:
                self._relations.add(Relation.FIRST_AFTER_LABEL, label, element.names)
                self._is_first = False
            for subject in subjects_of(element):
                self._relations.add(Relation.WHOSE_IN_ROW, label, subject)
        for head in map(_seen, self._heads):
            for _, own in names_of(element) if _names_more_than_unit(head) else ():
                self._relations.add(Relation.BELOW_HEAD, head, own.partition("@")[0])

    def leave(self, depth: int) -> None:
        """Look at the end of an element."""
        if self._mark.ends(depth):
            look = " ".join(self._look)
            self._relations.add(Relation.LOOK_OF_MARK, _seen(self._mark.pieces).rstrip(":"), look)
            self._relations.add(Relation.MARK_IN_ROW, self._closed_label(), look)
        if self._link.ends(depth):
            self._end_link(_seen(self._link.pieces))
        if self._time.ends(depth):
            self._end_time(_seen(self._time.pieces))
        self._navigation.ends(depth)
        self._label.ends(depth)
        self._head.ends(depth)
        if depth <= self._until:
            self._until = 0

    def _end_link(self, label: str) -> None:
        self._relations.add(Relation.WHERE_LINK_LEADS, label, _where(self._href))
        if not ELSEWHERE.match(self._href) and not self._href.startswith("#"):
            link = InnerLink(
                label=label,
                address=self._href,
                names=self._names,
                in_navigation=self._navigation.depth > 0,
            )
            self._page.inner.append(link)

    def _end_time(self, text: str) -> None:
        if self._moment and _YEAR.search(text):
            length = _MINUTE if ":" in text else _DAY
            self._relations.add(Relation.MOMENT, text, self._moment[:length])

    def _closed_label(self) -> str:
        """Return the label in whose row the reader is, empty before its end and outside of rows."""
        return _seen(self._label.pieces) if self._until and not self._label.depth else ""


def _names_more_than_unit(head: str) -> bool:
    return len(WORD.findall(head)) > bool(units_of_head(head))


def _where(address: str) -> str:
    """Return where a link leads; a page of the same site may stand elsewhere in another version."""
    return address if ELSEWHERE.match(address) else "a page of this site"


def _seen(pieces: list[str]) -> str:
    return " ".join(as_seen(" ".join(pieces)).split())
