"""How much of a project's entries its sources have told, as the bound of their sum."""

from collections.abc import Iterable, Sequence
from typing import Final

from generator.ledger import Kind
from generator.places import ANGOR
from generator.report.figures.bounds import Bound, added
from generator.report.joined_projects import JoinedProject
from generator.snapshot import Project

PAYMENTS: Final = "payments"
#: Kinds that all places but Angor's report, and their word in a `Project`; Angor reports the others.
_WORDS: Final = {Kind.PAYMENT: PAYMENTS, Kind.REFUND: "refunds", Kind.PAYOUT: "payouts"}


def bound_of(project: JoinedProject, kinds: Iterable[Kind]) -> Bound:
    """Return how a sum over a project's entries of these kinds relates to the true one.

    A place that was never delivered, or of which its source says that it could
    not read them, is left out: the sum is at least the rest; with nothing told
    it is unknown, not zero; what a store told that is listed no more, or that a source told
    which is silent for too long, is at least so.
    A sum that no source of this project reports is known to be zero as soon as every
    place was delivered.
    """
    words = dict.fromkeys(_WORDS.get(kind, "") for kind in kinds)
    parts = [
        (record, word)
        for place in project.awaited
        for word in words
        if (place == ANGOR) == (not word)
        for record in project.told_of(place) or (None,)
    ]
    if not parts:
        return Bound.EXACT if project.all_answered else Bound.UNKNOWN
    old = any(
        record is not None and (record.source not in project.expected or record.source in project.stale)
        for record, _ in parts
    )
    return added(bound_in(parts), Bound.AT_LEAST if old else Bound.EXACT)


def bound_in(parts: Sequence[tuple[Project | None, str]]) -> Bound:
    """Return how what some records tell, each of the entries a word stands for, relates to all of these.

    What a record cannot tell may leave rows of earlier runs in a sum, so that a bound of these stays.
    """
    unread = [record is None or _unread(record, word) for record, word in parts]
    if all(unread):
        return Bound.UNKNOWN
    more = any(unread) or any(
        record and (not record.complete or word in record.at_least) for record, word in parts
    )
    fewer = any(record and word in record.at_most for record, word in parts)
    return added(Bound.AT_LEAST if more else Bound.EXACT, Bound.AT_MOST if fewer else Bound.EXACT)


def _unread(record: Project, word: str) -> bool:
    """Tell whether a source says that it could not read something; refunds and other payouts are one list."""
    return ("refunds" if word == "payouts" else word) in record.unread
