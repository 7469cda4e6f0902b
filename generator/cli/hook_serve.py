"""`sunlit hook serve`: listen to BTCPay's webhooks and ask for rebuilds."""

import asyncio
import os
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from generator.cli.extras import need
from generator.cli.hook_register import register
from generator.cli.main import Exit
from generator.cli.site_folder import config_option, load_site
from generator.cli.terminal import Terminal
from generator.errors import ConfigError

if TYPE_CHECKING:
    from generator.cli.site_folder import Site
    from generator.config import HookConfig
    from generator.hook import Delivery, Receiver

#: Stands there while a rebuild is still to be asked for.
UNASKED: Final = Path(".sunlit/hook-unasked")


@click.group()
def hook() -> None:
    """Rebuild when money arrives: an optional receiver of BTCPay's webhooks."""


hook.add_command(register)


@hook.command()
@config_option
@click.option("-a", "--address", default="127.0.0.1:8787", show_default=True, help="IP:PORT to listen on.")
@click.pass_obj
def serve(terminal: Terminal, *, config: Path, address: str) -> int:
    """Listen to webhooks and ask for rebuilds, as the section `hook` of the configuration says.

    Put a reverse proxy with TLS before it; BTCPay posts to /btcpay. Stops on Ctrl-C and asks first
    for what still waits.
    """
    from generator.cli.serve_command import listening

    need("hook", "the receiver of webhooks")
    site = load_site(config, None)
    chosen, values = configured(site, os.environ)
    terminal.hide(values.values())
    listener = listening(address)
    host, port = listener.getsockname()[:2]
    terminal.log(f"Listening on http://{host}:{port}/btcpay for {chosen.server}; {_what(chosen)}")
    asyncio.run(_served(site, chosen, values, terminal, (listener, config)))
    return Exit.DONE


def configured(site: "Site", environment: Mapping[str, str]) -> "tuple[HookConfig, dict[str, str]]":
    """Return the section and its secrets; raise `ConfigError` naming what is missing."""
    chosen = section(site)
    return chosen, valued(site, chosen, environment)


def section(site: "Site") -> "HookConfig":
    """Return the section `hook`; raise `ConfigError` when there is none."""
    from generator.config.positions import Document

    if site.config.hook is None:
        message = "there is no section hook; docs/webhooks.md has one to copy"
        raise ConfigError((site.document or Document("config.yaml")).problem((), message, "no-hook"))
    return site.config.hook


def valued(
    site: "Site", chosen: "HookConfig", environment: Mapping[str, str], *, token: bool = True
) -> dict[str, str]:
    """Return the secrets of the section by variable, without the `token` if it is not needed.

    Raise `ConfigError` naming each that is missing.
    """
    from generator.config.positions import Document

    document = site.document or Document("config.yaml")
    names = {"secret_env": "the secret of the webhook: any long random text, the same in BTCPay"}
    if chosen.token_env and token:
        names |= {"token_env": "a GitHub token for this repository alone, with Actions: write"}
    problems = []
    values: dict[str, str] = {}
    for field, what in names.items():
        name = str(getattr(chosen, field))
        values[name] = environment.get(name, "").strip()
        if not values[name]:
            message = f"environment variable {name} is not set: it holds {what}; see docs/webhooks.md"
            problems.append(document.problem(("hook", field), message, "missing-secret"))
    if problems:
        raise ConfigError(*problems)
    return values


def _what(chosen: "HookConfig") -> str:
    if chosen.action == "build":
        return "each rebuild runs `sunlit build` here"
    return f"each rebuild is a {chosen.action} of {chosen.repository}"


async def _served(
    site: "Site",
    chosen: "HookConfig",
    values: Mapping[str, str],
    terminal: Terminal,
    place: tuple[socket.socket, Path],
) -> None:
    import httpx
    import uvicorn

    from generator.hook import Dispatcher, application
    from generator.hook.dispatch import build_here

    listener, config = place
    async with AsyncExitStack() as stack:
        dispatch: Callable[[], Awaitable[None]] = partial(build_here, config)
        if chosen.token_env:
            client = await stack.enter_async_context(httpx.AsyncClient(timeout=30))
            dispatch = Dispatcher(hook=chosen, token=values[chosen.token_env], client=client)
        receiver = receiving(site, chosen, values[chosen.secret_env], dispatch, terminal)
        options = uvicorn.Config(application(receiver), log_config=None, access_log=False)
        await uvicorn.Server(options).serve(sockets=[listener])


def receiving(
    site: "Site",
    chosen: "HookConfig",
    secret: str,
    dispatch: Callable[[], Awaitable[None]],
    terminal: Terminal,
) -> "Receiver":
    """Return the receiver of a site, which says what it did."""
    from generator.hook import NotDispatched, Receiver, Trigger
    from generator.store.hook_memory import REMEMBERED, Deliveries, Row, Unasked

    deliveries, unasked = Deliveries(site.root / REMEMBERED), Unasked(site.root / UNASKED)
    overdue = unasked.standing

    def remember(one: "Delivery") -> bool:
        row = Row(id=one.id, type=one.type, server=chosen.server, at=one.at)
        if row in deliveries:
            return False
        unasked.mark()  # before it is remembered: a crash between the two is mended by its redelivery
        return deliveries.remember(row)

    async def asked() -> None:
        begun = unasked.begin()
        try:
            await dispatch()
        except NotDispatched as error:
            terminal.error(str(error))
        except OSError as error:
            terminal.error(f"a rebuild could not be started here ({error}); the schedule rebuilds")
        else:
            unasked.done(begun)
            terminal.log("A rebuild was asked for.")

    server = next(one for one in site.config.sources.btcpay if one.id == chosen.server)
    return Receiver(
        secret=secret.encode(),
        stores=frozenset(server.stores),
        remember=remember,
        trigger=Trigger(dispatch=asked, debounce_s=chosen.debounce_s),
        now=time.monotonic,
        say=terminal.warn,
        overdue=overdue,
    )
