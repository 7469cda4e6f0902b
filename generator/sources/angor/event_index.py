"""The events that a run knows, by id and by author: a network has more than each question is about."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from generator.protocol.nostr import Event


class EventIndex(dict[str, Event]):
    """Events by id, which grow by `add` alone."""

    def __init__(self) -> None:
        super().__init__()
        self._by_author: defaultdict[str, list[Event]] = defaultdict(list)

    def add(self, events: Mapping[str, Event]) -> None:
        """Add events by id; one that is known stays as it is."""
        for name, event in events.items():
            if name not in self:
                self[name] = event
                self._by_author[event.pubkey].append(event)

    def of(self, authors: Iterable[str]) -> list[Event]:
        """Return what some authors signed, author by author."""
        return [event for author in authors for event in self._by_author.get(author, ())]
