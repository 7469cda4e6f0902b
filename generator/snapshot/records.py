"""What a run can observe: one record type for each kind of line in the log."""

from decimal import Decimal
from typing import ClassVar, Final

import msgspec

from generator.ledger import Declaration, Entry, Key, Observation, OtherMoney
from generator.number_bounds import Moment, Whole, refuse_odd
from generator.origin import Origins, fields
from generator.periods import Recurrence
from generator.places import ANGOR, BTCPAY, RATES
from generator.snapshot.announced import Announced
from generator.snapshot.evidence import (
    Evidence,
)
from generator.snapshot.finding import Finding
from generator.snapshot.project_picture import ProjectPicture
from generator.snapshot.redaction import Redaction
from generator.snapshot.run_record import Run
from generator.snapshot.store_records import Attributed, OwnNumber, PromisedMoney
from generator.snapshot.voided_run import VoidedRun


class Stage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A planned stage of an Invest project."""

    number: Whole  #: from 1
    percent: Decimal
    opens_at: Moment

    def __post_init__(self) -> None:
        refuse_odd(f"stage {self.number}", self.percent)


class Goal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a project asks for: satoshis or fiat, never both."""

    amount_msat: int | None = None
    value: Decimal | None = None
    currency: str = ""

    def __post_init__(self) -> None:
        refuse_odd("goal", self.amount_msat, self.value)


#: What a record says is unread when a source did not show what a project says of itself: title, goal, dates.
SETTINGS: Final = "crowdfund settings"
#: Word of `Project.unread` where neither its server nor any money ever showed that there is such an app.
APP: Final = "app"


class Project(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="project"):
    """What a source says about a project; `id` is its place. Text fields are hostile input until cleaned."""

    ORIGINS: ClassVar[Origins] = {
        ANGOR: fields(
            derived="id source kind title tagline description website picture network goal starts_at ends_at "
            "expires_at penalty_days identifier address founder_key nostr_pubkey event_id founding_txid "
            "founding_height stages",
            indexer="complete address_txs",
            relay="evidence",  # which of a founder's events a relay showed
        ),
        BTCPAY: fields(
            derived="id source kind",
            btcpay="title tagline description picture goal starts_at ends_at unread at_least at_most "
            "period_at recurs complete switch_at switch_by",
        ),
    }

    kind: str  #: invest, fund, subscribe, crowdfund, pos, request, store
    title: str = ""
    tagline: str = ""
    description: str = ""  #: Markdown, HTML or text, as the source gave it
    website: str = ""
    picture: str = ""  #: address of a picture, as the source gave it
    network: str = ""
    goal: Goal | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    expires_at: Moment | None = None
    penalty_days: Whole | None = None
    identifier: str = ""  #: ``angor1q…``
    address: str = ""
    founder_key: str = ""
    nostr_pubkey: str = ""
    event_id: str = ""  #: the committed kind-3030 event
    founding_txid: str = ""
    founding_height: Whole | None = None
    stages: tuple[Stage, ...] = ()
    unread: tuple[str, ...] = ()  #: what this source could not or may not read, such as ``refunds``
    at_least: tuple[str, ...] = ()  #: of what more may belong here than is counted, such as ``payments``
    at_most: tuple[str, ...] = ()  #: of what some that is counted may not belong here
    period_at: Moment | None = None  #: since when a crowdfund that begins anew counts for its own page
    recurs: tuple[Recurrence, ...] = ()  #: how its goal begins anew, the rule of today last
    complete: bool = True  #: False: history may be longer than what we saw, every sum of it is at least
    switch_at: Moment | None = None  #: since when invoices carry today's marks; None for never, or unknown
    switch_by: str = ""  #: how that was decided
    address_txs: Whole | None = None  #: confirmed transactions of the address when it was read to the end
    evidence: tuple[str, ...] = ()


class Rate(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="rate"):
    """The price of one bitcoin on a UTC day; `id` is ``<currency>/<day>``."""

    ORIGINS: ClassVar[Origins] = {
        RATES: fields(derived="id source currency day", provider="price at", publisher="provider")
    }

    currency: str
    day: str
    price: Decimal
    provider: str = ""  #: who says so
    at: Moment | None = None  #: the moment the price is of

    def __post_init__(self) -> None:
        refuse_odd(f"rate {self.id}", self.price)


class Binding(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="binding"):
    """Which project a place's money counts for, appended when that changed; `id` is the place."""

    _OWN: ClassVar = fields(derived="id source project")
    ORIGINS: ClassVar[Origins] = {ANGOR: _OWN, BTCPAY: _OWN}

    project: str  #: slug


class Withdrawn(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="withdrawn"):
    """An earlier record is no longer observed; `id` is ``<type>/<its id>``."""

    _OWN: ClassVar = fields(derived="id source", publisher="reason")
    ORIGINS: ClassVar[Origins] = {ANGOR: _OWN, BTCPAY: _OWN, RATES: _OWN}

    reason: str

    @property
    def withdraws(self) -> Key:
        """Return the key of the record that disappeared."""
        kind, _, of = self.id.partition("/")
        return (kind, self.source, of)


Told = Project | ProjectPicture | Announced | Binding | Finding | OwnNumber | Attributed | PromisedMoney
Maintained = Redaction | VoidedRun  #: what a person decided about the log itself
Record = Entry | Declaration | OtherMoney | Told | Maintained | Evidence | Rate | Withdrawn | Run


def key_about(record: Record) -> Key:
    """Return the key a record speaks about: its own, or the one it withdraws."""
    return record.withdraws if isinstance(record, Withdrawn) else record.key
