"""Money that leaves a store: what each pull payment sent, to whose account, and what is remembered; pure.

Money has left only when a payout is completed. Payouts of an archived pull payment are
in no answer since BTCPay 1.6.8; what an earlier run saw of them stands.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from generator.ledger import NO_CURRENCY, AtReceipt, Kind, Status
from generator.snapshot import PromisedMoney
from generator.sources.btcpay.greenfield.payout_rows import TOP_UP, Payout, PullPayment
from generator.sources.btcpay.greenfield.values import currency_code, moment, msat, number
from generator.sources.btcpay.movement import Movement, OtherCoinMovement, Stratum, is_ahead, month_of
from generator.sources.btcpay.payments import BITCOIN
from generator.sources.btcpay.sealed_sums import PaidSum, unsealed

COMPLETED: Final = "Completed"
ON_ITS_WAY: Final = "InProgress"
PROMISED: Final = "AwaitingPayment"
#: States in which nothing has left, and nothing may have.
_STILL: Final = frozenset({"AwaitingApproval", "Cancelled"})
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
    of_bitcoin: bool = True  #: False of a refund of what is known to have been paid in other coins alone


class Sent(NamedTuple):
    """A payout in one of some states, or several of a month that only the log still knows."""

    at: datetime  #: of the claim
    amount_msat: int | None  #: None in another coin
    payouts: int = 1


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
        """Count payouts that completed, or may have, of which nobody can read what left or when."""
        completed = sum(payout.state == COMPLETED and not readable(payout) for payout in self.payouts)
        known = (COMPLETED, ON_ITS_WAY, PROMISED, *_STILL)
        return completed + sum(payout.state not in known for payout in self.payouts)

    def ahead(self, at: datetime) -> int:
        """Count payouts that completed after a run of the time `at`, by a clock that is wrong."""
        dated = [moment(payout.date) for payout in self.payouts if payout.state == COMPLETED]
        return sum(day is not None and is_ahead(day, at) for day in dated)

    @property
    def archived(self) -> Sequence[PaidSum]:
        """What an earlier run saw of payouts that are no longer shown, by month and rail."""
        if not (self.hidden and self.pull and self.before and self.before.sealed):
            return ()
        return unsealed(self.pull.id, self.before.sealed) or ()

    @property
    def in_other_coins(self) -> int:
        """Count what left in other coins than bitcoin."""
        return sum(sent.payouts for sent in self.sent(COMPLETED) if sent.amount_msat is None)

    def sent(self, *states: str) -> Iterator[Sent]:
        """Yield payouts in some states; top-ups are none."""
        for payout in self.payouts:
            at = moment(payout.date)
            if at and payout.state in states and not payout.tops_up:
                yield Sent(at, None if payout.other_rail else msat(number(payout.amount_out)) or 0)
        for paid in self.archived if COMPLETED in states else ():
            yield Sent(_begin(paid.month), None if paid.coin else msat(paid.amount) or 0, paid.count)


def movements(out: MoneyOut, counts: Counter[str]) -> Iterator[Movement | OtherCoinMovement]:
    """Yield what moved, and what looks so and did not; count in `counts` what cannot be read."""
    for paid in out.archived:
        private_id = f"pull\0{out.pull.id if out.pull else ''}\0{paid.month}\0{paid.rail}"
        if paid.coin:
            yield _in_another_coin(out.purpose, f"{private_id}\0{paid.coin}", paid, _begin(paid.month))
        else:
            cell = (paid.rail, ARCHIVED)
            yield _movement(out.purpose, private_id, cell, msat(paid.amount) or 0, _begin(paid.month))
    for payout in out.payouts:
        if payout.state != COMPLETED:
            continue
        at, private_id = moment(payout.date), f"payout\0{payout.id}"
        if at is None or not readable(payout):
            counts["malformed_payouts"] += 1
            continue
        if payout.other_rail:
            counts["other_coin_payouts"] += 1
            yield _in_another_coin(out.purpose, private_id, paid_sum(payout, at), at)
        else:
            amount_msat = msat(_amount(payout)) or 0
            worth = _worth(out.pull, payout, amount_msat)
            cell = (TOP_UP if payout.tops_up else payout.rail, "")
            yield _movement(out.purpose, private_id, cell, amount_msat, at, worth=worth)


def _amount(payout: Payout) -> Decimal | None:
    """Read how much left; a top-up says so below zero."""
    sent = number(payout.amount_out)
    return -sent if sent is not None and payout.tops_up else sent


def readable(payout: Payout) -> bool:
    """Tell whether it is known when something left, and in bitcoin how much; amounts of others may lack."""
    return moment(payout.date) is not None and bool(payout.other_rail or msat(_amount(payout)))


def paid_sum(payout: Payout, at: datetime) -> PaidSum:
    """Make the sum of one payout that is `readable`."""
    amount = _amount(payout)
    return PaidSum(
        month=month_of(at),
        rail=payout.other_rail or payout.rail,
        coin=(payout.coin or NO_CURRENCY) if payout.other_rail else "",
        amount=amount if amount is not None and amount > 0 else None,
        count=1,
    )


def _begin(month: str) -> datetime:
    return datetime.fromisoformat(f"{month}-01T00Z")


def _in_another_coin(
    purpose: MoneyPurpose, private_id: str, paid: PaidSum, at: datetime
) -> OtherCoinMovement:
    still = paid.rail == TOP_UP or not purpose.moves
    return OtherCoinMovement(
        place=purpose.place,
        created_month=paid.month,
        kind=Kind.PAYOUT if still else purpose.kind,
        private_id=f"{purpose.kind}\0{private_id}",
        coin=paid.coin,
        rail=paid.rail,
        status=Status.EXCLUDED if still else Status.CONFIRMED,
        amount=paid.amount,
        at=at,
        count=paid.count,
    )


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
