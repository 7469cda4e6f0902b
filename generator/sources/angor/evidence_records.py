"""Events, transactions, headers and branches as evidence lines of the log; pure."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

import msgspec

from generator.protocol.bitcoin import Header
from generator.protocol.nostr import Event
from generator.protocol.proof.placed_transaction import PlacedTransaction
from generator.snapshot import BranchRecord, EventRecord, Evidence, HeaderRecord, TransactionRecord

_EVENT: Final = msgspec.json.Encoder(order="sorted")


def evidence_records(
    events: Iterable[Event],
    transactions: Iterable[PlacedTransaction],
    boundaries: Mapping[int, Header],
    *,
    source: str,
) -> Iterator[Evidence]:
    """Yield each piece of evidence once; `boundaries` are headers at the ends of epochs, by height."""
    seen: set[tuple[str, str, str]] = set()
    ends = (
        HeaderRecord(id=header.hash, source=source, height=height, hex=header.serialize().hex())
        for height, header in boundaries.items()
    )
    for record in chain(ends, _records(events, transactions, source)):
        if record.key not in seen:
            seen.add(record.key)
            yield record


def _records(
    events: Iterable[Event], transactions: Iterable[PlacedTransaction], source: str
) -> Iterator[Evidence]:
    for event in events:
        yield EventRecord(id=event.id, source=source, json=_EVENT.encode(event.to_obj()).decode())
    for placed in transactions:
        yield TransactionRecord(id=placed.txid, source=source, hex=placed.transaction.serialize().hex())
        shown = placed.inclusion
        if shown is not None:
            yield HeaderRecord(id=shown.block, source=source, height=shown.height, hex=shown.header.hex())
            branch = f"{placed.txid}@{shown.block}"
            yield BranchRecord(id=branch, source=source, position=shown.position, hashes=shown.hashes)
            if (first := shown.coinbase) is not None:
                txid = first.transaction.txid
                yield TransactionRecord(id=txid, source=source, hex=first.transaction.serialize().hex())
                branch = f"{txid}@{shown.block}"
                yield BranchRecord(id=branch, source=source, position=0, hashes=first.hashes)
