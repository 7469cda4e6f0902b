"""The places of a store as people read them, and whose ledger has their rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from generator.places import REST, UNASSIGNED
from generator.report.place_owners import PlaceOwners
from generator.sentence import Sentence, say
from generator.snapshot import Attributed, LoggedRow

T = TypeVar("T", LoggedRow, Attributed)

_KINDS: Final = {
    "crowdfund": say("Crowdfund {token}"),
    "pos": say("Point of sale {token}"),
    "request": say("Payment request {token}"),
}
_PARTS: Final = {REST: say("Rest of the store"), UNASSIGNED: say("Unassigned")}


def place_words(place: str) -> Sentence:
    """Name a place within its store for people."""
    part = place.partition("/")[2]
    kind, _, token = part.partition(":")
    return _PARTS.get(part) or replace(_KINDS[kind], values=(("token", token),))


def ledgers_of(rows: Iterable[LoggedRow], owners: PlaceOwners) -> tuple[str, ...]:
    """Return the slugs of projects whose ledgers have these rows, first an empty one for the store's own."""
    return tuple(sorted({owners.slug(row.place) for row in rows}))


def by_place(rows: Iterable[T]) -> Mapping[str, Sequence[T]]:
    """Return rows by the place that each belongs to."""
    found: defaultdict[str, list[T]] = defaultdict(list)
    for row in rows:
        found[row.place].append(row)
    return found
