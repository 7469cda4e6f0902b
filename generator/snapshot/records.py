"""What a run can observe: one record type for each kind of line in the log."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

import msgspec

from generator.ledger import Declaration, Entry, Key, Observation, OtherMoney
from generator.periods import Recurrence
from generator.protocol.proof.checked_claims import Result
from generator.snapshot.announced import Announced
from generator.snapshot.redaction import Redaction
from generator.snapshot.run_record import Run


class Stage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A planned stage of an Invest project."""

    number: int  #: from 1
    percent: Decimal
    opens_at: datetime


class Goal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a project asks for: satoshis or fiat, never both."""

    amount_msat: int | None = None
    value: Decimal | None = None
    currency: str = ""


#: What a record says is unread when a source did not show what a project says of itself: title, goal, dates.
SETTINGS: Final = "crowdfund settings"
#: Word of `Project.unread` where neither its server nor any money ever showed that there is such an app.
APP: Final = "app"


class Project(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="project"):
    """What a source says about a project; `id` is its place. Text fields are hostile input until cleaned."""

    kind: str  #: invest, fund, subscribe, crowdfund, pos, request, store
    title: str = ""
    tagline: str = ""
    description: str = ""  #: Markdown, HTML or text, as the source gave it
    website: str = ""
    network: str = ""
    goal: Goal | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    expires_at: datetime | None = None
    penalty_days: int | None = None
    identifier: str = ""  #: ``angor1q…``
    address: str = ""
    founder_key: str = ""
    nostr_pubkey: str = ""
    event_id: str = ""  #: the committed kind-3030 event
    founding_txid: str = ""
    founding_height: int | None = None
    stages: tuple[Stage, ...] = ()
    unread: tuple[str, ...] = ()  #: what this source could not or may not read, such as ``refunds``
    at_least: tuple[str, ...] = ()  #: of what more may belong here than is counted, such as ``payments``
    at_most: tuple[str, ...] = ()  #: of what some that is counted may not belong here
    period_at: datetime | None = None  #: since when a crowdfund that begins anew counts for its own page
    recurs: tuple[Recurrence, ...] = ()  #: how its goal begins anew, the rule of today last
    complete: bool = True  #: False: history may be longer than what we saw, every sum of it is at least
    switch_at: datetime | None = None  #: since when invoices carry today's marks; None for never, or unknown
    switch_by: str = ""  #: how that was decided
    address_txs: int | None = None  #: confirmed transactions of the address when it was read to the end
    evidence: tuple[str, ...] = ()


class Finding(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="finding"):
    """The result of one named check on one subject; `id` is ``<check>/<subject>``."""

    place: str = ""  #: empty for findings about a source
    check: str = ""  #: ``event-signature``, ``founding-commitment``, ``stage-scripts`` …
    subject: str = ""  #: event id, txid, outpoint, relay or host
    result: Result
    reason: str = ""  #: observed and expected, one sentence, for failed and not checked


class EventRecord(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="event"):
    """Evidence: a signed Nostr event; `id` is the event id, `json` its exact content and fields."""

    json: str = ""  #: empty for one that was taken down
    redacted: str = ""  #: sha256 of the text that was taken down


class TransactionRecord(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="transaction"):
    """Evidence: a raw transaction; `id` is the txid."""

    hex: str


class HeaderRecord(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="header"):
    """Evidence: a block header; `id` is the block hash."""

    height: int
    hex: str


class BranchRecord(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="branch"):
    """Evidence: a Merkle branch from a transaction (`id` = ``txid@block hash``) to its block's root."""

    position: int
    hashes: tuple[str, ...]  #: siblings from the leaf upwards, as displayed (reversed) hex


class Rate(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="rate"):
    """The price of one bitcoin on a UTC day; `id` is ``<currency>/<day>``."""

    currency: str
    day: str
    price: Decimal
    provider: str = ""  #: who says so
    at: datetime | None = None  #: the moment the price is of


class Difference(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """By how much, and why, a server's own sum is not ours."""

    reason: str  #: one word: late, declared, currency, coin, fee, period, cap, other
    value: Decimal  #: the server's less ours, in the currency of the number
    count: int  #: invoices or payments


class OwnNumber(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="own_number"):
    """What a server's own page counts for a project, of invoices created in one month.

    `id` is ``<place>/<month>``; `raised` is `counted` plus all differences.
    """

    place: str
    created_month: str
    currency: str  #: of the server's goal
    raised: Decimal  #: as the server counts
    pending: Decimal
    contributors: int = 0  #: invoices, not people
    counted: Decimal  #: what we count of the same invoices, in the same currency
    differences: tuple[Difference, ...] = ()

    def __post_init__(self) -> None:
        parts = (self.counted, *(difference.value for difference in self.differences))
        if Fraction(self.raised) != sum(
            map(Fraction, parts)
        ):  # sums of decimals are rounded, fractions never
            msg = f"own number {self.id}: {self.raised} is not {self.counted} and its differences"
            raise ValueError(msg)


class Attributed(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="attributed"):
    """How much of a store's settled money one verdict decided, of invoices created in one month.

    `id` is ``<place>/<month>/<how>``, with the other places; sums are those of confirmed payments.
    """

    place: str
    created_month: str
    how: str = ""  #: what ties the invoices to the place; empty for the plain rest of a store
    others: tuple[str, ...] = ()  #: places that unassigned money may belong to, or that the rest names
    count: int
    amount_msat: int


class Binding(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="binding"):
    """Which project a place's money counts for, appended when that changed; `id` is the place."""

    project: str  #: slug


class PromisedMoney(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="promised_money"):
    """What is remembered of a pull payment: once it is archived, BTCPay shows its payouts no more.

    `id` is a token of its id, or a keyed hash; no name, no recipient.
    """

    place: str = ""  #: whose money went back, empty for what is no refund as far as we know
    how: str = ""  #: what ties it to that place
    sealed: str = ""  #: what it paid, to be read only with its id
    final: bool = False  #: there were payouts, and each that still stood was completed
    archived: bool = False


class Withdrawn(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="withdrawn"):
    """An earlier record is no longer observed; `id` is ``<type>/<its id>``."""

    reason: str

    @property
    def withdraws(self) -> Key:
        """Return the key of the record that disappeared."""
        kind, _, of = self.id.partition("/")
        return (kind, self.source, of)


Evidence = EventRecord | TransactionRecord | HeaderRecord | BranchRecord
Told = Project | Announced | Binding | Finding | OwnNumber | Attributed | PromisedMoney | Redaction
Record = Entry | Declaration | OtherMoney | Told | Evidence | Rate | Withdrawn | Run


def key_about(record: Record) -> Key:
    """Return the key a record speaks about: its own, or the one it withdraws."""
    return record.withdraws if isinstance(record, Withdrawn) else record.key
