"""The bindings of a run: which project each place counts for, recorded where that changed; pure."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from generator.places import identifier_in
from generator.snapshot.fold import Known
from generator.snapshot.records import Binding, Project, Record, Withdrawn

UNBOUND: Final = "the configuration binds this place to no project any more"


def bindings(
    source: str, known: Known, observed: Iterable[Record], project_of: Callable[[str], str]
) -> Iterator[Binding | Withdrawn]:
    """Yield the binding of every place of a source, and withdrawals of those that are no more.

    An Angor project under its own identifier needs none.
    """
    places = {record.id for record in (*known.of(Project), *observed) if _is_place(record, source)}
    bound = {place: slug for place in places if (slug := project_of(place)) not in ("", identifier_in(place))}
    for place, slug in sorted(bound.items()):
        yield Binding(id=place, source=source, project=slug)
    for record in known.of(Binding):
        if record.source == source and record.id not in bound:
            yield Withdrawn(id=f"binding/{record.id}", source=source, reason=UNBOUND)


def _is_place(record: Record, source: str) -> bool:
    return isinstance(record, Project) and record.source == source
