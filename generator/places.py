"""Places of money: what the log calls an Angor project, or an app or the rest of a BTCPay store; pure.

The log knows places and the configuration knows projects, so that renaming a project,
a server or its address changes no number. BTCPay's ids are never written in clear: a
token stands for each. Ids are random, so a token cannot be turned back, and whoever
knows an id can recognise it.
"""

from hashlib import sha256
from typing import Final

ANGOR: Final = "angor"
BTCPAY: Final = "btcpay"
#: Names of the source of exchange rates, of run records and of what voids a run: they have no places.
RATES: Final = "rates"
RUNS: Final = "runs"
VOIDS: Final = "voids"
#: What is left of a store when every other place has its own.
REST: Final = "rest"
#: Money that may belong to a bound place of its store, or to none.
UNASSIGNED: Final = "unassigned"
#: Kind of the token of a pull payment, which is no place.
PULL: Final = "pull"
#: Begins a token where a configuration has an id, in what a site publishes of it.
TOKEN: Final = "token-"  # noqa: S105 -- not a password


def token_of(kind: str, private_id: str) -> str:
    """Return what stands for an id of BTCPay: 16 hexadecimal digits; of a published token the digits.

    `kind` is ``store``, ``crowdfund``, ``pos``, ``request`` or `PULL`.
    """
    if private_id.startswith(TOKEN):
        return private_id.removeprefix(TOKEN)
    return sha256(f"sunlit place\0{kind}\0{private_id}".encode()).hexdigest()[:16]


def angor_place(identifier: str) -> str:
    """Return the place of an Angor project."""
    return f"{ANGOR}:{identifier}"


def identifier_in(place: str) -> str:
    """Return the Angor identifier that a place names, empty for a place of BTCPay."""
    kind, _, identifier = place.partition(":")
    return identifier if kind == ANGOR else ""


def store_source(store: str) -> str:
    """Return the name of the source that reads a store."""
    return f"{BTCPAY}-{token_of('store', store)}"


def part_of_store(kind: str, private_id: str = "") -> str:
    """Return what names a place within its store: an app or request, or `REST` or `UNASSIGNED` alone."""
    return f"{kind}:{token_of(kind, private_id)}" if private_id else kind


def btcpay_place(store: str, part: str) -> str:
    """Return a place of a store; `part` as `part_of_store` gives it."""
    return f"{BTCPAY}:{token_of('store', store)}/{part}"
