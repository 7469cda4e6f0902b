"""A language from right to left: pages turn round, charts and numbers do not, and nothing overflows."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from generator import inputs, pages
from generator.catalogues import parsed
from generator.language import ENGLISH
from generator.pages.site import studio_of, units
from tests.browser.views import LABELS, OVERFLOW, WIDTHS
from tests.support.fair import FROZEN, fair
from tests.support.made_once import made_once, put_files
from tests.support.paths import ROOT
from tests.support.respelled import respelled

pytestmark = pytest.mark.browser

LETTERS = "אבגדהוזחטיכלמנסעפצקרשת"
#: The front page, a project with everything, one whose title is Arabic, a ledger; the rest is like these.
PAGES = (
    "he/index.html",
    "he/p/well/index.html",
    "he/p/maktaba/index.html",
    "he/p/well/ledger/index.html",
    "he/p/well/changes/index.html",
)


def put_site(top: Path) -> None:
    """Write these pages in Hebrew letters, and what they load."""
    hebrew = parsed("he", b'msgid ""\nmsgstr ""\n', file="he.po")
    messages = respelled(lambda letter: LETTERS[ord(letter.lower()) * 7 % len(LETTERS)])
    report = fair(frozen=FROZEN).report()
    site = report.config.site.model_copy(update={"languages": ("en", "he")})
    report = replace(report, config=report.config.model_copy(update={"site": site}))
    content = pages.Content(
        templates=inputs.templates(ROOT),
        pages={},
        languages={"en": ENGLISH, "he": replace(hebrew, messages=messages, plural="n != 1")},
    )
    studio = studio_of(report, content)
    for unit in units(report, content):
        if unit.id in ("portfolio", "p/well", "p/maktaba"):
            put_files(top, unit.make(unit.value, studio)[0])
    put_files(top, pages.files.style_files(content))


@pytest.fixture(scope="module")
def hebrew(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "right-to-left", put_site)


@pytest.mark.proof(2)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_turns_round_and_nothing_overflows(page: Page, hebrew: Path, path: str) -> None:
    page.goto((hebrew / path).as_uri())
    labels = 0
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERFLOW) == [], width
        found = page.evaluate(LABELS)
        assert [told for told in found["found"] if "clipped" in told] == [], width
        labels += found["labels"]
    assert page.evaluate("document.documentElement.dir") == "rtl"
    brand, last = (page.locator(place).first.bounding_box() for place in (".brand", ".languages"))
    assert brand is not None
    assert last is not None
    assert brand["x"] > last["x"], "the page begins on the right"
    print(f"{path}: {labels} labels")


#: Where each letter of the first number that has a sign or bound stands, from left to right.
DRAWN = """() => {
  const signed = /^[\u2265\u2212]\\s?[\\d\\s]{5,}$/;
  const number = [...document.querySelectorAll('td data')].find(node => signed.test(node.textContent));
  const text = number.firstChild, places = [];
  for (let at = 0; at < text.length; at++) {
    const range = document.createRange();
    range.setStart(text, at); range.setEnd(text, at + 1);
    places.push([range.getBoundingClientRect().left, text.data[at]]);
  }
  return [number.textContent, places.sort((a, b) => a[0] - b[0]).map(place => place[1]).join('')];
}"""


def test_numbers_charts_and_ids_keep_their_direction(page: Page, hebrew: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    for path in ("he/index.html", "he/p/well/ledger/index.html"):
        page.goto((hebrew / path).as_uri())
        written, drawn = page.evaluate(DRAWN)
        assert drawn == written, "a sign stands before its number, as it is read"
    assert page.evaluate("getComputedStyle(document.querySelector('[data-row]')).direction") == "ltr"
    page.goto((hebrew / "he/p/well/index.html").as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('svg.chart')).direction") == "ltr"
    turned = "getComputedStyle(document.querySelector('.st svg:has(> use[href=\"#i-pace\"])')).scale"
    assert page.evaluate(turned) == "-1 1", "forward is to the left"
