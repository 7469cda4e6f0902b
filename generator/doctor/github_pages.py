"""What GitHub Pages shows: whether it is on, of which branch, under which domain."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import msgspec

from generator.config import Config
from generator.doctor.diagnosis import Diagnosis, Level
from generator.doctor.github_finding import finding

BRANCH: Final = "gh-pages"


class PagesSource(msgspec.Struct, frozen=True):
    """The branch and folder that Pages shows."""

    branch: str = ""
    path: str = "/"


class PagesState(msgspec.Struct, frozen=True):
    """What ``GET /pages`` answers."""

    status: str | None = None
    cname: str | None = None
    build_type: str | None = None
    source: PagesSource | None = None
    html_url: str = ""
    https_enforced: bool | None = None


def judge_pages(pages: PagesState | None, config: Config, page: str) -> Iterator[Diagnosis]:
    """Hold what Pages shows against the configuration; `page` is its page of settings."""
    artifact = config.publish.mode == "artifact"
    wanted = "GitHub Actions" if artifact else f"Deploy from a branch, {BRANCH}, / (root)"
    if pages is None:
        observed = "not switched on, so nobody sees the report"
        yield finding("pages", Level.ERROR, "Pages", observed, f"Choose {wanted}", page)
        return
    source = pages.source or PagesSource()
    shown = "artifacts of a workflow" if pages.build_type == "workflow" else f"{source.branch} {source.path}"
    if (pages.build_type == "workflow") is not artifact:
        fix = f"Choose {wanted}, or write publish.mode: {'branch' if artifact else 'artifact'} in config.yaml"
        yield finding("pages-source", Level.ERROR, "Pages", f"shows {shown}", fix, page)
    elif not artifact and (source.branch, source.path) != (BRANCH, "/"):
        yield finding("pages-source", Level.ERROR, "Pages", f"shows {shown}", f"Choose {wanted}", page)
    elif pages.status == "errored":
        fix = "Run the workflow by hand: it asks for another build, and says what became of it"
        yield finding("pages-build", Level.ERROR, "Pages", "its last build failed", fix, page)
    else:
        yield finding("pages", Level.OK, "Pages", f"shows {shown}")
    yield _domain(pages, config, page)
    if pages.https_enforced is False:
        observed = "the site answers without https, too"
        yield finding("pages-https", Level.WARNING, "Pages", observed, "Tick Enforce HTTPS", page)


def _domain(pages: PagesState, config: Config, page: str) -> Diagnosis:
    stated = str(config.site.domain or "")
    base = urlsplit(str(config.site.base_url)).hostname or ""
    address = pages.cname or urlsplit(pages.html_url).hostname or ""
    if stated and pages.cname != stated:
        observed = f"Pages has {pages.cname or 'none'}, site.domain is {stated}"
        fix = "Run the workflow, which writes the file CNAME; with publish.mode: artifact set it on the page"
    elif address and base != address:
        observed = f"Pages shows the site at {address}, site.base_url says {base}"
        fix = f"Write base_url: {pages.html_url or f'https://{address}'} under site in config.yaml"
    else:
        return finding("domain", Level.OK, "domain", address or "as the configuration has it")
    return finding("domain", Level.WARNING, "domain", observed, fix, page)
