"""When two addresses are one server's, and who stands behind a server."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from posixpath import normpath
from typing import Final
from urllib.parse import unquote, urlsplit

#: The last two mean any address, and who connects to them reaches this machine.
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0", "::"})  # noqa: S104 -- nothing is bound
#: A port that a scheme means by itself says nothing, whether it is written or not.
_USUAL_PORTS: Final = frozenset({None, 80, 443})
#: Routes that one indexer answers under several prefixes; which one is found out by asking.
_INDEXER_PREFIX: Final = re.compile(r"/api(?:/v1)?$")
#: What a web address gives before its host, as lenient readers of addresses take it: name and password.
_LOGIN: Final = re.compile(r"\A(\s*(?:[a-z][a-z0-9+.-]*:)?+[/\\]*+)[^/\\?#]*@", re.IGNORECASE)
#: What stands instead of a login in what is recorded; the "@" says that there was one.
NO_LOGIN: Final = "removed@"
#: Decimal, octal and hexadecimal parts of an IPv4 address.
_SHORT: Final = re.compile(r"(?:0x[0-9a-f]{1,8}|[0-9]{1,11})(?:\.(?:0x[0-9a-f]{1,8}|[0-9]{1,11})){0,3}")
#: Second labels below which countries give names to everyone.
_SHARED: Final = frozenset({"ac", "co", "com", "edu", "gob", "gov", "net", "ne", "or", "org"})
_COUNTRY: Final = 2  #: letters
#: What the registry gives to hosts of version 6 (RFC 4291), and blocks that not every Python
#: knows as special: of protocols, of relays from version 6 to 4, of Teredo and 6to4, of documentation.
_UNICAST: Final = ip_network("2000::/3")
_SPECIAL: Final = tuple(
    map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20"))
)


def server_key(url: str, *, indexer: bool = False) -> str:
    """Return what all spellings of one server's address have in common; raise `ValueError` for none.

    Case, scheme, usual ports, slashes at the end, dots in the path, names of this machine, forms of an
    IP address and IDNA play no part; nor, for an indexer, the prefix of its routes.
    """
    parts = urlsplit(url.strip())
    port = "" if parts.port in _USUAL_PORTS else f":{parts.port}"
    path = normpath("/" + unquote(parts.path).strip("/")).rstrip("/")
    if indexer:
        path = _INDEXER_PREFIX.sub("", path)
    query = f"?{parts.query}" if parts.query and not indexer else ""
    return f"{host_of(url)}{port}{path}{query}"


def without_login(address: str) -> str:
    """Return an address of others as it may be recorded: what stood before its host is `NO_LOGIN`."""
    return _LOGIN.sub(rf"\1{NO_LOGIN}", address, count=1)


def host_of(url: str) -> str:
    """Return the host of an address in one spelling; raise `ValueError` where there is none."""
    host = (urlsplit(url.strip()).hostname or "").rstrip(".\u3002")
    try:
        name = host.encode("idna").decode("ascii").lower() if not host.isascii() else host
    except UnicodeError:
        name = ""
    if not name:
        msg = f"no host in {url!r}"
        raise ValueError(msg)
    name = _ip(name)
    return "localhost" if name in _LOCAL or name.endswith(".localhost") else name


def operator_of(url: str) -> str:
    """Return the registrable domain of an address, which stands for who runs the server.

    That is the last two labels, three below a country's co, com, org and their like. Names that a
    hosting service gives to its customers count as the service's: a full list of them is not kept.
    """
    host = host_of(url)
    labels = host.split(".")
    if ":" in host or labels[-1].isdigit():
        return host
    shared = len(labels[-1]) == _COUNTRY and labels[-2:-1] and labels[-2] in _SHARED
    return ".".join(labels[-3:] if shared else labels[-2:])


def is_public(address: str) -> bool:
    """Tell whether an IP address is a host of the public internet, and of nothing inside any network.

    What carries an IPv4 address inside (RFC 4291, 6052, 3056, 4380) could lead anywhere: only the
    mapped form is looked into, the others are refused.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    found = (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed
    allowed = isinstance(found, IPv4Address) or found in _UNICAST
    special = any(found.version == block.version and found in block for block in _SPECIAL)
    return allowed and found.is_global and not (special or found.is_multicast or found.is_reserved)


def _ip(host: str) -> str:
    """Write an IP address in its usual form, such as 127.0.0.1 for 127.1; a name as it is."""
    try:
        address = _short_ipv4(host) if _SHORT.fullmatch(host) else ip_address(host)
    except (ValueError, OverflowError):
        return host
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _short_ipv4(host: str) -> IPv4Address:
    """Read what resolvers take for an IPv4 address: up to four numbers, the last fills what is left."""
    *first, last = [
        int(part, 16 if part[1:2] == "x" else 8 if part[0] == "0" else 10) for part in host.split(".")
    ]
    return IPv4Address(bytes(first) + last.to_bytes(4 - len(first)))
