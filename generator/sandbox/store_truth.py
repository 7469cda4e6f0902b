"""Where the money of one store belongs, folded from what payers noted when they paid.

Settled of a store = Σ places + excluded, to the millisatoshi; other coins stand beside it.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from generator.sandbox.btcpay.deeds import REST, Deed, DeedKind, Standing


@dataclass(slots=True)
class StoreTruth:
    """One store. Places are in plain words: ``crowdfund:<app id>``, ``pos:…``, ``request:…``, ``rest``."""

    places: Counter[str] = field(default_factory=Counter)  #: settled msat in bitcoin
    counts: Counter[str] = field(default_factory=Counter)  #: how many payments that were
    pending: Counter[str] = field(default_factory=Counter)  #: msat not settled yet
    excluded: int = 0  #: settled msat on invoices that the owner marked invalid
    coins: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """(place, rail, coin) → settled amount in 10⁻¹¹ of the coin: what is in no bitcoin figure."""

    refunded: Counter[str] = field(default_factory=Counter)  #: msat paid back, by what had been paid
    paid_out: int = 0  #: msat sent to somebody who is no donor

    @property
    def settled(self) -> int:
        """All settled bitcoin payments, in msat."""
        return self.places.total() + self.excluded

    def bound(self, names: Collection[str]) -> Counter[str]:
        """Return `places` where only some are bound to projects: all others are the store's rest."""
        found = Counter[str]()
        for name, amount_msat in self.places.items():
            found[name if name in names else REST] += amount_msat
        return found


def source_of(store: str) -> str:
    """Return what a report calls the source that reads a store: its id is told as a token only."""
    return f"btcpay-{sha256(b'sunlit place' + bytes(1) + f'store{chr(0)}{store}'.encode()).hexdigest()[:16]}"


def stores_of(deeds: Iterable[Deed]) -> dict[str, StoreTruth]:
    """Fold payments by store id."""
    found: dict[str, StoreTruth] = {}
    for deed in deeds:
        truth = found.setdefault(deed.place.store, StoreTruth())
        name = deed.place.name
        if deed.kind is DeedKind.OTHER_COIN and deed.standing is Standing.CONFIRMED:
            truth.coins[name, deed.rail, deed.currency] += deed.amount_msat
        elif deed.kind is DeedKind.REFUNDED:
            truth.refunded[name] += deed.amount_msat
        elif deed.kind is DeedKind.PAID_OUT:
            truth.paid_out += deed.amount_msat
        elif deed.kind is not DeedKind.PAID:
            continue
        elif deed.standing is Standing.CONFIRMED:
            truth.places[name] += deed.amount_msat
            truth.counts[name] += 1
        elif deed.standing is Standing.PENDING:
            truth.pending[name] += deed.amount_msat
        else:
            truth.excluded += deed.amount_msat
    return found
