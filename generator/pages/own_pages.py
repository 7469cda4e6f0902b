"""Pages that the maintainer writes in Markdown."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from generator.errors import ConfigError, Problem
from generator.pages.clean import prose
from generator.pages.file_kinds import is_free
from generator.pages.page import Content, Page
from generator.report import Report
from generator.text_bounds import OWN, excess_of
from generator.text_format import clean

#: Names whose text stands on a page of ours rather than on one of its own.
INSIDE: Final = ("method",)
#: How many texts every page links; more stand in a list, or links would grow with the square of them.
IN_NAVIGATION: Final = 7
#: The section, and folder, of that page.
LIST: Final = "pages"
#: A first line of hyphens and then a key, as other generators want it.
_FRONT_MATTER: Final = re.compile(r"\ufeff?---[ \t]*\r?\n[ \t]*[\w-]+[ \t]*:")


class OwnText(NamedTuple):
    """One text of the maintainer's; its first heading is its title."""

    name: str
    title: str
    text: str
    section: str  #: entry of the navigation it belongs to


def own_texts(content: Content) -> list[OwnText]:
    """Return the texts that have pages of their own, by name; empty ones have none.

    Raise `ConfigError` for one in the place of a page of ours: it would say whatever it likes there.
    """
    if problem := next(_in_our_place(content.pages), None):
        raise ConfigError(problem)
    texts = {
        name: text for name, text in sorted(content.pages.items()) if name not in INSIDE and text.strip()
    }
    section = LIST if len(texts) > IN_NAVIGATION else ""
    return [_titled(name, text, section or name) for name, text in texts.items()]


def _titled(name: str, text: str, section: str) -> OwnText:
    first, _, rest = text.strip().partition("\n")
    if first.startswith("# "):
        return OwnText(name, first[2:].strip(), rest, section)
    return OwnText(name, name.replace("-", " ").capitalize(), text, section)


def _in_our_place(texts: Mapping[str, str]) -> Iterator[Problem]:
    """Yield which texts with pages of their own would replace a page of ours, or of one another."""
    alike: dict[str, str] = {}
    for name, text in sorted(texts.items()):
        if name in INSIDE or not text.strip():
            continue
        other = alike.setdefault(name.casefold(), name)
        if other != name:
            yield _problem(
                name, f"the name differs from {other}.md in case alone: some disks hold one of two"
            )
        elif not is_free(f"{name}/index.html"):
            yield _problem(
                name, "this is a place of the report itself, or below three folders: give it another name"
            )


def text_faults(texts: Mapping[str, str]) -> Iterator[Problem]:
    """Yield which texts cannot stand where they are, or go beyond the bounds and stand as plain text.

    Front matter is named too: nothing reads it, so it would stand on the page.
    """
    yield from _in_our_place(texts)
    for name, text in sorted(texts.items()):
        if _FRONT_MATTER.match(text):
            yield _problem(
                name, "front matter is not read: take it out, and write the title as the first line, # Title"
            )
        if excess := excess_of(clean(text), OWN):
            message = (
                f"the page {excess.why}, so it stands as plain text; make it simpler, or two pages of it"
            )
            yield _problem(name, message, excess.line)


def _problem(name: str, message: str, line: int = 1) -> Problem:
    return Problem(file=f"content/pages/{name}.md", line=line, path="", message=message, code="page")


def page(text: OwnText) -> Page:
    """Return the page of a text."""
    return Page(
        path=f"{text.name}/index.html",
        template="page.html",
        title=text.title,
        section=text.section,
        description=text.title,
        values={"prose": prose(text.text)},
    )


def pages(_report: Report, content: Content) -> Iterator[Page]:
    """Yield the list of all texts, where they are too many for the navigation."""
    texts = own_texts(content)
    if len(texts) > IN_NAVIGATION:
        links = sorted(((text.title, f"{text.name}/index.html") for text in texts), key=_by_title)
        yield Page(
            path=f"{LIST}/index.html",
            template="pages.html",
            title="More pages",
            section=LIST,
            description="Every page that the makers of this report wrote.",
            values={"texts": links},
        )


def _by_title(link: tuple[str, str]) -> tuple[str, str]:
    return link[0].casefold(), link[1]
