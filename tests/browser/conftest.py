"""A browser, the fair's site on disk, and the tools that judge it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from benchmarks.crowd import config, lines
from generator import inputs, pages
from generator.report import build
from generator.snapshot import fold
from tests.support.fair import fair
from tests.support.paths import ROOT
from tools import paper

AXE = ROOT / "tests/node/node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the fair's site on disk, ``whole`` without unknown totals, and ``crowd``: lists of a network."""
    top = tmp_path_factory.mktemp("site")
    states = (("Settled", "None", "Settled", "confirmed", "on_time", ""),)
    content = pages.Content(templates=inputs.templates(ROOT), pages=inputs.pages(ROOT), states=states)
    network = dict(pages.render(build(fold(lines(70, busy=0.3)), config(), demo=False), content))
    sites = {
        "": dict(pages.render(fair().report(), content)),
        "whole/": dict(pages.render(fair(whole=True).report(), content)),
    }
    sites["crowd/"] = {
        path: data for path, data in network.items() if not path.startswith(("p/", "data/"))
    }  # links into the projects lead nowhere here: only the lists are looked at
    for prefix, files in sites.items():
        for path, data in files.items():
            (top / prefix / path).parent.mkdir(parents=True, exist_ok=True)
            (top / prefix / path).write_bytes(data)
    return top


@pytest.fixture(scope="module")  # its event loop must end before other files' tests start theirs
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium, or skip with the reason."""
    path = paper.chromium()
    if path is None:
        pytest.skip("no Chromium on PATH: apt-get install chromium")
    with paper.browser(path) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page that may run our judges in spite of the site's content policy."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """Return axe-core, or skip with the reason."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci --prefix tests/node")
    return AXE.read_text(encoding="utf-8")
