"""How indexers differ from the reference one: each field is something a server in the wild does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from generator.sandbox.indexer.index import Indexed

#: A self-hosted mempool serves both; bare electrs serves neither.
USUAL: Final = ("/api", "/api/v1")
PREFIXES: Final = (*USUAL, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """How a server differs from the reference one."""

    prefixes: tuple[str, ...] = USUAL  #: where it has its interface
    page: int = 25  #: confirmed transactions a page; electrum-backed servers send 10
    mempool_page: int = 50
    follows_after_txid: bool = True  #: False: always the first page, as blockcore's server
    restarts: bool = False  #: whatever page is asked for, the first one comes
    overlaps: int = 0  #: rows that a page repeats from the one before
    shuffled: bool = False  #: rows of a page in no order of the chain
    hollow: bool = False  #: the second page is empty though there are more
    omits: frozenset[str] = field(default_factory=frozenset)  #: transactions left out of histories
    counts_omitted: bool = True  #: False: the count leaves them out too
    no_counts: bool = False  #: addresses without ``chain_stats``
    names_spenders: bool = True  #: False: only whether an output is spent, as on electrum
    proves: bool = True  #: False: no ``/merkle-proof``, as on electrum
    takes_many: bool = True  #: False: no ``/txs/outspends`` for many transactions at once
    quoted: bool = False  #: plain text comes as JSON strings
    lag_blocks: int = 0
    claimed_tip: int | None = None  #: a height it does not have
    limited_every: int = 0  #: each so manyth request is refused with 429 when it comes for the first time
    retry_after: str = "0"  #: what it asks for then: seconds, or a date
    dies_after: int | None = None  #: requests after which it answers nothing and its port closes

    def listed(self, history: list[Indexed]) -> list[Indexed]:
        """Return what of a history this server lists."""
        return [known for known in history if known.tx.txid not in self.omits]

    def part(self, rows: Sequence[Indexed], after: str | None, *, size: int) -> list[Indexed]:
        """Return the page of rows that begins after a transaction, None for the first page."""
        begin = 0
        if after is not None and not self.restarts:
            places = [place for place, known in enumerate(rows) if known.tx.txid == after]
            if not places or (self.hollow and places[0] + 1 == size):
                return []
            begin = max(0, places[0] + 1 - self.overlaps) if places[0] + 1 < len(rows) else len(rows)
        found = list(rows[begin : begin + size])
        if self.shuffled:
            # the last row stays the last, because the next page begins after it
            found[:-1] = sorted(found[:-1], key=lambda known: known.tx.txid)
        return found
