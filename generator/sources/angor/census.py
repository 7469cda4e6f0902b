"""What became of each announced project in a run, and when one without a founding is asked again; pure.

Anybody can announce a project. One that no transaction founds cannot have been paid
by the rules of the protocol: it bounds nothing, none of its evidence is kept, and it
is asked for again after 1, 2, 4, 8, 16 days and then every 30.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate, chain, repeat
from typing import Final

from generator.judge.recorded_chain import txid_of
from generator.ledger import Kind
from generator.money import msat_from_sat
from generator.snapshot import Announced, Cause, Census
from generator.sources.angor.archive import Archive
from generator.sources.angor.project_reading import ProjectReading

#: Days between the turns of a project that is only announced; the last one is repeated.
_WAITS: Final = (1, 2, 4, 8, 16, 30)
#: Causes of which only a founded project is unread.
_FOUNDED: Final = (Cause.EVENT, Cause.INVESTMENTS, Cause.HIDDEN)


def is_due(announced: Announced, *, after: datetime, at: datetime) -> bool:
    """Tell whether a turn of an unfounded project lies between the last run and this one."""
    return any(after < turn <= at for turn in _turns(announced.since, at))


def _turns(since: datetime, until: datetime) -> Iterator[datetime]:
    for days in accumulate(chain(_WAITS, repeat(_WAITS[-1]))):
        turn = since + timedelta(days=days)
        if turn > until:
            return
        yield turn


def announced(reading: ProjectReading, archive: Archive, *, network: str, at: datetime) -> Announced:
    """Return a project's line in the census, as of this run."""
    before = archive.announced(reading.place)
    if reading.founded is not None or reading.founded_otherwise(network):
        outcome, cause, reason = _outcome(reading)
    else:
        seen = archive.project(reading.place) or (before and before.cause in _FOUNDED)
        recorded = bool(seen) or archive.has_founding(reading.identifier, network)
        outcome, cause, reason = _without_founding(reading, recorded=recorded)
    # a list that hides something bounds nothing
    listed = outcome is Census.UNREAD and cause is not Cause.HIDDEN
    return Announced(
        id=reading.place,
        source=reading.checks.source,
        outcome=outcome,
        cause=cause,
        reason=reason,
        since=before.since if before else at,
        at_most_msat=_most(reading, archive) if listed else None,
    )


def _without_founding(reading: ProjectReading, *, recorded: bool) -> tuple[Census, Cause | None, str]:
    if reading.failure:
        return Census.UNREAD, reading.cause, reading.failure
    if recorded:  # electrum servers list nothing where they fail, and what was founded is at stake
        return Census.UNREAD, Cause.HIDDEN, _why(reading)
    if not reading.all_listed:
        return Census.UNREAD, Cause.HISTORY, reading.shortfall
    return Census.UNFOUNDED, None, _why(reading)


def _why(reading: ProjectReading) -> str:
    return reading.founding if isinstance(reading.founding, str) else ""


def _outcome(reading: ProjectReading) -> tuple[Census, Cause | None, str]:
    if reading.failure:
        return Census.UNREAD, reading.cause, reading.failure
    if reading.definition is None:
        return _without_terms(reading)
    if reading.complete:
        return Census.READ, None, ""
    if reading.shortfall:
        return Census.UNREAD, Cause.HISTORY, reading.shortfall
    return Census.UNREAD, Cause.HIDDEN, "recorded transactions are not shown and not shown to be gone"


def _without_terms(reading: ProjectReading) -> tuple[Census, Cause | None, str]:
    """Tell a lost event from one that is no project: by the latter nobody can have invested."""
    reason = _why(reading) or next((claim.reason for claim in reading.checks.claims if claim.reason), "")
    paid = set(reading.paying) - (reading.founded.txids if reading.founded else set())
    if reading.event_found or (reading.all_listed and not paid):
        return Census.UNKNOWN_TERMS, None, reason
    return Census.UNREAD, Cause.EVENT, reason


def _most(reading: ProjectReading, archive: Archive) -> int | None:
    """Return the most that can have been raised: all that listed transactions pay beside fee and note.

    A list without a recorded investment lacks something, so it says nothing.
    """
    if reading.address is None or not reading.all_listed:
        return None
    recorded = {
        txid_of(entry.id) for entry in archive.entries(reading.place) if entry.kind is Kind.INVESTMENT
    }
    if not recorded <= reading.paying.keys():
        return None
    founding = reading.founded.txids if reading.founded else frozenset()
    paid = [listing.paid_sat for txid, listing in reading.paying.items() if txid not in founding]
    return msat_from_sat(sum(amount for amount in paid if amount is not None)) if None not in paid else None
