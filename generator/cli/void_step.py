"""Taking runs out of the count: said in the log, whose lines stay as they are."""

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from generator.cli.exit_codes import Exit
from generator.cli.terminal import Terminal
from generator.errors import LogError

if TYPE_CHECKING:
    from generator.cli.site_folder import SiteFolder
    from generator.snapshot import Known, VoidedRun


def void_run(terminal: Terminal, site: "SiteFolder", name: str, reason: str, *, dry_run: bool) -> Exit:
    """Record that a run counts no more; raise `click.UsageError` without a reason, or for no such run."""
    from generator import store
    from generator.snapshot import VoidedRun
    from generator.snapshot.voided_run import voiding

    if not reason:
        message = "--void-run needs --reason: it stands in the log and on the site"
        raise click.UsageError(message)
    known = store.load(site.log)
    try:
        void = voiding(name, known.times, [record.id for record in known.of(VoidedRun)], reason)
    except LogError as error:
        raise click.UsageError(str(error)) from error
    where = os.path.relpath(site.log)
    if dry_run:
        terminal.result(f"Run {name} would count no more. Nothing was written (--dry-run).")
        return Exit.DONE
    _append(site, known, void)
    terminal.result(
        f"Run {name} counts no more; its lines stay in {where}. Next: `sunlit snapshot`, which reads again "
        f"what only that run had read, then `sunlit render`, commit {where}, publish."
    )
    return Exit.DONE


def _append(site: "SiteFolder", known: "Known", void: "VoidedRun") -> None:
    from generator import store
    from generator.snapshot import run_id
    from generator.snapshot.batch import Batch

    left = [run for run in known.runs if run.id != void.id]
    at = _after(left[-1].at, datetime.now(UTC).replace(microsecond=0))
    batch = Batch(
        run=run_id(at, uuid4().hex),
        at=at,
        network=left[-1].network,
        records=(void,),
        tip_height=left[-1].tip_height,
        bound=left[-1].bound,
        demo=left[-1].demo,
    )
    store.append(site.log, batch, refresh_hours=site.config.publish.refresh_hours)


def _after(last: datetime, now: datetime) -> datetime:
    """Return a time after the last run's, but for one that lies ahead too and is to be voided next."""
    from generator.snapshot.clock import TOLERANCE

    return now if last > now + TOLERANCE else max(now, last + timedelta(seconds=1))
