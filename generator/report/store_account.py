"""What one BTCPay store received and where it belongs, as pages and files show it."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from generator.ledger import Entry
from generator.report.figures.figure import Figure
from generator.report.health.source_states import SourceState
from generator.sentence import Sentence
from generator.snapshot import Finding


class StoreShare(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a store's money that belongs to one place."""

    place: str  #: what the log calls it
    words: Sentence  #: for people
    slug: str  #: the project it belongs to, empty for none
    amount: Figure
    count: Figure
    ledgers: tuple[str, ...]  #: slugs of the ledgers with its rows, empty for the store's own
    accepted: str = ""  #: the maintainer's reason why money in doubt is no news
    hows: tuple[str, ...] = ()  #: by which ties it belongs there, such as "by term"
    candidates: tuple[str, ...] = ()  #: places that it may belong to instead


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreAccount:
    """One store: everything that settled there, and its places."""

    state: SourceState
    settled: Figure
    settled_count: Figure
    excluded: Figure
    excluded_count: Figure
    excluded_in: tuple[str, ...]  #: slugs of the ledgers with its rows, empty for the store's own
    paid_out: Figure
    paid_out_in: tuple[str, ...]  #: the same of payouts
    shares: tuple[StoreShare, ...]
    findings: tuple[Finding, ...]  #: about its places
    entries: tuple[Entry, ...]  #: movements of no project, ordered by time, then id
    changed_at: datetime | None  #: time of the run that last observed something new of it

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures of it."""
        shares = (figure for share in self.shares for figure in (share.amount, share.count))
        return (
            *(self.settled, self.settled_count, self.excluded, self.excluded_count, self.paid_out),
            *shares,
        )
