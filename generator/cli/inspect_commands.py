"""Commands that look without changing anything: check, schema, explain."""

import json
import os
from pathlib import Path
from typing import Any

import click

from generator.cli.main import Exit
from generator.cli.site_folder import config_option, load_site
from generator.cli.terminal import Terminal
from generator.errors import ConfigError, LogError, Problem


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--github", is_flag=True, help="Print annotations for GitHub Actions.")
@click.option("--secrets/--no-secrets", default=False, help="Also check that named secrets are set.")
@click.pass_obj
def check(terminal: Terminal, *, config: Path, as_json: bool, github: bool, secrets: bool) -> int:
    """Find every mistake in config, log, content and templates, offline.

    Prints one line a problem with file, line and column; exits 1 if there is one.
    """
    problems, checked = _problems(config, secrets=secrets)
    if as_json:
        terminal.result(json.dumps([_as_json(problem) for problem in problems], indent=2))
    for problem in [] if as_json else problems:
        if github:
            place = f"file={problem.file},line={problem.line},col={problem.column}"
            terminal.result(f"::error {place}::{problem.message}")
        else:
            terminal.result(str(problem))
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        terminal.log(f"{count} found; nothing was asked of the network")
        return Exit.WRONG_USE
    terminal.log(f"No problem in {', '.join(checked)}.")
    return Exit.DONE


def _problems(config: Path, *, secrets: bool) -> tuple[list[Problem], list[str]]:
    from generator import inputs, pages, store
    from generator.config import secrets as named_secrets

    problems: list[Problem] = []
    checked = [str(config)]
    root = config.parent
    site = None
    try:
        site = load_site(config, None)
        if secrets:
            named_secrets(site.config, os.environ, site.document)
    except ConfigError as error:
        problems += error.problems
    log = root / "content/snapshots"
    try:
        known = store.load(log)
        checked.append(f"the log ({len(known.runs)} runs, {len(known.records)} records)")
    except LogError as error:
        problems.append(Problem(file=str(log), path="", message=str(error), code="log"))
    templates = inputs.templates(root)
    for name, line, message in pages.faults(templates):
        problems.append(
            Problem(file=f"templates/{name}", line=line, path="", message=message, code="template")
        )
    if site is not None and site.config.sources.rates.file:
        count = len(site.own_rates)
        checked.append(f"{site.config.sources.rates.file} ({count} {'rate' if count == 1 else 'rates'})")
    checked.append(f"{len(templates)} templates and {len(inputs.pages(root))} content pages")
    return problems, checked


def _as_json(problem: Problem) -> dict[str, object]:
    return {
        "code": problem.code,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "path": problem.path,
        "message": problem.message,
    }


@click.command()
@click.argument("name", default="config")
@click.pass_obj
def schema(terminal: Terminal, *, name: str) -> int:
    """Print the JSON Schema of the config, of a published file, or of what a command prints as JSON."""
    documents = _schemas()
    if name not in documents:
        from generator.config.hints import hint

        message = f"no schema {name!r}{hint(name, documents)}; there are: {', '.join(documents)}"
        raise click.UsageError(message)
    terminal.result(json.dumps(documents[name], indent=2))
    return Exit.DONE


def _schemas() -> dict[str, dict[str, Any]]:
    from generator import schemas
    from generator.doctor import Diagnosis
    from generator.report.privacy.linkage import Linkage

    return schemas.documents() | {
        "doctor": schemas.printed("What `sunlit doctor --json` prints", list[Diagnosis]),
        "privacy-report": schemas.printed("What `sunlit privacy-report --json` prints", Linkage),
    }


@click.command()
@click.argument("figure")
@config_option
@click.option("--demo", is_flag=True, help="Explain a figure of the demo.")
@click.option(
    "--at", "snapshot", metavar="SNAPSHOT", help="As of an older snapshot; its id or how it begins."
)
@click.pass_obj
def explain(terminal: Terminal, *, figure: str, config: Path, demo: bool, snapshot: str | None) -> int:
    """Print where a figure comes from, down to its rows, transactions and snapshot.

    FIGURE is an id such as well/raised or all/locked.
    """
    from generator.cli.build import report_of
    from generator.cli.demo import demo_site
    from generator.config.hints import hint
    from generator.report.trace.explain import explain as explanation

    site = demo_site(None) if demo else load_site(config, None)
    report = report_of(site, snapshot)
    if report.figure(figure) is None:
        names = [one.id for one in report.all_figures()]
        message = f"there is no figure {figure!r}{hint(figure, names)}; figures.json lists all {len(names)}"
        raise click.UsageError(message)
    terminal.result(explanation(report, figure))
    return Exit.DONE
