"""`sunlit append`: what another job observed enters the log."""

from pathlib import Path

import click

from generator.cli.options import config_option
from generator.cli.terminal import Terminal
from generator.errors import LogError


@click.command()
@config_option
@click.argument("batch", type=click.Path(path_type=Path))
@click.pass_obj
def append(terminal: Terminal, *, config: Path, batch: Path) -> None:
    """Append a batch that `snapshot --batch` wrote, whole or cut off; doing it twice changes nothing."""
    from generator import store
    from generator.cli.site_folder import load_site
    from generator.cli.snapshot_step import append_batch, take_up_journals

    site, found = load_site(config), store.read_batch(batch)
    if found.network != site.config.network:
        msg = f"{batch} was observed on {found.network}, but config.yaml says {site.config.network}"
        raise LogError(msg)
    take_up_journals(terminal, site)
    append_batch(terminal, site, found)
