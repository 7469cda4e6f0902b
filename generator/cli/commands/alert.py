"""`sunlit alert`: an issue on GitHub for each source, and for the report, that fails in run after run."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.options import config_option
from generator.cli.terminal import Terminal

if TYPE_CHECKING:
    from generator.alerts import Action
    from generator.cli.site_folder import SiteFolder
    from generator.github import Access


@click.command()
@config_option
@click.option("--repository", default="", metavar="OWNER/NAME", help="[default: GITHUB_REPOSITORY]")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.pass_obj
def alert(terminal: Terminal, *, config: Path, repository: str, dry_run: bool, as_json: bool) -> None:
    """Open, update and close one issue on GitHub for each source that fails in run after run.

    And one for the report, while runs of the workflow fail. What is done follows from the log, from the runs
    that GitHub has and from the issues that stand, so a second time changes nothing. GITHUB_TOKEN needs the
    rights issues: write and actions: read. Where GitHub refuses, one line says why, and the exit
    code is 0: an alert stops no report.
    """
    import asyncio

    from generator.github import access_of

    access = access_of(os.environ, repository)
    terminal.hide([access.token])
    done, refused = asyncio.run(_alerted(_site(config), access, dry_run=dry_run))
    if as_json:
        terminal.result_json({"done": done, "refused": refused, "dry_run": dry_run})
        return
    for action in done:
        number = f" #{action.number}" if action.number else ""
        title = f": {action.title}" if action.title else ""
        terminal.result(f"{'would ' if dry_run else ''}{action.deed}{number} ({action.source}){title}")
    if refused:
        terminal.result(f"Not told on GitHub: {refused}")
    elif not done:
        terminal.result("The issues on GitHub say what the log says.")


def _site(config: Path) -> "SiteFolder | None":
    """Return the report's folder; None in a job whose configuration cannot be read, which is to be told."""
    from generator.cli.site_folder import load_site
    from generator.errors import ConfigError
    from generator.github.past_runs import job_results

    try:
        return load_site(config)
    except ConfigError:
        if job_results(os.environ):
            return None
        raise


async def _alerted(
    site: "SiteFolder | None", access: "Access", *, dry_run: bool
) -> "tuple[list[Action], str]":
    from generator.alerts import RepositoryLinks, plan, plan_runs
    from generator.cli.source_lines import source_lines
    from generator.config.config import AlertsConfig
    from generator.errors import SourceError
    from generator.github import open_github
    from generator.github.issues import carry_out, read_issues
    from generator.github.past_runs import job_results, read_red_runs
    from generator.store import load

    settings = site.config.alerts if site else AlertsConfig()
    results, now = job_results(os.environ), datetime.now(UTC)
    actions: list[Action] = []
    async with open_github(access) as api:
        try:
            issues, about_runs = await read_issues(api)
            if site:
                links = RepositoryLinks(url=access.url, lines=source_lines(site))
                actions += plan(load(site.log).runs, site.config, issues, links)
            if results and settings.issues:
                red = await read_red_runs(api, os.environ, results, now)
                actions += plan_runs(red, about_runs, now, after_runs=settings.after_runs)
        except SourceError as error:
            return [], error.message
        return (actions, "") if dry_run else await carry_out(api, actions)
