"""The first use of a word of trade on a page leads to what it means.

Not inside links, labels, headings and cells of tables, not in drawings, numbers and code, and not in words
of others.
"""

import re
from collections.abc import Iterator
from typing import Final

from generator.language import Language
from generator.pages.glossary_page import PATH
from generator.pages.glossary_terms import TERMS
from generator.wording import plain

#: Elements whose text stays as it is, and which hold none of their kind; `bdi` holds names, `strong` labels.
LEFT_ALONE: Final = (
    "a", "bdi", "code", "data", "h1", "h2", "h3", "h4", "h5", "h6",
    "pre", "q", "samp", "strong", "summary", "svg", "td", "th", "thead", "time",
)  # fmt: skip
#: Such elements and single tags, one after another, up to a text or to words of others.
_BETWEEN: Final = re.compile(
    rf"(?:<(?:({'|'.join(LEFT_ALONE)})\b.*?</\1|!--.*?--|(?![^>]*\sdata-said=)[^>]*)>\s*)+", re.DOTALL
)
_SAID: Final = re.compile(r"<([a-zA-Z0-9]+)[^>]*>")


class GlossaryLinks:
    """Finds the words of the glossary in pages of one language."""

    def __init__(self, language: Language) -> None:
        terms = {form.lower(): term.id for term in TERMS for form in plain(term.forms, language).split("|")}
        self._terms = terms
        forms = "|".join(re.escape(form) for form in sorted(terms, key=len, reverse=True))
        self._form = re.compile(rf"(?:{forms})(?![\w-])")  # that it begins a word is quicker asked of a match

    def linked(self, html: str, root: str) -> str:
        """Return a page whose first uses lead to the glossary, which stands below `root`."""
        found: list[str] = []
        known: set[str] = set()
        end = 0
        for first, last in _texts(html):
            text = html[first:last]
            lower = text.lower()
            if len(lower) != len(text):  # letters that have no other case of one letter
                lower = text
            for match in self._form.finditer(lower):
                at, term = first + match.start(), self._terms[match[0]]
                if term not in known and not _continues(html[at - 1]):
                    known.add(term)
                    found += [html[end:at], f'<a class="term" href="{root}{PATH}#{term}">']
                    end = first + match.end()
                    found += [html[at:end], "</a>"]
            if len(known) == len(TERMS):
                break
        return "".join([*found, html[end:]])


def _continues(letter: str) -> bool:
    """Tell whether what follows a letter is part of its word."""
    return letter.isalnum() or letter in "_-"


def _texts(html: str) -> Iterator[tuple[int, int]]:
    """Yield where in a page each text begins and ends that may have links."""
    at, last = html.find("<main"), html.rfind("</main>")
    while 0 <= at < last:
        between = _BETWEEN.match(html, at, last)
        at = between.end() if between else _after_said(html, at)
        end = html.find("<", at)
        if 0 <= at < end:
            yield at, end
        at = end


def _after_said(html: str, start: int) -> int:
    """Return where the element ends that begins here and holds words of others."""
    tag = _SAID.match(html, start)
    if tag is None:
        return -1
    depth = 1
    for inner in re.compile(rf"<(/?){tag[1]}\b[^>]*>").finditer(html, tag.end()):
        depth += -1 if inner[1] else 1
        if not depth:
            return inner.end()
    return -1  # of a theme's own HTML, which never ends it
