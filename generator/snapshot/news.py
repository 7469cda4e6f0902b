"""What records add to what is known, before they are appended."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.snapshot.fold import Known
from generator.snapshot.records import Rate, Record, Withdrawn, key_about
from generator.snapshot.takedown import redacted

if TYPE_CHECKING:
    from generator.ledger import Key


def news(known: Known, records: Iterable[Record]) -> list[Record]:
    """Return the records that change what is known, in the order given.

    A withdrawal of something that does not stand is no news. A recorded rate is
    never replaced. What comes earlier in `records` counts as known. Texts that were
    taken down stay out.
    """
    changed: list[Record] = []
    latest: dict[Key, Record | None] = {}
    for record in (redacted(record, known.records) for record in records):
        key = key_about(record)
        standing = latest[key] if key in latest else known.records.get(key)
        if isinstance(record, Withdrawn):
            if standing is None:
                continue
        elif standing == record or (isinstance(record, Rate) and standing is not None):
            continue
        latest[key] = None if isinstance(record, Withdrawn) else record
        changed.append(record)
    return changed


def with_records(known: Known, records: Iterable[Record]) -> Known:
    """Return what will be known when these records are appended; later ones stand."""
    standing = dict(known.records)
    for record in records:
        if isinstance(record, Withdrawn):
            standing.pop(record.withdraws, None)
        else:
            standing[record.key] = record
    return replace(known, records=dict(sorted(standing.items())))
