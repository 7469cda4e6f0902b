"""A thousand pages of Markdown: this product, hugo, pelican, and the loop that nobody can do without."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.process import Usage, cpu, in_turns, module, run, set_aside, sunlit
from benchmarks.row import MIB, Row

PAGES: Final = 1000
WORDS: Final = ["water", "well", "village", "spring", "pump", "pipe", "valley", "school", "meeting", "winter"]
HUGO_CONFIG: Final = """\
baseURL = "https://pages.example/"
title = "Pages"
disableKinds = ["taxonomy", "term", "RSS"]
"""
HUGO_BASE: Final = """\
<!doctype html><html lang=en><head><meta charset=utf-8><title>{{ .Title }}</title></head>
<body><main>{{ block "main" . }}{{ end }}</main></body></html>
"""
HUGO_SINGLE: Final = """\
{{ define "main" }}<h1>{{ .Title }}</h1>{{ .Content }}{{ end }}
"""
HUGO_LIST: Final = """\
{{ define "main" }}<ul>{{ range .RegularPages }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}
"""
HUGO: Final = {
    "config.toml": HUGO_CONFIG,  # read by every version
    "layouts/_default/baseof.html": HUGO_BASE,
    "layouts/_default/single.html": HUGO_SINGLE,
    "layouts/_default/list.html": HUGO_LIST,
}
PELICAN: Final = """\
SITENAME = "Pages"
SITEURL = "https://pages.example"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
PATH = "content"
OUTPUT_PATH = "output"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
"""


def markdown_pages(folder: Path) -> Path:
    """Write pages, each with a title, some paragraphs, a list, a link and a table; return their folder."""
    pages = folder / "markdown"
    if pages.is_dir():
        return pages
    pages.mkdir(parents=True)
    chance = Random(1)  # noqa: S311 -- invented words

    def sentence() -> str:
        return " ".join(chance.choices(WORDS, k=14)).capitalize() + "."

    for number in range(PAGES):
        parts = [f"# Page {number} of the village"]
        for section in range(3):
            parts += [f"## Part {section + 1}", " ".join(sentence() for _ in range(5))]
            parts.append(f"It is **{chance.choice(WORDS)}**, see [a page](https://example.org/{number}).")
        parts.append("\n".join(f"- {sentence()}" for _ in range(4)))
        parts.append("| what | how much |\n|---|---|\n| pump | 3 |\n| pipe | 40 |")
        (pages / f"page-{number:04}.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return pages


def hugo_site(folder: Path, pages: Path) -> Path:
    """Make a site of hugo with the smallest of themes."""
    site = folder / "hugo"
    if not site.is_dir():
        for name, text in HUGO.items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_text(text, encoding="utf-8")
        for page in sorted(pages.iterdir()):
            title, _, rest = page.read_text(encoding="utf-8").partition("\n")
            target = site / "content" / page.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(f'---\ntitle: "{title[2:]}"\n---\n{rest}', encoding="utf-8")
    return site


def hugo_built(site: Path, folder: Path) -> Usage:
    """Build a site of hugo into a folder that is not there."""
    built = set_aside(folder / "hugo-out")
    return run(["hugo", "--quiet", "--destination", str(built)], site)


def _pelican_site(folder: Path, pages: Path) -> Path:
    site = folder / "pelican"
    if not site.is_dir():
        (site / "content/pages").mkdir(parents=True)
        (site / "pelicanconf.py").write_text(PELICAN, encoding="utf-8")
        for page in sorted(pages.iterdir()):
            title, _, rest = page.read_text(encoding="utf-8").partition("\n")
            (site / "content/pages" / page.name).write_text(f"Title: {title[2:]}\n{rest}", encoding="utf-8")
    return site


def _pelican_built(site: Path) -> Usage:
    set_aside(site / "output")
    return run(["pelican", "-q"], site)


def _sunlit_site(folder: Path, pages: Path) -> Path:
    """Make a site of ours with the pages and the smallest of reports, without money."""
    site = folder / "own-pages"
    if not site.is_dir():
        module("world", "make", site, 1, 1)
        shutil.copytree(pages, site / "content/pages")
    return site


def rows(folder: Path, _size: int) -> Iterator[Row]:
    """Compare a whole build of each."""
    pages = markdown_pages(folder)
    site = _sunlit_site(folder, pages)

    def ours() -> Usage:
        for left in ("output", ".sunlit"):
            set_aside(site / left)
        return sunlit(site, "render", "--jobs", "1")  # its peers use one core

    ways = {"sunlit": ours, "loop": lambda: module("markdown_loop", pages, set_aside(folder / "loop"))}
    if shutil.which("hugo"):
        hugo = hugo_site(folder, pages)
        ways["hugo"] = lambda: hugo_built(hugo, folder)
    if shutil.which("pelican"):
        pelican = _pelican_site(folder, pages)
        ways["pelican"] = lambda: _pelican_built(pelican)
    times = {name: cpu(used) for name, used in in_turns(ways).items()}
    own = times["sunlit"]
    size = sum(path.stat().st_size for path in (site / "output").rglob("*.html"))
    for peer, bounds in (("pelican", (None, 3.0)), ("loop", (1.5, None)), ("hugo", (None, None))):
        if peer not in times:
            yield Row(name=f"1,000 pages against {peer}", text=f"{peer} is not installed")
        elif peer == "pelican":
            text = f"{times[peer]:.2f} s; {own:.2f} s"
            yield Row(name="1,000 pages: pelican ÷ ours", value=times[peer] / own, least=bounds[1], text=text)
        else:
            text = f"{own:.2f} s; {times[peer]:.2f} s"
            yield Row(name=f"1,000 pages: ours ÷ {peer}", value=own / times[peer], most=bounds[0], text=text)
    yield Row(name="1,000 pages: MiB of HTML", value=size / MIB)
