"""Gives rows whose id was made with one key the id that another key makes; pure.

The log holds no payment's id, so the new ids come from a source that was read again.
Everything happens in one batch: each old id is withdrawn, the same row is said under its
new one, and a finding says what was done. A row that the source no longer shows keeps
the id it has. No amount may change, which is checked on what the log would say then.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from generator.errors import LogError
from generator.ledger import Entry
from generator.protocol.proof.checked_claims import Result
from generator.snapshot.batch import latest_by_key
from generator.snapshot.finding import Finding
from generator.snapshot.fold import Known
from generator.snapshot.news import news, with_records
from generator.snapshot.records import Record, Withdrawn
from generator.snapshot.store_records import PromisedMoney

REKEYED: Final = "rekeyed"
REASON: Final = "the same row has another id, made with a new key"
#: A keyed hash; composed ids are words.
KEYED: Final = re.compile(r"[0-9a-f]{32}")


class Rekeyed(msgspec.Struct, frozen=True, kw_only=True):
    """What one source's rows become."""

    records: tuple[Record, ...]  #: to append: news of the reading, withdrawals, rows under new ids, the audit
    moved: int
    kept: tuple[Entry, ...]  #: rows under their old id, because the source shows them no more


def keyed(known: Known, source: str) -> tuple[Entry | PromisedMoney, ...]:
    """Return the standing rows of a source, and what it remembers, whose id was made with a key."""
    rows: list[Entry | PromisedMoney] = [*known.of(Entry), *known.of(PromisedMoney)]
    return tuple(row for row in rows if row.source == source and KEYED.fullmatch(row.id))


def taken_in(known: Known, observed: Iterable[Record]) -> list[Record]:
    """Return the news of a reading, without withdrawals of keyed rows: those are kept and named instead."""
    return news(known, [record for record in observed if not _drops_a_row(record)])


def rekeyed(
    known: Known,
    fresh: Sequence[Record],
    names: Mapping[str, str],
    *,
    source: str,
    keys: tuple[str, str],
) -> Rekeyed:
    """Return what to append so that each keyed row has its new id.

    `fresh` is the news of a whole reading with the old key, `names` maps old ids to new
    ones, `keys` are the fingerprints of the old and of the new key. Raise `LogError` when
    any row would be lost, doubled or changed.
    """
    made = {row.id for row in keyed(known, source)} & set(names.values())  # by a step that was cut off
    done = sum(isinstance(row, Entry) and row.id in made for row in keyed(known, source))
    fresh = [record for record in fresh if names.get(record.id) not in made]
    before = with_records(known, fresh)
    rows = keyed(before, source)
    moved = [row for row in rows if row.id in names]
    kept = tuple(row for row in rows if isinstance(row, Entry) and row.id not in names and row.id not in made)
    gone = [
        Withdrawn(id=f"{row.key[0]}/{row.id}", source=source, reason=REASON)
        for row in moved
        if row.key in known.records
    ]
    came = [msgspec.structs.replace(row, id=names[row.id]) for row in moved]
    old = {row.key for row in moved}
    others = [record for record in fresh if record.key not in old]
    done += sum(isinstance(row, Entry) for row in moved)
    audit = _audit(source, keys, done, len(kept))
    records = latest_by_key((*others, *gone, *came, audit))
    _refuse_changes(before, with_records(known, records), source)
    return Rekeyed(records=records, moved=done, kept=kept)


def rekeyed_anew(known: Known, observed: Iterable[Record], *, source: str, keys: tuple[str, str]) -> Rekeyed:
    """Return what to append when the old key is lost: every row as a whole reading with the new key gives it.

    `keys` are what the log says of the lost key and of the new one. No row can be followed from one id
    to another, so sums must be the same: by place, kind, status and month of creation. Raise `LogError`
    where one is not.
    """
    fresh = [_with_reason(record) if _drops_a_row(record) else record for record in news(known, observed)]
    after = with_records(known, fresh)
    sums, found = _sums(known, source), _sums(after, source)
    for name in sorted(sums.keys() | found.keys()):
        if sums[name] != found[name]:
            msg = (
                f"{source}: {' '.join(name)} is {sums[name]} msat in the log and {found[name]} msat as read "
                "again: settle this first with the old key, or begin a new log; nothing was written"
            )
            raise LogError(msg)
    moved = sum(_drops_a_row(record) for record in fresh)
    records = latest_by_key((*fresh, _audit(source, keys, moved, 0)))
    return Rekeyed(records=records, moved=moved, kept=())


def _with_reason(record: Record) -> Record:
    return msgspec.structs.replace(record, reason=REASON) if isinstance(record, Withdrawn) else record


def _sums(known: Known, source: str) -> Counter[tuple[str, ...]]:
    sums: Counter[tuple[str, ...]] = Counter()
    for row in known.of(Entry):
        if row.source == source:
            sums[row.place, row.kind, row.status, row.created_month] += row.amount_msat
    return sums


def _drops_a_row(record: Record) -> bool:
    if not isinstance(record, Withdrawn):
        return False
    kind, _, name = record.id.partition("/")
    return kind in ("entry", "promised_money") and KEYED.fullmatch(name) is not None


def _audit(source: str, keys: tuple[str, str], moved: int, kept: int) -> Finding:
    old, new = keys
    stay = f"; {kept} row(s) that the server no longer shows keep theirs" if kept else ""
    return Finding(
        id=f"{REKEYED}/{old}-{new}",
        source=source,
        check=REKEYED,
        subject=f"{old}-{new}",
        result=Result.OK,
        reason=f"{moved} row(s) have ids of the key {new} now, and had ids of the key {old} before{stay}; "
        "no amount changed",
    )


def _refuse_changes(before: Known, after: Known, source: str) -> None:
    """Compare all rows but for their ids; the sums of what is equal are equal."""
    old, new = (
        Counter(msgspec.json.encode(msgspec.structs.replace(row, id="")) for row in each.of(Entry))
        for each in (before, after)
    )
    if old != new:
        msg = (
            f"{source}: rows would change with their ids ({(old - new).total()} lost, {(new - old).total()} "
            "new); nothing was written, please report this"
        )
        raise LogError(msg)
