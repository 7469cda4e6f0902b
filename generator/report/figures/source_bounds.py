"""How much of a project's entries its sources have told, as the bound of their sum."""

from collections.abc import Iterable
from typing import Final

from generator.ledger import Kind
from generator.places import ANGOR
from generator.report.figures.bounds import Bound, added, total
from generator.report.joined_projects import JoinedProject
from generator.snapshot import Project

#: Kinds that all places but Angor's report, and their word in a `Project`; Angor reports the others.
_WORDS: Final = {Kind.PAYMENT: "payments", Kind.REFUND: "refunds", Kind.PAYOUT: "payouts"}


def bound_of(project: JoinedProject, kinds: Iterable[Kind]) -> Bound:
    """Return how a sum over a project's entries of these kinds relates to the true one.

    A place that was never delivered, or of which its source says that it could
    not read them, is left out: the sum is at least the rest; with nothing told
    it is unknown, not zero. A sum that no source of this project reports is
    known to be zero as soon as every place was delivered.
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
    return total(told(record, word) for record, word in parts)


def told(record: Project | None, word: str) -> Bound:
    """Return the bound of what one record tells of ``payments``, ``refunds``, ``payouts``, or a chain."""
    if record is None or _unread(record, word):
        return Bound.UNKNOWN
    more = not record.complete or word in record.at_least
    fewer = word in record.at_most
    return added(Bound.AT_LEAST if more else Bound.EXACT, Bound.AT_MOST if fewer else Bound.EXACT)


def _unread(record: Project, word: str) -> bool:
    """Tell whether a source says that it could not read something; refunds and other payouts are one list."""
    return ("refunds" if word == "payouts" else word) in record.unread
