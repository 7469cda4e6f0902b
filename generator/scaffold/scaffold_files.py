"""From what a maintainer said to the files of a new report."""

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from string import Template
from typing import Final

from generator import REPOSITORY, __version__
from generator.scaffold.beginnings import Beginning

#: Where each file belongs → what it is made from in `generator/scaffold/files/`.
FILES: Final = {
    "config.yaml": "config.yaml",
    "README.md": "readme.md",
    "content/README.md": "content.md",
    ".github/workflows/publish.yml": "publish.yml",
    ".github/dependabot.yml": "dependabot.yml",
    ".gitignore": "gitignore",
    ".gitattributes": "gitattributes",
}
_SOURCE: Final = f"https://github.com/{REPOSITORY}"
_TAG: Final = f"v{__version__}"


class _Text(Template):
    delimiter = "%"  # both $ and {{ belong to GitHub


def scaffold_files(beginning: Beginning) -> dict[str, bytes]:
    """Return the files of a new report by their paths in its folder."""
    words = _words(beginning)
    folder = files("generator.scaffold").joinpath("files")
    return {
        path: _Text(folder.joinpath(name).read_text(encoding="utf-8")).substitute(words).encode()
        for path, name in FILES.items()
    }


def _words(beginning: Beginning) -> Mapping[str, object]:
    repository = beginning.repository or "OWNER/NAME"
    site = beginning.base_url or "https://OWNER.github.io/NAME"
    page = f"https://github.com/{repository}"
    return {
        "version": __version__,
        "repository": REPOSITORY,
        "home": _SOURCE,
        "docs": f"{_SOURCE}/blob/{_TAG}/docs",
        "schema": f"https://raw.githubusercontent.com/{REPOSITORY}/{_TAG}/docs/config.schema.json",
        "minute": beginning.minute,
        "hours": beginning.hours,
        "name": _in_markdown(beginning.title),
        "title": json.dumps(beginning.title, ensure_ascii=False),  # which YAML reads as it stands
        "base_url": _base_url(beginning),
        "angor": "angor: {discover: all} # listed: only the projects below\n"
        if beginning.every_project
        else "",
        "btcpay": _btcpay(beginning),
        "projects": _projects(beginning),
        "slug": repository,
        "site": f"{site}/",
        "badge": _badge(beginning),
        "yours": ""
        if beginning.repository
        else " In place of `OWNER/NAME`, here and below, write your account and\n   the repository's name.",
        "settings": f"{page}/settings",
        "actions": f"{page}/actions/workflows/publish.yml",
    }


def _in_markdown(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", text)


def _base_url(beginning: Beginning) -> str:
    if beginning.base_url:
        return f"  base_url: {beginning.base_url}\n"
    return "  # base_url: https://OWNER.github.io/NAME # where it will stand; feeds and previews need it\n"


def _badge(beginning: Beginning) -> str:
    """Return the badge of the workflow: red where a run failed."""
    if not beginning.repository:
        return ""
    run = f"https://github.com/{beginning.repository}/actions/workflows/publish.yml"
    return f"[![publish]({run}/badge.svg)]({run}) [Read the report]({beginning.base_url}/)\n\n"


def _btcpay(beginning: Beginning) -> str:
    """Return the section of the BTCPay server, or an example of it."""
    server = beginning.server or "https://pay.example.org"
    lines = [
        "  btcpay:",
        "    - id: pay # your name for it",
        f"      url: {server}",
        "      token_env: BTCPAY_TOKEN # the name of a secret, never the key itself",
        f"      stores: [{json.dumps(beginning.store or '9xA…', ensure_ascii=False)}]",
    ]
    mark = "" if beginning.server else "#"
    return "".join(f"{mark}{line}\n" for line in lines)


def _projects(beginning: Beginning) -> str:
    """Return the list of projects, with an example of each kind."""
    listed = "".join(
        f"  - slug: {name} # its address on the site: shorten it now or keep it for ever\n    angor: {name}\n"
        for name in beginning.angor
    )
    examples = (
        "#  - slug: village-well # its address on the site; keep it for ever\n"
        "#    angor: angor1q… # the identifier that the Angor app shows\n"
        "#  - slug: kitchen\n"
        "#    btcpay: {source: pay, app: 2mP…} # a crowdfund of the store, by its id\n"
    )
    how = "# One page for each project. Take the first # of a line away and write your own ids:\n"
    return f"{how}{'' if listed else '#'}projects:\n{listed}{examples}"
