"""``data/changes.json``: edits of terms and restated sums of every project, as canonical bytes."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from generator.language import english
from generator.report.files import canonical_json
from generator.report.history.edits import Edit, Term
from generator.report.history.restatements import Restatement
from generator.report.history.revisions import RunReference
from generator.report.model import Report
from generator.report.notes import Note
from generator.report.void_notes import VOIDED
from generator.snapshot import Goal, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA: Final = 1


class Edited(msgspec.Struct, frozen=True, kw_only=True):
    """A term that a source said otherwise before; times are text, `before` and `after` as in the log."""

    id: str
    project: str
    source: str
    term: str
    before: str | int | Goal | list[Stage] | None
    after: str | int | Goal | list[Stage] | None
    seen_before: RunReference
    seen_after: RunReference


class Restated(msgspec.Struct, frozen=True, kw_only=True):
    """A sum of one month that an earlier run stated otherwise; amounts are figures of ``figures.json``."""

    id: str
    project: str
    sum: str
    month: str
    before: str  #: figure id
    after: str  #: figure id
    seen_before: RunReference
    seen_after: RunReference
    reasons: tuple[str, ...]
    rows: tuple[str, ...]  #: ids of ledger rows, also of such as are gone


class Voided(msgspec.Struct, frozen=True, kw_only=True):
    """A run that counts no more, by the maintainer's word."""

    run: str
    day: str | None  #: on which it was said; None where no run tells
    said: str  #: as on the front page, with the reason


class ChangesDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What ``changes.json`` says; edits and restatements by project, then oldest first; voids by run."""

    schema: int
    edits: list[Edited]
    restatements: list[Restated]
    voids: list[Voided]


def encode_changes(report: Report) -> bytes:
    """Return the canonical bytes, one change a line."""
    projects = sorted(report.projects, key=lambda project: project.slug)
    lists: dict[str, Sequence[Edited | Restated | Voided]] = {
        "edits": [_edited(edit) for project in projects for edit in project.edits],
        "restatements": [_restated(item) for project in projects for item in project.restatements],
        "voids": [_voided(note) for note in report.notes if note.id.startswith(VOIDED)],
    }
    document = ChangesDocument(schema=SCHEMA, edits=[], restatements=[], voids=[])
    return canonical_json.encode(document, lists)


def _voided(note: Note) -> Voided:
    return Voided(
        run=note.id.removeprefix(VOIDED),
        day=note.day.isoformat() if note.day else None,
        said=english(note.text),
    )


def _plain(term: Term) -> str | int | Goal | list[Stage] | None:
    if isinstance(term, datetime):
        return f"{term:%Y-%m-%dT%H:%M:%SZ}"
    return list(term) if isinstance(term, tuple) else term


def _edited(edit: Edit) -> Edited:
    same = {name: getattr(edit, name) for name in Edited.__struct_fields__}
    return Edited(**same | {"before": _plain(edit.before), "after": _plain(edit.after)})


def _restated(item: Restatement) -> Restated:
    same = {name: getattr(item, name) for name in Restated.__struct_fields__}
    reasons = tuple(map(english, item.reasons))
    return Restated(**same | {"before": item.before.id, "after": item.after.id, "reasons": reasons})
