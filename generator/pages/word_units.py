"""Units that are made of words alone: the maintainer's own pages, and the page for what is missing."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

import msgspec

from generator.pages import own_pages
from generator.pages.own_texts import OwnText
from generator.pages.own_words import versions
from generator.pages.page import Page
from generator.pages.studio import MISSING, Studio
from generator.pages.surroundings import SiteWords
from generator.sentence import say
from generator.units.unit import Made, Unit


class OneText(msgspec.Struct, frozen=True, kw_only=True):
    """What the unit of a text of the maintainer's is made from."""

    report: SiteWords
    text: OwnText


def word_units(
    words: SiteWords, texts: Iterable[OwnText], slugs: Collection[str]
) -> Iterator[Unit[Any, Studio]]:
    """Yield these units; `slugs` are of projects that have pages."""
    for text in texts:
        known = text if text.project in slugs else replace(text, project="")
        own = OneText(report=words, text=known)
        yield Unit(id=f"own/{text.name}", value=own, templates=("page.html",), make=own_unit)
    yield Unit(id="missing", value=words, templates=("404.html",), make=missing_unit)


def own_unit(value: OneText, studio: Studio) -> Made:
    """Make the page of one text of the maintainer's."""
    return _files(own_pages.page(value.text), value.report, studio), ""


def missing_unit(value: SiteWords, studio: Studio) -> Made:
    """Make the page for addresses that do not exist."""
    description = say("There is no page at this address.")
    page = Page(path=MISSING, template="404.html", title=say("Not here"), description=description)
    return _files(page, value, studio), ""


def _files(page: Page, words: SiteWords, studio: Studio) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for said, codes in versions(words, studio.languages):
        found |= studio.files([page], said, codes=codes)
    return found
