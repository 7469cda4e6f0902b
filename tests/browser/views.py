"""Every kind of page in its edge states, the ways in which each is looked at, and two judges of a view."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

from tests.support.proving import drawn

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
    if (node.closest('.scroll, pre, .unseen, .skip, .sprite, .cards thead, .ledger thead')) return false;
    const box = node.getBoundingClientRect();
    return box.width > 0 && (box.right > wide + 0.5 || box.left < -0.5);
  }).map(node => node.tagName + '.' + node.getAttribute('class') + ' ' + node.textContent.slice(0, 60));
  const blocks = '.figures > div, .also > div, td, th, dt, dd, p, li, h1, h2, h3';
  for (const node of document.querySelectorAll(blocks)) {
    const inline = getComputedStyle(node).display === 'inline';
    if (inline || node.closest('.scroll, .unseen, .cards thead, .ledger thead')) continue;
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
