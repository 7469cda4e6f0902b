"""The command `sunlit`: every outcome becomes one sentence and one exit code."""

import errno
import gc
import platform
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any, Final

import click

from generator import __version__
from generator.cli.exit_codes import Exit
from generator.cli.terminal import Terminal
from generator.errors import NothingPublishable, SunlitError


def _mark(ctx: click.Context, option: click.Parameter, value: bool) -> None:  # noqa: FBT001 -- Click's call
    """Remember how much is to be said; a command's own option adds to what stands before its name."""
    if value and option.name is not None:
        setattr(ctx.obj, option.name, True)


def _say_version(ctx: click.Context, _option: click.Parameter, value: bool) -> None:  # noqa: FBT001 -- Click's call
    """Print the version, with hashes of what decides about bytes: `verify` compares those of equals."""
    if not value:
        return
    from hashlib import sha256

    from generator.build.code_stamp import libraries
    from generator.inputs import default_templates

    def short(parts: Mapping[str, bytes]) -> str:
        lines = (f"{name}\0{sha256(data).hexdigest()}\n" for name, data in sorted(parts.items()))
        return sha256("".join(lines).encode()).hexdigest()[:16]

    versions = {name: version.encode() for name, version in libraries().items()}
    click.echo(
        f"sunlit {__version__} (Python {platform.python_version()}, {sys.platform} {platform.machine()})"
    )
    click.echo(f"libraries {short(versions)}, templates {short(default_templates())}")
    ctx.exit()


#: Options of every command, and of `sunlit` itself.
_QUIET: Final = click.Option(
    ["-q", "--quiet"],
    is_flag=True,
    expose_value=False,
    callback=_mark,
    help="Print results, warnings and errors only.",
)
_VERBOSE: Final = click.Option(
    ["-v", "--verbose"],
    is_flag=True,
    expose_value=False,
    callback=_mark,
    help="Print each step in a line of its own.",
)


class CommandGroup(click.Group):
    """The modules of a package as commands: listed by their summaries, imported when they are used."""

    def __init__(self, *, package: str, summaries: Mapping[str, str], **attributes: Any) -> None:  # noqa: ANN401 -- Click's own attributes
        listed = {name: click.Command(name, help=summary) for name, summary in summaries.items()}
        super().__init__(commands=listed, **attributes)
        self.package = package

    def load(self, name: str) -> click.Command:
        """Import a command's module and return the function that is named like it."""
        word = name.replace("-", "_")
        command = getattr(import_module(f"{self.package}.{word}"), word)
        assert isinstance(command, click.Command)  # noqa: S101 -- our own module
        if not isinstance(command, click.Group) and _QUIET not in command.params:
            command.params += [_QUIET, _VERBOSE]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List every command with its whole sentence; Click would cut it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.commands[name].help or "") for name in self.list_commands(ctx)])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command itself in place of what is listed; add a did-you-mean to an unknown one."""
        try:
            name, listed, rest = super().resolve_command(ctx, args)
        except click.UsageError as error:
            from generator.config.hints import hint

            close = hint(args[0], self.list_commands(ctx))
            message = error.message.removesuffix(".") + close if close else error.message
            raise click.UsageError(message, ctx) from None
        return name, self.load(name) if name and listed else None, rest


#: What each command does: the first sentence of its own help.
SUMMARIES: Final = {
    "alert": "Open, update and close one issue on GitHub for each source that fails in run after run.",
    "append": "Append a batch that `snapshot --batch` wrote, whole or cut off; twice changes nothing.",
    "build": "Take a snapshot, then render the site: the job that CI runs.",
    "check": "Find every mistake in config, log, content and templates, offline.",
    "doctor": "Ask every source whether it can be read, and what its keys may do.",
    "edition": "Freeze each month that is over: its statement goes to content/editions, once.",
    "explain": "Print where a figure comes from, down to its rows, transactions and snapshot.",
    "export": "Write the report as tables, plain-text accounting or a database, from the log alone.",
    "hook": "Rebuild when money arrives: an optional receiver of BTCPay's webhooks.",
    "init": "Begin a report in DIR: a configuration, a workflow for GitHub, and what to do next.",
    "migrate": "Change how the log names things, take texts out of it, or let a run count no more.",
    "privacy-report": "Say what a reader of the published log could still link with a person.",
    "render": "Write the site from the log alone: no network, no clock, the same bytes each time.",
    "sandbox": "Run a small world on this machine: BTCPay server, relays, chain and indexers.",
    "schema": "Print the JSON Schema of the config, a published file, or what a command prints as JSON.",
    "serve": "Preview the site on this machine; nothing is published.",
    "snapshot": "Ask every source and append what is new to the log.",
    "theme": "Templates and colours of a site's own, in content/theme/.",
    "translate": "Write the catalogue of a language with every message that there is, to be translated.",
    "verify": "Repeat every check of a published SITE: its address, or a folder with a copy.",
}


@click.group(
    cls=CommandGroup,
    package="generator.cli.commands",
    summaries=SUMMARIES,
    context_settings={"help_option_names": ["-h", "--help"]},
    params=[_QUIET, _VERBOSE],
    epilog="`sunlit COMMAND --help` says more. Exit codes: 0 done, 1 usage or configuration, 2 warnings "
    "under --strict, 3 published with gaps, 4 nothing to publish, 5 verify found a mismatch, 6 verify could "
    "not look at everything, 130 interrupted.",
)
@click.option(
    "-V",
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_say_version,
    help="Show the version, and what `verify` compares of it.",
)
def cli() -> None:
    """Funding reports anyone can check.

    Start with `sunlit init` for a report of your own, or with `sunlit build --demo` for one from a small
    world on this machine.
    """


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
    except (SunlitError, OSError) as error:
        return _stopped(terminal, error)
    return result if isinstance(result, int) else Exit.DONE


def _stopped(terminal: Terminal, error: SunlitError | OSError) -> Exit:
    """Say why a command stopped, where a person looks and where a job shows it."""
    sentences = [failure_text(error)] if isinstance(error, OSError) else str(error).splitlines()
    for sentence in sentences:
        terminal.error(sentence)
    if terminal.summary is not None:
        from generator.cli.job_summary import tell_stop

        tell_stop(terminal, error, sentences)
    return Exit.NOTHING if isinstance(error, NothingPublishable) else Exit.WRONG_USE


_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def failure_text(error: OSError) -> str:
    """Return one sentence about what the system refused, with who must act."""
    where = f"{error.filename}: " if error.filename else ""
    reason = error.strerror or str(error) or type(error).__name__
    if error.errno in _FULL:
        step = "free some space (or raise the limit), then run it again: what was recorded stands"
    elif error.errno in _FORBIDDEN:
        step = "let the user who runs sunlit read and write there, then run it again"
    else:
        step = "look at this file or device, then run it again: what was recorded stands"
    return f"{where}{reason[:1].lower()}{reason[1:]}; {step}"


def main() -> None:
    """Run `sunlit` and leave with its exit code."""
    if sys.platform == "win32":  # what is piped there is of another encoding, and has other line ends
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(encoding="utf-8", newline="\n")
    code = run()
    gc.freeze()  # or Python would look through all that is left once more, only to end
    sys.exit(code)
