"""`sunlit append`: what another job observed enters the log."""

from pathlib import Path

import click

from generator.cli.options import accept_options, config_option, summary_option
from generator.cli.terminal import Terminal


@click.command()
@config_option
@accept_options
@summary_option
@click.argument("batch", type=click.Path(path_type=Path))
@click.pass_obj
def append(terminal: Terminal, *, config: Path, drops: tuple[str, ...], reason: str, batch: Path) -> None:
    """Append a batch that `snapshot --batch` wrote, whole or cut off; twice changes nothing.

    It trusts nobody: a batch that configuration, clock or log contradict, that the plausibility gate
    refuses, or that `sunlit verify` would not hold is refused whole.
    """
    from generator import store
    from generator.cli.admission import admit
    from generator.cli.site_folder import load_site
    from generator.cli.snapshot_step import accepted, append_batch, take_up_journals

    site, found = load_site(config), store.read_batch(batch)
    take_up_journals(terminal, site)
    admit(site, found, accepted(drops, reason))
    append_batch(terminal, site, found)
