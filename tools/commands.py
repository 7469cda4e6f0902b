"""Writes `docs/commands.md`, every command with every option, from the commands: `make reference`."""

from collections.abc import Iterator

import click

from generator.cli.main import cli
from tools.rooms import ROOT

PAGE = ROOT / "docs" / "commands.md"
_OPENING = """# Every command and option

`make reference` writes this page from the commands; `sunlit COMMAND --help` says the same.

Results go to standard output, everything else to standard error, so what `sunlit verify SITE --json >
result.json` writes is JSON alone. `-q` and `-v` may stand behind `sunlit` or behind any command.
`NO_COLOR=1` takes colours away. A key is never an option: the configuration names the environment variable
that holds it.

Completion in bash: `eval "$(_SUNLIT_COMPLETE=bash_source sunlit)"` in `~/.bashrc`; in zsh the same with
`zsh_source` in `~/.zshrc`; in fish `_SUNLIT_COMPLETE=fish_source sunlit | source` in
`~/.config/fish/config.fish`.

Without an installation: `uvx sunlit COMMAND` or `pipx run sunlit COMMAND`; the demo and the preview are
extras, `uvx --from "sunlit[sandbox,serve]" sunlit serve --demo`. It runs on Linux, macOS and Windows with
Python 3.11 to 3.14. Windows holds `verify` to its time alone, not to its memory ([bounds](bounds.md)).

| exit code | meaning |
|---|---|
| 0 | done, and everything is fresh |
| 1 | usage or configuration is wrong, another run holds the lock, or the system refuses |
| 2 | warnings, and `--strict` was asked for |
| 3 | published, with something stale, unread or unassigned that `accepted:` does not name |
| 4 | nothing can be published; the output is untouched |
| 5 | `verify`: something does not hold |
| 6 | `verify`: something could not be looked at |
| 130 | interrupted; nothing half-written is left |
"""


def written() -> str:
    """Return the whole page, in Markdown."""
    return "\n".join([_OPENING, *_sections(cli, "sunlit")])


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its whole name."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.resolve_command(context, [name])[1]
            assert found is not None  # noqa: S101 -- it is listed
            yield from commands(found, f"{path} {name}")


def _sections(command: click.Command, path: str) -> Iterator[str]:
    for name, found in commands(command, path):
        yield f"## {name}\n"
        text = (found.help or "").replace("\b\n", "")
        yield "\n\n".join(" ".join(part.split()) for part in text.split("\n\n")) + "\n"
        yield "```\n" + found.get_usage(click.Context(found, info_name=name)) + "\n```\n"
        rows = [row for row in _options(found) if row]
        if rows:
            yield "| option | what it does |\n|---|---|"
            yield from rows
            yield ""


def _options(command: click.Command) -> Iterator[str]:
    context = click.Context(command)
    for option in command.get_params(context):
        record = option.get_help_record(context)
        if record is None or {"--help", "--quiet", "--verbose"} & {*option.opts}:
            continue
        names, text = (" ".join(part.split()).replace("|", "&#124;") for part in record)
        yield f"| `{names}` | {text} |"


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
