"""`sunlit hook`: the receiver of webhooks and its registration."""

from typing import Final

import click

from generator.cli.main import CommandGroup

SUMMARIES: Final = {
    "register": "Register the receiver with BTCPay, in every store of the section `hook`.",
    "serve": "Listen to webhooks and ask for rebuilds, as the section `hook` of the configuration says.",
}


@click.group(cls=CommandGroup, package=__name__, summaries=SUMMARIES)
def hook() -> None:
    """Rebuild when money arrives: an optional receiver of BTCPay's webhooks."""
