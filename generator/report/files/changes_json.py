"""``data/changes.json``: edits of terms and restated sums of every project, as canonical bytes."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from generator.report.model import Edit, Look, Report, Restatement, Term
from generator.snapshot import Goal, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA: Final = 1
_ENCODER: Final = msgspec.json.Encoder(order="sorted", decimal_format="string")


class Edited(msgspec.Struct, frozen=True, kw_only=True):
    """A term that a source said otherwise before; times are text, `before` and `after` as in the log."""

    id: str
    project: str
    source: str
    term: str
    before: str | int | Goal | list[Stage] | None
    after: str | int | Goal | list[Stage] | None
    seen_before: Look
    seen_after: Look


class Restated(msgspec.Struct, frozen=True, kw_only=True):
    """A sum of one month that an earlier run stated otherwise; amounts are figures of ``figures.json``."""

    id: str
    project: str
    sum: str
    month: str
    before: str  #: figure id
    after: str  #: figure id
    seen_before: Look
    seen_after: Look
    reasons: tuple[str, ...]
    rows: tuple[str, ...]  #: ids of ledger rows, also of such as are gone


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What ``changes.json`` says; both lists by project, then oldest first."""

    schema: int
    snapshot: str
    edits: list[Edited]
    restatements: list[Restated]


def encode_changes(report: Report) -> bytes:
    """Return the canonical bytes: sorted keys, one change a line, final newline."""
    projects = sorted(report.projects, key=lambda one: one.slug)
    lists: dict[str, Sequence[Edited | Restated]] = {
        "edits": [_edited(one) for project in projects for one in project.edits],
        "restatements": [_restated(one) for project in projects for one in project.restatements],
    }
    frame = _ENCODER.encode(Document(schema=SCHEMA, snapshot=report.snapshot, edits=[], restatements=[]))
    for name, rows in lists.items():
        filled = b",\n".join(_ENCODER.encode(row) for row in rows)
        frame = frame.replace(f'"{name}":[]'.encode(), f'"{name}":[\n'.encode() + filled + b"\n]", 1)
    return frame + b"\n"


def _plain(term: Term) -> str | int | Goal | list[Stage] | None:
    if isinstance(term, datetime):
        return f"{term:%Y-%m-%dT%H:%M:%SZ}"
    return list(term) if isinstance(term, tuple) else term


def _edited(one: Edit) -> Edited:
    return Edited(
        id=one.id,
        project=one.project,
        source=one.source,
        term=one.term,
        before=_plain(one.before),
        after=_plain(one.after),
        seen_before=one.seen_before,
        seen_after=one.seen_after,
    )


def _restated(one: Restatement) -> Restated:
    return Restated(
        id=one.id,
        project=one.project,
        sum=one.sum,
        month=one.month,
        before=one.before.id,
        after=one.after.id,
        seen_before=one.seen_before,
        seen_after=one.seen_after,
        reasons=one.reasons,
        rows=one.rows,
    )
