"""The files for programs: figures, lists of downloads, the log packed, and a manifest of everything."""

import bz2
from pathlib import Path
from typing import Final

from benchmarks.script.project_pages import COLUMNS, MONTHS
from benchmarks.script.records import World
from benchmarks.script.site import TEMPLATES, Site

SCHEMAS: Final = (
    *("changes", "config", "edition", "figures", "findings"),
    *("ledger", "manifest", "recipe", "snapshot", "status"),
)
STATIC: Final = {
    "style.css": "style.css",
    "embed/embed.css": "embed.css",
    "favicon.svg": "favicon.svg",
    "data/inputs/pages/about.md": "about.md",
}


def data_files(site: Site, world: World, root: Path) -> None:
    """Write all of them, at last those that name the others."""
    for path, name in STATIC.items():
        site.write(path, (TEMPLATES / name).read_bytes())
    figures = {project["slug"]: project["figures"] for project in world.projects}
    site.json("figures.json", figures)
    site.json("today.json", {"as_of": world.as_of, "last": {p["slug"]: p["last"] for p in world.projects}})
    site.json("data/changes.json", [])
    site.json("data/recipe.json", {"title": world.title, "url": world.url})
    site.json("data/findings.json", [p["slug"] for p in world.projects if p["findings"]])
    for name in SCHEMAS:
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name}
        site.json(f"data/schema/{name}.json", schema)
    for table, columns in {"entries": COLUMNS, "statements": MONTHS, "declarations": COLUMNS}.items():
        site.json(f"data/tables/{table}.json", {"fields": [{"name": column} for column in columns]})
    log = root / "content/snapshots"
    for part in log.glob("*/*.jsonl"):
        packed = bz2.compress(part.read_bytes())
        site.write(f"data/snapshots/{part.relative_to(log)}.bz2", packed)
    site.write("robots.txt", f"User-agent: *\nSitemap: {world.url}sitemap.xml\n")
    site.write(".nojekyll", "")
    site.write(".gitkeep", "")
    lists(site)


def lists(site: Site) -> None:
    """Write the lists of files, the pages among them and the downloads, and their digests."""
    found = dict(sorted(site.written.items()))
    ledgers = [each for name, each in found.items() if "/ledger/" in name and name.endswith(".csv")]
    site.json("data/ledger.json", ledgers)
    downloads = [each for name, each in found.items() if name.endswith((".csv", ".json", ".bz2"))]
    site.json("datapackage.json", {"name": "funding-report", "resources": downloads})
    few = [each for each in downloads if not each["path"].startswith(("p/", "badge/", "embed/"))]
    site.page("data/index.html", "data.html", downloads=few)
    pages = [name for name in found if name.endswith("index.html")]
    site.page("sitemap.xml", "sitemap.xml", pages=pages)
    site.json("manifest.json", {name: each["sha256"] for name, each in found.items()})
