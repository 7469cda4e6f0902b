"""What only some commands need: an optional part that is missing is named with its extra."""

from importlib.util import find_spec
from typing import Final

import click

#: extra → the modules it brings
_EXTRAS: Final = {
    "hook": ("starlette", "uvicorn"),
    "sandbox": ("nostr_sdk", "starlette", "uvicorn"),
    "serve": ("starlette", "uvicorn", "watchfiles"),
}


def need(extra: str, what: str) -> None:
    """Raise `click.ClickException` that says how to install what a command needs, if it is not there."""
    if any(find_spec(module) is None for module in _EXTRAS[extra]):
        message = f"{what} is an extra: pip install 'sunlit[{extra}]'"
        raise click.ClickException(message)
