"""The command `sandbox`: a small world to build against, in the foreground."""

from pathlib import Path

import click

from generator.cli.main import Exit
from generator.cli.terminal import Terminal


@click.command()
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same world.")
@click.option(
    "--projects",
    default=0,
    type=click.IntRange(min=0),
    show_default=True,
    help="Angor projects of chance beside the curated ones.",
)
@click.option(
    "--invoices",
    default=160,
    type=click.IntRange(min=0),
    show_default=True,
    help="Visits to the BTCPay server.",
)
@click.option(
    "--truth", type=click.Path(path_type=Path, dir_okay=False), help="Write what really happened here."
)
@click.pass_obj
def sandbox(terminal: Terminal, *, seed: int, projects: int, invoices: int, truth: Path | None) -> int:
    """Run a small world on this machine: BTCPay server, relays, chain and indexers.

    Prints a config.yaml for it, with addresses and keys in its comments. Ctrl+C ends it.
    """
    from generator.sandbox.world import run_sandbox

    run_sandbox(terminal.result, seed=seed, projects=projects, invoices=invoices, truth=truth)
    return Exit.DONE
