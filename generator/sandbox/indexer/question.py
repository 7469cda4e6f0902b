"""One request to an indexer, and what the path of it names."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException

from generator.protocol.bitcoin import MalformedData
from generator.protocol.bitcoin.script import script_of_address
from generator.sandbox.chain import Block
from generator.sandbox.indexer import documents
from generator.sandbox.indexer.index import Index, Indexed
from generator.sandbox.indexer.quirks import Quirks
from generator.sandbox.worth import Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request, with what it is asked of."""

    index: Index
    quirks: Quirks
    prices: Prices
    path: Mapping[str, str]
    query: Mapping[str, str]
    again: bool = False  #: it was asked before

    @property
    def transaction(self) -> Indexed:
        """The transaction the path names."""
        known = self.index.transactions.get(self.path["txid"])
        if known is None:
            raise HTTPException(404, "Transaction not found")
        return known

    @property
    def block(self) -> Block:
        """The block the path names by its hash."""
        height = self.index.heights.get(self.path["hash"])
        if height is None:
            raise HTTPException(self.quirks.unknown_status, "Block not found")
        return self.index.blocks[height]

    @property
    def script(self) -> bytes:
        """The output script of the address the path names."""
        try:
            return script_of_address(self.path["address"], documents.HRP)
        except MalformedData:
            raise HTTPException(400, "Invalid Bitcoin address") from None
