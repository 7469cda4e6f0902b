"""Items of feeds and events of calendars: when each is, and of which project and figures it speaks; pure."""

import re
from collections.abc import Iterator
from typing import Final

from generator.verify.page_relations import Relation, Relations
from generator.verify.strict_json import read_json

_ENTRY: Final = re.compile(r"<entry\b")
_ID: Final = re.compile(r"<id>([^<]*)</id>")
_UPDATED: Final = re.compile(r"<updated>([^<]*)</updated>")
_EVENTS: Final = re.compile(
    r"^BEGIN:VEVENT(.*?)(?=^BEGIN:VEVENT|\Z)", re.DOTALL | re.MULTILINE | re.IGNORECASE
)
_UID: Final = re.compile(r"^UID:(\S*)", re.MULTILINE | re.IGNORECASE)
#: When an event is, whether it is again, and that it is not at all.
_WHEN: Final = re.compile(
    r"^(?:DTSTART[^:\n]*:|(?=RRULE|STATUS\S*CANCELLED))(\S*)", re.MULTILINE | re.IGNORECASE
)
_FOLD: Final = re.compile(r"\r?\n[ \t]")


def dated_items(path: str, text: str) -> Relations:
    """Return what each item is bound to by its id; of a file that holds none, nothing."""
    found = Relations()
    for name, value in _items(path, text):
        found.add(Relation.ITEM, name, value)
    return found


def _items(path: str, text: str) -> Iterator[tuple[str, str]]:
    if path.endswith("feed.json"):
        yield from _of_json(text)
    elif path.endswith(".atom"):
        for entry in _ENTRY.split(text):
            updated = " ".join(_UPDATED.findall(entry))
            yield from ((name, updated) for name in _ID.findall(entry))
    elif path.endswith(".ics"):
        for event in _EVENTS.findall(_FOLD.sub("", text)):
            when = " ".join(_WHEN.findall(event))
            yield from ((name, when) for name in _UID.findall(event))


def _of_json(text: str) -> Iterator[tuple[str, str]]:
    try:
        feed = read_json(text)
    except (ValueError, RecursionError):
        return  # told where its lines are read
    items = feed.get("items") if isinstance(feed, dict) else None
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict):
            yield (
                str(item.get("id", "")),
                f"{item.get('date_published', '')} {_said(item.get('_sunlit', ''))}",
            )


def _said(value: object) -> str:
    """Return a value as text; some versions of Python read deeper nesting than they write."""
    try:
        return str(value)
    except RecursionError:
        return "nested without end"
