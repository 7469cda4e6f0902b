"""The kinds of values that `config.yaml` may hold: names, addresses, keys."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from generator.protocol.nostr import pubkey_of

Network = Literal["main", "angornet", "signet", "testnet4", "regtest"]


def _https(url: str) -> str:
    if not re.match(r"https?://[^\s/]+", url):
        msg = "must be an http(s) address such as https://pay.example.org"
        raise ValueError(msg)
    return url.rstrip("/")


def _relay(url: str) -> str:
    if not re.match(r"wss?://[^\s/]+", url):
        msg = "must be a relay address such as wss://relay.example.org"
        raise ValueError(msg)
    return url.rstrip("/")


def _text(value: object) -> object:
    """Refuse numbers where an id belongs: YAML reads 1e5 and 0123 as numbers."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        msg = "must be text; put it in quotes"
        raise ValueError(msg)  # noqa: TRY004 -- pydantic turns ValueError into a problem with a place
    return value


Slug = Annotated[
    str,
    BeforeValidator(_text),
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64),
]
Identifier = Annotated[
    str, BeforeValidator(_text), StringConstraints(pattern=r"^angor1[02-9ac-hj-np-z]{39}$")
]
Id = Annotated[
    str, BeforeValidator(_text), StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", min_length=1, max_length=128)
]
EnvName = Annotated[str, BeforeValidator(_text), StringConstraints(pattern=r"^[A-Z_][A-Z0-9_]*$")]
HttpUrl = Annotated[str, AfterValidator(_https)]
RelayUrl = Annotated[str, AfterValidator(_relay)]
NostrKey = Annotated[str, BeforeValidator(_text), AfterValidator(pubkey_of)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
RatesProvider = Literal["mempool", "btcpay", "csv", "none"]


def listed(value: object) -> object:
    """Take one for a list of one: ``fiat: EUR`` is ``fiat: [EUR]``."""
    return () if value is None else (value,) if isinstance(value, str) else value


def inside(path: str) -> str:
    """Refuse a file outside the repository: what a report rests on is committed with it."""
    if not re.fullmatch(r"(?!.*(?:^|/)\.\.?(?:/|$))[^/\\\s:][^\\:\n]*\.csv", path):
        msg = "must be a CSV file inside the repository, such as content/rates.csv"
        raise ValueError(msg)
    return path


def once(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return values that are all different; raise `ValueError` naming one that is not."""
    twice = [value for at, value in enumerate(values) if value in values[:at]]
    if twice:
        msg = f"the same item stands twice, {twice[0]}; keep one"
        raise ValueError(msg)
    return values


class Model(BaseModel):
    """A part of the configuration: frozen, and no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def _proxy(url: str) -> str:
    if not re.match(r"(socks5h?|https?)://[^\s/]+$", url.rstrip("/")):
        msg = "must be a proxy's address such as socks5h://127.0.0.1:9050"
        raise ValueError(msg)
    return url.rstrip("/")


ProxyUrl = Annotated[str, AfterValidator(_proxy)]
