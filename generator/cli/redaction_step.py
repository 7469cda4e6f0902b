"""Taking texts out of the log: said in it first, then done; the commands know no step of it."""

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from generator.cli.exit_codes import Exit
from generator.cli.terminal import Terminal
from generator.errors import LogError
from generator.text_format import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.cli.site_folder import SiteFolder
    from generator.snapshot import Known, Record, Redaction


def take_down(terminal: Terminal, site: "SiteFolder", subject: str, reason: str, *, dry_run: bool) -> Exit:
    """Record that the texts of a project or event are taken down, and take them out of every line.

    Raise `click.UsageError` without a reason, or for what the log does not have.
    """
    from generator import store
    from generator.snapshot.takedown import redactions_of

    if not reason:
        message = "--redact needs --reason: it stands in the log and on the site"
        raise click.UsageError(message)
    known = store.load(site.log)
    try:
        found = redactions_of(subject, _lines(known), reason)
    except LogError as error:
        raise click.UsageError(str(error)) from error
    texts = counted(len(found[0].hashes), "text")
    if dry_run:
        terminal.result(f"{texts} would be taken out of the log. Nothing was written (--dry-run).")
        return Exit.DONE
    news = [redaction for redaction in found if redaction.key not in known.records or redaction.hashes]
    if news:
        _append(site, known, news)
    if not store.rewrite(site.log) and not news:
        terminal.result(f"{subject} was taken down before; nothing is to be done.")
        return Exit.DONE
    _say(terminal, site, texts)
    return Exit.DONE


def _lines(known: "Known") -> "Iterator[Record]":
    """Yield what stands, and every line of what was said more than once."""
    yield from known.records.values()
    yield from (line.record for chain in known.history.values() for line in chain)


def _append(site: "SiteFolder", known: "Known", found: "Sequence[Redaction]") -> None:
    from generator import store
    from generator.snapshot import run_id
    from generator.snapshot.batch import Batch, latest_by_key
    from generator.snapshot.clock import refuse_ahead

    last, now = known.runs[-1], datetime.now(UTC).replace(microsecond=0)
    refuse_ahead(known, now)
    at = max(now, last.at + timedelta(seconds=1))
    batch = Batch(
        run=run_id(at, uuid4().hex),
        at=at,
        network=last.network,
        records=latest_by_key(found),
        tip_height=last.tip_height,
        bound=last.bound,
        demo=last.demo,
    )
    store.append(site.log, batch, refresh_hours=site.config.publish.refresh_hours)


def _say(terminal: Terminal, site: "SiteFolder", texts: str) -> None:
    where = os.path.relpath(site.log)
    terminal.result(
        f"{texts} taken out of {where}; no amount changed. Next: `sunlit render`, commit {where}, publish."
    )
    terminal.warn(
        "What was published or committed before is not reached: the history of the repository, its forks, "
        "and copies that others made (docs/nostr.md, Takedown)"
    )
    if site.quarantine.is_dir() and any(site.quarantine.iterdir()):
        terminal.warn(f"{os.path.relpath(site.quarantine)} may hold the text too: look there, and remove it")
