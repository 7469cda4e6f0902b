"""Every kind of page in Chromium, at four widths, light and dark."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

from tests.support.proving import drawn, in_full

pytestmark = pytest.mark.browser

WIDTHS = (320, 360, 768, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PAGES = (
    "index.html",
    "whole/index.html",
    "p/well/index.html",
    "p/solar/index.html",
    "p/maktaba/index.html",
    "p/lantern/index.html",
    "p/seed/index.html",
    "p/harbour/index.html",
    "p/bounty/index.html",
    "p/never/index.html",
    "p/solar/ledger/index.html",
    "p/well/changes/index.html",
    "stages/index.html",
    "stages/open/index.html",
    "crowd/network/index.html",
    "crowd/projects/2/index.html",
    "health/index.html",
    "verify/index.html",
    "method/index.html",
    "data/index.html",
    "about/index.html",
)
#: Elements wider than the window, except inside regions that scroll by themselves.
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  const found = [...document.body.querySelectorAll('*')].filter(node => {
    if (node.closest('.scroll, pre, .unseen, .skip, .sprite, .cards thead')) return false;
    const box = node.getBoundingClientRect();
    return box.width > 0 && (box.right > wide + 0.5 || box.left < -0.5);
  }).map(node => node.tagName + '.' + node.getAttribute('class') + ' ' + node.textContent.slice(0, 60));
  const blocks = '.figures > div, .also > div, td, th, dt, dd, p, li, h1, h2, h3';
  for (const node of document.querySelectorAll(blocks)) {
    const inline = getComputedStyle(node).display === 'inline';
    if (inline || node.closest('.scroll, .unseen, .cards thead')) continue;
    const words = node.tagName + ' spills ' + node.textContent.slice(0, 60);
    if (node.scrollWidth > node.clientWidth + 1) found.push(words);
  }
  if (document.documentElement.scrollWidth > wide) found.push('the page scrolls sideways');
  return found;
}"""
#: Labels of visible charts that meet each other or leave their drawing.
LABELS = """() => {
  const found = []; let labels = 0;
  for (const chart of document.querySelectorAll('svg.chart')) {
    const frame = chart.getBoundingClientRect();
    if (!frame.width) continue;
    const texts = [...chart.querySelectorAll('text')]
      .map(node => [node.textContent, node.getBoundingClientRect()]);
    labels += texts.length;
    texts.forEach(([words, box], at) => {
      const name = chart.getAttribute('aria-labelledby') + ': ' + words;
      if (box.left < frame.left - 0.5 || box.right > frame.right + 0.5 || box.top < frame.top - 0.5
          || box.bottom > frame.bottom + 0.5) found.push(name + ' is clipped');
      for (const [other, next] of texts.slice(at + 1)) {
        if (box.left < next.right - 0.5 && next.left < box.right - 0.5 && box.top < next.bottom - 2
            && next.top < box.bottom - 2) found.push(name + ' meets ' + other);
      }
    });
  }
  return {found, labels};
}"""


VIEWS = tuple(product(WIDTHS, SCHEMES))


def views(page: Page, folder: Path, path: str, *, sample: int = len(VIEWS)) -> Iterator[str]:
    """Show one page at each width in each scheme, or in a sample of them."""
    page.goto((folder / path).as_uri())
    for width, scheme in drawn(VIEWS, sample, path):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        yield f"{path} at {width} px, {scheme}"


@pytest.mark.parametrize("path", PAGES)
def test_nothing_overflows_and_no_label_meets_another(page: Page, folder: Path, path: str) -> None:
    labels = 0
    for view in views(page, folder, path):
        assert page.evaluate(OVERFLOW) == [], view
        found: dict[str, Any] = page.evaluate(LABELS)
        assert found["found"] == [], view
        labels += found["labels"]
    print(f"{path}: {labels} labels at {len(WIDTHS) * len(SCHEMES)} views")


def test_progress_is_drawn_on_phones_too(page: Page, folder: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 900})
    for path, place in (("index.html", ".projects"), ("p/well/index.html", ".goal")):
        page.goto((folder / path).as_uri())
        box = page.locator(f"{place} .meter").first.bounding_box()
        assert box is not None, path
        assert box["width"] > 100, path


def test_the_judges_notice_what_is_wrong(page: Page, folder: Path) -> None:
    page.goto((folder / "p/well/index.html").as_uri())
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate(
        """() => {
          const chart = document.querySelector('svg.chart.wide');
          const label = chart.querySelector('text').cloneNode(true);
          chart.append(label);
          const out = label.cloneNode(true); out.setAttribute('x', 690); out.removeAttribute('text-anchor');
          out.textContent = 'cut off here';
          chart.append(out);
          const wide = document.createElement('p'); wide.style.width = '2000px'; wide.style.maxWidth = 'none';
          wide.textContent = 'too wide';
          document.querySelector('main').append(wide);
        }"""
    )
    told = " ".join(page.evaluate(LABELS)["found"])
    assert "meets" in told
    assert "is clipped" in told
    assert "the page scrolls sideways" in page.evaluate(OVERFLOW)


#: Runs axe and gives what a person needs; all nodes that pass would be megabytes on the way here.
JUDGE = """async () => {
  document.querySelectorAll('details').forEach(details => { details.open = true; });
  const result = await axe.run({resultTypes: ['violations']});
  const places = rule => rule.nodes.slice(0, 3).map(node => node.html.slice(0, 160));
  const told = result.violations.map(rule => [rule.id, places(rule)]);
  return {told, held: result.passes.map(rule => rule.id)};
}"""


@pytest.mark.node
@pytest.mark.proof
@pytest.mark.parametrize("path", [*PAGES, "404.html"])
def test_axe_finds_no_violation(page: Page, folder: Path, path: str, axe: str) -> None:
    rules = 0
    for view in views(page, folder, path, sample=in_full(2, len(VIEWS))):
        if rules == 0:
            page.evaluate(axe)
        result: dict[str, Any] = page.evaluate(JUDGE)
        assert result["told"] == [], view
        assert "color-contrast" in result["held"], view
        rules += len(result["held"])
    print(f"{path}: {rules} rules held")


@pytest.mark.node
def test_axe_notices_what_is_wrong(page: Page, folder: Path, axe: str) -> None:
    page.goto((folder / "about/index.html").as_uri())
    page.evaluate(axe)
    page.evaluate(
        """() => {
          const image = document.createElement('img'); image.src = 'x.png';
          const pale = document.createElement('p'); pale.textContent = 'too pale'; pale.style.color = '#ddd';
          document.querySelector('main').append(image, pale);
        }"""
    )
    assert {"image-alt", "color-contrast"} <= {name for name, _ in page.evaluate(JUDGE)["told"]}
