"""`sunlit hook register`: tell BTCPay where the receiver is."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from generator.cli.main import Exit
from generator.cli.site_folder import config_option, load_site
from generator.cli.terminal import Terminal

if TYPE_CHECKING:
    from generator.cli.site_folder import Site
    from generator.config import BTCPayServer
    from generator.hook.register import Registered

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
    from generator.cli.hook_serve import section, valued
    from generator.hook.register import by_hand as steps

    site = load_site(config, None)
    chosen = section(site)
    server = next(one for one in site.config.sources.btcpay if one.id == chosen.server)
    address = _address((url or chosen.url or "").rstrip("/"))
    if by_hand:
        for line in steps(server, address, chosen.secret_env):
            terminal.result(line)
        return Exit.DONE
    values = valued(site, chosen, os.environ, token=False)
    key = os.environ.get(key_env, "").strip()
    terminal.hide([*values.values(), key])
    if not key:
        raise click.UsageError(_no_key(server, key_env))
    made = asyncio.run(
        _registered(terminal, site, server, (address, key_env, key, values[chosen.secret_env]))
    )
    for one in made:
        terminal.result(_told(one, address))
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


def _no_key(server: "BTCPayServer", key_env: str) -> str:
    from generator.sources.btcpay.refusals import MODIFY_WEBHOOKS, key_page

    return (
        f"environment variable {key_env} is not set: make a key with {MODIFY_WEBHOOKS} for "
        f"{', '.join(server.stores)} at {key_page(server, MODIFY_WEBHOOKS)}, use it for this command alone "
        "and revoke it; or run `sunlit hook register --by-hand`"
    )


def _told(one: "Registered", address: str) -> str:
    what = "changed the webhook that was there" if one.updated else "made a webhook"
    doubles = (
        f"; {one.doubles} more of this address are left: delete them in BTCPay, "
        "or each event is delivered again"
        if one.doubles
        else ""
    )
    return f"Store {one.store}: {what}, to {address}{doubles}"


async def _registered(
    terminal: Terminal, site: "Site", server: "BTCPayServer", secrets: tuple[str, str, str, str]
) -> "list[Registered]":
    import httpx

    from generator.hook.register import Registrar
    from generator.sources.btcpay import authorization, connecting
    from generator.sources.btcpay.greenfield import Greenfield
    from generator.sources.http import Http

    url, key_env, key, secret = secrets
    way = connecting.transport(server, site.authorities.get(server.id))
    async with httpx.AsyncClient(transport=way, headers=authorization(key)) as client:
        http = Http(client=client, source=f"btcpay-{server.id}", base_url=server.url)
        keyed = server.model_copy(update={"token_env": key_env})  # messages name the key that is used
        registrar = Registrar(api=Greenfield(keyed, http), url=url, secret=secret)
        if beyond := await registrar.beyond():
            terminal.warn(
                f"the key in {key_env} can do more than this needs: {', '.join(beyond)}; "
                "a key for webhooks of these stores alone would do"
            )
        return [one async for one in registrar.register()]
