"""What is kept of a project that a run began to read and did not finish: evidence, and no entries; pure.

Only of one that was never read whole. What is recorded of another tells all its entries,
and evidence of more would speak against them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from generator.protocol.angor.project_identifier import project_script
from generator.protocol.bitcoin import Transaction
from generator.protocol.proof.founding import is_founding
from generator.protocol.proof.placed_transaction import Inclusion, PlacedTransaction
from generator.sources.angor.project_reading import ProjectReading


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfRead:
    """Immutable answers of a run, by what they belong to."""

    network: str
    transactions: Mapping[str, Transaction]
    inclusions: Mapping[str, list[Inclusion]]  #: by txid
    spenders: Mapping[str, list[str]]  #: txid → who spends some of its outputs

    @classmethod
    def of(
        cls,
        network: str,
        transactions: Mapping[str, Transaction],
        inclusions: Mapping[tuple[str, str], Inclusion],
    ) -> Self:
        """Index what was fetched, in this run and before."""
        shown: defaultdict[str, list[Inclusion]] = defaultdict(list)
        for (txid, _), inclusion in inclusions.items():
            shown[txid].append(inclusion)
        spenders: defaultdict[str, list[str]] = defaultdict(list)
        for txid, transaction in transactions.items():
            for parent in {spent.prev_txid for spent in transaction.inputs}:
                spenders[parent].append(txid)
        return cls(network=network, transactions=transactions, inclusions=shown, spenders=spenders)

    def evidence(self, reading: ProjectReading) -> Iterator[PlacedTransaction]:
        """Yield what was fetched of a project; nothing of one that nothing founds."""
        script = project_script(reading.identifier)
        paying = [txid for txid in reading.paying if txid in self.transactions]
        outputs = [self.transactions[txid].outputs for txid in paying]
        if not any(is_founding(reading.identifier, self.network, some) for some in outputs):
            return
        own = {txid for txid in paying if self.transactions[txid].outputs[0].script == script}
        spends = {spend for txid in own for spend in self.spenders.get(txid, ())}
        spends |= {release for spend in spends for release in self.spenders.get(spend, ())}
        parents = {spent.prev_txid for txid in spends for spent in self.transactions[txid].inputs}
        for txid in sorted(own | spends | (parents & self.transactions.keys())):
            shown: list[Inclusion | None] = [*self.inclusions.get(txid, ())]
            for inclusion in shown or [None]:
                yield PlacedTransaction(transaction=self.transactions[txid], block=None, inclusion=inclusion)
