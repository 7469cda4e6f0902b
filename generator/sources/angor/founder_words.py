"""Founders' own words, asked of relays: profiles, descriptions, deletions, and relays that they name."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from generator.judge.profile import APP_DATA, DESCRIPTION, PROFILE, SKEW, profile_of
from generator.protocol.nostr import DELETION, Event, Filter, newest
from generator.sources.angor.event_index import EventIndex
from generator.sources.angor.project_reading import ProjectReading
from generator.sources.relays import RELAY_LIST, Relays, chunks


async def read_words(
    readings: Iterable[ProjectReading],
    relays: Relays,
    events: EventIndex,
    *,
    at: datetime,
) -> None:
    """Ask for what founders say about their projects as of `at`; adds to `events`."""
    defined = [(reading, reading.definition) for reading in readings if reading.definition]
    authors = sorted({definition.terms.nostr_pubkey for _, definition in defined})
    if not authors:
        return
    filters = [wanted for some in chunks(authors) for wanted in _words(some)]
    events.add(await relays.read(filters))
    # words taken back and relays named are welcome; no quorum depends on them
    about = [Filter(kinds=(DELETION, RELAY_LIST), authors=some) for some in chunks(authors)]
    events.add(await relays.read(about, quorum=0))
    events.add(await relays.follow(_relay_lists(authors, events.of(authors), at), _all_words))
    for reading, definition in defined:
        author = definition.terms.nostr_pubkey
        said = events.of((author,))
        profile = profile_of(author, said, at=at, definition=definition.event)
        unread = [
            large
            for large in relays.too_large.values()
            if large.pubkey == author and large.kind in (PROFILE, APP_DATA) and not large.replaced_in(said)
        ]
        reading.profile = replace(profile, refused=str(unread[0])) if unread else profile


def _words(authors: Sequence[str]) -> list[Filter]:
    some = tuple(authors)
    return [
        Filter(kinds=(PROFILE,), authors=some),
        Filter(kinds=(APP_DATA,), authors=some, tags=(("d", (DESCRIPTION,)),)),
    ]


def _all_words(authors: Sequence[str]) -> list[Filter]:
    """Make the questions for a relay that founders name: there deletions are asked for at once."""
    return [*_words(authors), Filter(kinds=(DELETION,), authors=tuple(authors))]


def _relay_lists(authors: Iterable[str], events: Iterable[Event], at: datetime) -> list[Event]:
    """Return the newest relay list of each author as of `at`."""
    latest = int((at + SKEW).timestamp())
    lists: dict[str, list[Event]] = {author: [] for author in authors}
    for event in events:
        if event.kind == RELAY_LIST and event.pubkey in lists and event.created_at <= latest:
            lists[event.pubkey].append(event)
    return [chosen for some in lists.values() if (chosen := newest(some)) is not None]
