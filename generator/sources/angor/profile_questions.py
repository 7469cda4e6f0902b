"""What is asked of relays about founders' own words, and which relays founders name."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from generator.judge.profile import APP_DATA, DESCRIPTION, PROFILE, SKEW
from generator.protocol.nostr import DELETION, Event, Filter, newest
from generator.sources.relays import RELAY_LIST


def words(authors: Sequence[str]) -> list[Filter]:
    """Return the questions for what founders say about their projects."""
    some = tuple(authors)
    return [
        Filter(kinds=(PROFILE,), authors=some),
        Filter(kinds=(APP_DATA,), authors=some, tags=(("d", (DESCRIPTION,)),)),
    ]


def more_words(authors: Sequence[str]) -> list[Filter]:
    """Return the questions for a relay that founders name."""
    return [*words(authors), Filter(kinds=(DELETION,), authors=tuple(authors))]


def relay_lists(authors: Iterable[str], events: Mapping[str, Event], at: datetime) -> list[Event]:
    """Return the newest relay list of each author as of `at`."""
    latest = int((at + SKEW).timestamp())
    lists: dict[str, list[Event]] = {author: [] for author in authors}
    for event in events.values():
        if event.kind == RELAY_LIST and event.pubkey in lists and event.created_at <= latest:
            lists[event.pubkey].append(event)
    return [chosen for some in lists.values() if (chosen := newest(some)) is not None]
