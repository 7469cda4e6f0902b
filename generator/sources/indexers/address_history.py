"""Everything an address took part in, as one server lists it page by page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from generator.protocol.proof.placed_transaction import BlockPosition
from generator.sources.http import HttpAnswer
from generator.sources.indexers.esplora import HTTP_NOT_FOUND, Esplora, block_in
from generator.sources.indexers.esplora_json import HISTORY, ListedTransaction

#: Transactions of one address beyond which we stop and say so.
LONGEST_HISTORY: Final = 20_000
#: How servers refuse to go on after a transaction: no such route, or they do not know it (any more).
_NOT_FROM_THERE: Final = (HTTP_NOT_FOUND, 422)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A transaction as an address's history lists it; nothing of it is verified yet."""

    txid: str
    block: BlockPosition | None  #: None while unconfirmed
    scripts: tuple[str, ...]  #: of its outputs, hex
    spends: tuple[tuple[str, int], ...]  #: outpoints
    paid_sat: int | None = None  #: by all outputs after the second, None where the server gives no values


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressHistory:
    """The transactions of an address, by txid."""

    listings: Mapping[str, Listing]
    expected: int  #: confirmed transactions by the server's own count

    @property
    def confirmed(self) -> int:
        """Count the listed transactions that are in the chain."""
        return sum(listing.block is not None for listing in self.listings.values())

    @property
    def complete(self) -> bool:
        """Tell whether the pages hold as many confirmed transactions as the server counts."""
        return self.confirmed == self.expected


async def read_history(server: Esplora, address: str) -> AddressHistory:
    """Return an address's transactions, paged until nothing new comes.

    A block that arrives between the count and the last page makes them
    differ, and a server may not know yet from where it is to go on, so what is
    short is read again as long as that brings more.
    """
    history, listed = await _read_once(server, address), -1
    while not history.complete and history.confirmed > listed:
        listed = history.confirmed
        history = await _read_once(server, address)
    return history


async def _read_once(server: Esplora, address: str) -> AddressHistory:
    expected, _ = await server.counted(address)
    listings: dict[str, Listing] = {}
    await _add_pages(server, address, listings, after="?after_txid=")
    confirmed = [listing.txid for listing in listings.values() if listing.block is not None]
    if confirmed and len(confirmed) < expected:  # servers without `after_txid` send the first page again
        await _add_pages(server, address, listings, after="/chain/", cursor=confirmed[-1])
    if server.over_electrum:
        listings = _moved(listings, by=await _height_error(server, listings))
    return AddressHistory(listings=listings, expected=expected)


async def _height_error(server: Esplora, listings: Mapping[str, Listing]) -> int:
    """Return by how much all heights are wrong.

    mempool counts them from its own tip, which may differ from that of the Electrum server behind it;
    hashes of blocks are right (public-servers.md 1.4).
    """
    blocks = [listing.block for listing in listings.values() if listing.block is not None]
    if not blocks:
        return 0
    newest = max(blocks, key=lambda block: block.height)
    for error in (0, 1, -1):
        if await server.block_at(newest.height - error) == newest.hash:
            return error
    return 0  # the chain is changing


def _moved(listings: dict[str, Listing], *, by: int) -> dict[str, Listing]:
    """Return the same with heights made right."""
    return {
        txid: replace(listing, block=replace(listing.block, height=listing.block.height - by))
        if by and listing.block
        else listing
        for txid, listing in listings.items()
    }


async def _add_pages(
    server: Esplora, address: str, listings: dict[str, Listing], *, after: str, cursor: str = ""
) -> None:
    """Add page after page from the transaction `cursor` on; `after` is how the server is told of it."""
    while len(listings) < LONGEST_HISTORY:
        path = f"/address/{address}/txs" + (after + cursor if cursor else "")
        accept = _NOT_FROM_THERE if cursor else ()
        answer = await server.get(path, f"history of {address}", accept=accept)
        if answer.status in _NOT_FROM_THERE:
            return
        page = answer.decode(HISTORY)
        fresh = {row.txid: _listing(row, answer) for row in page if row.txid not in listings}
        if not fresh:
            return
        listings.update(fresh)
        cursor = page[-1].txid


def _listing(row: ListedTransaction, answer: HttpAnswer) -> Listing:
    values = [output.value for output in row.vout[2:]]
    return Listing(
        txid=row.txid,
        block=block_in(row.status, answer),
        scripts=tuple(output.scriptpubkey for output in row.vout),
        spends=tuple((spent.txid or "", spent.vout) for spent in row.vin),
        paid_sat=None if None in values else sum(value for value in values if value is not None),
    )


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
