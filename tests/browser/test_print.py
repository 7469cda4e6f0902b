"""Every kind of page on paper: all columns, details opened, its own address and its number."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.pdf_text import Printed, read_pdf, squeezed
from tests.browser.views import PAGES
from tools.paper import PAPERS, printed

pytestmark = pytest.mark.browser

#: Heads of the page's tables, and what unfolds in it.
SHOWN = """() => ({
  heads: [...document.querySelectorAll('thead tr')].filter(row => !row.closest('.unseen'))
    .map(row => [...row.cells].map(cell => cell.textContent.trim())),
  opened: [...document.querySelectorAll('details > :not(summary)')].flatMap(node => {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT); const texts = [];
    while (walker.nextNode()) if (walker.currentNode.data.trim()) texts.push(walker.currentNode.data);
    return texts;
  }),
  address: document.querySelector('.paper')?.textContent ?? '',
  card: [...document.querySelectorAll('.card p, .card h1')].map(node => node.textContent),
  rows: [...document.querySelectorAll('.ledger [data-row]')].map(cell => cell.textContent),
})"""

#: Millimetres that the style sheet leaves on each side.
MARGIN = 12
TOO_WIDE = """() => [...document.querySelectorAll('main *')]
  .filter(node => !node.closest('svg, .unseen') && node.getBoundingClientRect().width > 0
    && node.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
  .map(node => node.tagName + ': ' + node.textContent.trim().slice(0, 60))"""

#: Such a page answers under any address; a card stands on another's page, and prints its own lines alone.
WITHOUT_ADDRESS = ("404.html", "embed/")


@pytest.mark.proof(3)
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("path", PAGES)
def test_on_paper_nothing_is_missing(page: Page, folder: Path, path: str, paper: str) -> None:
    # a page for any address takes its style from where the site stands
    page.route("file:///funding/**", lambda route: route.fulfill(path=folder / route.request.url[16:]))
    found = read_pdf(printed(page, folder / path, paper))
    shown: dict[str, Any] = page.evaluate(SHOWN)
    text = found.text
    for names in shown["heads"]:
        assert found.columns(names) == len(names), names
    missing = {opened for opened in shown["opened"] if squeezed(opened) not in text}
    assert [opened for opened in missing if not words_of(opened) <= words(found)] == []
    assert squeezed(shown["address"]) in text
    assert ("https://" in shown["address"]) == (not path.startswith(WITHOUT_ADDRESS)), shown["address"]
    assert [line for line in shown["card"] if squeezed(line) not in text] == []
    assert len(shown["card"]) > 4 or not path.startswith("embed/")
    if path.startswith("embed/"):
        assert found.pages == 1  # of a page whose numbers are the other's
    else:
        assert [at for at in range(1, found.pages + 1) if f"{at}/{found.pages}" not in text] == []
    outside = [piece for piece in found.pieces if not 0 <= piece.x <= found.width]
    assert outside == []
    assert too_wide(page, paper) == []
    print(f"{path} on {paper}: {found.pages} pages, columns {[len(names) for names in shown['heads']]}")


def too_wide(page: Page, paper: str) -> list[str]:
    """Return what is wider than a paper less its margins."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": int((PAPERS[paper][0] - 2 * MARGIN) / 25.4 * 96), "height": 1000})
    found: list[str] = page.evaluate(TOO_WIDE)
    return found


def words_of(text: str) -> set[str]:
    """Return the words of a text."""
    return {squeezed(word) for word in re.split(r"[\s,;:/.…()-]+", text)}


def words(found: Printed) -> set[str]:
    """Return the words of a document."""
    return {word for piece in found.pieces for word in words_of(piece.text)}


@pytest.mark.parametrize("paper", PAPERS)
def test_each_row_of_the_ledger_has_all_its_columns(page: Page, folder: Path, paper: str) -> None:
    found = read_pdf(printed(page, folder / "p/well/ledger/index.html", paper))
    ids: list[str] = page.evaluate(SHOWN)["rows"]
    assert len(ids) > 5
    last = [piece for piece in found.pieces if squeezed(piece.text) in set(map(squeezed, ids))]
    assert len(last) == len(ids)
    for cell in last:
        line = [piece for piece in found.pieces if piece.page == cell.page and abs(piece.y - cell.y) < 3]
        assert len({round(piece.x) for piece in line}) >= 8, cell.text


def test_it_notices_a_column_that_is_cut_off(page: Page, folder: Path) -> None:
    file = folder / "p/well/ledger/index.html"
    names = ["Day", "What", "Moves", "Sats", "EUR at receipt", "Status", "Evidence", "Id"]
    assert read_pdf(printed(page, file, "A4")).columns(names) == 8
    page.add_style_tag(content="@media print { .ledger { min-width: 400mm } }")
    assert read_pdf(page.pdf(format="A4")).columns(names) < 8
