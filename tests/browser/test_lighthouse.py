"""Lighthouse's scores of a site that is no demo, as it would stand on the web."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any, Final

import pytest

from generator import inputs, pages
from tests.support.fair import FROZEN, fair
from tests.support.paths import NODE, ROOT
from tests.support.proving import in_full
from tools import paper

pytestmark = [pytest.mark.node, pytest.mark.browser]

TOOL: Final = NODE / "node_modules/lighthouse/cli/index.js"
#: Least score of each category.
LEAST: Final = {"accessibility": 1, "best-practices": 1, "seo": 1, "performance": 0.95}
#: Lighthouse slows a machine of this index down four times, to be as slow as a phone; ours may be busy.
USUAL: Final = 1_500
PAGES: Final = (
    "",
    "p/well/",
    "p/well/ledger/",
    "verify/",
    f"report/{FROZEN[-1]}/",
)


class Quiet(SimpleHTTPRequestHandler):
    """A plain web server that writes no log."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".webp": "image/webp"}  # noqa: RUF012 -- as its own

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; yield its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return where the fair's site is served, as one about real money."""
    top = tmp_path_factory.mktemp("served")
    it = fair(frozen=FROZEN)
    it.demo, it.network = False, "main"
    content = pages.Content(templates=inputs.templates(ROOT), pages=inputs.pages(ROOT))
    for path, data in pages.render(it.report(), content):
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(data)
    with served(top) as found:
        yield found


def judged(url: str, folder: Path, index: float = USUAL) -> dict[str, Any]:
    """Return what Lighthouse says of a page, or skip; `index` says how fast this machine is."""
    node, browser = shutil.which("node"), paper.chromium()
    if node is None or not TOOL.is_file():
        pytest.skip("Lighthouse is not installed: npm ci --prefix tests/node")
    if browser is None:
        pytest.skip("no Chromium on PATH: apt-get install chromium")
    found = folder / "found.json"
    options = [
        "--quiet",
        "--output=json",
        f"--output-path={found}",
        "--no-enable-error-reporting",
        f"--only-categories={','.join(LEAST)}",
        f"--throttling.cpuSlowdownMultiplier={max(1, 4 * index / USUAL):.2f}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]
    environment = os.environ | {"CHROME_PATH": str(browser)}
    subprocess.run([node, str(TOOL), url, *options], check=True, env=environment, timeout=300)
    told = json.loads(found.read_text())
    assert isinstance(told, dict)
    return told


def lacking(told: dict[str, Any]) -> list[str]:
    """Return the audits of a page that cost it a part of its score, but those of speed."""
    return [
        each["id"]
        for name, category in told["categories"].items()
        for each in category["auditRefs"]
        if name != "performance" and each["weight"] and told["audits"][each["id"]]["score"] not in (None, 1)
    ]


@pytest.mark.proof(0)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_the_scores_that_we_promise(address: str, path: str, tmp_path: Path) -> None:
    all_told = [judged(address + path, tmp_path)]  # one to see how fast this machine is now
    for _ in range(in_full(1, 3)):
        all_told.append(judged(address + path, tmp_path, all_told[-1]["environment"]["benchmarkIndex"]))
    del all_told[0]
    scores = {name: median(told["categories"][name]["score"] for told in all_told) for name in LEAST}
    print(f"{path or 'front page'}: {', '.join(f'{name} {score:.2f}' for name, score in scores.items())}")
    assert [missing for told in all_told for missing in lacking(told)] == []
    assert {name for name, least in LEAST.items() if scores[name] < least} == set()


@pytest.mark.proof(0)
def test_it_notices_a_page_that_lacks_something(tmp_path: Path) -> None:
    page = tmp_path / "wrong.html"
    page.write_text('<html><img src="x.png"><p>Words.', encoding="utf-8")
    with served(tmp_path) as address:
        told = judged(address + page.name, tmp_path)
    assert {"document-title", "image-alt", "meta-description"} <= set(lacking(told))
