"""`sunlit theme list`: which templates there are, and whose."""

from pathlib import Path

import click

from generator.cli.options import config_option
from generator.cli.terminal import Terminal


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print name, blocks and own file of each as JSON.")
@click.pass_obj
def list(terminal: Terminal, *, config: Path, as_json: bool) -> None:  # noqa: A001 -- the command's name
    """List the templates, the blocks of each that may be changed, and which are a site's own.

    One line each: name, blocks, and the file of one's own, if there is one.
    """
    from generator import inputs
    from generator.pages.template_blocks import blocks_of

    shipped, own = inputs.default_templates(), inputs.theme(config.parent)
    rows = []
    for name in sorted(shipped.keys() | own.keys()):
        text = shipped.get(name, own.get(name, b"")).decode()
        blocks = [*blocks_of(text)] if name.endswith(".html") else []
        file = (inputs.theme_file(config.parent, name) or "") if name in own else ""
        rows.append({"name": name, "blocks": blocks, "file": file})
        if not as_json:
            terminal.result(f"{name:<22} {', '.join(blocks):<40} {file}".rstrip())
    if as_json:
        terminal.result_json(rows)
