"""Takes the pictures of the README from the built demo: `make pictures`.

`python -m tools.screenshots SITE FOLDER` writes them as WebP files, each small enough for a page to show.
"""

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.sync_api import Browser

from tools.paper import browsers, chromium
from tools.rooms import ROOT

FOLDER: Final = ROOT / "docs" / "pictures"
#: Bytes of one.
MOST_BYTES: Final = 80_000
_QUALITIES: Final = range(85, 25, -10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A page as one reader sees it first, or from an element on."""

    page: str  #: below the site
    width: int
    height: int
    colours: Literal["light", "dark"] = "light"
    begins: str = ""  #: a selector of what stands at the top
    density: int = 1  #: pixels of the picture for one of the page


#: By the name of the file.
SHOTS: Final = {
    "portfolio-phone": Shot(page="index.html", width=360, height=740, density=2),
    "project": Shot(page="p/solar-roof/index.html", width=1280, height=900),
    "ledger": Shot(page="p/makers-hall/ledger/index.html", width=1280, height=800),
    "health-dark": Shot(page="health/index.html", width=1280, height=800, colours="dark"),
}


def taken(browser: Browser, site: Path, shot: Shot) -> bytes:
    """Return a picture of a page as a WebP file; raise `ValueError` for one that cannot be small enough."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        device_scale_factor=shot.density,
        color_scheme=shot.colours,
        reduced_motion="reduce",
    )
    with context:
        page = context.new_page()
        page.goto((site / shot.page).resolve().as_uri())
        if shot.begins:
            page.locator(shot.begins).first.evaluate("element => element.scrollIntoView()")
        picture = Image.open(io.BytesIO(page.screenshot()))
    for quality in _QUALITIES:
        file = io.BytesIO()
        picture.save(file, "WEBP", quality=quality, method=6)
        if file.tell() <= MOST_BYTES:
            return file.getvalue()
    msg = f"{shot.page} is more than {MOST_BYTES} bytes as a picture: take less of it"
    raise ValueError(msg)


def main(site: Path, folder: Path) -> str:
    """Take every picture; return one sentence."""
    path = chromium()
    if path is None:
        sys.exit("no Chromium on PATH: apt-get install chromium")
    folder.mkdir(parents=True, exist_ok=True)
    with browsers(path) as start:
        browser = start()
        made = {name: taken(browser, site, shot) for name, shot in SHOTS.items()}
    for name, data in made.items():
        (folder / f"{name}.webp").write_bytes(data)
    told = ", ".join(f"{name} {len(data) // 1000} KB" for name, data in made.items())
    return f"{len(made)} pictures in {folder}: {told}"


if __name__ == "__main__":
    _, shown, below = sys.argv
    print(main(Path(shown), Path(below)))
