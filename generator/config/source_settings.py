"""Where numbers come from in `config.yaml`: BTCPay servers, relays, indexers, exchange rates."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from generator.config.value_types import (
    CsvPath,
    EnvName,
    HttpUrl,
    Id,
    Model,
    ProxyUrl,
    RatesProvider,
    RelayUrl,
    Slug,
    Word,
    as_list,
    distinct,
    http_address,
)


class PayoutPurpose(Model):
    """What some payouts of a server are for; recipients and names are never published, `word` is."""

    pull_payment: Id | None = None
    """Id of the pull payment they were claimed from."""
    name: (
        Annotated[str, StringConstraints(min_length=1, max_length=200), Field(examples=["Salaries*"])] | None
    ) = None
    """Name of pull payments, * for any letters, such as Salaries*; without one, of what paid out (Prism*)."""
    purpose: Literal["spent", "refund", "transfer"]
    """spent: paid to others; refund: back to backers; transfer: between your own wallets."""
    word: Word = ""
    """One or two public words for the report, such as wages."""
    project: Slug | None = None
    """Project whose money it was."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.pull_payment is None) == (self.name is None):
            msg = "give pull_payment (its id) or name (such as Salaries*), not both"
            raise ValueError(msg)
        return self


class BTCPayServer(Model):
    """One BTCPay server."""

    id: Annotated[Slug, Field(examples=["pay"])]
    """Your name for it; projects refer to it."""
    url: HttpUrl
    """Base address; where BTCPay stands below a path, that path too, with a slash at its end."""
    token_env: EnvName
    """Name of the environment variable that holds the API key."""
    stores: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Ids of the stores to read; never all by default."""
    include: tuple[Literal["invoices", "crowdfund", "payouts"], ...] = ("invoices", "crowdfund")
    """What to read; payouts are refunds and other money out, and need btcpay.store.canviewstoresettings."""
    purposes: tuple[PayoutPurpose, ...] = ()
    """What payouts are for; the first that fits counts."""
    closed: bool = False
    """The server is gone: it is not asked any more, and what was read of it stays."""
    proxy: ProxyUrl | None = None
    """Proxy on the way, such as socks5h://127.0.0.1:9050 for Tor, which onion hosts need."""
    ca_file: Annotated[str, Field(examples=["btcpay-ca.pem"])] | None = None
    """PEM file beside config.yaml with the authority that signed the server's certificate."""
    verify: bool = True
    """Check the server's certificate; false is allowed for private addresses and onion hosts only."""
    page_size: Annotated[int, Field(ge=1, le=500, examples=[50])] | None = None
    """How many invoices to ask for at once, at most; a slow server is asked for fewer by itself."""
    timeout: Annotated[int, Field(ge=5, le=300, examples=[60])] | None = None
    """Seconds to wait for one answer, 30 if not given."""
    key_reason: (
        Annotated[str, StringConstraints(min_length=20), Field(examples=["The host gives no narrower key."])]
        | None
    ) = None
    """Why the key may do more than read; `sunlit doctor` repeats it instead of failing."""


class NostrConfig(Model):
    """Where signed project definitions are looked for."""

    relays: Annotated[tuple[RelayUrl, ...], Field(min_length=1)]
    """Relay addresses."""
    quorum: Annotated[int, Field(ge=1)] = 1
    """How many relays must answer completely (EOSE)."""
    follow: Annotated[int, Field(ge=0, le=50)] = 8
    """How many relays that founders name (NIP-65) are read too; 0: none."""
    auth_key_env: Annotated[EnvName, Field(examples=["NOSTR_KEY"])] | None = None
    """Name of the environment variable with the secret key, nsec or hex, that logs in to relays that want it
    (NIP-42); use a key that is good for nothing else."""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.quorum > len(self.relays):
            msg = (
                f"quorum is {self.quorum} but only {len(self.relays)} relays are listed: "
                f"list more, or write quorum: {len(self.relays)}"
            )
            raise ValueError(msg)
        return self


#: Requests a second that an indexer may be said to allow; one in 100 s still is within a run's patience.
_SLOWEST, _FASTEST = 0.01, 1000


def _per_second(value: object) -> object:
    if isinstance(value, (int, float)) and value is not True and _SLOWEST <= value <= _FASTEST:
        return value
    msg = f"must be requests a second, a number from {_SLOWEST} to {_FASTEST} such as 0.19 (700 an hour)"
    raise ValueError(msg)


_Rate = Annotated[float, Field(ge=_SLOWEST, le=_FASTEST, examples=[0.19]), BeforeValidator(_per_second)]


class IndexerServer(Model):
    """One Bitcoin indexer."""

    url: HttpUrl
    """Its address."""
    per_second: (
        Annotated[float, Field(ge=_SLOWEST, le=_FASTEST, examples=[0.19]), BeforeValidator(_per_second)]
        | None
    ) = None
    """Requests a second that it allows, 0.19 for 700 an hour; without it, its refusals tell."""


def _indexer(value: object) -> object:
    """Take an address alone for an indexer without a word of its rate."""
    if isinstance(value, str):
        return {"url": http_address(value)}
    if not isinstance(value, (dict, IndexerServer)):
        msg = "must be an address such as https://mempool.space, or {url: address, per_second: number}"
        raise ValueError(msg)  # noqa: TRY004 -- pydantic turns ValueError into a problem with a place
    return value


Indexer = Annotated[IndexerServer, BeforeValidator(_indexer, json_schema_input_type=HttpUrl | IndexerServer)]


class RatesConfig(Model):
    """Who tells the price of bitcoin."""

    provider: Annotated[
        tuple[RatesProvider, ...],
        BeforeValidator(as_list, json_schema_input_type=RatesProvider | tuple[RatesProvider, ...]),
        AfterValidator(distinct),
    ] = ("none",)
    """mempool: historical price of the first indexer; btcpay: a store's rates, of today only; csv: a file
    of your own. Of several, in order, the first that knows a day's price gives it."""
    file: CsvPath | None = None
    """CSV file in the repository with the columns day,currency,rate[,source] (provider csv)."""
    store: Id | None = None
    """Store whose rates are read (provider btcpay)."""
    server: Annotated[Slug, Field(examples=["pay"])] | None = None
    """BTCPay server id (provider btcpay)."""

    @property
    def asked(self) -> tuple[RatesProvider, ...]:
        """The providers in the order in which they are asked; ``none`` asks nobody."""
        return tuple(provider for provider in self.provider if provider != "none")


class SourcesConfig(Model):
    """Everything the report reads from."""

    btcpay: tuple[BTCPayServer, ...] = ()
    """BTCPay servers."""
    nostr: NostrConfig | None = None
    """Relays; needed for Angor projects."""
    indexers: tuple[Indexer, ...] = ()
    """Bitcoin indexers in order, an address or {url, per_second} each; the next one is the witness."""
    confirmations: Annotated[int, Field(ge=1, le=100)] = 3
    """How deep a transaction must be to count."""
    rates: RatesConfig = RatesConfig()
    """Exchange rates."""

    @property
    def open_btcpay(self) -> tuple[BTCPayServer, ...]:
        """The BTCPay servers that are asked."""
        return tuple(server for server in self.btcpay if not server.closed)

    @property
    def indexer_urls(self) -> tuple[str, ...]:
        """The addresses of the indexers, in order."""
        return tuple(server.url for server in self.indexers)

    def btcpay_server(self, name: str) -> BTCPayServer:
        """Return the server with this id; raise `StopIteration` for an unknown one."""
        return next(server for server in self.btcpay if server.id == name)
