"""Whose word each field of the log is: the vocabulary of the declarations beside every record type; pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias


class Origin(StrEnum):
    """Who vouches for what a field says."""

    DERIVED = "derived"  #: nobody: it follows from evidence, configuration or its own record, and is compared
    BTCPAY = "btcpay"  #: a BTCPay server
    INDEXER = "indexer"  #: a Bitcoin indexer
    RELAY = "relay"  #: a Nostr relay
    PROVIDER = "provider"  #: who tells an exchange rate
    PUBLISHER = "publisher"  #: whoever publishes the site


#: Kind of source → field → whose word it is. A kind that is not there says no such record; a field
#: that is not there means nothing from that kind, and has its default.
Origins: TypeAlias = Mapping[str, Mapping[str, Origin]]


def fields(**named: str) -> Mapping[str, Origin]:
    """Return whose word each field is, from the fields' names by `Origin`; raise `ValueError` for a double.

    A struct within a record is the word of the field that holds it, unless it declares its own.
    """
    found: dict[str, Origin] = {}
    for origin, names in named.items():
        for name in names.split():
            if name in found:
                msg = f"{name} is {found[name]}, and {origin} as well"
                raise ValueError(msg)
            found[name] = Origin(origin)
    return found


def of(origins: Origins, kind: str, origin: Origin) -> tuple[str, ...]:
    """Return the fields that are one word, of records of one kind of source."""
    return tuple(name for name, found in origins.get(kind, {}).items() if found is origin)
