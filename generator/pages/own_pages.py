"""Pages that the maintainer writes in Markdown."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from generator.pages.clean import prose
from generator.pages.page import Content, Page
from generator.report import Report

#: Names whose text stands on a page of ours rather than on one of its own.
INSIDE: Final = ("method",)


class OwnText(NamedTuple):
    """One text of the maintainer's; its first heading is its title."""

    name: str
    title: str
    text: str


def own_texts(content: Content) -> Iterator[OwnText]:
    """Yield the texts that have pages of their own, by name; empty ones have none."""
    for name, text in sorted(content.pages.items()):
        if name in INSIDE or not text.strip():
            continue
        first, _, rest = text.strip().partition("\n")
        if first.startswith("# "):
            yield OwnText(name, first[2:].strip(), rest)
        else:
            yield OwnText(name, name.replace("-", " ").capitalize(), text)


def pages(_report: Report, content: Content) -> Iterator[Page]:
    """Yield a page for each text."""
    for text in own_texts(content):
        yield Page(
            path=f"{text.name}/index.html",
            template="page.html",
            title=text.title,
            section=text.name,
            description=text.title,
            values={"prose": prose(text.text)},
        )
