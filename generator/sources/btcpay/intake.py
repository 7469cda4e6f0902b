"""What a run has read so far, kept as little as totals need: rows, counts, and digests of ids."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from generator.ledger import Declaration, Entry, Kind, OtherMoney
from generator.snapshot import Attributed, Finding, OwnNumber
from generator.sources.btcpay.attribution import InvoiceVerdict
from generator.sources.btcpay.digest_set import DigestSet, digest_of
from generator.sources.btcpay.movement import MarkedSettled, Money, Movement
from generator.sources.btcpay.own_numbers import OwnNumbers
from generator.sources.btcpay.privacy import PrivacyFilter
from generator.sources.btcpay.verdict_tally import VerdictTally
from generator.sources.btcpay.webhook_deliveries import PollingCheck


@dataclass(slots=True, kw_only=True)
class Intake:
    """Takes money in while pages come; a payment that is listed twice counts once."""

    privacy: PrivacyFilter
    counts: Counter[str]
    own: OwnNumbers | None  #: None where a delay hides young payments
    polling: PollingCheck | None = None  #: counts what a webhook should have brought sooner
    verdicts: VerdictTally = field(default_factory=VerdictTally)
    elsewhere: Mapping[str, DigestSet] = field(default_factory=dict)  #: what earlier stores hold, by source
    shared: Counter[str] = field(default_factory=Counter)  #: payments left out because one of them holds it
    seen: DigestSet = field(default_factory=DigestSet)

    def take(self, money: Iterable[Money], verdict: InvoiceVerdict | None = None) -> None:
        """Take in what invoices of one verdict say, or a payout (without)."""
        for item in money:
            if isinstance(item, Movement):
                self._move(item, verdict)
            elif isinstance(item, MarkedSettled):
                self.privacy.declare(item)
            elif self.seen.add(digest_of(item.private_id)):
                self.privacy.take_other(item)
            else:
                self.counts["doubled_payments"] += 1

    def records(self) -> Iterator[Entry | Declaration | OtherMoney | Finding | OwnNumber | Attributed]:
        """Yield what may be published of everything taken in."""
        yield from self.privacy.entries()
        yield from self.privacy.declarations()
        yield from self.privacy.other_money()
        yield from self.verdicts.records(self.privacy.source)
        if self.own:
            yield from self.own.records(self.privacy.source)

    def _move(self, movement: Movement, verdict: InvoiceVerdict | None) -> None:
        digest = digest_of(f"{movement.stratum.kind}\0{movement.private_id}")
        if not self.seen.add(digest):
            self.counts["doubled_payments"] += 1
            return
        if self.elsewhere and (holder := self._holder(movement, digest)):
            self.shared[holder] += 1
            return
        self.counts["payments"] += 1
        if self.privacy.take(movement) and verdict is not None:
            self.verdicts.add(verdict, movement)
        if self.polling:
            self.polling.take(movement)

    def _holder(self, movement: Movement, digest: bytes) -> str:
        """Name an earlier store with the same payment; only the chain and Lightning name one alike in all."""
        if movement.stratum.kind is not Kind.PAYMENT or not movement.rail.startswith("BTC-"):
            return ""
        return next((source for source, held in self.elsewhere.items() if digest in held), "")
