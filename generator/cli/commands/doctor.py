"""`sunlit doctor`: whether every source can be read, by a key that can do no harm."""

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.exit_codes import Exit
from generator.cli.options import config_option
from generator.cli.terminal import Terminal
from generator.errors import LogError

if TYPE_CHECKING:
    from generator.cli.site_folder import SiteFolder
    from generator.doctor import Diagnosis

SIGNS = {"ok": "ok     ", "warning": "warning", "error": "error  "}


@click.command()
@config_option
@click.option("--source", default="", metavar="ID", help="Look at one alone, such as indexers or nostr.")
@click.option(
    "--probe",
    is_flag=True,
    help="Ask indexers and relays what they can do: at most 20 requests a host, slowly.",
)
@click.option("--github", is_flag=True, help="Look at the repository on GitHub instead of the sources.")
@click.option("--repository", default="", metavar="OWNER/NAME", help="Which. [default: that of the folder]")
@click.option("--workflow", default="publish.yml", show_default=True, help="Its workflow that publishes.")
@click.option("--json", "as_json", is_flag=True, help="Print every finding as JSON.")
@click.pass_obj
def doctor(  # noqa: PLR0913 -- one parameter for each option
    terminal: Terminal,
    *,
    config: Path,
    source: str,
    probe: bool,
    github: bool,
    repository: str,
    workflow: str,
    as_json: bool,
) -> int:
    """Ask every source whether it can be read, and what its keys may do.

    Also says which money of the log is unassigned, and what of config.yaml is hardly meant. With --github:
    whether Pages, workflow, secrets, rights and branches of the repository let the report be published;
    GITHUB_TOKEN may hold a token of yours that may look. Exits 1 when something is
    wrong: a server that does not answer, or an API key that can do more than
    read. Nothing is recorded and nothing is changed.
    """
    if ((probe or github) and source) or (probe and github):
        message = "--probe, --github and --source each look at something of their own: give one of them"
        raise click.UsageError(message)
    if probe:
        return _probed(terminal, config, as_json=as_json)
    if github:
        from generator.cli.github_step import look_at_github

        return _told(terminal, look_at_github(terminal, config, repository, workflow), as_json=as_json)
    import asyncio

    from generator.cli.site_folder import load_site
    from generator.config import secrets as named_secrets
    from generator.config.hints import hint
    from generator.doctor import examined

    site = load_site(config)
    names = examined(site.config)
    if source and source not in names:
        message = f"--source {source}: there is no such source{hint(source, names)}; use {', '.join(names)}"
        raise click.UsageError(message)
    values = named_secrets(site.config, os.environ, site.document)
    terminal.log("Asking every source; nothing is recorded …")
    return _told(terminal, asyncio.run(_diagnoses(site, values, source)), as_json=as_json)


def _told(terminal: Terminal, found: "list[Diagnosis]", *, as_json: bool) -> int:
    """Print findings; return the exit code that they mean."""
    if as_json:
        terminal.result_json(found)
    else:
        for diagnosis in found:
            code = "" if diagnosis.level == "ok" else f" [{diagnosis.code}]"
            terminal.result(f"{SIGNS[diagnosis.level]}  {diagnosis}{code}")
        terminal.log(_summary(found))
    return Exit.WRONG_USE if any(diagnosis.level == "error" for diagnosis in found) else Exit.DONE


def _probed(terminal: Terminal, config: Path, *, as_json: bool) -> int:
    """Probe, keep the outcome in ``.sunlit/probe.json`` beside the configuration, and say it."""
    import asyncio

    import msgspec

    from generator.atomic import write_whole
    from generator.cli.site_folder import PROBE, load_site
    from generator.doctor.probe import MOST, probe_servers
    from generator.doctor.probe.known_projects import known_identifiers
    from generator.store.log import load

    site = load_site(config)
    terminal.log(f"Asking every indexer and relay, at most {MOST} requests a host, one a second …")
    known = known_identifiers(load(site.log)) if site.log.is_dir() else []
    found = asyncio.run(probe_servers(site.config, known, at=datetime.now(UTC)))
    write_whole(site.root / PROBE, [msgspec.json.format(msgspec.json.encode(found), indent=1), b"\n"])
    if as_json:
        terminal.result_json(found)
        return Exit.DONE
    for diagnosis in found.sentences:
        code = "" if diagnosis.level == "ok" else f" [{diagnosis.code}]"
        terminal.result(f"{SIGNS[diagnosis.level]}  {diagnosis}{code}")
    terminal.log(f"{_summary(found.sentences)} Kept in {PROBE}.")
    return Exit.DONE


async def _diagnoses(site: "SiteFolder", secrets: dict[str, str], only: str) -> "list[Diagnosis]":
    from generator.doctor import damaged_log, examine, examine_unassigned, hardly_meant, offline
    from generator.store import load

    at = datetime.now(UTC)
    asked = examine(
        site.config, secrets, at=at, authorities=site.authorities, own_rates=site.own_rates, only=only
    )
    found = [] if only else list(hardly_meant(site.document.warnings))
    told = [diagnosis async for diagnosis in asked]
    found += [*offline(told), *told]
    try:
        return [*found, *examine_unassigned(load(site.log), site.config, only=only)]
    except LogError as error:
        return [*found, damaged_log(error)]


def _summary(found: "list[Diagnosis]") -> str:
    from generator.scaffold import RELEASED

    count: Counter[str] = Counter(diagnosis.level for diagnosis in found)
    told = f"{count['error']} wrong, {count['warning']} to look at, {count['ok']} well."
    where = f"{RELEASED.docs}/doctor.md" if RELEASED.known else "docs/doctor.md of Sunlit"
    return f"{told} What the words in brackets mean: {where}" if len(found) > count["ok"] else told
