"""`sunlit sandbox`: a small world to build against, in the foreground."""

import time
from pathlib import Path

import click

from generator.cli.extras import need
from generator.cli.terminal import Terminal
from generator.sandbox.indexer_names import IndexerName
from generator.sandbox.relay_profiles import RELAY_PROFILES

#: What the sandbox can play, the current one first.
VERSIONS = ("2.4.1", "2.3.5", "2.0.4", "1.13.5", "1.10.4")


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
    "--btcpay",
    default=VERSIONS[0],
    type=click.Choice(VERSIONS),
    show_default=True,
    help="Version of BTCPay Server to play; older ones say less, and say it otherwise.",
)
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    type=click.Choice([*map(str, IndexerName), *RELAY_PROFILES]),
    metavar="NAME",
    help="Public server that an indexer or a relay plays; given again, the next one. Indexers: "
    f"{', '.join(IndexerName)}. Relays: {', '.join(RELAY_PROFILES)}.",
)
@click.option(
    "--latency",
    default=0.0,
    type=click.FloatRange(min=0),
    show_default=True,
    metavar="FACTOR",
    help="How slowly profiles answer: 1 as the real ones, 0 at once.",
)
@click.option(
    "--truth", type=click.Path(path_type=Path, dir_okay=False), help="Write what really happened here."
)
@click.pass_obj
def sandbox(  # noqa: PLR0913 -- one argument for each option of the command
    terminal: Terminal,
    *,
    seed: int,
    projects: int,
    invoices: int,
    btcpay: str,
    profiles: tuple[str, ...],
    latency: float,
    truth: Path | None,
) -> None:
    """Run a small world on this machine: BTCPay server, relays, chain and indexers.

    Prints its addresses and keys as comments, and below them a config.yaml. Ctrl+C ends it.
    """
    need("sandbox", "the sandbox")
    from generator.sandbox.foreground import run_sandbox

    run_sandbox(
        terminal.result,
        seed=seed,
        projects=projects,
        invoices=invoices,
        btcpay=btcpay,
        profiles=profiles,
        latency_scale=latency,
        truth=truth,
        clock=lambda: int(time.time()),
    )
