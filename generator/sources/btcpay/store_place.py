"""A place of a store as one run reads it: what it is, what its settings say, and what is counted there."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from generator.periods import Recurrence
from generator.sources.btcpay.attribution import Claimant
from generator.sources.btcpay.digest_set import DigestSet
from generator.sources.btcpay.greenfield.wire import Crowdfund
from generator.sources.btcpay.movement import PlacePeriods
from generator.sources.btcpay.switch import Switch
from generator.sources.btcpay.terms import term_of


@dataclass(slots=True, kw_only=True, eq=False)
class StorePlace:
    """A crowdfund, point of sale or payment request that is bound, the rest, or what is unassigned."""

    place: str  #: what the log calls it
    kind: str  #: ``crowdfund``, ``pos``, ``request``, ``store`` (the rest) or ``unassigned``
    private_id: str = field(default="", repr=False)  #: empty of the rest and of what is unassigned
    old_till: bool = False
    crowdfund: Crowdfund | None = None
    period_at: datetime | None = None  #: since when a crowdfund that begins anew counts for its page
    recurs: tuple[Recurrence, ...] = ()  #: how its goal begins anew, the rule of today last
    recut: bool = False  #: it does so otherwise than its record says: older rows must be read again
    periods: PlacePeriods | None = None  #: what its money is told apart by
    unread: str = ""  #: why the crowdfund's settings could not be read, empty where they were
    gone: bool = False  #: no listed store has such a crowdfund (any more)
    unseen: bool = False  #: nor did anything earlier show that there is one
    here: bool = True  #: False of a point of sale that may be another store's
    switch: Switch | None = None
    listed: DigestSet = field(default_factory=DigestSet)  #: digests of ids listed under its term
    complete: bool = True
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def part(self) -> str:
        """What names it within its store, see `generator.places`."""
        return self.place.partition("/")[2]

    @property
    def unknown(self) -> bool:
        """Tell whether nothing, money neither, shows that there is such an app: its id may be wrong."""
        return self.unseen and not self.counts["invoices"]

    @property
    def term(self) -> str:
        """The search term of its invoices; empty of the rest and of what is unassigned."""
        return term_of(self.kind, self.private_id) if self.private_id else ""

    def claimant(self) -> Claimant:
        """Make of it what claims invoices."""
        return Claimant(
            kind=self.kind,
            id=self.private_id,
            place=self.place,
            listed=self.listed,
            switch=(self.switch or Switch()).at,
            old_till=self.old_till,
            here=self.here,
        )
