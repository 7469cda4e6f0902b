"""The command `sunlit`: every outcome becomes one sentence and one exit code."""

import sys
from collections.abc import Sequence
from enum import IntEnum

import click

from generator import __version__
from generator.cli.terminal import Terminal
from generator.errors import NothingPublishable, SunlitError


class Exit(IntEnum):
    """Exit codes; the publish script publishes on DONE and PARTLY only."""

    DONE = 0
    WRONG_USE = 1  #: usage, configuration, lock held, damaged log
    WARNED = 2  #: warnings under --strict
    PARTLY = 3  #: published, with something stale or missing
    NOTHING = 4  #: nothing publishable, output untouched
    MISMATCH = 5  #: verify
    INCOMPLETE = 6  #: verify
    INTERRUPTED = 130


class Commands(click.Group):
    """Commands whose modules are imported when they are used: starting up stays quick."""

    MODULES = {  # noqa: RUF012 -- a constant of this class
        "append": "generator.cli.build",
        "build": "generator.cli.build",
        "check": "generator.cli.inspect_commands",
        "doctor": "generator.cli.doctor",
        "explain": "generator.cli.inspect_commands",
        "hook": "generator.cli.hook_serve",
        "migrate": "generator.cli.migrate",
        "privacy-report": "generator.cli.privacy_report",
        "render": "generator.cli.build",
        "sandbox": "generator.cli.sandbox_command",
        "schema": "generator.cli.inspect_commands",
        "serve": "generator.cli.serve_command",
        "snapshot": "generator.cli.build",
        "verify": "generator.cli.verify",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        del ctx
        return sorted(self.MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing its module now."""
        from importlib import import_module

        del ctx
        if cmd_name not in self.MODULES:
            return None
        command = getattr(import_module(self.MODULES[cmd_name]), cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)  # noqa: S101 -- the table above is ours
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Add a did-you-mean to an unknown command."""
        from generator.config.hints import hint

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(error.message + hint(args[0], self.MODULES), ctx) from None


def _version(ctx: click.Context, _option: click.Option, wanted: bool) -> None:  # noqa: FBT001 -- Click's shape
    if wanted:
        python = ".".join(map(str, sys.version_info[:3]))
        click.echo(f"sunlit {__version__} (Python {python})")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
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
