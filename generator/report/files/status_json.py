"""``status.json``: as of when a site is and how well each source is read, for programs that watch it.

Like ``today.json`` it may change with every run.
"""

from datetime import datetime
from typing import Final

import msgspec

from generator.report.files import canonical_json
from generator.report.health.source_states import SourceState
from generator.report.model import Report

SCHEMA: Final = 1


class SourceStatus(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source; `message` is what it said when it last gave nothing."""

    name: str
    label: str
    state: str  #: ``fresh``, ``stale``, ``silent`` (never read) or ``closed``
    outcome: str | None  #: of the last run, null if it was never asked
    message: str
    data_at: datetime | None  #: when it last answered
    age_s: int | None  #: as-of minus that, in seconds


class StatusDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``status.json`` says; the two numbers are figures of ``figures.json``."""

    schema: int
    network: str
    demo: bool
    as_of: datetime
    snapshot: str
    tip_height: int | None
    fresh: bool  #: whether no source is stale or silent
    projects: int | str | None
    projects_read: int | str | None
    sources: list[SourceStatus]


def encode_status(report: Report) -> bytes:
    """Return canonical bytes, one source a line."""
    document = StatusDocument(
        schema=SCHEMA,
        network=report.network,
        demo=report.demo,
        as_of=report.as_of,
        snapshot=report.snapshot,
        tip_height=report.tip_height,
        fresh=not any(source.stale for source in report.sources),
        projects=report.figures["projects"].value,
        projects_read=report.figures["projects_read"].value,
        sources=[],
    )
    return canonical_json.encode(document, {"sources": map(_status, report.sources)})


def _status(source: SourceState) -> SourceStatus:
    return SourceStatus(
        name=source.name,
        label=source.label,
        state=_state(source),
        outcome=None if source.outcome is None else str(source.outcome),
        message=source.message,
        data_at=source.data_at,
        age_s=None if source.age is None else int(source.age.total_seconds()),
    )


def _state(source: SourceState) -> str:
    if source.closed:
        return "closed"
    if source.stale:
        return "silent" if source.data_at is None else "stale"
    return "fresh"
