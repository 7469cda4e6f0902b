"""What crawlers are told: robots.txt, and which pages there are with the day of their data (sitemaps.org)."""

from collections.abc import Iterable, Iterator
from typing import Final

from generator.pages.clean import escaped
from generator.pages.elsewhere import address
from generator.report import Report
from generator.report.days import day_of

ROBOTS: Final = "robots.txt"
#: Addresses of one file; the protocol allows 50,000.
_MOST: Final = 40_000
_SPACE: Final = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>'
#: No page to find: it answers under every other address, or stands in pages elsewhere.
_NOT_LISTED: Final = ("404.html", "embed/")


def search_files(report: Report, paths: Iterable[str]) -> dict[str, bytes]:
    """Return robots.txt and the sitemap of these files; no sitemap while nobody said where the site stands.

    What is invented should not be found: the demo asks to be left out.
    """
    if report.demo:
        return {ROBOTS: b"User-agent: *\nDisallow: /\n"}
    lines, maps = ["User-agent: *", "Allow: /"], {}
    if address(report):
        maps = _sitemaps(report, sorted(path for path in paths if _is_listed(path)))
        lines.append(f"Sitemap: {address(report, 'sitemap.xml')}")
    return {ROBOTS: "".join(f"{line}\n" for line in lines).encode()} | maps


def _is_listed(path: str) -> bool:
    return path.endswith("index.html") and not path.startswith(_NOT_LISTED)


def _sitemaps(report: Report, pages: list[str]) -> dict[str, bytes]:
    days = {
        project.slug: f"<lastmod>{day_of(project.changed_at)}</lastmod>"
        for project in report.projects
        if project.changed_at
    }
    others = _alternates(report, pages)
    entries = [_entry(report, path, days, others) for path in pages]
    sheets = [entries[at : at + _MOST] for at in range(0, len(entries), _MOST)]
    if len(sheets) == 1:
        return {"sitemap.xml": _xml("urlset", sheets[0])}
    found = {f"sitemap-{number}.xml": _xml("urlset", some) for number, some in enumerate(sheets, 1)}
    index = [f"<sitemap><loc>{escaped(address(report, name))}</loc></sitemap>" for name in found]
    return found | {"sitemap.xml": _xml("sitemapindex", index)}


def _alternates(report: Report, pages: Iterable[str]) -> dict[str, str]:
    """Return by path the links to a page in each of its languages, for pages that are in several."""
    first, *further = report.config.site.languages
    found: dict[str, dict[str, str]] = {}
    for path in pages:
        code, _, below = path.partition("/")
        known = code in further
        found.setdefault(below if known else path, {})[code if known else first] = path
    return {
        path: "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{escaped(address(report, other))}"/>'
            for code, other in sorted({**each, "x-default": each[first]}.items())
        )
        for each in found.values()
        if len(each) > 1
        for path in each.values()
    }


def _entry(report: Report, path: str, days: dict[str, str], others: dict[str, str]) -> str:
    folder = path.partition("p/")[2].partition("/")[0] if path.startswith("p/") or "/p/" in path else ""
    return (
        f"<url><loc>{escaped(address(report, path))}</loc>{days.get(folder, '')}{others.get(path, '')}</url>"
    )


def _xml(kind: str, rows: Iterable[str]) -> bytes:
    def lines() -> Iterator[str]:
        yield _HEAD
        yield f"<{kind} {_SPACE}>"
        yield from rows
        yield f"</{kind}>"

    return "".join(f"{line}\n" for line in lines()).encode()
