"""`sunlit migrate`: change how the log names things, in one audited step."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import click

from generator.cli.exit_codes import Exit
from generator.cli.options import config_option
from generator.cli.terminal import Terminal
from generator.errors import SourceError
from generator.text_format import clean

if TYPE_CHECKING:
    from generator.cli.site_folder import SiteFolder
    from generator.snapshot import Known
    from generator.sources.rekeying import Keys, RekeyedServer

#: Rows named when they keep their id; more are counted.
_NAMED: Final = 20


@click.command()
@config_option
@click.option("--rekey", is_flag=True, help="Make the ids of BTCPay rows again with another key.")
@click.option(
    "--new-key-env",
    default="SUNLIT_ID_KEY_NEW",
    show_default=True,
    metavar="NAME",
    help="Environment variable with the new key; SUNLIT_ID_KEY holds the old one.",
)
@click.option(
    "--old-key-lost",
    is_flag=True,
    help="With --rekey: SUNLIT_ID_KEY is the new key; everything is read again and must give the same sums.",
)
@click.option(
    "--redact",
    metavar="ID",
    help="Take down the texts of a project (its identifier or place), or of one event (its id).",
)
@click.option(
    "--void-run",
    metavar="RUN",
    help="Let a run count no more, such as one whose clock was wrong (its id, as the log says it).",
)
@click.option("--reason", default="", help="Why, with --redact and --void-run; published.")
@click.option("--dry-run", is_flag=True, help="Read and compare everything, and write nothing.")
@click.pass_obj
def migrate(  # noqa: PLR0913 -- one for each option
    terminal: Terminal,
    *,
    config: Path,
    rekey: bool,
    new_key_env: str,
    old_key_lost: bool,
    redact: str | None,
    void_run: str | None,
    reason: str,
    dry_run: bool,
) -> int:
    """Change how the log names things, take texts out of it, or let a run count no more.

    --rekey is for a key of ids that leaked or is to be replaced (`privacy.rows: payment`).
    The log holds no id of BTCPay's, so every server is read again; rows whose invoices are gone keep their id
    and are named. The log is untouched unless everything holds.

    --redact is for texts that must not be published any more. In place of each stands its hash, the
    site says that and why, and later runs do not bring it back. What was published or committed
    before is not reached: see docs/nostr.md.

    --void-run is for a run whose word must not stand. Its lines stay in the log and count in nothing,
    the site says so and why, and the next snapshot reads everything again.
    """
    from generator.cli.redaction_step import take_down
    from generator.cli.site_folder import load_site
    from generator.cli.void_step import void_run as void
    from generator.config import secrets as named_secrets

    if [rekey, redact is not None, void_run is not None].count(True) != 1:
        message = "say what to migrate: --rekey, --redact ID --reason TEXT, or --void-run RUN --reason TEXT"
        raise click.UsageError(message)
    site, why = load_site(config), clean(reason).strip()
    if redact is not None:
        return take_down(terminal, site, redact.strip(), why, dry_run=dry_run)
    if void_run is not None:
        return void(terminal, site, void_run.strip(), why, dry_run=dry_run)
    if site.config.privacy.rows != "payment" or not site.config.sources.btcpay:
        terminal.result("No id is made with a key: privacy.rows is day, whose ids are public words.")
        return Exit.DONE
    secrets = named_secrets(site.config, os.environ, site.document)
    keys = _keys(terminal, secrets, "" if old_key_lost else new_key_env)
    return _rekey(terminal, site, secrets, keys, dry_run=dry_run)


def _keys(terminal: Terminal, secrets: dict[str, str], name: str) -> "Keys":
    """Return old and new key, the new one of the variable `name`; without a name the old one is lost.

    Raise `click.UsageError` when the new one is missing or not new.
    """
    from generator.config import ID_KEY_ENV
    from generator.sources.rekeying import Keys

    if not name:
        terminal.hide(secrets.values())
        return Keys(old=None, new=secrets[ID_KEY_ENV].encode())
    new = os.environ.get(name, "").strip()
    terminal.hide([*secrets.values(), new])
    if not new:
        message = (
            f"environment variable {name} is not set: it holds the new key, any long random text, "
            f"such as `openssl rand -hex 32` prints; {ID_KEY_ENV} holds the old one"
        )
        raise click.UsageError(message)
    if new == secrets[ID_KEY_ENV]:
        message = f"{name} holds the same key as {ID_KEY_ENV}: make a new one"
        raise click.UsageError(message)
    return Keys(old=secrets[ID_KEY_ENV].encode(), new=new.encode())


def _rekey(
    terminal: Terminal, site: "SiteFolder", secrets: dict[str, str], keys: "Keys", *, dry_run: bool
) -> Exit:
    import asyncio

    from generator import store
    from generator.config import ID_KEY_ENV
    from generator.sources.rekeying import due, read_again

    known = store.load(site.log)
    names = due(site.config, known, keys)
    if not names:
        terminal.result("No id in the log is of another key; nothing is to be done.")
        return Exit.DONE
    terminal.log(f"Reading {', '.join(names)} again, whole …")
    at = _now(known)
    reading = read_again(site.config, secrets, known, keys, at=at, authorities=site.authorities)
    try:
        answers = asyncio.run(reading)
    except SourceError as error:
        terminal.error(f"{error}; the log is untouched")
        return Exit.NOTHING
    _tell(terminal, answers, keys)
    if dry_run:
        terminal.result("Nothing was written (--dry-run).")
    else:
        _append(site, known, answers, at)
        terminal.result(
            f"Done; every sum is what it was. The key of the job, {ID_KEY_ENV}, has to be the new one before "
            "its next run: another one is refused from now on."
        )
    return Exit.DONE


def _now(known: "Known") -> datetime:
    """Return the time of the run, after the last one's: run ids sort by the second.

    Raise `ClockError` when the log lies ahead.
    """
    from generator.snapshot.clock import refuse_ahead

    now = datetime.now(UTC).replace(microsecond=0)
    refuse_ahead(known, now)
    return max(now, known.runs[-1].at + timedelta(seconds=1))


def _tell(terminal: Terminal, answers: "list[RekeyedServer]", keys: "Keys") -> None:
    old, new = keys.fingerprints
    for answer in answers:
        made = answer.rekeyed
        terminal.result(
            f"{answer.asked.source}: {made.moved} rows get ids of key {new}, had ids of key {old}."
        )
        for entry in made.kept[:_NAMED]:
            terminal.warn(
                f"{entry.place}: row {entry.id} of {entry.at:%Y-%m-%d} keeps its id, "
                "because the server no longer shows its payment"
            )
        if len(made.kept) > _NAMED:
            terminal.warn(
                f"{answer.asked.source}: {len(made.kept) - _NAMED} more rows keep their ids likewise"
            )


def _append(site: "SiteFolder", known: "Known", answers: "list[RekeyedServer]", at: datetime) -> None:
    from generator import store
    from generator.snapshot import run_id
    from generator.snapshot.batch import Batch, latest_by_key

    batch = Batch(
        run=run_id(at, uuid4().hex),
        at=at,
        network=site.config.network,
        asked=tuple(sorted((answer.asked for answer in answers), key=lambda asked: asked.source)),
        records=latest_by_key(record for answer in answers for record in answer.rekeyed.records),
        tip_height=known.runs[-1].tip_height,
        bound=known.runs[-1].bound,
        demo=site.demo,
    )
    store.append(site.log, batch, refresh_hours=site.config.publish.refresh_hours)
