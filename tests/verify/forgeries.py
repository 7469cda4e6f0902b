"""Forgeries of every field of every record type, made from the schema of the log.

Whoever adds a record type or a field finds it forged here without doing anything. A forger changes one
thing, then recomputes what depends on it: seals of the log, what was decided of a store's payments,
figures, pages, hashes.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec
from msgspec import NODEFAULT, Struct

from generator.ledger import Entry, Kind, Status
from generator.origin import Origin
from generator.places import ANGOR, BTCPAY, RATES, RUNS, VOIDS
from generator.report.source_names import source_kind
from generator.snapshot import (
    Announced,
    Attributed,
    EventRecord,
    Evidence,
    Finding,
    Line,
    ProjectPicture,
    Record,
    Redaction,
    Result,
    VoidedRun,
    Withdrawn,
)
from generator.snapshot.finding import CHECKS
from generator.verify.record_names import id_of
from tests.verify.forger import Edit, Lines
from tests.verify.other_values import default_of, distinct, invented, others, replaced

#: Who says that a record is there at all, by kind of source; on the chain nobody does, but for some types.
_SPEAKERS: Final = {
    BTCPAY: Origin.BTCPAY,
    RATES: Origin.PROVIDER,
    RUNS: Origin.PUBLISHER,
    VOIDS: Origin.PUBLISHER,
}
_OF_TYPES: Final = {
    Announced: "census",
    ProjectPicture: Origin.PUBLISHER,
    Redaction: Origin.PUBLISHER,
    Withdrawn: "taken-back",
}


FOREIGN, REMOVED = "taken from another world", "removed"


@dataclass(frozen=True, kw_only=True)
class Forgery:
    """One change of the log that its forger would like to go unseen."""

    meaning: str  #: kind of source, and of movement where that says who speaks
    field: str  #: empty for the record as a whole; dotted for what stands inside
    way: str
    subject: Record  #: what is forged
    edit: Edit
    renamed: bool = False  #: it is called anew by what it says, so that it is another record

    @property
    def of(self) -> tuple[str, str, str]:
        """What is forged: type of record, whose, and which field."""
        return self.subject.key[0], self.meaning, self.field

    @property
    def limit(self) -> str:
        """Whose word it is by its declaration, so that nobody can tell; empty for what must be found."""
        word = self._speaker if self.renamed or not self.field else self._word
        return "" if word in (None, Origin.DERIVED) else str(word)

    @property
    def _speaker(self) -> str | None:
        record, kind = self.subject, _kind(self.subject)
        if isinstance(record, Evidence) and self.way == FOREIGN:
            return "idle-evidence"
        if isinstance(record, EventRecord) and record.redacted:
            return Origin.PUBLISHER
        if isinstance(record, Finding):
            held = record.result is Result.OK and self.way == REMOVED
            return Origin.PUBLISHER if held else CHECKS[kind].get(record.check)
        return _OF_TYPES.get(type(record), _SPEAKERS.get(kind))

    @property
    def _word(self) -> Origin | None:
        record, kind = self.subject, _kind(self.subject)
        outer, _, inner = self.field.partition(".")
        if outer == "redacted" and self.subject.redacted:
            return Origin.PUBLISHER
        if outer == "at" and getattr(record, "height", 0) is None:
            return Origin.PUBLISHER  # when money that waits was first seen
        if isinstance(record, Finding) and outer in ("result", "reason"):
            return CHECKS[kind].get(record.check)
        word = type(record).ORIGINS.get(kind, {}).get(outer)
        own = getattr(_part(getattr(record, outer)), "ORIGINS", {}) if inner else {}
        return own.get(kind, {}).get(inner, word)


def _kind(record: Record) -> str:
    return record.source if record.source in (RUNS, VOIDS) else source_kind(record.source)


def _part(stands: object) -> object:
    """Return the first of what stands inside a field."""
    return stands[0] if isinstance(stands, tuple) and stands else stands


def meaning_of(record: Record) -> str:
    """Return who says what a record says: the same field may follow from a chain or be a server's word."""
    return ", ".join(filter(None, (_kind(record), _sort(record))))


def _sort(record: Record) -> str:
    match record:
        case Entry(status=Status.CONFIRMED):
            return record.kind.value
        case Entry():
            return record.status.value
        case Finding(place="", source=name) if name == ANGOR:
            return "of the source"
        case EventRecord() if record.json:
            return str(msgspec.json.decode(record.json)["kind"])
        case EventRecord():
            return "taken down"
    return ""


Member = tuple[int, Record]  #: where a record stands in the log, and the record


def forgeries(lines: Lines, elsewhere: Callable[[], Lines]) -> Iterator[Forgery]:
    """Yield forgeries of a log; `elsewhere` gives an honest log of another world."""
    for (_, meaning), members in sorted(grouped(lines).items()):
        for field in members[0][1].__struct_fields__:
            for name, way, new in (*_of_field(members, field), *_inside(members, field)):
                subject = lines[min(new)].record
                forgery = Forgery(meaning=meaning, field=name, way=way, subject=subject, edit=_put(new))
                yield from (forgery,) if field in ("id", "source") else _named(forgery, new, lines)
        for way, edit in _of_record(members, elsewhere):
            yield Forgery(meaning=meaning, field="", way=way, subject=members[0][1], edit=edit)


def _named(forgery: Forgery, new: Mapping[int, Record], lines: Lines) -> Iterator[Forgery]:
    """Yield a forgery with its records called what they say; what is nobody's word under its old name too.

    A server's row that says something else throughout is another row, which is that server's word.
    """
    anew = {at: replaced(record, "id", id_of(record)) for at, record in new.items()}
    if anew == new or not forgery.limit:
        yield forgery
    again = all(any(record == lines[at].record for at in anew) for record in anew.values())
    if anew != new and not again:  # else the same is said in another order
        yield replace(forgery, renamed=True, way=f"{forgery.way}, called anew", edit=_put(anew))


def grouped(lines: Iterable[Line]) -> Mapping[tuple[str, str], Sequence[Member]]:
    """Return the records by type and meaning, with their places in the log."""
    found: defaultdict[tuple[str, str], list[Member]] = defaultdict(list)
    for at, line in enumerate(lines):
        found[line.record.key[0], meaning_of(line.record)].append((at, line.record))
    return found


Forged = tuple[str, str, Mapping[int, Record]]  #: field, way, and by place in the log what is put there


def _of_field(members: Sequence[Member], field: str) -> Iterator[Forged]:
    default = default_of(type(members[0][1]), field)
    full = [member for member in members if getattr(member[1], field) != default]
    empty = [member for member in members if getattr(member[1], field) == default]
    if full:
        at, record = full[0]
        for way, value in others(getattr(record, field)):
            yield field, way, {at: replaced(record, field, value)}
        if default is not NODEFAULT:
            yield field, "removed", {at: replaced(record, field, default)}
    if empty:
        at, record = empty[0]
        new = getattr(full[0][1], field) if full else invented(_type_of(record, field))
        new = next(others(default))[1] if new == default else new
        yield field, "added", {at: replaced(record, field, new)}
    values = distinct(getattr(record, field) for _, record in members)
    if len(values) > 1:
        (at, one), (to, other) = (
            next(member for member in members if getattr(member[1], field) == value) for value in values[:2]
        )
        new = {at: replaced(one, field, values[1]), to: replaced(other, field, values[0])}
        if new != {at: other, to: one}:  # else the same is said in another order
            yield field, "swapped", new


def _type_of(record: Record, field: str) -> msgspec.inspect.Type:
    info = msgspec.inspect.type_info(type(record))
    assert isinstance(info, msgspec.inspect.StructType)
    return next(found.type for found in info.fields if found.name == field)


def _inside(members: Sequence[Member], field: str) -> Iterator[Forged]:
    """Yield forgeries of what stands inside a field, of a stage, a goal, an answer; invented if none does."""
    default = default_of(type(members[0][1]), field)
    at, record = next((member for member in members if getattr(member[1], field) != default), members[0])
    stands = getattr(record, field)
    stands = invented(_type_of(record, field)) if stands == default else stands
    part = _part(stands)
    if not isinstance(part, Struct):
        return
    for name in part.__struct_fields__:
        for way, value in others(getattr(part, name)):
            other = replaced(part, name, value)
            whole = (other, *stands[1:]) if isinstance(stands, tuple) else other
            yield f"{field}.{name}", way, {at: replaced(record, field, whole)}


def _of_record(members: Sequence[Member], elsewhere: Callable[[], Lines]) -> Iterator[tuple[str, Edit]]:
    at, record = members[0]
    yield REMOVED, _put({at: None})
    yield "doubled under another id", _put({}, also=(at, replaced(record, "id", _other_id(record, members))))

    def stranger() -> Record:
        tag, meaning = record.key[0], meaning_of(record)
        found = [record for _, record in grouped(elsewhere()).get((tag, meaning), ())]
        ours = {member.key for _, member in members}
        return next(record for record in found if record.key not in ours)

    def foreign(lines: Lines) -> Lines:
        return _put({}, also=(at, stranger()))(lines)

    def put_instead(lines: Lines) -> Lines:
        return _put({at: replaced(stranger(), "id", record.id)})(lines)

    yield FOREIGN, foreign
    if not isinstance(record, Announced | VoidedRun | Withdrawn):  # those are alike
        yield "replaced by another world's", put_instead


def _other_id(record: Record, members: Sequence[Member]) -> str:
    taken = {member.id for _, member in members}
    return next(str(value) for _, value in others(record.id) if value not in taken)


def _put(new: Mapping[int, Any], also: tuple[int, Any] | None = None) -> Edit:
    """Return an edit that puts records in place of others, or leaves them out for None."""

    def edit(lines: Lines) -> Lines:
        found: Lines = []
        for at, line in enumerate(lines):
            record = new.get(at, line.record)
            if record is not None:
                found.append(Line(run=line.run, record=record))
            if also and also[0] == at:
                found.append(Line(run=line.run, record=also[1]))
        return found

    return edit


def decided_again(lines: Lines) -> Lines:
    """Return lines whose stores have decided of their payments what the rows say now."""
    missing = Counter[tuple[str, str, str, str]]()
    first: dict[tuple[str, str, str], int] = {}
    for number, line in enumerate(lines):
        record = line.record
        if isinstance(record, Entry):
            if record.kind is not Kind.PAYMENT or record.status is not Status.CONFIRMED:
                continue
            sign = 1
        elif isinstance(record, Attributed):
            first.setdefault((record.source, record.place, record.created_month), number)
            sign = -1
        else:
            continue
        key = (record.source, record.place, record.created_month)
        missing[*key, "amount_msat"] += sign * record.amount_msat
        missing[*key, "count"] += sign * record.count
    found = list(lines)
    for (source, place, month, field), by in sorted(missing.items()):
        key = (source, place, month)
        if not by or not source.startswith(BTCPAY):
            continue
        if key not in first:
            new = Attributed(
                id=f"{place}/{month}/rest",
                source=source,
                place=place,
                created_month=month,
                count=0,
                amount_msat=0,
            )
            first[key] = len(found)
            found.append(Line(run=lines[0].run, record=new))
        line = found[first[key]]
        changed = replaced(line.record, field, getattr(line.record, field) + by)
        found[first[key]] = Line(run=line.run, record=changed)
    return found
