"""What a run has read so far, kept as little as totals need: rows, counts, and marks of payments."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from generator.ledger import Declaration, Entry
from generator.snapshot import Finding, OwnNumber
from generator.sources.btcpay import findings
from generator.sources.btcpay.marks import Marks
from generator.sources.btcpay.own_numbers import OwnNumbers
from generator.sources.btcpay.payments import Money, Movement, Promise
from generator.sources.btcpay.privacy import Door
from generator.sources.btcpay.webhook_deliveries import Polled


@dataclass(slots=True, kw_only=True)
class Gathered:
    """Takes money in while pages come; a payment that is listed twice counts once."""

    door: Door
    counts: Counter[str]
    _seen: Marks = field(default_factory=Marks)
    own: OwnNumbers | None = field(default_factory=OwnNumbers)  #: None where a delay hides young payments
    polled: Polled | None = None  #: counts what a webhook should have brought sooner
    _coins: Counter[tuple[str, str]] = field(default_factory=Counter)  #: (project, month of creation)

    def take(self, money: Iterable[Money]) -> None:
        """Take in what an invoice or a payout says."""
        for item in money:
            if isinstance(item, Movement):
                self._move(item)
            elif isinstance(item, Promise):
                self.door.promise(item)
            else:
                self._coins[item.project, item.created_month] += 1

    def records(self) -> Iterator[Entry | Declaration | Finding | OwnNumber]:
        """Yield what may be published of everything taken in."""
        yield from self.door.entries()
        yield from self.door.declarations()
        yield from findings.other_coins(self._coins, self.door.source)
        if self.own:
            yield from self.own.records(self.door.source)

    def _move(self, movement: Movement) -> None:
        if not self._seen.add(f"{movement.kind}\0{movement.private_id}"):
            self.counts["doubled_payments"] += 1
            return
        self.counts["payments"] += 1
        self.door.take(movement)
        if self.polled:
            self.polled.take(movement)
