"""Each word of the glossary that a page uses leads there once, from its first use, in every language."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest

from generator import pages
from generator.catalogues import languages
from generator.language import ENGLISH, Language
from generator.pages.glossary_links import GlossaryLinks
from generator.pages.glossary_terms import TERMS
from generator.report import Report
from generator.wording import plain

#: Where no link may stand.
NOT_HERE = {
    "a",
    "bdi",
    "code",
    "data",
    "pre",
    "q",
    "samp",
    "strong",
    "summary",
    "svg",
    "td",
    "th",
    "thead",
    "time",
}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


@cache
def german() -> Language:
    return languages({}, ["de"])["de"]


class Reader(HTMLParser):
    """What the main part of a page says where a link may stand, with marks where one leads to a word."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []  #: elements around, and whether words of others are in them
        self.said: list[str] = []
        self.terms: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a" and found.get("class") == "term":
            term = str(found["href"]).partition("#")[2]
            self.terms.append(term)
            self.said.append(f"\n[{term}]\n")
            assert not self._closed, f"{term} is linked in {self.open}"
        if tag not in {"img", "meta", "link", "use", "br", "hr", "input", "wbr"}:
            self.open.append((tag, "data-said" in found))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if ("main", False) in self.open and not self._closed:
            self.said.append(f"\n{data}\n")

    @property
    def _closed(self) -> bool:
        return any(tag in NOT_HERE | HEADINGS or said for tag, said in self.open)


def forms(language: Language) -> Mapping[str, re.Pattern[str]]:
    """Return what finds each word of the glossary in a text."""
    return {
        term.id: re.compile(
            rf"(?<![\w-])({'|'.join(map(re.escape, plain(term.forms, language).split('|')))})(?![\w-])",
            re.IGNORECASE,
        )
        for term in TERMS
    }


@pytest.fixture(scope="module")
def files(report: Report, content: pages.Content) -> dict[str, bytes]:
    site = report.config.site.model_copy(update={"languages": ("en", "de")})
    config = report.config.model_copy(update={"site": site})
    return dict(
        pages.render(
            replace(report, config=config), replace(content, languages={"en": ENGLISH, "de": german()})
        )
    )


def test_each_word_that_a_page_uses_leads_to_the_glossary_once(files: Mapping[str, bytes]) -> None:
    found: Counter[str] = Counter()
    for path, data in files.items():
        if not path.endswith(".html") or path.startswith("embed/"):
            continue
        reader = Reader()
        reader.feed(data.decode())
        text = "".join(reader.said)
        unmarked = re.sub(r"\[.*?\]", lambda mark: " " * len(mark[0]), text)
        is_glossary = path.endswith("glossary/index.html")
        for term, form in forms(german() if path.startswith("de/") else ENGLISH).items():
            link, use = text.find(f"[{term}]"), form.search(unmarked)
            if is_glossary:
                assert term not in reader.terms, path
                continue
            assert reader.terms.count(term) == (link >= 0), (path, term)
            assert (link < 0) or use is None or use.start() > link, (path, term, text[link : link + 40])
            assert link >= 0 or use is None, (path, term, use and text[use.start() - 30 : use.end() + 30])
            found[term] += link >= 0
    print(f"uses that lead to the glossary: {dict(found)}")
    assert found.keys() == {term.id for term in TERMS}
    assert [term for term in found if not found[term]] == []


def test_links_of_the_glossary_lead_to_its_words(files: Mapping[str, bytes]) -> None:
    for code in ("", "de/"):
        ids = set(re.findall(r'<dt id="([^"]+)"', files[f"{code}glossary/index.html"].decode()))
        assert ids == {term.id for term in TERMS}
        page = files[f"{code}p/well/index.html"].decode()
        ways = re.findall(r'<a class="term" href="([^"#]+)#([^"]+)"', page)
        assert len(ways) > 5
        assert {way for way, _ in ways} == {"../../glossary/index.html"}
        assert {term for _, term in ways} <= ids


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<main><p>A stage, two stages.</p></main>", "<p>A [stage|stage], two stages.</p>"),
        ("<main><h1>Stages</h1><p>upstage stages</p></main>", "<h1>Stages</h1><p>upstage [stage|stages]</p>"),
        ("<main><a href='x'>stage</a> relay</main>", "<a href='x'>stage</a> [relay|relay]"),
        (
            '<main><div data-said="source">stage<div>stage</div>stage</div>stage</main>',
            '<div data-said="source">stage<div>stage</div>stage</div>[stage|stage]',
        ),
        ("<main><!-- <p>stage --><b>Proven</b>.</main>", "<!-- <p>stage --><b>[proven|Proven]</b>."),
        ('<main><p data-said="source">stage', '<p data-said="source">stage'),
        ("<p>stage</p>", "<p>stage</p>"),
    ],
)
def test_a_use_is_linked_where_a_link_may_stand(html: str, expected: str) -> None:
    found = GlossaryLinks(ENGLISH).linked(html, "../")
    found = re.sub(r'<a class="term" href="\.\./glossary/index\.html#(\w+)">(.*?)</a>', r"[\1|\2]", found)
    assert found.removeprefix("<main>").removesuffix("</main>") == expected
