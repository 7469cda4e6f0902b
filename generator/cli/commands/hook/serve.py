"""`sunlit hook serve`: listen to BTCPay's webhooks and ask for rebuilds."""

import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.extras import listen, need
from generator.cli.options import config_option
from generator.cli.terminal import Terminal

if TYPE_CHECKING:
    from generator.cli.site_folder import SiteFolder
    from generator.config import HookConfig


@click.command()
@config_option
@click.option("-a", "--address", default="127.0.0.1:8787", show_default=True, help="IP:PORT to listen on.")
@click.pass_obj
def serve(terminal: Terminal, *, config: Path, address: str) -> None:
    """Listen to webhooks and ask for rebuilds, as the section `hook` of the configuration says.

    Put a reverse proxy with TLS before it; BTCPay posts to /btcpay. Stops on Ctrl-C and asks first
    for what still waits.
    """
    import asyncio

    from generator.cli.hook_section import hook_secrets, hook_section
    from generator.cli.site_folder import load_site

    need("hook", "the receiver of webhooks")
    site = load_site(config)
    hook = hook_section(site)
    secrets = hook_secrets(site, hook, os.environ)
    terminal.hide(secrets.values())
    listener = listen(address)
    host, port = listener.getsockname()[:2]
    terminal.log(f"Listening on http://{host}:{port}/btcpay for {hook.server}; {_what(hook)}")
    asyncio.run(_serve(terminal, site, hook, secrets, listener))


def _what(hook: "HookConfig") -> str:
    if hook.action == "build":
        return "each rebuild runs `sunlit build` here"
    return f"each rebuild is a {hook.action} of {hook.repository}"


async def _serve(
    terminal: Terminal,
    site: "SiteFolder",
    hook: "HookConfig",
    secrets: Mapping[str, str],
    listener: socket.socket,
) -> None:
    import httpx

    from generator.cli.webhook_receiver import receiver_of
    from generator.hook import Dispatcher, Repetition, application
    from generator.hook.connections import BoundedServer
    from generator.hook.dispatch import build_here
    from generator.sources.http import refuse_odd_environment

    async with AsyncExitStack() as stack:
        dispatch: Callable[..., Awaitable[None]] = partial(build_here, Path(site.document.file))
        if hook.token_env:
            refuse_odd_environment()
            client = await stack.enter_async_context(httpx.AsyncClient(timeout=30))
            dispatch = Dispatcher(hook=hook, token=secrets[hook.token_env], client=client)
        say = Repetition(terminal.warn)
        receiver = receiver_of(site, hook, secrets[hook.secret_env], dispatch, terminal)
        receiver.say = say
        await BoundedServer(application(receiver), say).serve(sockets=[listener])
