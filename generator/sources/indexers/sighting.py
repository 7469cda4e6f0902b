"""An address as two indexers see it, and whether they see the same; pure."""

from dataclasses import dataclass

from generator.sources.indexers.esplora import AddressHistory, Esplora


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessedHistory:
    """An address's history, and whether the witness tells the same."""

    history: AddressHistory
    witnessed: bool = False  #: False: nobody was there to agree or disagree
    disagreement: str = ""  #: one sentence, empty when the witness agrees or there is none


def compared(
    first: tuple[Esplora, AddressHistory], second: tuple[Esplora, AddressHistory]
) -> WitnessedHistory:
    """Join two histories that differ; above the lower of two tips they may.

    Where a transaction stands is what the server with the better tip says: to
    one that is behind it may still be waiting.
    """
    (server, history), (witness, other) = first, second
    ahead, behind = (history, other) if server.tip_height >= witness.tip_height else (other, history)
    listings = {**behind.listings, **ahead.listings}
    merged = AddressHistory(listings=listings, expected=max(history.expected, other.expected))
    if history.complete and other.complete:
        merged = AddressHistory(listings=listings, expected=merged.confirmed)
    common = min(server.tip_height, witness.tip_height)

    def settled(one: AddressHistory) -> set[str]:
        return {
            txid
            for txid, listing in one.listings.items()
            if listing.spot is not None and listing.spot.height <= common
        }

    lonely = sorted(settled(history) ^ settled(other))
    if not lonely:
        return WitnessedHistory(history=merged, witnessed=True)
    # the same words whichever is asked first and however the chain grows: no news while nothing changes
    hosts = " and ".join(sorted((server.http.host, witness.http.host)))
    told = f"{len(lonely)} confirmed transactions are listed by only one of {hosts}, such as {lonely[0]}"
    return WitnessedHistory(history=merged, witnessed=True, disagreement=told)
