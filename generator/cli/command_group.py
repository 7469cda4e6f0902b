"""Groups of commands that are found by looking into a package."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import click


class CommandGroup(click.Group):
    """The modules of a package as commands, imported when they are used: starting up stays quick."""

    def __init__(self, *, package: str, **attributes: Any) -> None:  # noqa: ANN401 -- Click's own attributes
        super().__init__(**attributes)
        self.package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the alphabet's order."""
        del ctx
        modules = iter_modules(import_module(self.package).__path__)
        return sorted(module.name.replace("_", "-") for module in modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command's module and return the function that is named like it."""
        if cmd_name not in self.list_commands(ctx):
            return None
        name = cmd_name.replace("-", "_")
        command = getattr(import_module(f"{self.package}.{name}"), name)
        assert isinstance(command, click.Command)  # noqa: S101 -- our own module
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Add a did-you-mean to an unknown command."""
        from generator.config.hints import hint

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = hint(args[0], self.list_commands(ctx))
            message = error.message.removesuffix(".") + close if close else error.message
            raise click.UsageError(message, ctx) from None
