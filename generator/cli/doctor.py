"""`sunlit doctor`: whether every source can be read, by a key that can do no harm."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from generator.cli.main import Exit
from generator.cli.site_folder import config_option, load_site
from generator.cli.terminal import Terminal

if TYPE_CHECKING:
    from generator.cli.site_folder import Site
    from generator.doctor import Diagnosis

SIGNS = {"ok": "ok     ", "warning": "warning", "error": "error  "}


@click.command()
@config_option
@click.option("--source", default="", metavar="ID", help="Look at one alone, such as indexers or nostr.")
@click.option("--json", "as_json", is_flag=True, help="Print every finding as JSON.")
@click.pass_obj
def doctor(terminal: Terminal, *, config: Path, source: str, as_json: bool) -> int:
    """Ask every source whether it can be read, and what its keys may do.

    Exits 1 when something is wrong: a server that does not answer, or an API
    key that can do more than read. Nothing is recorded and nothing is changed.
    """
    from generator.config import secrets as named_secrets
    from generator.config.hints import hint

    site = load_site(config, None)
    names = [*(one.id for one in site.config.sources.btcpay), "indexers", "nostr", "machine"]
    if source and source not in names:
        message = f"--source {source}: there is no such source{hint(source, names)}; use {', '.join(names)}"
        raise click.UsageError(message)
    values = named_secrets(site.config, os.environ, site.document)
    terminal.log("Asking every source; nothing is recorded …")
    found = asyncio.run(_examined(site, values, source))
    if as_json:
        terminal.result(msgspec.json.format(msgspec.json.encode(found), indent=1).decode())
    else:
        for one in found:
            terminal.result(f"{SIGNS[one.level]}  {one}")
        terminal.log(_summary(found))
    return Exit.WRONG_USE if any(one.level == "error" for one in found) else Exit.DONE


async def _examined(site: "Site", secrets: dict[str, str], only: str) -> "list[Diagnosis]":
    from generator.doctor import examine

    at = datetime.now(UTC)
    asked = examine(site.config, secrets, at=at, authorities=site.authorities, only=only)
    return [one async for one in asked]


def _summary(found: "list[Diagnosis]") -> str:
    count = {level: sum(one.level == level for one in found) for level in SIGNS}
    codes = ", ".join(sorted({one.code for one in found if one.level != "ok"}))
    told = f"{count['error']} wrong, {count['warning']} to look at, {count['ok']} well"
    return f"{told}. What {codes} mean: docs/doctor.md" if codes else f"{told}."
