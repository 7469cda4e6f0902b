"""`sunlit snapshot`: the half of the job that holds the secrets."""

from pathlib import Path

import click

from generator.cli.exit_codes import Exit
from generator.cli.options import budget_option, config_option, drop_options, summary_option
from generator.cli.terminal import Terminal


@click.command()
@config_option
@drop_options
@budget_option
@click.option(
    "--batch", type=click.Path(path_type=Path), help="Write the news to this file instead of the log."
)
@summary_option
@click.pass_obj
def snapshot(  # noqa: PLR0913 -- one parameter for each option
    terminal: Terminal,
    *,
    config: Path,
    full: bool,
    drops: tuple[str, ...],
    reason: str,
    budget_s: float | None,
    batch: Path | None,
) -> int:
    """Ask every source and append what is new to the log."""
    from generator import store
    from generator.cli.site_folder import load_site
    from generator.cli.snapshot_step import append_batch, snapshot_options, take_snapshot, take_up_journals
    from generator.cli.snapshot_summary import tell_snapshot
    from generator.sources import WITHOUT_TURN

    site = load_site(config)
    options = snapshot_options(terminal, site, drops, reason, full=full, budget_s=budget_s)
    if batch is None:
        take_up_journals(terminal, site)
    found = take_snapshot(terminal, site, options, journal=batch)
    if batch is None:
        tell_snapshot(terminal, site, found)
        append_batch(terminal, site, found)
    else:
        store.write_batch(batch, found)
        terminal.log(f"Wrote {len(found.records)} new records to {batch}; `sunlit append {batch}` adds them.")
        tell_snapshot(terminal, site, found)
    whole = all(asked.outcome == "ok" and not asked.counts.get(WITHOUT_TURN) for asked in found.asked)
    return Exit.DONE if whole else Exit.PARTLY
