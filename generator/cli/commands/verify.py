"""`sunlit verify`: repeat every check of a published site."""

import asyncio
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.exit_codes import Exit
from generator.cli.terminal import Terminal
from generator.errors import SourceError

if TYPE_CHECKING:
    from generator.verify import Check, Copy, Outcome, Workshop

#: The question behind each step, as a reader of the table sees it.
STEPS = {
    "manifest": "Files are the ones the manifest lists",
    "schemas": "Data files have the shape they promise",
    "log": "The log is whole and its snapshots are what they say",
    "evidence": "Events, transactions and headers are genuine",
    "figures": "Every published number follows from the log",
    "proof": "Every row of the chain follows from evidence",
    "rebuild": "The site made again has the same bytes",
    "online": "Your own servers tell the same",
}
#: What a check looked at, behind its number.
COUNTED = {
    "files-missing": "listed files are there",
    "files-changed": "have their listed hash",
    "files-extra": "are all there is",
    "schemas-ours": "schemas",
    "data-shapes": "data files",
    "log-lines": "lines",
    "run-records": "run records",
    "one-world": "of them on one network",
    "event-signatures": "signed events",
    "transaction-ids": "raw transactions",
    "headers": "block headers",
    "branches": "Merkle branches",
    "evidence-there": "rows with all of their evidence",
    "recipe": "configuration",
    "figures": "figures",
    "downloads": "downloads",
    "chart-data": "tables of charts",
    "pages": "numbers on pages and charts",
    "snapshot-stated": "manifest",
    "terms": "projects' terms",
    "entries-derived": "rows derived again",
    "entries-missing": "transactions lack no row",
    "findings-repeated": "checks repeated",
    "same-bytes": "files",
    "rows-on-chain": "rows on chain are published",
    "rows-published": "published rows are on chain",
    "projects-online": "projects",
}


@click.command()
@click.argument("site")
@click.option("--json", "as_json", is_flag=True, help="Print every check as JSON.")
@click.option("--online", is_flag=True, help="Also ask servers whether anything was left out.")
@click.option("--indexer", "indexers", multiple=True, metavar="URL", help="Your own indexer, for --online.")
@click.option("--relay", "relays", multiple=True, metavar="URL", help="Your own Nostr relay, for --online.")
@click.pass_obj
def verify(
    terminal: Terminal,
    *,
    site: str,
    as_json: bool,
    online: bool,
    indexers: tuple[str, ...],
    relays: tuple[str, ...],
) -> int:
    """Repeat every check of a published SITE: its address, or a folder with a copy.

    Exits 0 when everything holds, 5 when something does not, 6 when something
    could not be looked at. A folder is verified without any network.
    """
    from generator import verify as room

    try:
        copy = _read(terminal, site)
    except SourceError as error:
        terminal.error(error.message)
        return Exit.INCOMPLETE
    outcome = room.verify(copy, workshop())
    if online or indexers or relays:
        outcome = _online(terminal, copy, outcome, indexers, relays)
    if as_json:
        terminal.result_json(outcome)
    else:
        for line in table(outcome):
            terminal.result(line)
    return exit_code(outcome)


def _online(
    terminal: Terminal, copy: "Copy", outcome: "Outcome", indexers: tuple[str, ...], relays: tuple[str, ...]
) -> "Outcome":
    """Add what servers say; without a ground to compare with, say so."""
    import msgspec

    from generator import verify as room
    from generator.verify.online import NAMES, STEP, check_online
    from generator.verify.outcome import unchecked

    found = room.ground(copy)
    if found is None:
        told = [unchecked(STEP, name, "the log or its recipe cannot be read", wanted=True) for name in NAMES]
    else:
        known, config, last = found
        terminal.log("Asking indexers and relays …")
        told = asyncio.run(check_online(known, config, last, indexers=indexers, relays=relays))
    return msgspec.structs.replace(outcome, checks=(*outcome.checks, *told))


def exit_code(outcome: "Outcome") -> Exit:
    """Return 5 when something does not hold, 6 when something was not looked at, else 0."""
    if outcome.mismatch:
        return Exit.MISMATCH
    return Exit.INCOMPLETE if outcome.incomplete else Exit.DONE


def _read(terminal: Terminal, site: str) -> "Copy":
    from generator.verify.site_reader import read_address, read_folder

    if not site.startswith(("https://", "http://")):
        return read_folder(Path(site))
    terminal.log(f"Reading {site} …")
    return asyncio.run(read_address(site.removesuffix("index.html").rstrip("/")))


def workshop() -> "Workshop":
    """Return what this installation makes sites with."""
    from generator.cli.site_content import content_from
    from generator.inputs import default_templates
    from generator.verify import Workshop

    exact = sys.platform == "linux" and platform.machine() in ("x86_64", "AMD64")
    return Workshop(content=content_from(default_templates(), pages={}, log={}), exact=exact)


def table(outcome: "Outcome") -> list[str]:
    """Return the outcome as lines for a person."""
    what = f"{'demo data on ' if outcome.demo else ''}{outcome.network or 'an unknown network'}"
    lines = [f"{outcome.subject}: {what}, snapshot {outcome.snapshot or 'unknown'}", ""]
    for step, question in STEPS.items():
        checks = [check for check in outcome.checks if check.step == step]
        if checks:
            lines += [f"{_word(checks):<12}  {question}", *_details(checks)]
    return [*lines, "", _verdict(outcome)]


def _word(checks: "list[Check]") -> str:
    results = {str(check.result) for check in checks}
    return next(word for word in ("failed", "ok", "not checked") if word in results)


def _details(checks: "list[Check]") -> list[str]:
    lines = []
    counted = [f"{check.compared} {COUNTED[check.name]}" for check in checks if check.result == "ok"]
    if counted:
        lines.append(f"{'':<14}{', '.join(counted)}")
    for check in checks:
        if check.result == "failed":
            lines += [f"{'':<14}{check.name}: {problem}" for problem in check.problems[:5]]
            more = check.found - 5
            lines += [f"{'':<14}{check.name}: and {more} more; --json shows them"] if more > 0 else []
        elif check.result == "not checked":
            lines.append(f"{'':<14}{check.name} was not checked: {check.reason}")
    return lines


def _verdict(outcome: "Outcome") -> str:
    if outcome.mismatch:
        return f"This site does not hold: {', '.join(outcome.failed)}."
    if outcome.incomplete:
        return "What could be looked at holds; not everything could be. Run it again later."
    return "Everything holds that can be checked from the site alone; its page /verify/ lists what cannot."
