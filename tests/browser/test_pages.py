"""Every kind of page in Chromium, at four widths, light and dark."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.views import LABELS, OVERFLOW, PAGES, SCHEMES, VIEWS, WIDTHS, views
from tests.support.proving import in_full

pytestmark = pytest.mark.browser


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
