"""The job and its two halves: build, snapshot, append, render."""

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from generator.cli.main import Exit
from generator.cli.site_folder import Site, config_option, load_site, output_option
from generator.cli.terminal import Terminal
from generator.errors import LogError, NothingPublishable

if TYPE_CHECKING:
    from generator.pages import Content
    from generator.report import Report
    from generator.snapshot.batch import Batch
    from generator.sources.collect import Collected, RunRequest
    from generator.sources.hosts import Hosts


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """How a snapshot is taken: everything that comes from the command line, the clock or the environment."""

    at: datetime
    salt: str  #: tells two runners of one second apart
    secrets: Mapping[str, str] = field(default_factory=dict)
    hosts: "Hosts" = field(default_factory=dict)
    full: bool = False
    accept: Mapping[str, str] = field(default_factory=dict)


def drop_options(command: click.decorators.FC) -> click.decorators.FC:
    """Add ``--full``, ``--accept-drop`` and ``--reason``."""
    full = click.option("--full", is_flag=True, help="Reconcile everything, not only what may have changed.")
    drop = click.option(
        "--accept-drop",
        "drops",
        multiple=True,
        metavar="ID",
        help="Let a refused change pass; needs --reason.",
    )
    reason = click.option("--reason", default="", help="Why the drop is right; published with the report.")
    return full(drop(reason(command)))


def _accepted(drops: tuple[str, ...], reason: str) -> dict[str, str]:
    if drops and not reason.strip():
        message = "--accept-drop needs --reason: the report publishes why the total may fall"
        raise click.UsageError(message)
    return dict.fromkeys(drops, reason.strip())


def _asking(terminal: Terminal, site: Site, drops: tuple[str, ...], reason: str, *, full: bool) -> Ask:
    """Read clock and environment, once."""
    from generator.config import secrets

    found = secrets(site.config, os.environ, site.document)
    terminal.hide(found.values())
    now = datetime.now(UTC).replace(microsecond=0)
    return Ask(at=now, salt=uuid4().hex, secrets=found, full=full, accept=_accepted(drops, reason))


@click.command()
@config_option
@output_option
@drop_options
@click.option("--demo", is_flag=True, help="Use a small world on this machine: no network, no credentials.")
@click.option("--offline", is_flag=True, help="Render from the log alone, as `render` does.")
@click.option("--strict", is_flag=True, help="Warnings end with exit code 2.")
@click.option("--summary", type=click.Path(path_type=Path), help="Append a Markdown summary to this file.")
@click.pass_obj
def build(  # noqa: PLR0913 -- one parameter for each option
    terminal: Terminal,
    *,
    config: Path,
    output: Path | None,
    full: bool,
    drops: tuple[str, ...],
    reason: str,
    demo: bool,
    offline: bool,
    strict: bool,
    summary: Path | None,
) -> int:
    """Take a snapshot, then render the site: the job that CI runs."""
    from generator.cli.demo import demo_site, run_demo

    if demo and not offline:
        site = run_demo(terminal, output)
    elif demo:
        site = demo_site(output)
    else:
        site = load_site(config, output)
        if not offline:
            batch = take_snapshot(terminal, site, _asking(terminal, site, drops, reason, full=full))
            append_batch(terminal, site, batch)
            _refuse_gaps(site, batch)
    report = render_site(terminal, site)
    return _finish(terminal, site, report, strict=strict, summary=summary)


@click.command()
@config_option
@drop_options
@click.option(
    "--batch", type=click.Path(path_type=Path), help="Write the news to this file instead of the log."
)
@click.pass_obj
def snapshot(
    terminal: Terminal,
    *,
    config: Path,
    full: bool,
    drops: tuple[str, ...],
    reason: str,
    batch: Path | None,
) -> int:
    """Ask every source and append what is new to the log."""
    from generator import store

    site = load_site(config, None)
    found = take_snapshot(terminal, site, _asking(terminal, site, drops, reason, full=full))
    if batch is None:
        append_batch(terminal, site, found)
    else:
        store.write_batch(batch, found)
        terminal.log(f"Wrote {len(found.records)} new records to {batch}; `sunlit append {batch}` adds them.")
    return Exit.DONE if all(asked.outcome == "ok" for asked in found.asked) else Exit.PARTLY


@click.command()
@config_option
@click.argument("batch", type=click.Path(path_type=Path))
@click.pass_obj
def append(terminal: Terminal, *, config: Path, batch: Path) -> int:
    """Append a batch that `snapshot --batch` wrote; doing it twice changes nothing."""
    from generator import store

    site, found = load_site(config, None), store.read_batch(batch)
    if found.network != site.config.network:
        msg = f"{batch} was observed on {found.network}, but config.yaml says {site.config.network}"
        raise LogError(msg)
    append_batch(terminal, site, found)
    return Exit.DONE


@click.command()
@config_option
@output_option
@click.option("--demo", is_flag=True, help="Render the demo's log.")
@click.option("--strict", is_flag=True, help="Warnings end with exit code 2.")
@click.option("--summary", type=click.Path(path_type=Path), help="Append a Markdown summary to this file.")
@click.pass_obj
def render(
    terminal: Terminal, *, config: Path, output: Path | None, demo: bool, strict: bool, summary: Path | None
) -> int:
    """Write the site from the log alone: no network, no clock, the same bytes each time."""
    from generator.cli.demo import demo_site

    site = demo_site(output) if demo else load_site(config, output)
    return _finish(terminal, site, render_site(terminal, site), strict=strict, summary=summary)


def take_snapshot(terminal: Terminal, site: Site, ask: Ask) -> "Batch":
    """Ask every source; what the plausibility gate refuses goes to quarantine."""
    from generator import store
    from generator.snapshot import run_id
    from generator.sources.collect import RunRequest

    wish = RunRequest(
        run=run_id(ask.at, ask.salt),
        at=ask.at,
        network=site.config.network,
        full=ask.full,
        demo=site.demo,
        forbid_total_drop=site.config.quality.forbid_total_drop,
        accept=ask.accept,
    )
    with terminal.progress():
        found = asyncio.run(_collected(terminal, site, ask, wish))
    for refused in found.refused:
        path = store.quarantine(site.quarantine, wish.run, refused.source, refused.records)
        terminal.warn(f"{refused.source}: the plausibility gate refused this run's observations, see {path}")
    return found.batch


async def _collected(terminal: Terminal, site: Site, ask: Ask, wish: "RunRequest") -> "Collected":
    from generator import store
    from generator.sources.collect import collect
    from generator.sources.from_config import open_sources

    known = store.load(site.log)
    way = open_sources(
        site.config,
        ask.secrets,
        hosts=ask.hosts,
        own_rates=site.own_rates,
        authorities=site.authorities,
        taken=_taken(site),
    )
    async with way as sources:
        return await collect(
            sources.first, known, wish, then=sources.then, progress=terminal.step, clean=terminal.clean
        )


def _taken(site: Site) -> "Mapping[int, int] | None":
    """Return what a receiver of webhooks took in this folder, None where none runs here."""
    from generator.store.hook_memory import REMEMBERED, Deliveries

    if site.config.hook is None or not (path := site.root / REMEMBERED).is_file():
        return None
    return Deliveries(path).times(site.config.hook.server)


def append_batch(terminal: Terminal, site: Site, batch: "Batch") -> None:
    """Append a batch to the site's log and say whether anything was new."""
    from generator import store

    changed = store.append(site.log, batch, refresh_hours=site.config.publish.refresh_hours)
    where = os.path.relpath(site.log)
    terminal.log(f"Log {where}: appended run {batch.run}." if changed else f"Log {where}: nothing new.")


def _refuse_gaps(site: Site, batch: "Batch") -> None:
    """Stop before publishing where the configuration wants all sources or nothing."""
    failed = [asked for asked in batch.asked if asked.outcome != "ok"]
    if failed and site.config.quality.on_source_failure == "fail":
        told = "; ".join(f"{asked.source}: {asked.message}" for asked in failed)
        msg = f"quality.on_source_failure is fail, and not every source answered ({told})"
        raise NothingPublishable(msg + "; the output is untouched")


def report_of(site: Site, snapshot: str | None = None) -> "Report":
    """Return the report of a site's log, or of an older snapshot of it; the start of an id is enough."""
    from generator import report, store

    if snapshot is not None:
        ids = [one.run.snapshot for one in store.snapshots(site.log)]
        snapshot = next((one for one in reversed(ids) if snapshot and one.startswith(snapshot)), snapshot)
    return report.build(store.load(site.log, snapshot), site.config, demo=site.demo)


def content_of(root: Path, log: Path) -> "Content":
    """Read what a site is made from besides its report: templates, texts, the log as it is, schemas."""
    from generator import inputs, store

    return making(inputs.templates(root), pages=inputs.pages(root), log=store.prefixes(log))


#: Libraries whose version decides about the bytes of a site.
LIBRARIES = ("jinja2", "markdown", "markupsafe", "matplotlib", "msgspec", "nh3")


def making(
    templates: Mapping[str, bytes], *, pages: Mapping[str, str], log: Mapping[str, bytes]
) -> "Content":
    """Return templates, texts and log with what this installation adds to every site."""
    from importlib.metadata import version

    from generator import schemas
    from generator.pages import Content
    from generator.sources.btcpay import rows

    return Content(
        templates=templates,
        pages=pages,
        log=log,
        libraries={name: version(name) for name in LIBRARIES},
        states=[
            (row.invoice, row.additional, row.payment, row.cell.status, row.cell.group, row.cell.reason)
            for row in rows()
        ],
        schemas={
            name: json.dumps(document, indent=1, sort_keys=True).encode() + b"\n"
            for name, document in schemas.documents().items()
        },
    )


def render_site(terminal: Terminal, site: Site) -> "Report":
    """Render the log into the output folder, swapped in whole; return the report."""
    from generator import pages, publish

    report = report_of(site)
    files = pages.render(report, content_of(site.root, site.log))
    published = publish.publish(site.output, files, report=report)
    size = f"{published.size / 2**20:.1f} MB"
    if published.nearly_full:
        terminal.warn(
            f"the site is {size}; GitHub Pages refuses more than 1 GB: report fewer projects in one site"
        )
    state = "unchanged" if not published.changed else "written"
    terminal.log(f"Site {os.path.relpath(site.output)}: {len(files)} files, {size}, {state}.")
    return report


def _finish(terminal: Terminal, site: Site, report: "Report", *, strict: bool, summary: Path | None) -> int:
    """Say what was published and how fresh it is; choose the exit code."""
    from generator.cli.summary import markdown, partly, plain

    for line in plain(report):
        terminal.log(line)
    missing = partly(report)
    for line in missing:
        terminal.warn(line)
    if summary is not None:
        with summary.open("a", encoding="utf-8") as file:
            file.write(terminal.clean(markdown(report, terminal.warnings)))
    terminal.result(f"Open {os.path.relpath(site.output / 'index.html')}")
    if strict and terminal.warnings:
        return Exit.WARNED
    return Exit.PARTLY if missing else Exit.DONE
