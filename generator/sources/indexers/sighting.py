"""An address as two indexers see it, and whether they see the same; pure."""

from dataclasses import dataclass

from generator.sources.indexers.esplora import Esplora, History


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An address's history, and whether the witness tells the same."""

    history: History
    disagreement: str = ""  #: one sentence, empty when the witness agrees or there is none


def compared(first: tuple[Esplora, History], second: tuple[Esplora, History]) -> Sighting:
    """Join two histories that differ; above the lower of two tips they may."""
    (server, history), (witness, other) = first, second
    merged = History(
        listings={**other.listings, **history.listings}, expected=max(history.expected, other.expected)
    )
    common = min(server.tip_height, witness.tip_height)

    def settled(one: History) -> set[str]:
        return {
            txid
            for txid, listing in one.listings.items()
            if listing.spot is not None and listing.spot.height <= common
        }

    if settled(history) == settled(other):
        return Sighting(history=merged)
    counts = f"{len(settled(history))} and {len(settled(other))} transactions up to block {common}"
    return Sighting(history=merged, disagreement=f"{server.http.host} and {witness.http.host} list {counts}")
