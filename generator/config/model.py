"""What `config.yaml` may say, as frozen values; its JSON Schema comes from the same models.

Secrets are *names* of environment variables. Every field's description is what
an editor shows.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    model_validator,
)

from generator.config.hook_settings import HookConfig
from generator.config.value_types import (
    Currency,
    EnvName,
    HttpUrl,
    Id,
    Identifier,
    Model,
    Network,
    NostrKey,
    ProxyUrl,
    RatesProvider,
    RelayUrl,
    Slug,
    inside,
    listed,
    once,
)
from generator.money import MSAT_PER_BTC, MSAT_PER_SAT


class Site(Model):
    """The published site."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    """Shown on every page."""
    base_url: HttpUrl = "https://example.org"
    """Where the site will stand; used for canonical addresses and feeds, never for links between pages."""
    licence: str = "CC-BY-4.0"
    """Licence of the data downloads."""
    description: str = ""
    """One sentence for search results."""


class Units(Model):
    """Units shown beside satoshis."""

    fiat: Annotated[
        tuple[Currency, ...],
        BeforeValidator(listed, json_schema_input_type=Currency | tuple[Currency, ...] | None),
        AfterValidator(once),
    ] = ()
    """Currencies whose daily rates are recorded, such as EUR or [EUR, USD]; charts show the first."""


class BTCPayServer(Model):
    """One BTCPay server."""

    id: Slug
    """Your name for it; projects refer to it."""
    url: HttpUrl
    """Base address, with its path prefix if it has one."""
    token_env: EnvName
    """Name of the environment variable that holds the API key."""
    stores: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Ids of the stores to read; never all by default."""
    include: tuple[Literal["invoices", "crowdfund", "payouts"], ...] = ("invoices", "crowdfund")
    """What to read; payouts are refunds and need btcpay.store.canviewstoresettings."""
    proxy: ProxyUrl | None = None
    """Proxy on the way, such as socks5h://127.0.0.1:9050 for Tor, which onion hosts need."""
    ca_file: str | None = None
    """PEM file beside config.yaml with the authority that signed the server's certificate."""
    verify: bool = True
    """Check the server's certificate; false is allowed for private addresses and onion hosts only."""
    key_reason: Annotated[str, StringConstraints(min_length=20)] | None = None
    """Why the key may do more than read; `sunlit doctor` repeats it instead of failing."""

    @property
    def address(self) -> str:
        """Return the url for messages: without the credentials that one can hold."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")


class Nostr(Model):
    """Where signed project definitions are looked for."""

    relays: Annotated[tuple[RelayUrl, ...], Field(min_length=1)]
    """Relay addresses."""
    quorum: Annotated[int, Field(ge=1)] = 1
    """How many relays must answer completely (EOSE)."""
    follow: Annotated[int, Field(ge=0, le=50)] = 8
    """How many relays that founders name (NIP-65) are read too; 0: none."""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.quorum > len(self.relays):
            msg = f"quorum is {self.quorum} but only {len(self.relays)} relays are listed"
            raise ValueError(msg)
        return self


class Rates(Model):
    """Who tells the price of bitcoin."""

    provider: Annotated[
        tuple[RatesProvider, ...],
        BeforeValidator(listed, json_schema_input_type=RatesProvider | tuple[RatesProvider, ...]),
        AfterValidator(once),
    ] = ("none",)
    """mempool: historical price of the first indexer; btcpay: a store's rates, of today only; csv: a file
    of your own. Of several, in order, the first that knows a day's price gives it."""
    file: Annotated[str, AfterValidator(inside)] | None = None
    """CSV file in the repository with the columns day,currency,rate[,source] (provider csv)."""
    store: Id | None = None
    """Store whose rates are read (provider btcpay)."""
    server: Slug | None = None
    """BTCPay server id (provider btcpay)."""

    @property
    def asked(self) -> tuple[RatesProvider, ...]:
        """Return the providers in the order in which they are asked."""
        return tuple(one for one in self.provider if one != "none")


class Sources(Model):
    """Everything the report reads from."""

    btcpay: tuple[BTCPayServer, ...] = ()
    """BTCPay servers."""
    nostr: Nostr | None = None
    """Relays; needed for Angor projects."""
    indexers: tuple[HttpUrl, ...] = ()
    """Bitcoin indexers in order; the next healthy one is the witness."""
    confirmations: Annotated[int, Field(ge=1, le=100)] = 3
    """How deep a transaction must be to count."""
    rates: Rates = Rates()
    """Exchange rates."""

    def btcpay_server(self, name: str) -> BTCPayServer:
        """Return the server with this id; raise `StopIteration` for an unknown one."""
        return next(server for server in self.btcpay if server.id == name)


class BTCPayBinding(Model):
    """Which BTCPay money belongs to a project."""

    source: Slug
    """Id of the server in sources.btcpay."""
    app: Id | None = None
    """Crowdfund app id."""
    pos: Id | None = None
    """Point of sale app id."""
    payment_request: Id | None = None
    """Payment request id."""
    store: Id | None = None
    """Whole store: every invoice of it belongs to this project."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(one is not None for one in (self.app, self.pos, self.payment_request, self.store)) != 1:
            msg = (
                "give exactly one of app (a crowdfund), pos (a point of sale), payment_request, "
                "and store (all of its invoices)"
            )
            raise ValueError(msg)
        return self

    @property
    def kind(self) -> str:
        """Return what the money is given to: ``crowdfund``, ``pos``, ``request`` or ``store``."""
        if self.app or self.pos:
            return "crowdfund" if self.app else "pos"
        return "request" if self.payment_request else "store"


class GoalConfig(Model):
    """A goal that replaces what the source says; shown as such."""

    sats: Annotated[int, Field(gt=0)] | None = None
    """Goal in satoshis."""
    fiat: Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]{1,2})? [A-Z]{3}$")] | None = None
    """Goal in a currency, such as 12000 EUR."""
    deadline: date | None = None
    """Last day."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.sats is not None and self.fiat is not None:
            msg = "give sats or fiat, not both"
            raise ValueError(msg)
        return self

    @property
    def amount_msat(self) -> int | None:
        """Return the goal in millisatoshis, None for a fiat goal."""
        return None if self.sats is None else self.sats * MSAT_PER_SAT

    @property
    def value(self) -> tuple[Decimal, str] | None:
        """Return the fiat goal as (amount, currency), None for a bitcoin goal."""
        if self.fiat is None:
            return None
        amount, currency = self.fiat.split(" ")
        return Decimal(amount), currency


class ProjectConfig(Model):
    """One project page."""

    slug: Slug
    """Its address on the site; keep it for ever."""
    title: Annotated[str, StringConstraints(max_length=200)] | None = None
    """Replaces the source's title."""
    angor: Identifier | None = None
    """Angor project identifier."""
    btcpay: BTCPayBinding | None = None
    """BTCPay app or store."""
    goal: GoalConfig | None = None
    """Replaces the source's goal."""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.angor is None and self.btcpay is None:
            msg = "give angor, btcpay or both: a project without a source has nothing to report"
            raise ValueError(msg)
        return self


class Angor(Model):
    """Which Angor projects to report."""

    discover: Literal["listed", "all"] = "listed"
    """listed: those under projects; all: every project of the network."""
    moderation: Literal["none", "deny", "whitelist"] = "none"
    """Which discovered projects are left out: none, those on a deny list, or those on no whitelist."""
    moderators: tuple[NostrKey, ...] = ()
    """Whose signed lists count (npub or hex), such as the admins of a hub."""


class Privacy(Model):
    """What of BTCPay may be published; applied before anything is stored."""

    rows: Literal["day", "payment"] = "day"
    """One row a day, or one a payment (needs SUNLIT_ID_KEY)."""
    min_group: Annotated[int, Field(ge=1)] = 5
    """Rows of fewer payments join the next row of the same creation month."""
    round_to_sats: Annotated[int, Field(ge=0, le=MSAT_PER_BTC // MSAT_PER_SAT)] = 0
    """Round rows to this many satoshis; 0 keeps them exact. Sums always stay exact."""
    publish_delay_hours: Annotated[int, Field(ge=0, le=24 * 90)] = 0
    """Leave out payments younger than this."""


class Quality(Model):
    """When data counts as stale and what happens then."""

    max_age_hours: Annotated[int, Field(ge=1)] = 36
    """Older data is shown as stale."""
    on_source_failure: Literal["last_good", "fail"] = "last_good"
    """Keep the last good data, or stop."""
    forbid_total_drop: bool = True
    """Refuse a run whose confirmed totals fall without a recorded reason."""


class Publish(Model):
    """How the site is published."""

    refresh_hours: Annotated[int, Field(ge=1)] = 24
    """A run without news is recorded this often."""


class Config(Model):
    """The whole of config.yaml."""

    version: Literal[1]
    """Version of this file's format."""
    site: Site
    """The published site."""
    network: Network
    """One network a site; figures of different networks are never summed."""
    units: Units = Units()
    """Units shown beside satoshis."""
    angor: Angor = Angor()
    """Which Angor projects."""
    sources: Sources
    """Where the numbers come from."""
    projects: tuple[ProjectConfig, ...] = ()
    """One page each."""
    privacy: Privacy = Privacy()
    """Privacy of BTCPay donors."""
    quality: Quality = Quality()
    """Staleness and failure."""
    publish: Publish = Publish()
    """Publishing."""
    hook: HookConfig | None = None
    """The optional receiver of BTCPay's webhooks, `sunlit hook serve`."""

    def slug_of(self, identifier: str) -> str:
        """Return the slug of an Angor project: the configured one, else its identifier."""
        for project in self.projects:
            if project.angor == identifier:
                return project.slug
        return identifier
