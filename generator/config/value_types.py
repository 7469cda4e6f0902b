"""The kinds of values that `config.yaml` may hold: names, addresses, keys."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from generator.protocol.angor.project_identifier import KeyProblem, project_script
from generator.protocol.nostr import pubkey_of


class Model(BaseModel):
    """A part of the configuration: frozen, and no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def _address(pattern: str, wanted: str) -> Callable[[str], str]:
    """Return what checks that an address begins with `pattern`, and takes a slash at its end away."""

    def checked(url: str) -> str:
        if not re.match(pattern, url.rstrip("/")):
            msg = f"must be {wanted}"
            raise ValueError(msg)
        return url.rstrip("/")

    return checked


def _text(value: object) -> object:
    """Refuse numbers where an id belongs: YAML reads 1e5 and 0123 as numbers."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        msg = "must be text; put it in quotes"
        raise ValueError(msg)  # noqa: TRY004 -- pydantic turns ValueError into a problem with a place
    return value


def _csv(path: str) -> str:
    """Refuse a file outside the repository: what a report rests on is committed with it."""
    if not re.fullmatch(r"(?!.*(?:^|/)\.\.?(?:/|$))[^/\\\s:][^\\:\n]*\.csv", path):
        msg = "must be a CSV file inside the repository, such as content/rates.csv"
        raise ValueError(msg)
    return path


def no_bitcoin(currency: str) -> str:
    """Refuse names of bitcoin itself: under a rate, BTC would stand beside any number of them."""
    if currency in {"BTC", "XBT", "SAT"}:
        msg = f"{currency} is bitcoin, which the report counts itself: name a currency such as EUR"
        raise ValueError(msg)
    return currency


def _identifier(name: str) -> str:
    """Refuse an identifier with a slip of the finger: it carries a checksum (BIP-173)."""
    try:
        project_script(name)
    except KeyProblem:
        msg = "its checksum is wrong, so a letter of it is: copy it again from the project's page"
        raise ValueError(msg) from None
    return name


Network = Literal["main", "angornet", "signet", "testnet4", "regtest"]
RatesProvider = Literal["mempool", "btcpay", "csv", "none"]
Slug = Annotated[
    str,
    BeforeValidator(_text),
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64),
]
Identifier = Annotated[
    str,
    BeforeValidator(_text),
    StringConstraints(pattern=r"^angor1[02-9ac-hj-np-z]{39}$"),
    AfterValidator(_identifier),
]
Id = Annotated[
    str, BeforeValidator(_text), StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", min_length=1, max_length=128)
]
EnvName = Annotated[str, BeforeValidator(_text), StringConstraints(pattern=r"^[A-Z_][A-Z0-9_]*$")]
http_address = _address(r"https?://[^\s/]+", "an http(s) address such as https://pay.example.org")
HttpUrl = Annotated[str, AfterValidator(http_address)]
RelayUrl = Annotated[
    str, AfterValidator(_address(r"wss?://[^\s/]+", "a relay address such as wss://relay.example.org"))
]
ProxyUrl = Annotated[
    str,
    AfterValidator(
        _address(r"(socks5h?|https?)://[^\s/]+$", "a proxy's address such as socks5h://127.0.0.1:9050")
    ),
]
NostrKey = Annotated[str, BeforeValidator(_text), AfterValidator(pubkey_of)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), AfterValidator(no_bitcoin)]
CsvPath = Annotated[str, AfterValidator(_csv)]


def as_list(value: object) -> object:
    """Take one for a list of one: ``fiat: EUR`` is ``fiat: [EUR]``."""
    return () if value is None else (value,) if isinstance(value, str | dict) else value


def distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return values that are all different; raise `ValueError` naming one that is not."""
    counted = Counter(values)
    twice = next((value for value in values if counted[value] > 1), None)
    if twice is not None:
        msg = f"the same item stands twice, {twice}; keep one"
        raise ValueError(msg)
    return values
