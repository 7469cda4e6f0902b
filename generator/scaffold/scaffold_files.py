"""From what a maintainer said to the files of a new report."""

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from string import Template
from typing import Final
from urllib.parse import urlsplit

from generator.scaffold.beginnings import Beginning
from generator.scaffold.home import RELEASED, Home

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
#: A step of the README of a report whose place on GitHub nobody named yet.
_YOURS: Final = """ Everywhere in this file and
   in `config.yaml`, write your account and the repository's name in place of `ACCOUNT` and `REPOSITORY`; in
   `config.yaml` also take the `#` before `base_url` away."""
#: A step of the README of a report that was begun before Sunlit's first release.
_NOBODY: Final = """

   This Sunlit is older than its first release and does not know its own repository. In the line `uses:` of
   `.github/workflows/publish.yml`, in place of `OWNER`, write the account from which you have Sunlit; that
   is not yours, unless you copied Sunlit there."""


class _Text(Template):
    delimiter = "%"  # both $ and {{ belong to GitHub


def scaffold_files(beginning: Beginning, home: Home = RELEASED) -> dict[str, bytes]:
    """Return the files of a new report by their paths in its folder; it calls the workflow at `home`."""
    words = _words(beginning, home)
    folder = files("generator.scaffold").joinpath("files")
    return {
        path: _Text(folder.joinpath(name).read_text(encoding="utf-8")).substitute(words).encode()
        for path, name in FILES.items()
    }


def _words(beginning: Beginning, home: Home) -> Mapping[str, object]:
    source = f"https://github.com/{home.repository}"
    repository = beginning.repository or "ACCOUNT/REPOSITORY"
    site = beginning.base_url or "https://ACCOUNT.github.io/REPOSITORY"
    page = f"https://github.com/{repository}"
    return {
        "requirement": home.requirement,
        "workflow": f"{home.repository}/.github/workflows/report.yml@{home.ref}",
        "home": source,
        "docs": home.docs,
        "schema": f"https://raw.githubusercontent.com/{home.repository}/{home.ref}/docs/config.schema.json",
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
        "yours": "" if beginning.repository else _YOURS,
        "nobody": "" if home.known else _NOBODY,
        "settings": f"{page}/settings",
        "actions": f"{page}/actions/workflows/publish.yml",
    }


def _in_markdown(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", text)


def _base_url(beginning: Beginning) -> str:
    if beginning.base_url:
        return f"  base_url: {beginning.base_url}\n"
    return "  # base_url: https://ACCOUNT.github.io/REPOSITORY # where it will stand; feeds need it\n"


def _badge(beginning: Beginning) -> str:
    """Return the badge of the workflow: red where a run failed."""
    if not beginning.repository:
        return ""
    run = f"https://github.com/{beginning.repository}/actions/workflows/publish.yml"
    return f"[![publish]({run}/badge.svg)]({run}) [Read the report]({beginning.base_url}/)\n\n"


def _btcpay(beginning: Beginning) -> str:
    """Return the section of the BTCPay server, or an example of it."""
    server = beginning.server or "https://pay.example.org"
    server += "/" if urlsplit(server).path else ""  # which says that BTCPay stands below that path
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
    if beginning.store:
        store = json.dumps(beginning.store, ensure_ascii=False)
        listed += (
            "  - slug: store # its address on the site: name it now or keep it for ever\n"
            f"    btcpay: {{source: pay, store: {store}}} # all of it; one app: as below\n"
        )
    examples = (
        "#  - slug: village-well # its address on the site; keep it for ever\n"
        "#    angor: angor1q… # the identifier that the Angor app shows\n"
        "#  - slug: kitchen\n"
        "#    btcpay: {source: pay, app: 2mP…} # a crowdfund of the store, by its id\n"
    )
    how = "# One page for each project. Take the first # of a line away and write your own ids:\n"
    return f"{how}{'' if listed else '#'}projects:\n{listed}{examples}"
