"""A page of the maintainer's never stands in the place of one of ours, whatever a site has."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator import inputs, manifest, pages
from generator.catalogues import languages
from generator.language import ENGLISH
from generator.pages.own_pages import text_faults
from generator.pages.own_texts import INSIDE
from generator.report import Report
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

REFUSED = "this is a place of the report itself"
#: So `inputs/about.md.md` is read: as `inputs/about.md` in another language, which has no page alone.
TRANSLATION = "write the page in the first language of the site too"


@pytest.fixture(scope="module")
def paths(report: Report, content: pages.Content) -> set[str]:
    """Return every path of a site in two languages."""
    site = report.config.site.model_copy(update={"languages": ("en", "de")})
    both = replace(report, config=report.config.model_copy(update={"site": site}))
    known = {ENGLISH.code: ENGLISH, **languages({}, ["de"])}
    return set(manifest.complete(dict(pages.render(both, replace(content, languages=known))), both))


def names(paths: set[str]) -> "Iterator[str]":
    """Yield the names by which a text would have its page at one of these paths, or a folder there."""
    for path in paths:
        name = path.removesuffix("/index.html")
        yield from (name, name.upper(), f"{name}/more")


def refused(name: str) -> bool:
    told = [problem.message for problem in text_faults({name: "# A page\n\nOf ours."})]
    return any(REFUSED in message or TRANSLATION in message for message in told)


def test_no_text_stands_in_the_place_of_a_file_of_ours(paths: set[str]) -> None:
    own = {f"{prefix}{name}/index.html" for name in inputs.pages(ROOT) for prefix in ("", "de/")}
    tried = {name for name in names(paths - own) if name.casefold() not in INSIDE}
    taken = [name for name in sorted(tried) if not refused(name)]
    # folders of ours that have room for more, such as one of own pages
    assert [name for name in taken if not name.endswith("/more")] == []
    assert [f"{name}/index.html" for name in taken if f"{name}/index.html" in paths] == []
    print(f"{len(tried)} names tried for {len(paths)} paths")
    assert len(tried) > 3 * len(paths) - 60


def test_no_text_stands_where_a_language_has_its_pages(paths: set[str]) -> None:
    assert {"de/about/index.html", "de/index.html"} <= paths
    for name in ("de", "de/about", "de/other", "DE/about", "pt-BR", "pt-br/about", "fr/news/first"):
        assert refused(name), name
    for name in ("about", "deutsch/about", "news/de", "team"):
        assert not refused(name), name
