"""The demo as its visitors see it first: the portfolio on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.made_demo import made_demo

pytestmark = pytest.mark.browser

#: Pixels of a usual phone.
WIDTH, SCREEN = 360, 740
MOST_SCREENS = 6


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_demo(tmp_path_factory) / "output"


@pytest.mark.parametrize("path", ["index.html", "de/index.html"])
def test_the_portfolio_is_at_most_six_screens_of_a_phone(page: Page, site: Path, path: str) -> None:
    portfolio = site / path
    page.set_viewport_size({"width": WIDTH, "height": SCREEN})
    page.goto(portfolio.as_uri())
    screens = page.evaluate("document.documentElement.scrollHeight") / SCREEN
    print(f"{path}: {screens:.2f} screens")
    assert screens <= MOST_SCREENS
    assert page.locator("#projects ~ table tbody tr").count() > 5
    page.add_style_tag(content="body { line-height: 2.5 }")
    assert page.evaluate("document.documentElement.scrollHeight") / SCREEN > MOST_SCREENS
