"""The projects in `config.yaml`: what each page reports, and which Angor projects get one."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from generator.config.value_types import (
    Id,
    Identifier,
    InLanguages,
    Model,
    Money,
    NostrKey,
    PageUrl,
    Slug,
    as_list,
    no_bitcoin,
)
from generator.money import MSAT_PER_BTC, MSAT_PER_SAT
from generator.periods import Recurrence
from generator.places import REST, btcpay_place, part_of_store


class BTCPayBinding(Model):
    """Which BTCPay money belongs to a project."""

    source: Annotated[Slug, Field(examples=["pay"])]
    """Id of the server in sources.btcpay."""
    app: Id | None = None
    """Crowdfund app id."""
    pos: Id | None = None
    """Point of sale app id."""
    payment_request: Id | None = None
    """Payment request id."""
    store: Id | None = None
    """Rest of a store: every invoice of it that no other binding has."""
    old_till: bool = False
    """Of a point of sale: invoices from before July 2022 that lead back to its page are its own."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        named = (self.app, self.pos, self.payment_request, self.store)
        if sum(name is not None for name in named) != 1:
            msg = (
                "give exactly one of app (a crowdfund), pos (a point of sale), payment_request, "
                "and store (what no other binding takes of it)"
            )
            raise ValueError(msg)
        if self.old_till and self.pos is None:
            msg = "old_till is for a point of sale (pos): nothing else left no mark on its invoices"
            raise ValueError(msg)
        return self

    @property
    def kind(self) -> str:
        """Return what the money is given to: ``crowdfund``, ``pos``, ``request`` or ``store``."""
        if self.app or self.pos:
            return "crowdfund" if self.app else "pos"
        return "request" if self.payment_request else "store"

    @property
    def part(self) -> str:
        """Name its place within a store, see `generator.places`; of a whole store it is the rest."""
        private_id = self.app or self.pos or self.payment_request
        return part_of_store(self.kind, private_id) if private_id else REST

    @property
    def place(self) -> str:
        """Name its place, as far as its store is known from the configuration; else empty."""
        return btcpay_place(self.store, self.part) if self.store else ""


OneOrMore = BTCPayBinding | tuple[BTCPayBinding, ...] | None


#: A period begins on this day where no `start` is given.
_ANCHOR: Final = date(2000, 1, 1)
_MONTHS_OF_YEAR: Final = 12


class PeriodConfig(Model):
    """How often a goal begins anew; days are UTC."""

    every: Annotated[int, Field(ge=1, le=1000)] = 1
    """How many days, months or years a period lasts."""
    unit: Literal["day", "month", "year"]
    """What is counted."""
    start: date | None = None
    """First day of the first period; without it, periods are those of the calendar."""

    @model_validator(mode="after")
    def _begins(self) -> Self:
        whole = self.every == 1 or (self.unit == "month" and _MONTHS_OF_YEAR % self.every == 0)
        if self.start is None and not whole:
            msg = (
                f"give start: no calendar says on which day each {self.every} {self.unit}s begin; "
                "write start: 2027-01-01 beside it"
            )
            raise ValueError(msg)
        return self

    @property
    def recurrence(self) -> Recurrence:
        """Return it as a rule."""
        first = datetime.combine(self.start or _ANCHOR, time(), UTC)
        return Recurrence(start=first, every=self.every, unit=self.unit)


def _period(value: object) -> object:
    """Take a unit for a period of one: ``period: month``."""
    return {"unit": value} if isinstance(value, str) else value


#: All that there will ever be.
_MOST_SATS: Final = 21_000_000 * MSAT_PER_BTC // MSAT_PER_SAT


class GoalConfig(Model):
    """A goal that replaces what the source says; shown as such."""

    sats: Annotated[int, Field(gt=0, le=_MOST_SATS, examples=[50_000_000])] | None = None
    """Goal in satoshis."""
    fiat: Money | None = None
    """Goal in a currency, such as 12000 EUR."""
    deadline: date | None = None
    """Last day."""
    period: Annotated[
        PeriodConfig | None,
        BeforeValidator(
            _period, json_schema_input_type=PeriodConfig | Literal["day", "month", "year"] | None
        ),
    ] = None
    """Begin anew each day, month or year, or every so many of them."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.sats is not None and self.fiat is not None:
            msg = "give sats or fiat, not both"
            raise ValueError(msg)
        if self.period and self.sats is None and self.fiat is None:
            msg = "give sats or fiat beside period: what each period asks for"
            raise ValueError(msg)
        if self.fiat is not None:
            no_bitcoin(self.fiat.partition(" ")[2])
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
    title: Annotated[str, Field(max_length=200, examples=["Village well"])] | None = None
    """Replaces the source's title."""
    titles: InLanguages = Field(default_factory=dict, examples=[{"de": "Dorfbrunnen"}])
    """The title in other languages of the site, by their codes; without one it is the same."""
    angor: Identifier | None = None
    """Angor project identifier."""
    btcpay: Annotated[
        tuple[BTCPayBinding, ...] | None, BeforeValidator(as_list, json_schema_input_type=OneOrMore)
    ] = None
    """Apps, requests or stores of BTCPay: one, or a list."""
    goal: GoalConfig | None = None
    """Replaces the source's goal."""
    give: Annotated[PageUrl, Field(examples=["https://pay.example.org/apps/4kXkQ2Vb/crowdfund"])] | None = (
        None
    )
    """Its own page on its BTCPay server, which the report links while the project takes money; published."""

    @property
    def bindings(self) -> tuple[BTCPayBinding, ...]:
        """The places of BTCPay whose money is this project's."""
        return self.btcpay or ()

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.angor is None and not self.bindings:
            msg = "give angor, btcpay or both: a project without a source has nothing to report"
            raise ValueError(msg)
        return self


class AngorConfig(Model):
    """Which Angor projects to report."""

    discover: Literal["listed", "all"] = "listed"
    """listed: those under projects; all: every project of the network."""
    moderation: Literal["none", "deny", "whitelist"] = "none"
    """Which discovered projects are left out: none, those on a deny list, or those on no whitelist."""
    moderators: tuple[NostrKey, ...] = ()
    """Whose signed lists count (npub or hex), such as the admins of a hub."""
