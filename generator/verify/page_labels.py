"""What a number is taken for: label of its row, head of its column; and what marks and links say."""

from collections.abc import Iterator, Mapping
from typing import Final

from generator.verify.page_passages import PageText, StatingElement
from generator.verify.plain_text import as_seen

_MARK: Final = "st"  #: class of what says in a word and a picture how sure something is
_MOST_COLUMNS: Final = 100


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


class PageLabels:
    """Follows labels, heads, marks and links of a page, element by element, into what is known of it."""

    def __init__(self, page: PageText) -> None:
        self._page = page
        self._label: list[str] | None = None
        self._labelled = self._until = 0  #: depth of the label, and of what it is the label in
        self._is_first = False
        self._columns: list[list[str]] = []
        self._column = 0  #: of the next cell
        self._heads: list[list[str]] = []  #: of the cell that is read
        self._head: list[str] | None = None
        self._heading = self._marking = self._linking = 0
        self._mark: list[str] = []
        self._look: list[str] = []
        self._link: list[str] = []
        self._href = ""

    def enter(self, tag: str, found: Mapping[str, str], depth: int) -> None:
        """Look at an element."""
        if tag == "table":
            self._columns = []
        elif tag == "tr":
            self._column, self._heads = 0, []
        elif tag in ("td", "th"):
            self._cell(tag, found, depth)
        if tag == "dt" or (tag == "th" and found.get("scope") == "row"):
            self._label, self._labelled, self._until, self._is_first = [], depth, depth - 1, True
        if not self._marking and _MARK in found.get("class", "").split():
            self._marking, self._mark, self._look = depth, [], [" ".join(sorted(found["class"].split()))]
        elif self._marking and tag == "use":
            self._look.append(found.get("href", ""))
        if tag == "a" and "href" in found:
            self._linking, self._link, self._href = depth, [], found["href"]

    def _cell(self, tag: str, found: Mapping[str, str], depth: int) -> None:
        span = found.get("colspan", "")
        width = min(int(span), _MOST_COLUMNS) if span.isascii() and span.isdigit() else 1
        if tag == "th" and found.get("scope") == "col":
            self._head, self._heading = [], depth
            self._columns = [*self._columns, *([self._head] * max(width, 1))][:_MOST_COLUMNS]
        self._heads = self._columns[self._column : self._column + 1]
        if "data-label" in found:
            self._heads = [*self._heads, [found["data-label"]]]
        self._column += max(width, 1)

    def text(self, text: str, *, states: bool) -> None:
        """Take a text that stands where the reader is; what states a number is part of no label."""
        if self._labelled and self._label is not None and not states:
            self._label.append(text)
        if self._heading and self._head is not None:
            self._head.append(text)
        if self._marking:
            self._mark.append(text)
        if self._linking:
            self._link.append(text)

    def state(self, element: StatingElement) -> None:
        """Take an element that states a number."""
        if self._label is not None and not self._labelled:
            label = _seen(self._label)
            if self._is_first:
                self._page.labels.append((label, element))
                self._is_first = False
            self._page.members += ((label, subject) for subject in subjects_of(element))
        self._page.heads += ((_seen(head), element) for head in self._heads)

    def leave(self, depth: int) -> None:
        """Look at the end of an element."""
        if depth == self._marking:
            self._marking, look = 0, " ".join(self._look)
            self._page.marks.append((_seen(self._mark).rstrip(":"), look))
            if self._label is not None and not self._labelled:
                self._page.marked.append((_seen(self._label), look))
        if depth == self._linking:
            self._linking = 0
            self._page.named_links.append((_seen(self._link), self._href))
        self._labelled = 0 if depth == self._labelled else self._labelled
        self._heading = 0 if depth == self._heading else self._heading
        if depth <= self._until:
            self._label, self._until = None, 0


def _seen(pieces: list[str]) -> str:
    return " ".join(as_seen(" ".join(pieces)).split())
