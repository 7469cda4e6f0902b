"""An address's history as two indexers tell it, and whether they tell the same; pure."""

from dataclasses import dataclass

from generator.sources.indexers.address_history import AddressHistory
from generator.sources.indexers.esplora import Esplora


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessedHistory:
    """An address's history, and whether the witness tells the same."""

    history: AddressHistory
    witnessed: bool = False  #: False: nobody was there to agree or disagree
    disagreement: str = ""  #: one sentence, empty when the witness agrees or there is none


def joined(first: tuple[Esplora, AddressHistory], second: tuple[Esplora, AddressHistory]) -> WitnessedHistory:
    """Join two histories that differ; above the lower of two tips they may.

    Where a transaction stands is what the server with the better tip says: to
    one that is behind it may still be waiting.
    """
    (server, history), (witness, other) = first, second
    ahead, behind = (history, other) if server.tip_height >= witness.tip_height else (other, history)
    listings = {**behind.listings, **ahead.listings}
    both = AddressHistory(listings=listings, expected=max(history.expected, other.expected))
    if history.complete and other.complete:
        both = AddressHistory(listings=listings, expected=both.confirmed)
    common_height = min(server.tip_height, witness.tip_height)
    alone = sorted(_confirmed_up_to(common_height, history) ^ _confirmed_up_to(common_height, other))
    if not alone:
        return WitnessedHistory(history=both, witnessed=True)
    # the same words whichever is asked first and however the chain grows: no news while nothing changes
    hosts = " and ".join(sorted((server.http.host, witness.http.host)))
    problem = f"{len(alone)} confirmed transactions are listed by only one of {hosts}, such as {alone[0]}"
    return WitnessedHistory(history=both, witnessed=True, disagreement=problem)


def _confirmed_up_to(height: int, history: AddressHistory) -> set[str]:
    return {
        txid
        for txid, listing in history.listings.items()
        if listing.block is not None and listing.block.height <= height
    }
