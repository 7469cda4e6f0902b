"""What the environment says of the way out of this machine: proxies, and whose certificates are trusted."""

import os
import ssl
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from generator.errors import SunlitError

#: Scheme of a request → names under which httpx and websockets look for its proxy, the first one found.
_NAMES: Final = {
    "http": ("http", "all"),
    "https": ("https", "all"),
    "ws": ("ws", "socks", "https", "http"),
    "wss": ("wss", "socks", "https"),
}
_SCHEMES: Final = frozenset({"http", "https", "socks5", "socks5h"})
_FILE: Final = "SSL_CERT_FILE"
_FOLDER: Final = "SSL_CERT_DIR"
_STEP: Final = "name trusted certificates in PEM form, or unset it"


def proxy_of(url: str) -> str:
    """Return the host and port of the proxy that the environment names for an address, empty for none."""
    parts = urlsplit(url)
    if proxy_bypass(parts.hostname or ""):
        return ""
    found = getproxies()
    return place_of(next((found[name] for name in _NAMES.get(parts.scheme, ()) if name in found), ""))


def place_of(proxy: str) -> str:
    """Return host and port of a proxy's address, without the name and password that it may carry."""
    return urlsplit(proxy if "://" in proxy else f"http://{proxy}").netloc.rpartition("@")[2]


def refuse_odd_environment() -> None:
    """Raise `SunlitError` for what in the environment would end every connection, naming the variable."""
    problems = [*_odd_proxies(), *_odd_certificates()]
    if problems:
        raise SunlitError("\n".join(problems))


def _odd_proxies() -> Iterator[str]:
    names = {name for names in _NAMES.values() for name in names}
    for name, proxy in getproxies().items():
        if name in names and not _is_proxy(proxy):
            expected = "expected an address such as http://proxy.example:3128 or socks5h://127.0.0.1:9050"
            variable = f"environment variable {name.upper()}_PROXY"
            yield f"{variable} names no proxy: {expected}; correct it or unset it"


def _is_proxy(proxy: str) -> bool:
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        return parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _odd_certificates() -> Iterator[str]:
    file, folder = os.environ.get(_FILE), os.environ.get(_FOLDER)
    if file:
        if why := _unusable(file):
            yield f"environment variable {_FILE} names {file}, which cannot be used ({why}); {_STEP}"
    elif folder and not any(Path(part).is_dir() for part in folder.split(os.pathsep)):
        yield f"environment variable {_FOLDER} names {folder}, which is no folder; {_STEP}"


@cache
def _unusable(file: str) -> str:
    """Return why no certificates can be taken from a file; a process that runs often looks once."""
    try:
        ssl.create_default_context(cafile=file)
    except OSError as error:  # ssl.SSLError is one
        return "it holds no certificate" if isinstance(error, ssl.SSLError) else str(error.strerror)
    return ""
