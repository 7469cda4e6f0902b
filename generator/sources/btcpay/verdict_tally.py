"""How much money each verdict decided, by month of creation: what the log freezes of attribution; pure.

Sums are of confirmed payments, as figures are, so a store's places can be added up from them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from generator.ledger import Kind, Status
from generator.money import sat_text
from generator.snapshot import Attributed, Finding
from generator.sources.btcpay import findings
from generator.sources.btcpay.attribution import InvoiceVerdict, Tie
from generator.sources.btcpay.movement import Movement

#: Place, month of creation, how, other places.
_Cell = tuple[str, str, str, tuple[str, ...]]


@dataclass(slots=True)
class VerdictTally:
    """Adds up while money is taken in."""

    _sums: defaultdict[_Cell, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, verdict: InvoiceVerdict, movement: Movement) -> None:
        """Add a payment that may be published."""
        stratum = movement.stratum
        if stratum.kind is Kind.PAYMENT and stratum.status is Status.CONFIRMED:
            cell = self._sums[
                stratum.place, stratum.created_month, verdict.how, verdict.candidates or verdict.named
            ]
            cell[0] += 1
            cell[1] += movement.amount_msat

    def records(self, source: str) -> Iterator[Attributed]:
        """Yield what was decided, by place, month and verdict."""
        for (place, month, how, others), (count, amount_msat) in sorted(self._sums.items()):
            yield Attributed(
                id="/".join((place, month, how.replace(" ", "-") or "rest", *others)),
                source=source,
                place=place,
                created_month=month,
                how=str(how),
                others=others,
                count=count,
                amount_msat=amount_msat,
            )


def told(standing: Iterable[Attributed], source: str) -> Iterator[Finding]:
    """Yield what pages must say beside their sums: what may be theirs, and what only names them."""
    sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for record in standing:
        for place in record.others:
            sums[record.how, place][0] += record.count
            sums[record.how, place][1] += record.amount_msat
    for (how, place), (count, amount_msat) in sorted(sums.items()):
        paid = f"{count} payment{'s' if count > 1 else ''}, {sat_text(amount_msat)} sat"
        make = findings.unassigned if how == Tie.DOUBT else findings.named
        yield make(place, paid, source)


def moved(before: Iterable[Attributed], now: Iterable[Attributed], source: str) -> Iterator[Finding]:
    """Yield where money of one month went to another verdict although as much or more is there.

    Nothing that a payer does explains that; settings are compared before this is asked.
    """
    old, new = _by_month(before), _by_month(now)
    for month, were in sorted(old.items()):
        are = new.get(month, {})
        if sum(are.values()) < sum(were.values()):
            continue  # a payment was marked invalid, or is no more
        for (place, how), amount_msat in sorted(were.items()):
            if (left := are.get((place, how), 0)) < amount_msat:
                yield findings.attribution_moved(
                    place,
                    month,
                    f"{how or 'as rest'}: {sat_text(amount_msat)} sat, now {sat_text(left)} sat",
                    source,
                )


def _by_month(records: Iterable[Attributed]) -> dict[str, dict[tuple[str, str], int]]:
    found: defaultdict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for record in records:
        cell = (record.place, record.how)
        months = found[record.created_month]
        months[cell] = months.get(cell, 0) + record.amount_msat
    return found
