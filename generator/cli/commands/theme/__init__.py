"""`sunlit theme`: templates and colours of a site's own."""

from typing import Final

import click

from generator.cli.main import CommandGroup

SUMMARIES: Final = {
    "eject": "Write the beginning of an own template, to change a block of it; or a copy of a style sheet.",
    "list": "List the templates, the blocks of each that may be changed, and which are a site's own.",
}


@click.group(cls=CommandGroup, package=__name__, summaries=SUMMARIES)
def theme() -> None:
    """Templates and colours of a site's own, in content/theme/."""
