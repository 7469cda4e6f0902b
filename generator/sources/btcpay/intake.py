"""What a run has read so far, kept as little as totals need: rows, counts, and digests of ids."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from generator.ledger import Declaration, Entry
from generator.snapshot import Finding, OwnNumber
from generator.sources.btcpay import findings
from generator.sources.btcpay.digest_set import DigestSet, digest_of
from generator.sources.btcpay.movement import MarkedSettled, Money, Movement
from generator.sources.btcpay.own_numbers import OwnNumbers
from generator.sources.btcpay.privacy import PrivacyFilter
from generator.sources.btcpay.webhook_deliveries import PollingCheck


@dataclass(slots=True, kw_only=True)
class Intake:
    """Takes money in while pages come; a payment that is listed twice counts once."""

    privacy: PrivacyFilter
    counts: Counter[str]
    own: OwnNumbers | None  #: None where a delay hides young payments
    polling: PollingCheck | None = None  #: counts what a webhook should have brought sooner
    _seen: DigestSet = field(default_factory=DigestSet)
    _coins: Counter[tuple[str, str]] = field(default_factory=Counter)  #: (place, month of creation)

    def take(self, money: Iterable[Money]) -> None:
        """Take in what an invoice or a payout says."""
        for item in money:
            if isinstance(item, Movement):
                self._move(item)
            elif isinstance(item, MarkedSettled):
                self.privacy.declare(item)
            else:
                self._coins[item.place, item.created_month] += 1

    def records(self) -> Iterator[Entry | Declaration | Finding | OwnNumber]:
        """Yield what may be published of everything taken in."""
        yield from self.privacy.entries()
        yield from self.privacy.declarations()
        yield from findings.other_coins(self._coins, self.privacy.source)
        if self.own:
            yield from self.own.records(self.privacy.source)

    def _move(self, movement: Movement) -> None:
        if not self._seen.add(digest_of(f"{movement.stratum.kind}\0{movement.private_id}")):
            self.counts["doubled_payments"] += 1
            return
        self.counts["payments"] += 1
        self.privacy.take(movement)
        if self.polling:
            self.polling.take(movement)
