"""`sunlit edition`: the months that are over, frozen."""

from pathlib import Path

import click

from generator.cli.options import config_option
from generator.cli.terminal import Terminal


@click.command()
@config_option
@click.option("--demo", is_flag=True, help="Freeze months of the demo.")
@click.pass_obj
def edition(terminal: Terminal, *, config: Path, demo: bool) -> None:
    """Freeze each month that is over: its statement goes to content/editions, once.

    A month is frozen as the first run saw it that was two days after its end. Its file is never made
    again; commit it with the log. Where nothing is due, nothing is written.
    """
    from generator.cli.demo import open_site
    from generator.cli.edition_step import freeze_due_months

    if not freeze_due_months(terminal, open_site(config, demo=demo)):
        terminal.log("No month to freeze: each that was over at the last run, and in which money moved, is.")
