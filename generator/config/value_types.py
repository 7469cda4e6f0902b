"""The kinds of values that `config.yaml` may hold: names, addresses, keys."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from generator.config.recognised import (
    currency_slip,
    id_slip,
    identifier_slip,
    money_slip,
    nostr_key_slip,
    repository_slip,
    slug_slip,
    variable_slip,
    workflow_slip,
)
from generator.config.text_forms import TextForm
from generator.config.web_address import web_address

#: Codes of bitcoin itself.
BITCOIN: Final = frozenset({"BTC", "XBT", "SAT"})


class Model(BaseModel):
    """A part of the configuration: frozen, and no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


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
    if currency in BITCOIN:
        msg = f"{currency} is bitcoin, which the report counts itself: name a currency such as EUR"
        raise ValueError(msg)
    return currency


def _identifier(name: str) -> str:
    """Refuse an identifier with a slip of the finger: it carries a checksum (BIP-173)."""
    from generator.protocol.angor.project_identifier import (  # noqa: PLC0415 -- half as long as all models
        KeyProblem,
        project_script,
    )

    try:
        project_script(name)
    except KeyProblem:
        msg = "its checksum is wrong, so a letter of it is: copy it again from the project's page"
        raise ValueError(msg) from None
    return name


Network = Literal["main", "angornet", "signet", "testnet4", "regtest"]
RatesProvider = Literal["mempool", "btcpay", "csv", "none"]
_SLUG: Final = TextForm(
    allowed="small letters, digits and single hyphens between them, at most 64",
    example="village-well",
    pattern=r"(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*",
    slip=slug_slip,
)
_IDENTIFIER: Final = TextForm(
    allowed="the identifier of an Angor project, 45 letters",
    example="angor1q3u8tpryr3sq4n2vx2f05e93u9905au09hsgtxm",
    pattern=r"angor1[02-9ac-hj-np-z]{39}",
    slip=identifier_slip,
)
_ID: Final = TextForm(
    allowed="an id as BTCPay shows it: letters, digits, _ and -, at most 128",
    example="4kXkQ2VbqTN8rYc1",
    pattern=r"[A-Za-z0-9_-]{1,128}",
    slip=id_slip,
)
_VARIABLE: Final = TextForm(
    allowed="the name of an environment variable: capital letters, digits and _",
    example="BTCPAY_TOKEN",
    pattern=r"[A-Z_][A-Z0-9_]*",
    slip=variable_slip,
)
_CURRENCY: Final = TextForm(
    allowed="the code of a currency, three capital letters",
    example="EUR",
    pattern=r"[A-Z]{3}",
    slip=currency_slip,
)
LANGUAGE: Final = TextForm(
    allowed="the code of a language, two small letters, and of a country where it matters",
    example="de",
    pattern=r"[a-z]{2}(-[A-Z]{2})?",
)
_MONEY: Final = TextForm(
    allowed="a number and a currency's code",
    example="12000 EUR",
    pattern=r"[0-9]+(\.[0-9]{1,2})? [A-Z]{3}",
    slip=money_slip,
)
_NOSTR_KEY: Final = TextForm(
    allowed="a Nostr public key (npub1 and 58 more letters, or 64 small hex digits)",
    example="npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg",
    slip=nostr_key_slip,
)
_PAGE: Final = TextForm(allowed="an http(s) address", example="https://village.github.io/report")
_SITE: Final = TextForm(allowed="an http(s) address", example="https://pay.example.org")
_DOMAIN: Final = TextForm(
    allowed="a domain in small letters, without https:// and without a path",
    example="report.example.org",
    pattern=r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])",
)
_RELAY: Final = TextForm(allowed="a relay address", example="wss://relay.example.org")
_PROXY: Final = TextForm(allowed="a proxy's address", example="socks5h://127.0.0.1:9050")
_REPOSITORY: Final = TextForm(
    allowed="a repository on GitHub as owner/name",
    example="village/report",
    pattern=r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+",
    slip=repository_slip,
)
_WORKFLOW: Final = TextForm(
    allowed="the file name of a workflow",
    example="publish.yml",
    pattern=r"[A-Za-z0-9_.-]+\.ya?ml",
    slip=workflow_slip,
)
_WORD: Final = TextForm(
    allowed="one or two words in small letters, at most 40 signs",
    example="wages",
    pattern=r"[a-z][a-z0-9 -]{0,39}",
)
_FILE: Final = TextForm(allowed="a CSV file inside the repository", example="content/rates.csv")


def _nostr_key(text: str) -> str:
    from generator.protocol.nostr import pubkey_of  # noqa: PLC0415 -- as `_identifier`

    try:
        return pubkey_of(text)
    except ValueError:
        raise ValueError(_NOSTR_KEY.refusal(text)) from None


def _checked_address(form: TextForm, *schemes: str, bare: bool = True) -> Callable[[str], str]:
    return web_address(schemes, f"{form.allowed} such as {form.example}", bare=bare)


Slug = Annotated[str, BeforeValidator(_text), AfterValidator(_SLUG.check), _SLUG]
Identifier = Annotated[
    str, BeforeValidator(_text), AfterValidator(_IDENTIFIER.check), AfterValidator(_identifier), _IDENTIFIER
]
Id = Annotated[str, BeforeValidator(_text), AfterValidator(_ID.check), _ID]
EnvName = Annotated[str, BeforeValidator(_text), AfterValidator(_VARIABLE.check), _VARIABLE]
http_address = _checked_address(_SITE, "https", "http")
PageUrl = Annotated[str, AfterValidator(_checked_address(_PAGE, "https", "http")), _PAGE]
HttpUrl = Annotated[str, AfterValidator(http_address), _SITE]
relay_address = _checked_address(_RELAY, "wss", "ws", bare=False)
Domain = Annotated[str, BeforeValidator(_text), AfterValidator(_DOMAIN.check), _DOMAIN]
RelayUrl = Annotated[str, AfterValidator(relay_address), _RELAY]
ProxyUrl = Annotated[
    str, AfterValidator(_checked_address(_PROXY, "socks5h", "socks5", "http", "https")), _PROXY
]
NostrKey = Annotated[str, BeforeValidator(_text), AfterValidator(_nostr_key), _NOSTR_KEY]
Currency = Annotated[str, AfterValidator(_CURRENCY.check), AfterValidator(no_bitcoin), _CURRENCY]
LanguageCode = Annotated[str, BeforeValidator(_text), AfterValidator(LANGUAGE.check), LANGUAGE]
#: The same text in other languages, by their codes.
InLanguages = dict[LanguageCode, Annotated[str, Field(min_length=1, max_length=200)]]
Money = Annotated[str, AfterValidator(_MONEY.check), _MONEY]
Repository = Annotated[str, AfterValidator(_REPOSITORY.check), _REPOSITORY]
WorkflowName = Annotated[str, AfterValidator(_WORKFLOW.check), _WORKFLOW]
Word = Annotated[str, AfterValidator(_WORD.check), _WORD]
CsvPath = Annotated[str, AfterValidator(_csv), _FILE]


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
