"""Prints the pages of a built site to PDF, as a browser's own print command does: `make print`.

`python -m tools.paper SITE FOLDER PAPER` prints every page of the folder SITE; PAPER is A4 or Letter.
"""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

#: Millimetres of each paper, upright.
PAPERS: Final = {"A4": (210, 297), "Letter": (215.9, 279.4)}
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Return where Chromium is, None where it is not installed."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def browsers(path: str) -> Iterator[Callable[..., Browser]]:
    """Return what starts Chromium without a window, with further options if any."""
    options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"]
    with sync_playwright() as playwright:
        launch = playwright.chromium.launch
        yield lambda *more: launch(executable_path=path, args=[*options, *more])


def printed(page: Page, file: Path, paper: str) -> bytes:
    """Return a page of the site as PDF; the paper is the reader's, margins and all else the style sheet's."""
    page.goto(file.resolve().as_uri())
    return page.pdf(format=paper, print_background=True)


def main(site: Path, folder: Path, paper: str) -> str:
    """Print every page; return one sentence."""
    path = chromium()
    if path is None:
        sys.exit("no Chromium on PATH: apt-get install chromium")
    files = sorted(site.rglob("*.html"))
    if not files:
        sys.exit(f"no page in {site}: run make demo")
    with browsers(path) as start:
        page = start().new_page()
        for file in files:
            name = file.relative_to(site).with_suffix(".pdf")
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(printed(page, file, paper))
    return f"{len(files)} pages printed on {paper} below {folder}"


if __name__ == "__main__":
    _, shown, below, size = sys.argv
    print(main(Path(shown), Path(below), size))
