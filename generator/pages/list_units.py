"""Pages of long lists of projects, each a unit: a payment makes only those on which its project stands."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec

from generator.pages import portfolio_page, stages_page
from generator.pages.numbers import Numbers
from generator.pages.own_words import said_in, texts_of, wordings
from generator.pages.page import Page
from generator.pages.studio import Studio
from generator.pages.surroundings import SiteWords
from generator.report import Report
from generator.units.unit import Made, Unit


class OneListPage(msgspec.Struct, frozen=True, kw_only=True):
    """What the unit of a page of a list is made from."""

    report: SiteWords
    page: Page  #: with a `Sheet` of rows, each of which names its project


def list_units(report: Report) -> Iterator[Unit[Any, Studio]]:
    """Yield the units of these pages."""
    words = SiteWords.of(report)
    for page in (*portfolio_page.list_pages(report), *stages_page.list_pages(report)):
        value = OneListPage(report=words, page=page)
        yield Unit(id=page.path, value=value, templates=(page.template,), make=list_unit, wide=True)


def list_unit(value: OneListPage, studio: Studio) -> Made:
    """Make one page of a list."""
    sheet = value.page.values["sheet"]
    numbers = Numbers({row.project.slug: row.project for row in sheet.rows})
    found: dict[str, bytes] = {}
    texts = (*texts_of(value.report), *(row.project.titles for row in sheet.rows))
    for code, codes in wordings(studio.languages, texts):
        said = replace(sheet, rows=[row.called_in(code) for row in sheet.rows])
        page = replace(value.page, values={**value.page.values, "sheet": said})
        found |= studio.files([page], said_in(value.report, code), numbers, codes)
    return found, ""
