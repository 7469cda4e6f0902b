"""The address that a server of this machine listens on."""

import socket

import click


def listen(address: str) -> socket.socket:
    """Return a socket bound to ``IP:PORT``; raise `click.UsageError` saying why not."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        message = f"--address is {address!r}, expected IP:PORT such as 127.0.0.1:8000"
        raise click.UsageError(message)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), int(port)))
    except OSError as error:
        listener.close()
        step = "choose another with --address, port 0 takes a free one"
        message = f"cannot listen on {address} ({error.strerror}); {step}"
        raise click.UsageError(message) from error
    return listener
