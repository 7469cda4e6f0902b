"""Money that leaves a store: what each pull payment sent, to whose account, and what is remembered; pure.

Money has left only when a payout is completed. Payouts of an archived pull payment are
in no answer since BTCPay 1.6.8; what an earlier run saw of them stands.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from generator.ledger import AtReceipt, Kind, Status
from generator.places import PULL, token_of
from generator.snapshot import PromisedMoney
from generator.sources.btcpay.greenfield.values import currency_code, moment, msat, number
from generator.sources.btcpay.greenfield.wire import TOP_UP, Payout, PullPayment
from generator.sources.btcpay.movement import Movement, Stratum, month_of
from generator.sources.btcpay.payments import BITCOIN
from generator.sources.btcpay.privacy.rows import MIXED

COMPLETED: Final = "Completed"
ON_ITS_WAY: Final = "InProgress"
PROMISED: Final = "AwaitingPayment"
#: Class of a row that stands for payouts which only the log still knows.
ARCHIVED: Final = "archived"
TRANSFER: Final = "transfer"
REFUND: Final = "refund"


class MoneyPurpose(NamedTuple):
    """What money out is for, and whose account it leaves."""

    place: str  #: a bound place, the rest, or unassigned where no project is known
    kind: Kind = Kind.PAYOUT
    how: str = ""  #: what ties a refund to its place, or says what a payout is for; empty where nothing does
    word: str = ""  #: public, of the configuration
    moves: bool = True  #: False of a transfer between wallets of the same owner


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyOut:
    """A pull payment with the payouts that BTCPay shows of it, or payouts without one."""

    pull: PullPayment | None = field(default=None, repr=False)
    payouts: Sequence[Payout] = field(default=(), repr=False)
    purpose: MoneyPurpose
    before: PromisedMoney | None = None  #: what earlier runs saw of the pull payment

    @property
    def hidden(self) -> bool:
        """Tell whether its payouts, if it has any, are no longer shown."""
        return self.pull is not None and self.pull.archived and not self.payouts

    @property
    def accounted(self) -> bool:
        """Tell whether all that it paid is known."""
        return not self.hidden or (self.before is not None and self.before.final)

    @property
    def unreadable(self) -> int:
        """Count completed payouts in bitcoin whose amount or time is none."""
        return sum(
            payout.state == COMPLETED
            and bool(payout.rail)
            and not payout.tops_up
            and not (moment(payout.date) and msat(number(payout.amount_out)))
            for payout in self.payouts
        )

    def sent_msat(self, states: tuple[str, ...]) -> Iterator[tuple[datetime, int]]:
        """Yield when payouts in some states were claimed, and their bitcoin; 0 for another coin."""
        for payout in self.payouts:
            at = moment(payout.date)
            if at and payout.state in states and not payout.tops_up:
                yield at, (msat(number(payout.amount_out)) or 0) if payout.rail else 0
        yield from self.archived_msat if COMPLETED in states else ()

    @property
    def archived_msat(self) -> list[tuple[datetime, int]]:
        """The months of what an earlier run saw of payouts that are no longer shown, and their bitcoin."""
        months = self.before.paid_msat if self.hidden and self.before else {}
        return [(datetime.fromisoformat(f"{month}-01T00Z"), sum_msat) for month, sum_msat in months.items()]


def movements(out: MoneyOut, counts: Counter[str]) -> Iterator[Movement]:
    """Yield what moved, and what looks so and did not; count in `counts` what cannot be read."""
    for month, sum_msat in out.archived_msat:
        private_id = f"pull\0{out.pull.id if out.pull else ''}\0{month_of(month)}"
        yield _movement(out.purpose, private_id, (MIXED, ARCHIVED), sum_msat, month)
    for payout in out.payouts:
        if payout.state != COMPLETED:
            continue
        at, sent = moment(payout.date), number(payout.amount_out)
        amount_msat = msat(-sent if sent is not None and payout.tops_up else sent)
        rail = TOP_UP if payout.tops_up else payout.rail
        if not rail:
            counts["other_coin_payouts"] += 1
        elif not amount_msat or at is None:
            counts["malformed_payouts"] += 1
        else:
            worth = _worth(out.pull, payout, amount_msat)
            yield _movement(out.purpose, f"payout\0{payout.id}", (rail, ""), amount_msat, at, worth=worth)


def _movement(
    purpose: MoneyPurpose,
    private_id: str,
    cell: tuple[str, str],
    amount_msat: int,
    at: datetime,
    *,
    worth: AtReceipt | None = None,
) -> Movement:
    rail, group = cell
    reason = "top-up of a pull payment" if rail == TOP_UP else "" if purpose.moves else TRANSFER
    return Movement(
        stratum=Stratum(
            purpose.place,
            Kind.PAYOUT if reason else purpose.kind,
            month_of(at),
            Status.EXCLUDED if reason else Status.CONFIRMED,
            reason,
            purpose=purpose.word,
        ),
        private_id=private_id,
        rail=rail,
        group=group,
        amount_msat=amount_msat,
        at=at,
        worth=worth,
    )


def _worth(pull: PullPayment | None, payout: Payout, amount_msat: int) -> AtReceipt | None:
    """Read what was claimed in a currency; in 1.x only the pull payment names it."""
    claimed = number(payout.amount if payout.original_amount is None else payout.original_amount)
    currency = currency_code(payout.original_currency or (pull.currency if pull else None))
    if claimed is None or claimed <= 0 or not currency or currency in BITCOIN or payout.tops_up:
        return None
    return AtReceipt(currency=currency, amount_msat=amount_msat, value=claimed)


def remembered(
    out: MoneyOut, name: str, source: str, *, is_due: Callable[[datetime], bool], unit_msat: int
) -> PromisedMoney:
    """Make what the log must know of a pull payment when it is archived.

    `unit_msat` is what amounts are rounded up to; `is_due` says what may be published by now.
    """
    archived = out.pull is not None and out.pull.archived
    place = out.purpose.place if out.purpose.kind is Kind.REFUND else ""
    paid, final = dict[str, int](), False
    if out.hidden and out.before:
        paid, final = out.before.paid_msat, out.before.final
    else:
        sums = defaultdict[str, int](int)
        seen = [(at, amount_msat) for at, amount_msat in out.sent_msat((COMPLETED,)) if amount_msat]
        for at, amount_msat in seen:
            if is_due(at):
                sums[month_of(at)] += amount_msat
        paid = {month: -(-amount // unit_msat) * unit_msat for month, amount in sorted(sums.items())}
        due = [day for payout in out.payouts if (day := moment(payout.date)) and is_due(day)]
        final = 0 < len(due) == sum(payout.state == COMPLETED for payout in out.payouts) == len(out.payouts)
    return PromisedMoney(
        id=name,
        source=source,
        place=place,
        how=out.purpose.how if place else "",
        paid_msat=paid,
        final=final,
        archived=archived,
    )


def names_of(pull: PullPayment, keyed: Callable[[str], str] | None) -> tuple[str, ...]:
    """Name a pull payment in the log: by a keyed hash where there is a key, and by its token."""
    token = token_of(PULL, pull.id)
    return (keyed(f"pull\0{pull.id}"), token) if keyed else (token,)
