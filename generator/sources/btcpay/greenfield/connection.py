"""How a BTCPay server is reached: directly, through a proxy or Tor, by a certificate of its own."""

import ssl

import httpx

from generator.config import BTCPayServer


def authorization(token: str) -> dict[str, str]:
    """Make the header that a client for a BTCPay server must send with every question."""
    return {"Authorization": f"token {token}"}


def transport(server: BTCPayServer, authority: str | None = None) -> httpx.AsyncBaseTransport:
    """Open the way to a server; `authority` is the PEM text of its `ca_file`.

    The environment's proxies are not used: a key goes where the configuration says.
    """
    return httpx.AsyncHTTPTransport(verify=_trust(server, authority), proxy=server.proxy)


def _trust(server: BTCPayServer, authority: str | None) -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=False)
    if authority is not None:
        context.load_verify_locations(cadata=authority)
    if not server.verify:  # the configuration allows it for private addresses and onion hosts only
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
