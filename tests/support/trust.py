"""What clients of tests trust: reading all certificates takes 40 ms, which each client would spend anew."""

import ssl
from functools import cache

import httpx


@cache
def trust() -> ssl.SSLContext:
    """Return the usual trust, for a client's `verify`."""
    return httpx.create_ssl_context()
