"""`sunlit hook`: the receiver of webhooks and its registration."""

import click

from generator.cli.main import CommandGroup


@click.group(cls=CommandGroup, package=__name__)
def hook() -> None:
    """Rebuild when money arrives: an optional receiver of BTCPay's webhooks."""
