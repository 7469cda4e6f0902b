"""What Python-Markdown does with the tree of a text, done only where a text has a sign that calls for it."""

import re
from collections import deque
from collections.abc import Callable
from typing import Final
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.serializers import RE_AMP, to_html_string
from markdown.treeprocessors import InlineProcessor, UnescapeTreeprocessor
from markdown.util import STX, AtomicString

#: Each pattern inside a line, and what of which one stands in every text that it matches.
SIGNS: Final = {
    "backtick": ("`",),
    "escape": ("\\",),
    "footnote": ("[^",),
    "reference": ("[",),
    "link": ("](",),
    "image_link": ("![",),
    "image_reference": ("![",),
    "short_reference": ("[",),
    "short_image_ref": ("![",),
    "autolink": ("<",),
    "automail": ("<",),
    "linebreak": ("  \n",),
    "html": ("<",),
    "entity": ("&",),
    "em_strong": ("*", "_"),
}
#: Patterns that match nothing in a text without definitions of links.
_REFERENCES: Final = {"reference", "image_reference", "short_reference", "short_image_ref"}
#: A letter of which one stands in every text that has a sign, or what stands for something found before.
_ANY: Final = re.compile(f"[{STX}`\\\\[<\n&*_]")
_EMPTY: Final = frozenset({"br", "hr", "img"})
#: What the library's own processors make; of anything else it knows more.
_ELEMENTS: Final = _EMPTY | {
    *("a", "blockquote", "code", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "pre"),
    *("strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}


class InlineMarks(InlineProcessor):
    """Does what its parent does without trying each of 14 patterns on every piece of a text.

    No pattern asks in which elements it stands, so that they are not counted up.
    """

    _InlineProcessor__applyPattern: Callable[..., tuple[str, bool, int]]
    _InlineProcessor__processPlaceholders: Callable[..., list[tuple[Element, list[str]]]]

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        known = ((name, signs) for name, signs in SIGNS.items() if name in md.inlinePatterns)
        found = ((md.inlinePatterns.get_index_for_name(name), name, signs) for name, signs in known)
        self._patterns = [
            (md.inlinePatterns[at], signs[0], signs[-1], name in _REFERENCES)
            for at, name, signs in sorted(found)
        ]

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """Mark texts and tails of a whole tree; those without a sign stay as they are."""
        del ancestors
        self.stashed_nodes: dict[str, Element | str] = {}
        ahead = deque([tree])
        while ahead:
            element = ahead.popleft()
            inside: list[tuple[Element, list[tuple[Element, list[str]]]]] = []
            for child in element:
                text, tail = child.text, child.tail
                if text and not isinstance(text, AtomicString) and _ANY.search(text):
                    child.text = None
                    found = self._InlineProcessor__processPlaceholders(
                        self._InlineProcessor__handleInline(text), child
                    )
                    ahead.extend(node for node, _ in found)
                    inside.append((child, found))
                if tail and _ANY.search(tail):
                    self._mark_tail(element, child, tail)
                if len(child):
                    ahead.append(child)
            for child, found in inside:
                for at, (node, _) in enumerate(found):
                    child.insert(at, node)
        return tree

    def _mark_tail(self, element: Element, child: Element, tail: str) -> None:
        holder = Element("d")
        child.tail = None
        found = self._InlineProcessor__processPlaceholders(
            self._InlineProcessor__handleInline(tail), holder, isText=False
        )
        if holder.tail:
            child.tail = holder.tail
        at = list(element).index(child) + 1
        for node, _ in reversed(found):
            element.insert(at, node)

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803 -- the parent's
        if isinstance(data, AtomicString) or not _ANY.search(data):
            return data
        start, undefined = 0, not self.md.references
        while patternIndex < len(self._patterns):
            pattern, sign, other, refers = self._patterns[patternIndex]
            matched = False
            if (sign in data or other in data) and not (refers and undefined):
                data, matched, start = self._InlineProcessor__applyPattern(pattern, data, patternIndex, start)
            if not matched:
                patternIndex, start = patternIndex + 1, 0  # noqa: N806 -- the parent's
        return data


class Unescaping(UnescapeTreeprocessor):
    """Does what its parent does where something was escaped."""

    def run(self, root: Element) -> None:
        """Put signs back that were escaped."""
        for element in root.iter():
            if element.text and STX in element.text and element.tag != "code":
                element.text = self.unescape(element.text)
            if element.tail and STX in element.tail:
                element.tail = self.unescape(element.tail)
            for name, value in element.items():
                if STX in value:
                    element.set(name, self.unescape(value))


def html_string(root: Element) -> str:
    """Return what the library's `to_html_string` does, which looks for all that a tree of XML may hold."""
    parts: list[str] = []
    ahead: list[Element | str] = [root]
    while ahead:
        element = ahead.pop()
        if isinstance(element, str):
            parts.append(element)
            continue
        tag = element.tag
        if tag not in _ELEMENTS:
            return to_html_string(root)
        parts.append(f"<{tag}")
        for name, value in sorted(element.items()):
            if name == value:  # may stand without its value
                return to_html_string(root)
            escaped = _escaped(value).replace('"', "&quot;")
            parts.append(f' {name}="{escaped}"')
        parts.append(">")
        if element.text:
            parts.append(_escaped(element.text))
        if element.tail:
            ahead.append(_escaped(element.tail))
        if tag not in _EMPTY:
            ahead.append(f"</{tag}>")
        ahead.extend(reversed(element))
    return "".join(parts)


def _escaped(text: str) -> str:
    if "&" in text:
        text = RE_AMP.sub("&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")
