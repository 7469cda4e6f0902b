"""A browser, the fair's site on disk, and the tools that judge it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from benchmarks.crowd import config, lines
from generator import inputs, pages
from generator.catalogues import languages
from generator.language import ENGLISH
from generator.pages.files import style_files
from generator.pages.site import short_pages, studio_of
from generator.report import Report, build
from generator.snapshot import fold
from tests.browser.views import LARGE_TEXT, Windows
from tests.support.fair import FROZEN, fair
from tests.support.made_once import made_once, put_files
from tests.support.paths import ROOT
from tools import paper

AXE = ROOT / "tests/node/node_modules/axe-core/axe.min.js"


TEXT = "# A text\n\nOne of many."
#: A page of the maintainer's with whatever may stand on one.
UPDATE = """---
title: Water at last
date: 2025-11-02
project: well
---
It flows.[^1] See [the method](../about.md) and [the well](https://well.example/).

## What was built

- a pump
    1. with a handle
    2. and a *filter*

| part | from | weight of it in kilograms |
|---|:-:|---:|
| pump | Oberquell | 45 |
| pipe, very long, of galvanised steel from the works by the river | Aller | 1200 |

> We thank everybody who carried stones.

```
pump --start --pressure 4.5 --until-the-tank-is-full --and-then-stop --tell everybody@well.example
```

[^1]: Since the second of November.
"""
NOTES = """
- {day: 2025-11-03, text: We moved house., label: moved, project: well}
- {day: 2025-11-04, text: The report has a new address.}
"""


def in_two_languages(report: Report) -> Report:
    """Return a report whose pages are in German too."""
    site = report.config.site.model_copy(update={"languages": ("en", "de")})
    return replace(report, config=report.config.model_copy(update={"site": site}))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the fair's site on disk, one without unknown totals, lists of a network and short pages."""
    return made_once(tmp_path_factory, "browser", put_sites)


def put_sites(top: Path) -> None:
    states = (("Settled", "None", "Settled", "confirmed", "on_time", ""),)
    content = pages.Content(
        templates=inputs.templates(ROOT),
        pages={**inputs.pages(ROOT), "news/water": UPDATE},
        notes=NOTES,
        states=states,
        languages={ENGLISH.code: ENGLISH, **languages({}, ["de"])},
    )
    many = replace(content, notes="", pages={f"text-{number}": TEXT for number in range(1, 10)})
    network = dict(pages.render(build(fold(lines(70, busy=0.3)), config(), demo=False), many))
    report = in_two_languages(fair(frozen=FROZEN).report())
    well = next(project for project in report.projects if project.slug == "well")
    sites = {
        "": dict(pages.render(report, content)),
        "whole/": dict(pages.render(fair(whole=True).report(), content)),
    }
    sites["crowd/"] = {
        path: data for path, data in network.items() if not path.startswith(("p/", "data/", "text-"))
    }  # links into the projects lead nowhere here: only the lists are looked at
    sites["broken/"] = style_files(content) | studio_of(report, content).files(short_pages(well), report)
    for prefix, files in sites.items():
        put_files(top / prefix, files)


@pytest.fixture(scope="module")  # its event loop must end before other files' tests start theirs
def start() -> Iterator[Callable[..., Browser]]:
    """Return what starts Debian's Chromium, or skip with the reason."""
    path = paper.chromium()
    if path is None:
        pytest.skip("no Chromium on PATH: apt-get install chromium")
    with paper.browsers(path) as found:
        yield found


@pytest.fixture(scope="module")
def browser(start: Callable[..., Browser]) -> Iterator[Browser]:
    """Return a browser as it comes."""
    found = start()
    yield found
    found.close()


@pytest.fixture(scope="module")
def large_browser(start: Callable[..., Browser]) -> Iterator[Browser]:
    """Return a browser whose reader needs text of twice the size."""
    found = start(LARGE_TEXT)
    yield found
    found.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page that may run our judges in spite of the site's content policy."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def windows(page: Page, large_browser: Browser) -> Iterator[Windows]:
    """Return a usual window and one with large text, as `page`."""
    context = large_browser.new_context(bypass_csp=True)
    yield Windows(page, context.new_page())
    context.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """Return axe-core, or skip with the reason."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci --prefix tests/node")
    return AXE.read_text(encoding="utf-8")
