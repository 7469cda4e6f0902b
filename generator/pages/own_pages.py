"""Pages that the maintainer writes in Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from generator.errors import Problem
from generator.pages.own_links import OwnLinks
from generator.pages.own_texts import (
    IN_NAVIGATION,
    LIST,
    OwnText,
    Shelf,
    linked,
    own_texts,
    problem,
    read_texts,
    titled,
)
from generator.pages.own_translations import taken_name
from generator.pages.page import Content, Page
from generator.pages.prose import Prose, prose
from generator.report import Report
from generator.sentence import Written, WrittenProse, say
from generator.text_bounds import OWN, excess_of
from generator.text_format import clean

#: Letters of a text whose HTML is kept, so that all that is kept is some 50 MB at most.
_SHORT: Final = 8_192


def text_faults(
    texts: Mapping[str, str], static: Mapping[str, bytes] | None = None, codes: Sequence[str] = ()
) -> Iterator[Problem]:
    """Yield which texts cannot stand where they are, or are not shown as they were meant.

    Those beyond the bounds stand as plain text; links and pictures that lead nowhere are left out. `codes`
    are of the site's languages, where they are known.
    """
    found = read_texts(texts, static or {}, codes)
    yield from found.problems
    for name, file in found.files.items():
        if excess := excess_of(clean(file.body), OWN):
            message = (
                f"the page {excess.why}, so it stands as plain text; make it simpler, or two pages of it"
            )
            yield problem(name, message, file.first_line + excess.line - 1)
            continue
        text = titled(taken_name(name)[0], file, found.shelf, {})
        for words, why in _prose(text.text.text, text).faults:
            at = max(0, file.body.find(words))
            yield problem(name, f"{words}: {why}", file.first_line + file.body.count("\n", 0, at))


def _prose(markdown: str, text: OwnText, prefix: str = "") -> Prose:
    """Return a text, in one of its languages, as HTML; ids of its headings begin with `prefix`."""
    make = _kept if len(markdown) <= _SHORT else _made
    return make(markdown, text.name, text.path, text.shelf, prefix)


def _made(markdown: str, name: str, path: str, shelf: Shelf, prefix: str) -> Prose:
    links = OwnLinks(name=name, path=path, names=shelf.names, static=shelf.static)
    return prose(markdown, links, prefix=prefix)


#: A text is looked over for faults before its page is made of it.
_kept = lru_cache(maxsize=4096)(_made)


def proses(text: OwnText, prefix: str = "") -> WrittenProse:
    """Return a text as HTML in each of its languages; ids of its headings begin with `prefix`."""

    def html(markdown: str) -> str:
        return _prose(markdown, text, prefix).html

    others = tuple((code, html(markdown)) for code, markdown in text.text.others)
    return WrittenProse(html(text.text.text), text.text.code, others)


def page(text: OwnText) -> Page:
    """Return the page of a text."""
    return Page(
        path=text.path,
        template="page.html",
        title=text.title,
        section=text.section,
        description=text.title,
        values={"prose": proses(text), "text": text},
    )


def pages(report: Report, content: Content) -> Iterator[Page]:
    """Yield the list of all texts, where they are too many for the navigation."""
    texts = linked(own_texts(content, report.config.site.languages))
    if len(texts) > IN_NAVIGATION:
        links = sorted(((text.title, text.path) for text in texts), key=_by_title)
        yield Page(
            path=f"{LIST}/index.html",
            template="pages.html",
            title=say("More pages"),
            section=LIST,
            description=say("Every page that the makers of this report wrote."),
            values={"texts": links},
        )


def _by_title(link: tuple[Written, str]) -> tuple[str, str]:
    return link[0].text.casefold(), link[1]
