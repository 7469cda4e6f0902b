"""Where pages and charts become files: what the makers of all units of a site share."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any, Final

import msgspec
from markupsafe import Markup

from generator.language import Language
from generator.pages.environment import environment
from generator.pages.files import chart_files, chart_sheet
from generator.pages.glossary_links import GlossaryLinks
from generator.pages.icons import with_used_icons
from generator.pages.language_links import Place, folder_of, led
from generator.pages.navigation import Link
from generator.pages.numbers import Numbers
from generator.pages.own_figures import with_own_names
from generator.pages.page import Page
from generator.text_format import clean

#: The page for addresses that do not exist.
MISSING: Final = "404.html"


class StudioPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a studio is made from, here and in other processes."""

    templates: Mapping[str, bytes]
    navigation: Sequence[Link]
    languages: Sequence[Language]  #: the first stands at the top, each other one in a folder of its own
    in_all: AbstractSet[str]  #: slugs of projects that have pages in every language, not only in the first
    top: str  #: absolute way to the top of the site, for a page served at any address
    sandboxed: bool  #: a theme is among the templates
    strict: bool  #: raise what else becomes a short page of a project


class Studio:
    """Templates made ready once, in every language; files that are no pages exist in the first only."""

    def __init__(self, plan: StudioPlan) -> None:
        self._plan = plan
        self._numbers = Numbers({})
        self._environments = {
            language.code: environment(
                plan.templates, lambda: self._numbers, language, sandboxed=plan.sandboxed
            )
            for language in plan.languages
        }
        self._glossary = {language.code: GlossaryLinks(language) for language in plan.languages}
        self._navigation = {
            language.code: [link.said_in(language) for link in plan.navigation] for language in plan.languages
        }
        self._links: dict[tuple[str, str, str, bool], Markup] = {}  #: as `_kept` keeps them
        self._sheet = chart_sheet(plan.templates)
        first = plan.languages[0]
        self._fronts = [Place.of("index.html", language, first) for language in plan.languages[1:]]
        self.strict = plan.strict
        self.language = plan.languages[0]  #: of what exists once
        self.languages = plan.languages

    def __reduce__(self) -> tuple[Callable[..., "Studio"], tuple[Any, ...]]:
        """Travel to another process as what it was made from."""
        return Studio, (self._plan,)

    def files(
        self,
        pages: Iterable[Page],
        report: Any,  # noqa: ANN401 -- a report, or what of it these pages may read
        numbers: Numbers | None = None,
        codes: Container[str] | None = None,
    ) -> dict[str, bytes]:
        """Return pages and their charts as files; `report` is what their templates know by that name.

        With `codes` only in these languages; charts with the first.
        """
        found: dict[str, bytes] = {}
        first = self._plan.languages[0]
        for page in pages:
            if codes is None or first.code in codes:
                found |= chart_files(page.folder, page.charts, self._sheet, first)
            languages = [first] if self._is_once(page.path) else self._plan.languages
            places = [Place.of(page.path, language, first) for language in languages]
            for place in (place for place in places if codes is None or place.language.code in codes):
                self._numbers = (numbers or Numbers({})).said_in(place.language)
                found[place.path] = self._html(page, report, place, places)
        return found

    def _is_once(self, path: str) -> bool:
        """Tell whether a page stands in the first language only."""
        folder, _, below = path.partition("/")
        slug = below.partition("/")[0]
        return path == MISSING or folder == "embed" or (folder == "p" and slug not in self._plan.in_all)

    def _kept(self, page: Page, code: str, root: str, caller: Callable[[], Markup]) -> Markup:
        """Return the links of the navigation, which are the same on most pages of a folder's depth."""
        links = self._navigation[code]
        section = page.section if any(link.section == page.section for link in links) else ""
        key = (code, root, section, any(link.path == page.path for link in links))
        if key not in self._links:
            self._links[key] = caller()
        return self._links[key]

    def _html(self, page: Page, report: Any, place: Place, places: Sequence[Place]) -> bytes:  # noqa: ANN401 -- see `files`
        language = place.language
        root = self._plan.top if page.path == MISSING else page.root
        html = (
            self._environments[language.code]
            .get_template(page.template)
            .render(
                page=page,
                report=report,
                root=root,
                navigation=self._navigation[language.code],
                kept=partial(self._kept, page, language.code, root),
                place=place,
                places=places,
                fronts=self._fronts if len(places) == 1 else (),
                **page.values,
            )
        )
        if page.has_terms:
            html = self._glossary[language.code].linked(html, root)
        if folder := folder_of(language, self._plan.languages[0]):
            html = led(html, page.path, folder, self._is_once)
        html = with_own_names(with_used_icons(html), page.path)
        return clean(html).encode()  # once for a page: no text of others stands in it that was not cleaned
