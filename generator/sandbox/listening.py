"""An ASGI application on loopback, in a thread of its own, on a port the system chooses."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

_PATIENCE_S: Final = 10.0
_POLL_S: Final = 0.005


@contextmanager
def listening(app: ASGIApp, *, port: int = 0, name: str) -> Iterator[str]:
    """Serve an application while the block runs; give its base address, ``http://127.0.0.1:PORT``."""
    with stoppable(app, port=port, name=name) as (url, _):
        yield url


@contextmanager
def stoppable(app: ASGIApp, *, port: int = 0, name: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """Serve an application likewise; give its address and what kills it before the block ends."""
    listener = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(
        app, log_config=None, lifespan="off", ws="none", access_log=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name=name, daemon=True)
    thread.start()

    def kill() -> None:
        server.should_exit = server.force_exit = True

    try:
        _wait_for(server, thread)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", kill
    finally:
        server.should_exit = True
        thread.join(_PATIENCE_S)
        listener.close()


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    while not server.started:
        if not thread.is_alive():
            msg = f"the server {thread.name} stopped before it was ready"
            raise RuntimeError(msg)
        time.sleep(_POLL_S)
