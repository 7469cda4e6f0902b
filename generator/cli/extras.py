"""What only some commands need: an optional part, or an address to listen on; what is missing is named."""

import socket
from importlib.util import find_spec
from typing import Final

import click

#: extra → the modules it brings
_EXTRAS: Final = {
    "dask": ("distributed",),
    "hook": ("starlette", "uvicorn"),
    "sandbox": ("nostr_sdk", "starlette", "uvicorn"),
    "serve": ("starlette", "uvicorn", "watchfiles"),
}


def need(extra: str, what: str) -> None:
    """Raise `click.ClickException` that says how to install what a command needs, if it is not there."""
    if any(find_spec(module) is None for module in _EXTRAS[extra]):
        whole = f"'sunlit[{extra}]'"
        message = f"{what} is an extra: pip install {whole}, or pipx install --force {whole}"
        raise click.ClickException(message)


def listen(address: str) -> socket.socket:
    """Return a socket bound to ``IP:PORT``; raise `click.UsageError` saying why not."""
    host, _, port = address.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()):
        message = f"--address is {address!r}, expected IP:PORT such as 127.0.0.1:8000"
        raise click.UsageError(message)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), int(port)))
    except (OSError, OverflowError) as error:
        listener.close()
        step = "choose another with --address, port 0 takes a free one"
        reason = error.strerror if isinstance(error, OSError) else "no such port"
        message = f"cannot listen on {address} ({reason}); {step}"
        raise click.UsageError(message) from error
    return listener
