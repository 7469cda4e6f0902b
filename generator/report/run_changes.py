"""What one run brought of each source: rows, money received, checks that contradict."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import msgspec

from generator.ledger import Entry, Key, Kind, Status
from generator.snapshot import Finding, Known, Record, Result, Withdrawn
from generator.snapshot.records import key_about


class SourceChange(msgspec.Struct):
    """What is new of a source."""

    rows: int = 0  #: entries that are new, changed or gone
    msat: int = 0  #: by which confirmed payments and investments changed; before acceptance is judged
    failed: int = 0  #: findings that contradict what was claimed


def changes_of(
    records: Iterable[Record], before: Callable[[Key], Record | None]
) -> Mapping[str, SourceChange]:
    """Count the records of a run by source; `before` gives what stood for a key."""
    found: dict[str, SourceChange] = defaultdict(SourceChange)
    for record in records:
        standing, change = before(key_about(record)), found[record.source]
        if isinstance(record, Entry) or (isinstance(record, Withdrawn) and isinstance(standing, Entry)):
            change.rows += 1
            change.msat += _received(record) - _received(standing)
        elif isinstance(record, Finding):
            change.failed += record.result is Result.FAILED
    return found


def changes_in(known: Known, run: str) -> Mapping[str, SourceChange]:
    """Count what a run that is recorded brought, by source."""
    fresh = [known.records[key] for key, seen in known.seen.items() if seen == run]
    gone = [
        chain[-1].record
        for key, chain in known.history.items()
        if chain[-1].run == run and key not in known.records
    ]

    def before(key: Key) -> Record | None:
        earlier = [line.record for line in known.history.get(key, ()) if line.run < run]
        return earlier[-1] if earlier else None

    return changes_of([*fresh, *gone], before)


def _received(record: Record | None) -> int:
    if not isinstance(record, Entry) or record.status is not Status.CONFIRMED:
        return 0
    return record.amount_msat if record.kind in (Kind.PAYMENT, Kind.INVESTMENT) else 0
