"""What became of a publication: GitHub's word on Pages, and the manifest that readers get."""  # noqa: INP001 -- a script beside publish.py, not a package

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from remote import Job

#: Bytes of an answer; a manifest of ten thousand files has a tenth.
LARGEST = 20 * 2**20
_SECONDS = 30
_OK, _CREATED, _NOT_FOUND = 200, 201, 404
_NO_RIGHTS = (401, 403)


@dataclass(frozen=True, kw_only=True)
class Pages:
    """What GitHub and the published site said; nothing was asked without a token and a repository."""

    status: int = 0  #: of GET /pages; 0: no answer
    told: dict[str, Any] = field(default_factory=dict)
    shown: str = ""  #: SHA-256 of the manifest at the site's address; empty: it could not be read

    @property
    def is_on(self) -> bool:
        """Tell whether a site stands, or GitHub did not say that none does."""
        return self.status != _NOT_FOUND

    @property
    def of_workflow(self) -> bool | None:
        """Tell whether Pages takes artifacts; None where GitHub did not say."""
        return self.told["build_type"] == "workflow" if self.told.get("build_type") else None


def ask(job: Job, method: str, path: str = "") -> tuple[int, bytes]:
    """Ask GitHub's API below /pages; return status and body, 0 where no answer came."""
    api = job.environment.get("GITHUB_API_URL", "https://api.github.com")
    headers = {
        "Authorization": f"Bearer {job.environment.get('GITHUB_TOKEN', '')}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    return _fetch(f"{api}/repos/{job.environment.get('GITHUB_REPOSITORY')}/pages{path}", method, headers)


def _fetch(url: str, method: str, headers: dict[str, str]) -> tuple[int, bytes]:
    try:
        request = urllib.request.Request(url, method=method, headers=headers)  # noqa: S310 -- http(s), by GitHub
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 -- as above
            return answer.status, answer.read(LARGEST)
    except urllib.error.HTTPError as error:
        return error.code, b""
    except (OSError, ValueError):
        return 0, b""


def look(job: Job) -> Pages:
    """Ask what Pages shows; the site's address comes from GitHub and is asked without the token."""
    status, body = ask(job, "GET")
    try:
        told = json.loads(body) if status == _OK else {}
    except ValueError:
        told = {}
    told = told if isinstance(told, dict) else {}
    address, shown = str(told.get("html_url") or ""), ""
    if address.startswith(("https://", "http://")):
        found, manifest = _fetch(f"{address.rstrip('/')}/manifest.json", "GET", {"Cache-Control": "no-cache"})
        shown = sha256(manifest).hexdigest() if found == _OK else ""
    return Pages(status=status, told=told, shown=shown)


def ask_for_build(job: Job) -> str:
    """Ask Pages for a build of the branch, for a push may start none; return what became of it."""
    status, _ = ask(job, "POST", "/builds")
    return "build requested" if status == _CREATED else f"no build requested ({_why(status)})"


def problems(job: Job, pages: Pages, *, artifact: bool, domain: str) -> Iterator[str]:
    """Yield a sentence with its fix for each thing that keeps readers from the site."""
    settings = f"{job.environment.get('GITHUB_SERVER_URL')}/{job.environment.get('GITHUB_REPOSITORY')}"
    place = f"{settings}/settings/pages"
    choose = (
        f"choose GitHub Actions as its source at {place}"
        if artifact
        else f"choose Deploy from a branch, {job.pages} and / (root) at {place}"
    )
    if not pages.is_on:
        yield f"GitHub Pages is off, so nobody sees this report: {choose}"
    elif pages.status in _NO_RIGHTS:
        yield (
            f"GitHub does not say whether Pages shows this report ({pages.status}): "
            "the job that calls this workflow needs `permissions:` with `pages: write`"
        )
    elif pages.status != _OK:
        yield f"GitHub does not say whether Pages shows this report ({_why(pages.status)}); the next run asks"
    elif pages.of_workflow and not artifact:
        yield (
            f"Pages shows what a workflow deploys, not the branch {job.pages}: {choose}, "
            "or write `mode: artifact` under publish in config.yaml"
        )
    elif pages.of_workflow is False and artifact:
        yield (
            f"config.yaml says `mode: artifact`, but Pages shows a branch: {choose}, or take that line away"
        )
    else:
        yield from _of_site(pages, f"{settings}/actions", choose, job.pages if not artifact else "", domain)


def _of_site(pages: Pages, runs: str, choose: str, branch: str, domain: str) -> Iterator[str]:
    source = pages.told.get("source") or {}
    if branch and (source.get("branch", branch), source.get("path", "/")) != (branch, "/"):
        yield f"Pages shows {source.get('branch')} {source.get('path')}, where no report is: {choose}"
    if pages.told.get("status") == "errored":
        yield f"the last Pages build failed; its reason stands at {runs}, and another one is asked for"
    if domain and pages.told.get("cname") not in (None, "", domain):
        yield (
            f"config.yaml says `domain: {domain}`, and Pages serves {pages.told['cname']}: "
            "let both say the same"
        )


def _why(status: int) -> str:
    return f"GitHub answered {status}" if status else "no answer"
