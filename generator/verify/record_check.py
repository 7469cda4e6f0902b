"""Every line of the log is of a source that may say so, and says nothing that means nothing there.

A whitelist: sources follow from the configuration, places from their source, ids from their record,
and a field that a record type does not declare for a kind of source has its default. It holds for
lines that a later one superseded as well, because pages tell of them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Self, get_args

import msgspec

from generator.config import Config
from generator.ledger import Entry, Key
from generator.origin import Origin, Origins
from generator.places import ANGOR, BTCPAY, RATES, RUNS, VOIDS, identifier_in
from generator.report.place_owners import PlaceOwners
from generator.report.rate_providers import unnamed_rates
from generator.snapshot import (
    Announced,
    Binding,
    Known,
    Line,
    Outcome,
    Project,
    ProjectPicture,
    Rate,
    Record,
    Redaction,
    Run,
    Withdrawn,
)
from generator.snapshot.evidence import Evidence
from generator.text_format import counted
from generator.verify.record_names import id_of
from generator.verify.record_rules import broken_rules
from generator.verify.results import CheckResult, checked, unchecked

_STORE: Final = re.compile(r"btcpay-([0-9a-f]{16})")
_PART: Final = re.compile(r"rest|unassigned|(crowdfund|pos|request):[0-9a-f]{16}")
#: By the word in a line: what a withdrawal may be about.
_TYPES: Final = {str(kind.__struct_config__.tag): kind for kind in get_args(Record)}
#: What no run takes back: bytes prove themselves, and who was announced or what a day cost stays said.
_FOR_EVER: Final = (*get_args(Evidence), Announced, Rate, Redaction)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Allowed:
    """What may speak, and of what, by the configuration and by the log itself."""

    listed: frozenset[str]  #: sources of stores that the configuration lists
    read: frozenset[str]  #: sources of stores that a run read, whether they are listed still or not
    places: frozenset[str]  #: of which more is recorded than findings and a picture
    pictures: frozenset[tuple[str, str, str]]  #: source, place and an address that it named as its picture

    @classmethod
    def of(cls, lines: Iterable[Line], known: Known, config: Config) -> Self:
        return cls(
            listed=frozenset(name for names in PlaceOwners.of(config).stores.values() for name in names),
            read=frozenset(
                asked.source for run in known.runs for asked in run.asked if asked.outcome is Outcome.OK
            ),
            places=frozenset(
                place_of(line.record) for line in lines if line.record.key[0] not in ("finding", "picture")
            ),
            pictures=frozenset(
                (line.record.source, line.record.id, line.record.picture)
                for line in lines
                if isinstance(line.record, Project)
            ),
        )

    def misses(self, picture: ProjectPicture) -> bool:
        """Tell whether a picture is of an address that its place never named, so of another place."""
        named = (picture.source, picture.id, picture.address)
        return bool(picture.address) and named not in self.pictures


def check_records(lines: Sequence[Line], known: Known, config: Config) -> Iterator[CheckResult]:
    """Yield whether each line may be there; `lines` are all, in any order."""
    allowed = _Allowed.of(lines, known, config)
    said = _first_said(lines)
    last = max((line.run for line in lines if isinstance(line.record, Run)), default="")
    unknown, meaningless, misnamed, broken = list[str](), list[str](), list[str](), list[str]()
    for line in lines:
        record = line.record
        name = f"{record.source}: {record.key[0]} {record.id}"
        if problem := _source_problem(record, allowed):
            unknown.append(f"{name}: {problem}")
            continue
        meaningless += (f"{name}: {problem}" for problem in _meaningless(record))
        if (wanted := id_of(record)) != record.id:
            misnamed.append(f"{name}: what it says is called {wanted}")
        broken += (f"{name}: {problem}" for problem in broken_rules(line, allowed.places, config))
        if isinstance(record, ProjectPicture) and allowed.misses(record):
            broken.append(f"{name}: its place names no picture at this address")
        if line.run > last:
            broken.append(f"{name}: of run {line.run}, later than the last one")
        if isinstance(record, Withdrawn) and said.get(record.withdraws, last + "~") > line.run:
            broken.append(f"{name}: takes back what was never said")
        if isinstance(record, Withdrawn) and _TYPES[record.withdraws[0]] in _FOR_EVER:
            broken.append(f"{name}: takes back what stands for ever")
    broken += (
        f"{chain[-1].record.source}: {key[0]} {key[-1]}: replaces a rate that was recorded"
        for key, chain in known.history.items()
        if isinstance(chain[0].record, Rate)
    )
    yield checked("sources", unknown, len(lines))
    yield checked("fields", meaningless, len(lines))
    yield checked("record-ids", misnamed, len(lines))
    yield checked("rules", broken, len(lines))
    yield from _of_former_stores(known, allowed)
    yield from _of_former_providers(known, config)


def _of_former_stores(known: Known, allowed: _Allowed) -> Iterator[CheckResult]:
    former = sorted(
        {
            entry.source
            for entry in known.of(Entry)
            if kind_of(entry.source) == BTCPAY and entry.source not in allowed.listed
        }
    )
    if former:
        reason = f"{counted(len(former), 'store')} with money, such as {former[0]}: listed no more"
        yield unchecked("former-stores", f"{reason}, so that only the publisher's word stands for it")


def _of_former_providers(known: Known, config: Config) -> Iterator[CheckResult]:
    """Yield which rates are of nobody whom the configuration asks; a file of one's own names anybody."""
    if former := unnamed_rates(known.of(Rate), config):
        of_file = "csv" in config.sources.rates.asked
        whose = (
            "the publisher's own file, or a former provider's" if of_file else "of nobody whom it asks now"
        )
        reason = f"{counted(len(former), 'rate')}, such as of {former[0].day} by {former[0].provider:.80}"
        reason += f": by the configuration {whose}, so that only the publisher's word stands for them"
        yield unchecked("former-providers", reason)


def kind_of(source: str) -> str:
    """Return the kind of source that a name is of, empty for none."""
    if source in (ANGOR, RATES, RUNS, VOIDS):
        return source
    return BTCPAY if _STORE.fullmatch(source) else ""


def place_of(record: Record) -> str:
    """Return the place that a record is about, empty for none."""
    if isinstance(record, Project | ProjectPicture | Announced | Binding):
        return record.id
    return str(getattr(record, "place", ""))


def _first_said(lines: Iterable[Line]) -> dict[Key, str]:
    """Return the first run that said something, by what it said."""
    found: dict[Key, str] = {}
    for line in lines:
        if not isinstance(line.record, Withdrawn):
            found[line.record.key] = min(line.run, found.get(line.record.key, line.run))
    return found


def _source_problem(record: Record, allowed: _Allowed) -> str:
    """Return why a source cannot have said this, empty when it can."""
    kind = kind_of(record.source)
    spoken = _TYPES.get(record.withdraws[0]) if isinstance(record, Withdrawn) else type(record)
    if spoken is None or kind not in origins_of(spoken):
        return "no such source says this"
    if kind == BTCPAY and record.source not in allowed.listed | allowed.read:
        return "its store is not in the configuration, and no run has read it"
    place = place_of(record)
    return f"{place} is no place of this source" if place and not holds(record.source, place) else ""


def holds(source: str, place: str) -> bool:
    """Tell whether a place is one that a source may speak of."""
    if source == ANGOR:
        return bool(identifier_in(place))
    store = _STORE.fullmatch(source)
    head, _, part = place.partition("/")
    return bool(store and head == f"{BTCPAY}:{store[1]}" and _PART.fullmatch(part))


def origins_of(kind: type) -> Origins:
    """Return whose word the fields of a record type are."""
    found: Origins = getattr(kind, "ORIGINS", {})
    return found


def _meaningless(record: Record) -> Iterator[str]:
    for name, default in _undeclared(type(record), kind_of(record.source)):
        if (said := getattr(record, name)) != default:
            yield f"{name} is {said!r:.80}, which means nothing here"


@cache
def _undeclared(kind: type[msgspec.Struct], source: str) -> tuple[tuple[str, Any], ...]:
    """Return the fields that a kind of source says nothing in, each with its default."""
    declared: dict[str, Origin] = {**origins_of(kind)[source]}
    return tuple(
        (field.name, field.default) for field in msgspec.structs.fields(kind) if field.name not in declared
    )
