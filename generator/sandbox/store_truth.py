"""Where the money of one store belongs, folded from what payers noted when they paid.

Settled of a store = Σ places + excluded, to the millisatoshi; other coins stand beside it.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from generator.sandbox.btcpay.deeds import REST, Deed, DeedKind, PaidPlace, Standing
from generator.sandbox.worth import Value


@dataclass(slots=True)
class StoreTruth:
    """One store. Places are in plain words: ``crowdfund:<app id>``, ``pos:…``, ``request:…``, ``rest``."""

    places: Counter[str] = field(default_factory=Counter)  #: settled msat in bitcoin
    counts: Counter[str] = field(default_factory=Counter)  #: how many payments that were
    pending: Counter[str] = field(default_factory=Counter)  #: msat not settled yet
    excluded: int = 0  #: settled msat on invoices that the owner marked invalid
    excluded_count: int = 0
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
        return _bound(self.places, names)

    def figures(self, places: Iterable[PaidPlace]) -> dict[str, Value]:
        """Return what a report says of the store where these are bound; the truth leaves nothing in doubt."""
        parts = {place.name: _part(place) for place in places}
        source = source_of(next(iter(places)).store)
        amounts, counts = _bound(self.places, parts), _bound(self.counts, parts)
        found: dict[str, Value] = {
            f"settled@{source}": self.settled,
            f"settled_count@{source}": counts.total() + self.excluded_count,
            f"excluded@{source}": self.excluded,
            f"excluded_count@{source}": self.excluded_count,
            f"store_paid_out@{source}": self.paid_out,
        }
        for name, part in (*parts.items(), ("", "unassigned")):
            found |= {f"place@{source}@{part}": amounts[name], f"place_count@{source}@{part}": counts[name]}
        return found


def source_of(store: str) -> str:
    """Return what a report calls the source that reads a store: ids are told as tokens only."""
    return f"btcpay-{_token('store', store)}"


def _part(place: PaidPlace) -> str:
    return f"{place.kind}-{_token(place.kind, place.number)}" if place.number else REST


def _token(kind: str, number: str) -> str:
    return sha256(f"sunlit place\0{kind}\0{number}".encode()).hexdigest()[:16]


def _bound(amounts: Counter[str], names: Collection[str]) -> Counter[str]:
    found = Counter[str]()
    for name, amount in amounts.items():
        found[name if name in names else REST] += amount
    return found


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
            truth.excluded_count += 1
    return found
