"""The command `sunlit`: every outcome becomes one sentence and one exit code."""

import sys
from collections.abc import Sequence

import click

from generator import __version__
from generator.cli.command_group import CommandGroup
from generator.cli.exit_codes import Exit
from generator.cli.terminal import Terminal
from generator.errors import NothingPublishable, SunlitError


def _version(ctx: click.Context, _option: click.Option, wanted: bool) -> None:  # noqa: FBT001 -- Click's shape
    if wanted:
        python = ".".join(map(str, sys.version_info[:3]))
        click.echo(f"sunlit {__version__} (Python {python})")
        ctx.exit()


@click.group(
    cls=CommandGroup,
    package="generator.cli.commands",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("-q", "--quiet", is_flag=True, help="Print results, warnings and errors only.")
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version.",
)
@click.pass_context
def cli(ctx: click.Context, *, quiet: bool) -> None:
    """Funding reports anyone can check.

    Start with `sunlit build --demo`: a report from a small world on this machine.
    """
    ctx.obj.quiet = quiet


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    terminal = Terminal()
    try:
        result = cli.main(args=arguments, prog_name="sunlit", standalone_mode=False, obj=terminal)
    except click.exceptions.Abort:
        terminal.error("interrupted; nothing half-written is left")
        return Exit.INTERRUPTED
    except click.ClickException as error:
        error.show()
        return Exit.WRONG_USE
    except NothingPublishable as error:
        terminal.error(str(error))
        return Exit.NOTHING
    except SunlitError as error:
        for line in str(error).splitlines():
            terminal.error(line)
        return Exit.WRONG_USE
    return result if isinstance(result, int) else Exit.DONE


def main() -> None:
    """Run `sunlit` and leave with its exit code."""
    sys.exit(run())
