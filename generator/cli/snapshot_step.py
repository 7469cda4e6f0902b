"""The first half of the job: ask every source, and append what is new to the log."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from generator.cli.site_folder import SiteFolder
from generator.cli.terminal import Terminal
from generator.errors import ClockError

if TYPE_CHECKING:
    from generator.snapshot import Known
    from generator.snapshot.batch import Batch
    from generator.sources.collect import Collected, Journal, RunRequest
    from generator.sources.hosts import Hosts


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotOptions:
    """How a snapshot is taken: everything that comes from the command line, the clock or the environment."""

    at: datetime
    salt: str  #: tells two runners of one second apart
    secrets: Mapping[str, str] = field(default_factory=dict)  #: by environment variable
    hosts: "Hosts" = field(default_factory=dict)
    full: bool = False
    budget_s: float | None = None  #: seconds that reading may take, None for as long as it takes
    accept: Mapping[str, str] = field(default_factory=dict)  #: refused change → why it may pass


def snapshot_options(
    terminal: Terminal,
    site: SiteFolder,
    drops: tuple[str, ...],
    reason: str,
    *,
    full: bool,
    budget_s: float | None = None,
) -> SnapshotOptions:
    """Read clock and environment, once; raise `click.UsageError` for a drop without a reason."""
    from generator.config import secrets

    found = secrets(site.config, os.environ, site.document)
    terminal.hide(found.values())
    return SnapshotOptions(
        at=datetime.now(UTC).replace(microsecond=0),
        salt=uuid4().hex,
        secrets=found,
        full=full,
        budget_s=budget_s,
        accept=accepted(drops, reason),
    )


def accepted(drops: tuple[str, ...], reason: str) -> dict[str, str]:
    """Return why each refused change may pass; raise `click.UsageError` for one without a reason."""
    if drops and not reason.strip():
        message = "--accept-drop needs --reason: the report publishes why the total may fall"
        raise click.UsageError(message)
    return dict.fromkeys(drops, reason.strip())


def take_snapshot(
    terminal: Terminal, site: SiteFolder, options: SnapshotOptions, *, journal: Path | None = None
) -> "Batch":
    """Ask every source; what the plausibility gate refuses goes to quarantine.

    What is read stands in the journal as it comes, in the site's own folder by default; there
    `append_batch` removes it. Raise `ClockError` when the
    log lies ahead of the clock, at once, and when the clock is not the servers', after which nothing stays.
    """
    from generator import store
    from generator.report.place_owners import PlaceOwners
    from generator.snapshot import run_id
    from generator.snapshot.batch import Batch
    from generator.snapshot.clock import refuse_ahead
    from generator.sources.collect import RunRequest
    from generator.sources.http.unreached import OFFLINE

    known = store.load(site.log)
    refuse_ahead(known, options.at)
    owners = PlaceOwners.of(site.config)
    request = RunRequest(
        run=run_id(options.at, options.salt),
        at=options.at,
        network=site.config.network,
        full=options.full,
        demo=site.demo,
        project_of=owners.slug,
        bound=owners.digest,
        forbid_total_drop=site.config.quality.forbid_total_drop,
        accept=options.accept,
    )
    begun = Batch(run=request.run, at=request.at, network=request.network, demo=request.demo)
    path = journal or _journal(site, request.run)
    with terminal.progress(), store.journal(path, begun) as add:
        try:
            found = asyncio.run(_collected(terminal, site, options, request, known, add))
        except ClockError:
            path.unlink(missing_ok=True)
            raise
    if _is_offline(found.batch):
        terminal.warn(OFFLINE)
    for refused in found.refused:
        path = store.quarantine(site.quarantine, request.run, refused.source, refused.records)
        terminal.warn(f"{refused.source}: the plausibility gate refused this run's observations, see {path}")
    return found.batch


def _is_offline(batch: "Batch") -> bool:
    """Tell whether nothing that a run asked was reached; rates may come from a file."""
    from generator.places import RATES
    from generator.snapshot import Outcome
    from generator.sources.http.unreached import seems_offline

    asked = [source for source in batch.asked if source.source != RATES]
    return all(source.outcome is not Outcome.OK for source in asked) and seems_offline(
        source.message for source in asked
    )


async def _collected(
    terminal: Terminal,
    site: SiteFolder,
    options: SnapshotOptions,
    request: "RunRequest",
    known: "Known",
    journal: "Journal",
) -> "Collected":
    from generator.config import without_ids
    from generator.report.health.source_states import source_labels
    from generator.sources.clock_check import with_clocks
    from generator.sources.collect import collect
    from generator.sources.from_config import open_sources
    from generator.sources.http.server_clocks import ServerClocks
    from generator.sources.pictures import with_pictures
    from generator.sources.unlisted_store import unlisted_stores

    clocks = ServerClocks(options.at)
    opening = open_sources(
        site.config,
        options.secrets,
        hosts=options.hosts,
        own_rates=site.own_rates,
        authorities=site.authorities,
        taken=_taken(site),
        budget_s=options.budget_s,
        clocks=None if site.demo else clocks,  # a demo's servers live in the past
    )
    public, labels = without_ids(site.config), source_labels(site.config)
    async with opening as sources:
        found = await collect(
            (*sources.first, *unlisted_stores(site.config, known)),
            known,
            request,
            then=sources.then,
            progress=lambda source, what, done: terminal.step(labels.get(source, source), what, done),
            journal=journal,
            clean=lambda text: public(terminal.clean(text)),
        )
    batch = await with_pictures(found.batch, known, site.config, hosts=options.hosts, full=options.full)
    found = replace(found, batch=batch)
    if not clocks.ahead:
        return found
    return replace(found, batch=with_clocks(found.batch, clocks.ahead, clocks.now(), site.config, known))


def _taken(site: SiteFolder) -> "Mapping[int, int] | None":
    """Count what a receiver of webhooks took in this folder, by second; None where none runs here."""
    from generator.store.delivery_memory import DELIVERIES, DeliveryMemory

    if site.config.hook is None or not (path := site.root / DELIVERIES).is_file():
        return None
    return DeliveryMemory(path).times(site.config.hook.server)


def append_batch(terminal: Terminal, site: SiteFolder, batch: "Batch") -> None:
    """Append a batch to the site's log and say whether anything was new."""
    from generator import store

    refresh, failures = site.config.publish.refresh_hours, site.config.alerts.after_runs
    changed = store.append(site.log, batch, refresh_hours=refresh, failures=failures)
    _journal(site, batch.run).unlink(missing_ok=True)
    where = os.path.relpath(site.log)
    terminal.log(f"Log {where}: appended run {batch.run}." if changed else f"Log {where}: nothing new.")


def take_up_journals(terminal: Terminal, site: SiteFolder) -> None:
    """Append what runs had read that were killed, each as a run of its own."""
    from generator import store
    from generator.snapshot.clock import TOLERANCE

    taken = store.take_up(
        site.journals,
        site.log,
        network=site.config.network,
        refresh_hours=site.config.publish.refresh_hours,
        latest=datetime.now(UTC) + TOLERANCE,
    )
    for run in taken:
        terminal.log(f"Log {os.path.relpath(site.log)}: run {run} was killed; what it had read is appended.")


def _journal(site: SiteFolder, run: str) -> Path:
    return site.journals / f"{run}.jsonl"
