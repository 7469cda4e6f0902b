"""Every kind of page in Chromium: four widths, four looks, two languages."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.views import EXECUTABLE, FORCED, LABELS, OVERFLOW, PAGES, VIEWS, Windows
from tests.support.proving import in_full

pytestmark = pytest.mark.browser


def shape(path: str) -> str:
    """Return what pages of one kind have in common: their path without names and numbers."""
    path = re.sub(r"^((whole|crowd|de)/)?", "", path)
    path = re.sub(r"^(p|sources)/[^/]+/|^embed/[^/]+\.html|^(broken)/.*", r"\1\2*/", path)
    return re.sub(r"\d+(-\d+)*", "0", path)


def test_every_kind_of_page_is_looked_at(folder: Path) -> None:
    built = {file.relative_to(folder).as_posix() for file in folder.rglob("*.html")}
    assert set(PAGES) <= built
    assert {shape(path) for path in built} == {shape(path) for path in PAGES}


@pytest.mark.proof(5)
@pytest.mark.parametrize("path", PAGES)
def test_nothing_overflows_no_label_meets_another_and_nothing_runs(
    windows: Windows, folder: Path, path: str
) -> None:
    labels = 0
    for view, window in windows.views(folder / path, path, sample=in_full(5, len(VIEWS))):
        assert window.evaluate(OVERFLOW) == [], view
        found: dict[str, Any] = window.evaluate(LABELS)
        assert found["found"] == [], view
        assert window.evaluate(EXECUTABLE) == [], view
        labels += found["labels"]
    outside = [url for url in windows.asked if not url.startswith((folder.as_uri(), "file:///funding/"))]
    assert outside == []
    print(f"{path}: {labels} labels, {len(windows.asked)} requests, none of them leaves")


def test_progress_is_drawn_on_phones_too(page: Page, folder: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 900})
    for path, place in (("index.html", ".projects .meter"), ("p/well/index.html", ".lead svg.chart:visible")):
        page.goto((folder / path).as_uri())
        box = page.locator(place).first.bounding_box()
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
    page.evaluate("document.querySelector('main').append(document.createElement('script'))")
    page.evaluate("document.querySelector('h1').setAttribute('style', 'color: red')")
    assert len(page.evaluate(EXECUTABLE)) == 3  # and the style of what is too wide


#: Runs axe and gives what a person needs; all nodes that pass would be megabytes on the way here.
JUDGE = """async large => {
  document.querySelectorAll('details').forEach(details => { details.open = true; });
  const result = await axe.run({resultTypes: ['violations'], rules: {'target-size': {enabled: large}}});
  const places = rule => rule.nodes.slice(0, 3).map(node => node.html.slice(0, 160));
  const told = result.violations.map(rule => [rule.id, places(rule)]);
  return {told, held: result.passes.map(rule => rule.id)};
}"""


@pytest.mark.node
@pytest.mark.proof(5)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation(windows: Windows, folder: Path, path: str, axe: str) -> None:
    rules = 0
    for view, window in windows.views(folder / path, path, sample=in_full(2, len(VIEWS))):
        if window.evaluate("typeof axe") == "undefined":
            window.evaluate(axe)
        # the styles of 404.html have an absolute address, which leads nowhere from a file
        result: dict[str, Any] = window.evaluate(JUDGE, path != "404.html")
        assert result["told"] == [], view
        assert FORCED in view or "color-contrast" in result["held"], view
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
    assert {"image-alt", "color-contrast"} <= {name for name, _ in page.evaluate(JUDGE, arg=True)["told"]}
