"""What the log remembers of a pull payment: once it is archived, BTCPay shows its payouts no more; pure."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal

from generator.ledger import Kind
from generator.places import PULL, token_of
from generator.snapshot import PromisedMoney
from generator.sources.btcpay.greenfield.payout_rows import PullPayment
from generator.sources.btcpay.greenfield.values import moment
from generator.sources.btcpay.money_out import COMPLETED, MoneyOut, paid_sum, readable
from generator.sources.btcpay.movement import EXACT
from generator.sources.btcpay.sealed_sums import PaidSum, sealed


def remembered(out: MoneyOut, name: str, source: str, *, is_due: Callable[[datetime], bool]) -> PromisedMoney:
    """Make what the log must know of a pull payment when it is archived; `is_due` says what may be known."""
    pull_id = out.pull.id if out.pull else ""
    place = out.purpose.place if out.purpose.kind is Kind.REFUND else ""
    if out.hidden and out.before:
        text, final = out.before.sealed, out.before.final
    else:
        paid = [payout for payout in out.payouts if payout.state == COMPLETED and not payout.tops_up]
        days = [(payout, moment(payout.date)) for payout in paid if readable(payout)]
        seen = [paid_sum(payout, at) for payout, at in days if at and is_due(at)]
        text = sealed(pull_id, _summed(seen)) if seen else ""
        final = 0 < len(out.payouts) == sum(payout.state == COMPLETED for payout in out.payouts)
        final = final and len(seen) == len(paid)
    return PromisedMoney(
        id=name,
        source=source,
        place=place,
        how=out.purpose.how if place else "",
        sealed=text,
        final=final,
        archived=out.pull is not None and out.pull.archived,
    )


def _summed(seen: Sequence[PaidSum]) -> list[PaidSum]:
    """Add what one pull payment paid, by month, rail and coin; what has no readable amount by itself."""
    cells = defaultdict[tuple[str, str, str, bool], list[PaidSum]](list)
    for paid in seen:
        cells[paid.month, paid.rail, paid.coin, paid.amount is None].append(paid)
    return [
        PaidSum(month, rail, coin, None if unknown else _total(rows), len(rows))
        for (month, rail, coin, unknown), rows in sorted(cells.items())
    ]


def _total(rows: Sequence[PaidSum]) -> Decimal:
    found = Decimal(0)
    for row in rows:
        found = EXACT.add(found, row.amount or 0)
    return found


def names_of(pull: PullPayment, keyed: Callable[[str], str] | None) -> tuple[str, ...]:
    """Name a pull payment in the log: by a keyed hash where there is a key, and by its token."""
    token = token_of(PULL, pull.id)
    return (keyed(f"pull\0{pull.id}"), token) if keyed else (token,)
