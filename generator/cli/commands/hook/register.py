"""`sunlit hook register`: tell BTCPay where the receiver is."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from generator.cli.exit_codes import Exit
from generator.cli.options import config_option
from generator.cli.terminal import Terminal

if TYPE_CHECKING:
    from generator.cli.site_folder import SiteFolder
    from generator.config import BTCPayServer
    from generator.hook.registrar import RegisteredWebhook

#: Holds a key that may change webhooks; for this one command, never for the report.
KEY_ENV: Final = "SUNLIT_WEBHOOK_KEY"


@click.command()
@config_option
@click.option("--url", default="", help="Public address of the receiver. [default: hook.url]")
@click.option(
    "--key-env",
    default=KEY_ENV,
    show_default=True,
    metavar="NAME",
    help="Environment variable with a key that may change webhooks.",
)
@click.option("--by-hand", is_flag=True, help="Print the steps on BTCPay's own pages instead; needs no key.")
@click.pass_obj
def register(terminal: Terminal, *, config: Path, url: str, key_env: str, by_hand: bool) -> int:
    """Register the receiver with BTCPay, in every store of the section `hook`.

    Needs, for this call alone, a key that may change webhooks; the report's own key must not be able to.
    Running it again changes the webhook of the same address instead of making another.
    """
    import asyncio

    from generator.cli.hook_section import hook_secrets, hook_section
    from generator.cli.site_folder import load_site
    from generator.hook.registrar import by_hand as steps

    site = load_site(config)
    hook = hook_section(site)
    server = site.config.sources.btcpay_server(hook.server)
    address = _address((url or hook.url or "").rstrip("/"))
    if by_hand:
        for line in steps(server, address, hook.secret_env):
            terminal.result(line)
        return Exit.DONE
    secrets = hook_secrets(site, hook, os.environ, token=False)
    key = _key(server, key_env)
    terminal.hide([*secrets.values(), key])
    keyed = server.model_copy(update={"token_env": key_env})  # messages name the key that is used
    secret = secrets[hook.secret_env]
    for registered in asyncio.run(_register(terminal, site, keyed, key=key, address=address, secret=secret)):
        terminal.result(_sentence(registered, address))
    terminal.warn(
        f"the key in {key_env} can change webhooks: revoke it now in BTCPay, "
        "Account, API keys, and unset the variable"
    )
    return Exit.DONE


def _address(url: str) -> str:
    """Return where deliveries go; raise `click.UsageError` for an address BTCPay should not use."""
    from generator.config.rules import is_private

    if not url:
        message = (
            "where is the receiver? Give --url https://hooks.example.org/btcpay, or hook.url in the file"
        )
        raise click.UsageError(message)
    if url.startswith("https://") or (url.startswith("http://") and is_private(url)):
        return url
    message = (
        f"{url}: deliveries name invoices and who paid them, so they go over https, "
        "or stay on this machine, its network or Tor"
    )
    raise click.UsageError(message)


def _key(server: "BTCPayServer", key_env: str) -> str:
    """Return the key that may change webhooks; raise `click.UsageError` that says how to make one."""
    from generator.sources.btcpay.greenfield.refusals import MODIFY_WEBHOOKS, key_page

    if key := os.environ.get(key_env, "").strip():
        return key
    message = (
        f"environment variable {key_env} is not set: make a key with {MODIFY_WEBHOOKS} for "
        f"{', '.join(server.stores)} at {key_page(server, MODIFY_WEBHOOKS)}, use it for this command alone "
        "and revoke it; or run `sunlit hook register --by-hand`"
    )
    raise click.UsageError(message)


def _sentence(registered: "RegisteredWebhook", address: str) -> str:
    what = "changed the webhook that was there" if registered.updated else "made a webhook"
    doubles = (
        f"; {registered.doubles} more of this address are left: delete them in BTCPay, "
        "or each event is delivered again"
        if registered.doubles
        else ""
    )
    return f"Store {registered.store}: {what}, to {address}{doubles}"


async def _register(
    terminal: Terminal, site: "SiteFolder", server: "BTCPayServer", *, key: str, address: str, secret: str
) -> "list[RegisteredWebhook]":
    """Register `address` with `key`, whose variable `server.token_env` names."""
    import httpx

    from generator.hook.registrar import Registrar
    from generator.sources.btcpay.greenfield import Greenfield, authorization, transport
    from generator.sources.http import Http

    way = transport(server, site.authorities.get(server.id))
    async with httpx.AsyncClient(transport=way, headers=authorization(key)) as client:
        http = Http(
            client=client, source=f"btcpay-{server.id}", base_url=server.url, proxy=server.proxy or ""
        )
        registrar = Registrar(api=Greenfield(server, http), url=address, secret=secret)
        if beyond := await registrar.beyond():
            terminal.warn(
                f"the key in {server.token_env} can do more than this needs: {', '.join(beyond)}; "
                "a key for webhooks of these stores alone would do"
            )
        return [registered async for registered in registrar.register()]
