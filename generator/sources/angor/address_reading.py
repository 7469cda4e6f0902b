"""A project's address: what pays it, and which transaction founded the project."""

from typing import Final

from generator.protocol.angor.founding_transaction import is_founding
from generator.protocol.angor.project_identifier import address_of, project_script
from generator.protocol.proof.founding import choose_founding
from generator.protocol.proof.placed_transaction import PlacedTransaction
from generator.sources.angor.chain import Chain
from generator.sources.angor.project_reading import ProjectReading
from generator.sources.concurrency import all_of
from generator.sources.indexers import Listing

#: ``OP_RETURN`` and the push of a 33-byte key, written in any length, begin every note of the protocol.
_NOTE: Final = ("6a21", "6a4c21", "6a4d2100", "6a4e21000000")


async def read_address(reading: ProjectReading, chain: Chain) -> None:
    """List the address and choose the founding among what pays it; raise `SourceError`."""
    identifier = reading.identifier
    address = await chain.indexers.history(address_of(identifier, chain.network))
    listings = [listing for listing in address.history.listings.values() if _may_be_ours(listing, identifier)]
    found = await all_of(_candidate(listing, identifier, chain) for listing in listings)
    reading.address = address
    reading.candidates = tuple(placed for placed in found if placed is not None)
    reading.founding = choose_founding(reading.candidates, identifier, chain.network)


def _may_be_ours(listing: Listing, identifier: str) -> bool:
    """Tell whether a listed transaction may be a founding or an investment of a project."""
    fee, *rest = listing.scripts[:2] or ("",)
    return bool(rest) and fee == project_script(identifier).hex() and rest[0].startswith(_NOTE)


async def _candidate(listing: Listing, identifier: str, chain: Chain) -> PlacedTransaction | None:
    block = listing.block or chain.above.get(listing.txid)
    transaction = await chain.indexers.transaction(listing.txid)
    outputs = transaction.outputs
    if len(outputs) < 2 or outputs[0].script != project_script(identifier):  # noqa: PLR2004 -- fee and note
        return None  # the listing said otherwise; its bytes decide
    if is_founding(identifier, chain.network, outputs):
        return await chain.place(listing.txid, block)
    return PlacedTransaction(transaction=transaction, block=block)
