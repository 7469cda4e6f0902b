"""Questions of a size that relays take."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import msgspec

from generator.protocol.nostr import Filter

#: Values of one list in a filter; relays refuse much longer ones.
CHUNK: Final = 100
#: Bytes of a message around its filter: its verb, the subscription's name, limit and times.
_AROUND: Final = 200


def chunks(values: Sequence[str]) -> list[tuple[str, ...]]:
    """Split a list of filter values into pieces that relays accept."""
    return [tuple(values[start : start + CHUNK]) for start in range(0, len(values), CHUNK)]


def fitting(filters: Iterable[Filter], most_bytes: int) -> Iterator[Filter]:
    """Yield filters of messages of at most so many bytes; a longer one is halved by its longest list."""
    for wanted in filters:
        by_ids = len(wanted.ids) >= len(wanted.authors)
        values = wanted.ids if by_ids else wanted.authors
        if len(values) < 2 or len(msgspec.json.encode(wanted.to_obj())) + _AROUND <= most_bytes:  # noqa: PLR2004
            yield wanted
            continue
        middle = len(values) // 2
        for half in (values[:middle], values[middle:]):
            part = replace(wanted, ids=half) if by_ids else replace(wanted, authors=half)
            yield from fitting((part,), most_bytes)
