"""A page as a browser reads it: its text in passages, and everything else that may show or say something.

The parser is lexbor's, which follows the HTML standard: what a browser makes of broken markup, entities and
comments is made of it here. Nothing is recursive, and each node is looked at once.
"""

from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from generator.pages.own_figures import PROJECT, whole_names
from generator.verify.markup_words import (
    BREAKING,
    ELSEWHERE,
    FORBIDDEN,
    SCHEME,
    STRIKING,
    addresses,
    hides,
    is_quiet,
    is_spoken,
    leads_nowhere,
    renames,
    shows_another,
    turns,
)
from generator.verify.page_labels import PageLabels
from generator.verify.page_passages import PageText, Part, Passage, StatingElement
from generator.verify.row_names import RowNames
from generator.verify.structured_data import TYPE, read_structured

#: Elements that stand open where a drawing that is a file begins: the parser puts it into a page.
_ABOVE_DRAWING = 2


@lru_cache(maxsize=1)  # several checks look at the same page, one after another
def read_page(text: str) -> PageText:
    """Return what a page or a drawing of SVG shows and says; nobody changes it."""
    reader = _Reader()
    root = LexborHTMLParser(text).root
    node, depth = root, 0
    while node is not None:
        reader.enter(node)
        child = node.first_child
        if child is not None:
            node, depth = child, depth + 1
            continue
        reader.leave()
        while node.next is None and depth and node.parent is not None:
            node, depth = node.parent, depth - 1
            reader.leave()
        node = node.next if depth else None
    reader.end_passage()
    return reader.page


class _Reader:
    """Collects what a page shows, node by node."""

    def __init__(self) -> None:
        self.page = PageText()
        self._project = ""  #: whose page it is, where it says so
        self._open: list[tuple[bool, bool, bool]] = []  #: ends a passage, is quiet, states
        self._inside: list[StatingElement] = []
        self._quiet = self._style = self._said = self._structured = 0
        self._sheet: list[str] = []  #: texts of the style that is open
        self._blocks: list[list[str]] = []  #: texts of the blocks of structured data
        self._struck: list[int] = []  #: depths of what strikes its text out
        self._drawing = 0  #: depth of the drawing that is read
        self._labels = PageLabels(self.page)
        self._passage: Passage = []
        self._rows = RowNames(self.page.rows)

    def enter(self, node: LexborNode) -> None:
        if node.is_text_node:
            self._text(node.text_content or "")
        tag = node.tag or ""
        if not node.is_element_node:
            self._open.append((False, False, False))
            return
        found = {name.lower(): value or "" for name, value in node.attributes.items()}
        self._name_figures(tag, found)
        self._rows.enter(tag, found, len(self._open) + 1)
        self._look(tag, found)
        self._labels.enter(tag, found, len(self._open) + 1)
        self._hidden_in_number(tag, found)
        breaks = tag in BREAKING
        quiet = is_quiet(tag, found)
        states = tag == "data" or "data-figure" in found or "data-figures" in found
        if breaks:
            self.end_passage()
        if tag == "meta":
            states = self._meta(found, states=states)
        if states:
            self.page.stating.append(StatingElement(tag=tag, attributes=found))
            self._inside.append(self.page.stating[-1])
            self._labels.state(self.page.stating[-1])
            if self._struck:
                self.page.forbidden.append(f"<{tag}> with a number that is struck out")
        self._quiet += quiet
        self._open.append((breaks, quiet, states))
        here = len(self._open)
        if tag == "style" and not self._style:
            self._style = here
            self._sheet = []
        if tag == "script" and found == {"type": TYPE}:
            self._structured = here
            self._blocks.append([])
        self._said = self._said or (here if "data-said" in found else 0)
        self._drawing = self._drawing or (here if tag == "svg" else 0)
        if tag in STRIKING:
            self._struck.append(here)

    def _hidden_in_number(self, tag: str, found: dict[str, str]) -> None:
        """Name what shows less of a number than its text: a hidden bound, a digit beside the line."""
        if self._inside and hides(tag, found, in_data=self._inside[-1].tag == "data"):
            ways = " ".join([tag, *(f"{name}={value}" for name, value in found.items())])
            self.page.forbidden.append(f"<{ways[:80]}> in a number")

    def _name_figures(self, tag: str, found: dict[str, str]) -> None:
        """Give figures their whole ids: a page or chart of a project names its own without it."""
        root = "html" if not self._open else "svg" if len(self._open) == _ABOVE_DRAWING else ""
        if tag == root and PROJECT in found:
            self._project = self.page.project = found.get(PROJECT, "")
        if root == tag == "html":
            self.page.language = found.get("lang", "")
        for name in ("data-figure", "data-figures") if self._project else ():
            if name in found:
                found[name] = whole_names(found[name], self._project)

    def leave(self) -> None:
        self._rows.leave(len(self._open))
        self._labels.leave(len(self._open))
        breaks, quiet, states = self._open.pop()
        if breaks:
            self.end_passage()
        if states:
            self._inside.pop()
        self._quiet -= quiet
        here = len(self._open)
        if here < self._style:
            self._style = 0
            self.page.styles.append("".join(self._sheet))
        if here < self._structured:
            self._structured = 0
            self._end_block("".join(self._blocks[-1]))
        self._said = 0 if here < self._said else self._said
        self._drawing = 0 if here < self._drawing else self._drawing
        if self._struck and here < self._struck[-1]:
            self._struck.pop()

    def end_passage(self) -> None:
        if any(piece.strip() for part in self._passage for piece in part.pieces):
            self.page.passages.append(self._passage)
        self._passage = []

    def _text(self, text: str) -> None:
        if self._style:
            self._sheet.append(text)
            return
        if self._structured:
            self._blocks[-1].append(text)
            return
        self._rows.text(text)
        element = self._inside[-1] if self._inside else None
        if element is not None:
            element.pieces.append(text)
        self._labels.text(text, states=element is not None)
        quoted = element is None and self._quiet > 0
        said = quoted and self._said > 0
        drawn, marks = self._drawing > 0, self._labels.in_mark
        part = Part(pieces=[text], element=element, quoted=quoted, said=said, drawn=drawn, marks=marks)
        if self._passage and self._passage[-1].goes_on_in(part):
            self._passage[-1].pieces.append(text)
        else:
            self._passage.append(part)

    def _meta(self, found: dict[str, str], *, states: bool) -> bool:
        """Take the sentence of a head as a passage; return whether text inside of it would state a number."""
        element = StatingElement(tag="meta", attributes=found) if states else None
        if element or "data-said" in found:
            pieces = [found.get("content", "")]
            said = "data-said" in found
            self.page.passages.append(
                [Part(pieces=pieces, element=element, quoted=said, said=said, in_head=True)]
            )
            if element:
                element.pieces = pieces
                self.page.stating.append(element)
        return False

    def _end_block(self, text: str) -> None:
        block = read_structured(text)
        self.page.forbidden += block.problems
        self.page.passages += ([Part(pieces=[piece], quoted=True, in_head=True)] for piece in block.texts)
        for name in block.properties:
            attributes = {"data-figure": name["propertyID"], **name}
            self.page.stating.append(StatingElement(tag="script", attributes=attributes))

    def _look(self, tag: str, found: dict[str, str]) -> None:
        """Keep what an element shows or does beside its text."""
        page, where = self.page, addresses(found) if found else []
        shown = f"<{' '.join([tag, *where])[:80]}>"
        loads = tag != "a" or "ping" in found
        leads_away = any(
            SCHEME.match(each) or leads_nowhere(each) or (loads and ELSEWHERE.match(each)) for each in where
        )
        if leads_away or self._is_strange(tag, found):
            page.forbidden.append(shown)
        elif shows_another(tag, found, where):
            page.pictures.append(shown)
        page.links += where
        page.outside += (each for each in where if tag == "a" and ELSEWHERE.match(each))
        if tag == "meta" and ELSEWHERE.match(found.get("content", "")):
            page.pictures.append(f"<meta {found.get('property', found.get('name', ''))} {found['content']}>")
        if renames(tag, found):
            page.forbidden.append(f"<{tag} aria-labelledby={found.get('aria-labelledby', '')}>")
        if tag == "meta" and "http-equiv" in found:
            kind = page.forbidden if found["http-equiv"].lower() == "refresh" else page.pictures
            kind.append(f"<meta {found['http-equiv']} {found.get('content', '')}>")
            page.policies.append(found["http-equiv"].lower())
        if found.get("charset", "utf-8").lower() != "utf-8":
            page.forbidden.append(f"<{tag} charset={found['charset']}>")
        self._take(tag, found)

    def _is_strange(self, tag: str, found: dict[str, str]) -> bool:
        """Tell whether an element is one that no page of a report has, or has at another place."""
        if tag == "script" and found == {"type": TYPE} and not self._blocks:
            return False
        misplaced = self._style or (tag == "html" and self._open)
        return bool(tag in FORBIDDEN or ":" in tag or misplaced)

    def _take(self, tag: str, found: dict[str, str]) -> None:
        """Keep what single attributes show or do."""
        page = self.page
        for name, value in found.items():
            if name.startswith("on"):
                page.forbidden.append(f"<{tag} {name}>")
            if turns(name, value):
                page.forbidden.append(f"<{tag} {name}={value}>")
            if name == "style":
                page.styles.append(f"{{{value}}}")
            if name == "datetime":
                page.times.append(value)
            if is_spoken(tag, name, found):
                page.spoken.append(value)
