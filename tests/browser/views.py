"""Every kind of page in its edge states, the ways in which each is looked at, and judges of a view."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from tests.support.proving import drawn

WIDTHS = (320, 360, 768, 1280)
FORCED, LARGE = "forced colours", "text of 200 %"
LOOKS = ("light", "dark", FORCED, LARGE)
VIEWS = tuple(product(WIDTHS, LOOKS))
#: Browsers' usual size of text is 16 pixels; readers who need it larger set it, and em in widths follow.
LARGE_TEXT = "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"
IN_ENGLISH = (
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
    "p/well/ledger/index.html",
    "p/well/ledger/2025-08/index.html",
    "p/well/changes/index.html",
    "p/well/share/index.html",
    "p/well/statements/index.html",
    "embed/well.html",
    "stages/index.html",
    "stages/open/index.html",
    "stages/coming/index.html",
    "crowd/network/index.html",
    "crowd/projects/2/index.html",
    "crowd/projects/by-founder/index.html",
    "crowd/projects/by-last-day/index.html",
    "crowd/projects/by-state/index.html",
    "crowd/projects/by-title/index.html",
    "sources/index.html",
    "sources/btcpay-836627c77e8b3267/index.html",
    "sources/btcpay-836627c77e8b3267/ledger/index.html",
    "statements/index.html",
    "report/index.html",
    "report/2025-05/index.html",
    "report/2025-10/index.html",
    "health/index.html",
    "verify/index.html",
    "method/index.html",
    "glossary/index.html",
    "data/index.html",
    "about/index.html",
    "news/water/index.html",
    "crowd/pages/index.html",
    "broken/p/well/index.html",
    "broken/embed/well.html",
    "404.html",
)
ONCE = (
    "404.html",
    "embed/",
    "crowd/",
    "whole/",
    "broken/",
)  #: what stands in one language alone, or is not looked at in more
PAGES = (*IN_ENGLISH, *(f"de/{path}" for path in IN_ENGLISH if not path.startswith(ONCE)))


@dataclass(slots=True)
class Windows:
    """Two windows, one of a reader with large text; what they asked for."""

    usual: Page
    large: Page
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for window in (self.usual, self.large):
            window.on("request", lambda request: self.asked.append(request.url))

    def views(self, file: Path, name: str, sample: int) -> Iterator[tuple[str, Page]]:
        """Show a page in all views, or in a sample of them."""
        open_in: Page | None = None
        for width, look in sorted(drawn(VIEWS, sample, name), key=lambda view: view[1] == LARGE):
            window = self.large if look == LARGE else self.usual
            if window is not open_in:
                window.goto(file.as_uri())
                open_in = window
            window.set_viewport_size({"width": width, "height": 900})
            window.emulate_media(
                color_scheme="dark" if look == "dark" else "light",
                forced_colors="active" if look == FORCED else "none",
            )
            yield f"{name} at {width} px, {look}", window


#: Elements wider than the window, except inside regions that scroll by themselves.
OVERFLOW: Final = """() => {
  const wide = document.documentElement.clientWidth;
  const out = '.scroll, pre, .top nav, .unseen, .skip, .sprite, .picture *, .cards thead, .ledger thead';
  const found = [...document.body.querySelectorAll('*')].filter(node => {
    if (node.closest(out)) return false;
    const box = node.getBoundingClientRect();
    return box.width > 0 && (box.right > wide + 0.5 || box.left < -0.5);
  }).map(node => node.tagName + '.' + node.getAttribute('class') + ' ' + node.textContent.slice(0, 60));
  const blocks = '.figures > div, .also > div, td, th, dt, dd, p, li, h1, h2, h3';
  for (const node of document.querySelectorAll(blocks)) {
    const inline = getComputedStyle(node).display === 'inline';
    if (inline || node.closest('.scroll, .top nav, .unseen, .cards thead, .ledger thead')) continue;
    const words = node.tagName + ' spills ' + node.textContent.slice(0, 60);
    if (node.scrollWidth > node.clientWidth + 1) found.push(words);
  }
  if (document.documentElement.scrollWidth > wide) found.push('the page scrolls sideways');
  return found;
}"""
#: Labels of visible charts that meet each other or leave their drawing.
LABELS: Final = """() => {
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
#: What runs, or styles by itself; one block of data for search engines may stand on a page.
EXECUTABLE: Final = """() => {
  const all = [...document.querySelectorAll('*')];
  const scripts = all.filter(node => node.tagName.toLowerCase() === 'script');
  const data = scripts.filter(node => node.type === 'application/ld+json' && !node.src);
  return [
    ...scripts.filter(node => !data.includes(node)), ...data.slice(1),
    ...all.filter(node => [...node.attributes].some(({name}) => name.startsWith('on') || name === 'style')),
    ...all.filter(node => /^(iframe|object|embed|form|style)$/i.test(node.tagName)),
  ].map(node => node.outerHTML.slice(0, 120));
}"""
