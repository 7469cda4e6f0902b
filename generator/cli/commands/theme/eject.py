"""`sunlit theme eject`: begin a template of one's own."""

from pathlib import Path

import click

from generator.cli.options import config_option
from generator.cli.terminal import Terminal


@click.command()
@click.argument("name")
@config_option
@click.option("--whole", is_flag=True, help="Copy the whole template: it will not follow Sunlit's any more.")
@click.pass_obj
def eject(terminal: Terminal, name: str, *, config: Path, whole: bool) -> None:
    """Write the beginning of an own template, to change a block of it; or a copy of a style sheet.

    It is written into content/theme/. A page's template extends Sunlit's, so that everything but the blocks
    that you change follows each new version; style sheets are copied.
    """
    from generator import inputs
    from generator.errors import ConfigError, Problem
    from generator.pages.template_blocks import beginning, blocks_of

    shipped = inputs.default_templates()
    file = f"{inputs.THEME_FOLDERS[-1]}/{name}"
    path = config.parent / file
    if name not in shipped:
        from generator.config.hints import hint

        message = f"no template {name!r}{hint(name, shipped) or ';'} `sunlit theme list` lists them"
        raise click.UsageError(message)
    if path.exists():
        message = "this file is there already: change it, or take it away first"
        raise ConfigError(Problem(file=file, path="", message=message, code="template"))
    text = shipped[name].decode()
    extends = not whole and bool(blocks_of(text))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((beginning(name, text) if extends else text).encode())
    step = "uncomment the block that you change" if extends else "change what you like in it"
    look = "look at it with `sunlit serve`; `sunlit verify` refuses a number in it that is no figure"
    terminal.result(f"{file} is written: {step}; {look}")
