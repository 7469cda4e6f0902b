"""How indexers differ from the reference one: each field is something a server in the wild does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from starlette.exceptions import HTTPException

from generator.sandbox.indexer.index import Indexed

#: A self-hosted mempool serves both; bare electrs serves neither.
USUAL: Final = ("/api", "/api/v1")
PREFIXES: Final = (*USUAL, "")


class UnknownCursor(StrEnum):
    """What a history answers when it is to go on after a transaction it does not have."""

    EMPTY = "an empty page"
    FIRST = "the first page again"
    REFUSED = "422"


class ErrorBody(StrEnum):
    """How a server words an error."""

    TEXT = "bare text"
    JSON = "an object, where Accept admits one"
    PROBLEM = "problem+json"


class TransactionJson(StrEnum):
    """Whose transactions a server's look like (public-servers.md 1.4)."""

    ESPLORA = "no empty witness, no address that is none, and a coinbase that spends zeros"
    MEMPOOL = "empty lists and texts"
    BLOCKCORE = "null, and -1 for the height of what waits"


class PriceTable(StrEnum):
    """What a server knows of prices."""

    FULL = "full"
    EMPTY = "empty"  #: 200 with a time of 2010 and a price of 0
    MISSING = "missing"  #: -1 for each currency
    NONE = "none"  #: no such route
    TESTNET = "testnet"  #: refused, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedAnswer:
    """An answer that is no data."""

    status: int
    body: str
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """A token bucket that a host has for one client; refused requests take nothing from it."""

    per_s: float
    burst: int
    answer: RefusedAnswer
    retry_after: str = ""  #: none is sent, as every public server does
    ban_s: float = 0.0  #: after the first refusal everything is refused so long


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """How a server differs from the reference one."""

    prefixes: tuple[str, ...] = USUAL  #: where it has its interface
    lacks: frozenset[str] = frozenset()  #: routes below the prefix that it does not have
    backend: str = ""  #: what ``/api/v1/backend-info`` says; empty: no such route
    page: int = 25  #: confirmed transactions a page
    page_in_all: int | None = None  #: of waiting and confirmed ones together on ``/txs``, if it counts so
    mempool_page: int = 50
    unknown_cursor: UnknownCursor = UnknownCursor.EMPTY
    lists_waiting: bool = True
    repeats_waiting: bool = False  #: each of them stands there twice
    forgets_cursors: bool = False  #: it knows none when it is asked for the first time
    electrum_order: bool = False  #: ascending inside a block; who waits for a waiting one stands last
    follows_after_txid: bool = True  #: False: always the first page, as blockcore's server
    restarts: bool = False  #: whatever page is asked for, the first one comes
    overlaps: int = 0  #: rows that a page repeats from the one before
    shuffled: bool = False  #: rows of a page in no order of the chain
    hollow: bool = False  #: the second page is empty though there are more
    cap: int | None = None  #: transactions of an address beyond which it does not list them
    cap_answer: RefusedAnswer | None = (
        None  #: what it says then; None: 200 with an empty list and a count of 0
    )
    breaks_off: int | None = None  #: transactions after which a list ends, with no word and a count to match
    omits: frozenset[str] = field(default_factory=frozenset)  #: transactions left out of histories
    counts_omitted: bool = True  #: False: the count leaves them out too
    counts_spends: bool = False  #: a transaction that pays and spends counts twice
    no_counts: bool = False  #: addresses without ``chain_stats``
    names_spenders: bool = True  #: False: only whether an output is spent, as on electrum
    vin_unknown: bool = False  #: spends name the transaction, -1 for its input, and come in any order
    op_return_spent: bool = False  #: outputs that nobody can spend are called spent
    proves: bool = True  #: False: no ``/merkle-proof``, as on electrum
    takes_many: bool = True  #: False: no ``/txs/outspends`` for many transactions at once
    many_fail: bool = False  #: one unknown transaction fails that question for all
    unknown_status: int = 404  #: of blocks, heights and proofs that it does not have
    json: TransactionJson = TransactionJson.ESPLORA
    height_off: int = (
        0  #: by which heights of transactions are wrong while its two halves differ about the tip
    )
    html_hashes: bool = False  #: the hash at a height comes as a web page, by its type
    errors: ErrorBody = ErrorBody.TEXT
    quoted: bool = False  #: plain text comes as JSON strings
    json_in_json: bool = False  #: everything comes as one JSON string where ``Accept`` asks for JSON
    prices: PriceTable = PriceTable.FULL
    lag_blocks: int = 0
    claimed_tip: int | None = None  #: a height it does not have
    limited_every: int = 0  #: each so manyth request is refused with 429 when it comes for the first time
    retry_after: str = "0"  #: what it asks for then: seconds, or a date
    quota: Quota | None = None
    latency_s: float = 0.0  #: times `Indexer.latency_scale`
    answers_all: RefusedAnswer | None = None  #: whatever it is asked
    closed: bool = False  #: nothing listens at its address
    dies_after: int | None = None  #: requests after which it answers nothing and its port closes

    def has(self, route: str) -> bool:
        """Tell whether a route below the prefix is there."""
        absent = {
            "/tx/{txid}/merkle-proof": not self.proves,
            "/txs/outspends": not self.takes_many,
        }
        return route not in self.lacks and not absent.get(route)

    def part(
        self, rows: Sequence[Indexed], after: str | None, *, size: int, unknown: UnknownCursor
    ) -> list[Indexed]:
        """Return the page of rows that begins after a transaction, None for the first page."""
        begin = 0
        if after is not None and not self.restarts:
            places = [place for place, known in enumerate(rows) if known.tx.txid == after]
            if not places and unknown is UnknownCursor.REFUSED:
                raise HTTPException(422, "after_txid not found")
            if (not places and unknown is UnknownCursor.EMPTY) or (
                self.hollow and places and places[0] + 1 == size
            ):
                return []
            if places:
                begin = max(0, places[0] + 1 - self.overlaps) if places[0] + 1 < len(rows) else len(rows)
        found = list(rows[begin : begin + size])
        if self.shuffled:
            # the last row stays the last, because the next page begins after it
            found[:-1] = sorted(found[:-1], key=lambda known: known.tx.txid)
        return found
