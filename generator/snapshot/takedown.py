"""Taking texts of others down: what of the log goes, and what no later run may bring back; pure.

Money, transactions and where they stand are no texts of anybody's: they stay.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Final

import msgspec

from generator.errors import LogError
from generator.ledger import Key
from generator.places import angor_place
from generator.snapshot.announced import Announced
from generator.snapshot.evidence import EventRecord
from generator.snapshot.finding import Finding
from generator.snapshot.project_picture import ProjectPicture
from generator.snapshot.records import Project, Record
from generator.snapshot.redaction import WORDS, Redaction
from generator.unreadable import UNREADABLE

#: Checks whose reasons quote what a founder wrote.
QUOTING: Final = frozenset({"terms", "profile", "network-name", "founding-commitment"})
#: What stands in place of a reason that quoted such a text.
TAKEN_DOWN: Final = "what this quoted was taken down"
#: Which words of a project an event says, by its kind (NIP-01, NIP-78).
_SAID_BY: Final = {0: ("title", "tagline", "website", "picture"), 30078: ("description",)}
_ID: Final = re.compile(r"\b[0-9a-f]{64}\b")
#: Projects that a message names.
_NAMED: Final = 20
Standing = Mapping[Key, Record]  #: records by key, redactions among them


class _Author(msgspec.Struct, frozen=True):
    pubkey: str
    kind: int


_AUTHORS: Final = msgspec.json.Decoder(_Author)


def redacted(record: Record, standing: Standing) -> Record:
    """Return a record without the texts that were taken down."""
    match record:
        case EventRecord() if record.json and _names(standing, record, record.id, _author(record).pubkey):
            return msgspec.structs.replace(record, json="", redacted=_hash(record.json))
        case Project():
            found = _found(standing, record, record.id, *record.evidence)
            gone = {name: "" for redaction in found for name in redaction.words}
            return msgspec.structs.replace(record, **gone) if gone else record
        case ProjectPicture() if record.webp or record.address:
            found = _found(standing, record, record.id, *record.evidence)
            if not any("picture" in redaction.words for redaction in found):
                return record
            return msgspec.structs.replace(record, address="", webp="", reason=TAKEN_DOWN)
        case Finding(check=check) if check in QUOTING and record.reason:
            named = _names(standing, record, record.place, *_ID.findall(record.reason))
        case Announced() if record.reason:
            named = _names(standing, record, record.id, *_ID.findall(record.reason))
        case _:
            return record
    return msgspec.structs.replace(record, reason=TAKEN_DOWN) if named else record


def redactions_of(subject: str, records: Iterable[Record], reason: str) -> tuple[Redaction, ...]:
    """Return what takes down the texts of a project or of one event, as the lines of a log show them.

    `subject` is an identifier, a place or an event's id. Raise `LogError` where the log has no such
    thing, naming what it has.
    """
    lines = list(records)
    events = {record.id: record for record in lines if isinstance(record, EventRecord)}
    projects = [record for record in lines if isinstance(record, Project | Announced)]
    place = angor_place(subject) if subject.startswith("angor1") else subject
    own = [record for record in projects if record.id == place]
    if own:
        found = _of_place(own, events, reason)
    elif subject in events:
        words = _SAID_BY.get(_author(events[subject]).kind, ())
        found = [Redaction(id=subject, source=events[subject].source, reason=reason, words=words)]
    else:
        raise LogError(_unknown(subject, projects, len(events)))
    plain = {redaction.key: redaction for redaction in found}
    hashes = sorted({text for line in lines for text in _taken(line, plain)})
    return (msgspec.structs.replace(found[0], hashes=tuple(hashes)), *found[1:])


def _of_place(
    own: Sequence[Project | Announced], events: Mapping[str, EventRecord], reason: str
) -> list[Redaction]:
    """Return what takes down a place, its author's events, and others that the project rested on."""
    place, source = own[0].id, own[0].source
    told = [record for record in own if isinstance(record, Project)]
    authors = {project.nostr_pubkey for project in told} - {""}
    named = {name for project in told for name in (project.event_id, *project.evidence) if name in events}
    others = {name for name in named if events[name].json and _author(events[name]).pubkey not in authors}
    return [
        Redaction(id=place, source=source, reason=reason, words=WORDS),
        *(Redaction(id=name, source=source, reason=reason, of=place) for name in sorted(authors | others)),
    ]


def _unknown(subject: str, projects: Iterable[Project | Announced], events: int) -> str:
    places = sorted({project.id for project in projects})
    listed = ", ".join(places[:_NAMED]) + (f" and {len(places) - _NAMED} more" if places[_NAMED:] else "")
    return (
        f"the log has no project and no event {subject!r}: it has {listed or 'no project'}, and {events} "
        "events whose ids stand in content/snapshots; give one of these"
    )


def _taken(record: Record, standing: Standing) -> Iterator[str]:
    """Yield the hash of each text that a record loses, or has lost."""
    if isinstance(record, EventRecord):
        after = redacted(record, standing)
        if after != record and isinstance(after, EventRecord):
            yield after.redacted
    elif isinstance(record, Project):
        after = redacted(record, standing)
        yield from (
            _hash(getattr(record, name)) for name in WORDS if getattr(after, name) != getattr(record, name)
        )
    elif isinstance(record, ProjectPicture) and record.webp and redacted(record, standing) != record:
        yield _hash(record.webp)


def _found(standing: Standing, record: Record, *names: str) -> Iterator[Redaction]:
    for name in names:
        found = standing.get(("redaction", record.source, name))
        if isinstance(found, Redaction):
            yield found


def _names(standing: Standing, record: Record, *names: str) -> bool:
    return any(_found(standing, record, *names))


def _author(event: EventRecord) -> _Author:
    try:
        return _AUTHORS.decode(event.json)
    except UNREADABLE:
        return _Author(pubkey="", kind=-1)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
