"""`sunlit theme list`: which templates there are, and whose."""

from pathlib import Path

import click

from generator.cli.options import config_option
from generator.cli.terminal import Terminal


@click.command()
@config_option
@click.pass_obj
def list(terminal: Terminal, *, config: Path) -> None:  # noqa: A001 -- the command's name
    """List the templates, the blocks of each that may be changed, and which are a site's own.

    One line each: name, blocks, and the file of one's own, if there is one.
    """
    from generator import inputs
    from generator.pages.template_blocks import blocks_of

    shipped, own = inputs.default_templates(), inputs.theme(config.parent)
    for name in sorted(shipped.keys() | own.keys()):
        data = shipped.get(name, own.get(name, b""))
        blocks = ", ".join(blocks_of(data.decode())) if name.endswith(".html") else ""
        file = inputs.theme_file(config.parent, name) if name in own else ""
        terminal.result(f"{name:<22} {blocks:<40} {file}".rstrip())
