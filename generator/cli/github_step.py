"""`sunlit doctor --github`: which repository, which schedule, and what is found there."""

import asyncio
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from generator.cli.site_folder import SiteFolder, load_site
from generator.cli.terminal import Terminal
from generator.doctor import Diagnosis
from generator.doctor.github import GitHubDoctor
from generator.github import Access, access_of, open_github

_REMOTE: Final = re.compile(
    r'\[remote "origin"\][^\[]*?url\s*=\s*\S*github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?\s*$', re.MULTILINE
)
_CRON: Final = re.compile(r"""^\s*-\s*cron:\s*["']([^"'\n]+)["']""", re.MULTILINE)


def look_at_github(terminal: Terminal, config: Path, repository: str, workflow: str) -> list[Diagnosis]:
    """Return what is found; raise `NoRepository` where none is known."""
    site = load_site(config)
    environment = os.environ | ({} if os.environ.get("GITHUB_TOKEN") else _other_token())
    access = access_of(
        environment, repository or os.environ.get("GITHUB_REPOSITORY", "") or _origin(site.root)
    )
    terminal.hide([access.token])
    terminal.log(f"Looking at {access.url}; nothing is changed …")
    return asyncio.run(_found(site, access, workflow))


async def _found(site: SiteFolder, access: Access, workflow: str) -> list[Diagnosis]:
    async with open_github(access) as api:
        doctor = GitHubDoctor(
            api=api,
            config=site.config,
            at=datetime.now(UTC),
            workflow=workflow,
            cron=_cron(site.root, workflow),
        )
        return [found async for found in doctor.examine()]


def _other_token() -> dict[str, str]:
    """Return the token of GitHub's own command line, which has another name."""
    return {"GITHUB_TOKEN": os.environ.get("GH_TOKEN", "")}


def _origin(root: Path) -> str:
    found = _REMOTE.search(_text(root / ".git/config"))
    return found[1] if found else ""


def _cron(root: Path, workflow: str) -> list[str]:
    return _CRON.findall(_text(root / ".github/workflows" / Path(workflow).name))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
