"""What authors asked relays to delete (NIP-09): relays may obey or not, so a reader must know by itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Self

from generator.protocol.nostr.event import Event

DELETION: Final = 5
#: Kinds that are named by address: one event for each author, and for each ``d`` from 30000 on.
_REPLACEABLE: Final = frozenset({0, 3, *range(10_000, 20_000)})
_ADDRESSABLE: Final = range(30_000, 40_000)


@dataclass(frozen=True, slots=True)
class Deletions:
    """Requests to delete; the earliest of several for one event stands."""

    _by_id: dict[tuple[str, str], Event] = field(default_factory=dict)  #: author and event id
    _by_address: dict[tuple[str, str], list[Event]] = field(default_factory=dict)

    @classmethod
    def among(cls, events: Iterable[Event], *, latest: int) -> Self:
        """Gather the requests among events, without those said to come after `latest` (Unix seconds)."""
        found = cls()
        requests = (event for event in events if event.kind == DELETION and event.created_at <= latest)
        for request in sorted(requests, key=lambda request: (request.created_at, request.id)):
            for tag in request.tags:
                match tag:
                    case ("e", id_, *_):
                        found._by_id.setdefault((request.pubkey, id_), request)
                    case ("a", address, *_):
                        found._by_address.setdefault((request.pubkey, address), []).append(request)
                    case _:
                        pass  # `k` and others only describe
        return found

    def of(self, event: Event) -> Event | None:
        """Return the request of the event's own author to delete it, or None.

        A request by address covers the versions up to its own time. A deletion cannot be deleted.
        """
        if event.kind == DELETION:
            return None
        if named := self._by_id.get((event.pubkey, event.id)):
            return named
        requests = self._by_address.get((event.pubkey, _address(event)), ())
        return next((request for request in requests if event.created_at <= request.created_at), None)


def _address(event: Event) -> str:
    if event.kind in _ADDRESSABLE:
        return f"{event.kind}:{event.pubkey}:{event.tag('d') or ''}"
    return f"{event.kind}:{event.pubkey}:" if event.kind in _REPLACEABLE else ""
