"""`sunlit snapshot`: the half of the job that holds the secrets."""

from pathlib import Path

import click

from generator.cli.exit_codes import Exit
from generator.cli.options import config_option, drop_options
from generator.cli.terminal import Terminal


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
    from generator.cli.site_folder import load_site
    from generator.cli.snapshot_step import append_batch, snapshot_options, take_snapshot

    site = load_site(config)
    found = take_snapshot(terminal, site, snapshot_options(terminal, site, drops, reason, full=full))
    if batch is None:
        append_batch(terminal, site, found)
    else:
        store.write_batch(batch, found)
        terminal.log(f"Wrote {len(found.records)} new records to {batch}; `sunlit append {batch}` adds them.")
    return Exit.DONE if all(asked.outcome == "ok" for asked in found.asked) else Exit.PARTLY
