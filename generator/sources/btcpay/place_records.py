"""What the log says of each place of a store, and of what was paid back there; pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from generator.ledger import UNKNOWN_STATUS, Entry
from generator.snapshot import Finding, Known, Project, Record
from generator.sources.btcpay import findings
from generator.sources.btcpay.crowdfund import PlaceWords, project_record
from generator.sources.btcpay.reading_plan import ReadingPlan
from generator.sources.btcpay.refund_bounds import REFUNDS, RefundJudge
from generator.sources.btcpay.store_place import StorePlace

#: Counters that mean money may be missing from the figures.
MISSING: Final = ("malformed_invoices", "malformed_payments", "payments_ahead")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRecords:
    """Makes the records of bound places and of the rest, as of one run."""

    known: Known
    plan: ReadingPlan
    judge: RefundJudge
    payments: bool  #: they were read

    def of(self, places: Sequence[StorePlace], observed: Iterable[Record]) -> Iterator[Project | Finding]:
        """Yield them, each after what must be said of its refunds.

        One that was incomplete stays so until everything is read again. Payments of a place that
        doubtful money may belong to are at least what is counted there, and so is what went back of it;
        payments of a place that has some of an unknown status are so as well.
        """
        observed = tuple(observed)
        unknown = self._unknown(observed)
        doubted = {
            record.place
            for record in observed
            if isinstance(record, Finding) and record.check == findings.UNASSIGNED
        }
        for place in places:
            record = self.known.records.get(("project", self.judge.source, place.place))
            standing = record if isinstance(record, Project) else None
            judged = self.judge.judged(place.place, standing)
            yield from judged.findings
            doubt = (
                ["payments", *([REFUNDS] if self.judge.doubtful else [])] if place.place in doubted else []
            )
            if place.place in unknown:
                doubt.append("payments")
            at_least = dict.fromkeys([*doubt, *judged.at_least])
            unread = [
                name for name, read in (("payments", self.payments), (REFUNDS, judged.read)) if not read
            ]
            yield project_record(
                place,
                source=self.judge.source,
                said=PlaceWords(tuple(unread), tuple(at_least), tuple(judged.at_most)),
                complete=place.complete
                and (self.plan.full or standing is None or standing.complete)
                and not any(place.counts[name] for name in MISSING),
                standing=standing,
            )

    def _unknown(self, observed: Iterable[Record]) -> set[str]:
        """Find the places with payments of an unknown status, now or where nothing was read again."""
        standing = (
            entry
            for entry in self.known.of(Entry)
            if entry.source == self.judge.source
            and not (self.payments and self.plan.covers(entry.created_month))
        )
        entries = (*standing, *(record for record in observed if isinstance(record, Entry)))
        return {entry.place for entry in entries if entry.reason == UNKNOWN_STATUS}
