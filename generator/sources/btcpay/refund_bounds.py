"""Whether all that was paid back is known, for each place of a store, and what must be said of it; pure.

"Refunded 0" is exact only where nothing can hide: no archived pull payment whose payouts
nobody saw, no payout of unknown purpose since the place's first payment, and none that
was promised so long ago that its owner may have sent it by hand.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from generator.ledger import Entry, Kind
from generator.money import sat_text
from generator.places import UNASSIGNED
from generator.snapshot import Finding, Project, Result
from generator.sources.btcpay import findings
from generator.sources.btcpay.money_out import COMPLETED, ON_ITS_WAY, PROMISED, MoneyOut, Sent
from generator.sources.btcpay.refund_reader import Refunds
from generator.sources.btcpay.refunds import BY_ORDER
from generator.text_format import counted

#: After this a promise may have been kept from a wallet, which BTCPay does not notice.
_LONG: Final = timedelta(days=30)
REFUNDS: Final = "refunds"
PAYOUTS: Final = "payouts"


@dataclass(slots=True, kw_only=True)
class PlaceRefunds:
    """What is known of one place's money out."""

    read: bool = True  #: now, or at least once before
    at_least: list[str] = field(default_factory=list)  #: words of sums that may be more
    at_most: list[str] = field(default_factory=list)  #: that may be less
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundJudge:
    """Judges the places of a store, by what a run read and what is standing."""

    source: str
    at: datetime
    refunds: Refunds
    entries: Iterable[Entry]  #: of the store: standing ones and new

    @property
    def doubtful(self) -> bool:
        """Tell whether anything went back of payments that are unassigned."""
        purposes = [out.purpose for out in self.refunds.money]
        return any(out.kind is Kind.REFUND and out.place.endswith(f"/{UNASSIGNED}") for out in purposes)

    def judged(self, place: str, standing: Project | None) -> PlaceRefunds:
        """Judge one place; where payouts can no longer be read, what was read stands and may be more."""
        if self.refunds.read:
            paid = (entry.at for entry in self.entries if entry.place == place and entry.kind is Kind.PAYMENT)
            return self._read(place, min(paid, default=None))
        found = PlaceRefunds(read=False)
        if self.refunds.error:
            found.findings = [findings.refunds_unread(place, self.refunds.error, self.source)]
            if standing is not None and REFUNDS not in standing.unread:
                found.read, found.at_least, found.at_most = True, [REFUNDS, PAYOUTS], [*standing.at_most]
        return found

    def _read(self, place: str, first_paid: datetime | None) -> PlaceRefunds:
        return place_refunds(place, first_paid, self.refunds.money, source=self.source, at=self.at)


def place_refunds(
    place: str,
    first_paid: datetime | None,
    money: Sequence[MoneyOut],
    *,
    source: str,
    at: datetime,
) -> PlaceRefunds:
    """Judge one place by its first payment."""
    own = [out for out in money if out.purpose.kind is Kind.REFUND and out.purpose.place == place]
    others = [out for out in money if out.purpose.kind is Kind.PAYOUT]
    loose = [out for out in others if not out.purpose.how]
    spent = [out for out in others if out.purpose.how and _may_be(out, place)]
    found = PlaceRefunds()
    doubts = list(_doubts(own, loose, first_paid, at))
    for check, reason in doubts:
        found.findings.append(findings.refund_doubt(place, check, reason, source))
    for check, reason in _told(own):
        found.findings.append(findings.refund_doubt(place, check, reason, source, Result.OK))
    if unreadable := sum(out.unreadable for out in (*own, *loose, *spent)):
        reason = f"{counted(unreadable, 'payout')} of which it cannot be read what left, when, or whether"
        found.findings.append(
            findings.refund_doubt(place, check=findings.UNREADABLE, reason=reason, source=source)
        )
    if ahead := sum(out.ahead(at) for out in (*own, *loose, *spent)):
        reason = f"BTCPay dates {counted(ahead, 'payout')} after this run: is the server's clock right?"
        found.findings.append(
            findings.refund_doubt(place, check=findings.AHEAD, reason=reason, source=source)
        )
    if doubts or any(out.unreadable or out.ahead(at) for out in (*own, *loose)):
        found.at_least.append(REFUNDS)
    if any(not out.accounted or _may_be(out, "") for out in loose) or any(
        out.unreadable or out.ahead(at) for out in (*loose, *spent)
    ):
        found.at_least.append(PAYOUTS)
    return found


def _may_be(out: MoneyOut, place: str) -> bool:
    """Tell whether it left the account of a place, or of nobody knows which."""
    return out.purpose.place == place or out.purpose.place.endswith(f"/{UNASSIGNED}")


class _Said(NamedTuple):
    """What a finding says, before it is about a place."""

    check: str
    reason: str


def _doubts(
    own: Sequence[MoneyOut], loose: Sequence[MoneyOut], first_paid: datetime | None, at: datetime
) -> Iterator[_Said]:
    """Yield why a place's refunds may be more than is known."""
    if hidden := sum(not out.accounted for out in own):
        what = f"{counted(hidden, 'closed refund')} whose payouts BTCPay does not show"
        yield _Said(check=findings.HIDDEN, reason=f"refunds are not fully known: {what}")
    elif hidden := sum(not out.accounted for out in loose):
        what = (
            f"{counted(hidden, 'closed pull payment')} of unknown purpose whose payouts BTCPay does not "
            "show (purposes in config.yaml says what they are for)"
        )
        yield _Said(check=findings.HIDDEN, reason=f"refunds are not fully known: {what}")
    since = [sent for out in loose for sent in _since(out, first_paid)]
    if since:
        payouts = counted(sum(sent.payouts for sent in since), "payout")
        reason = (
            f"{payouts} of unknown purpose, {_amounts(since)}, since the first payment here: "
            "some may be refunds (purposes in config.yaml says what payouts are for)"
        )
        yield _Said(check=findings.UNEXPLAINED, reason=reason)
    late = [sent for out in own for sent in out.sent(PROMISED) if at - sent.at > _LONG]
    if late:
        reason = f"{_amounts(late)} promised over {_LONG.days} days ago may already be paid by hand"
        yield _Said(check=findings.PROMISED, reason=reason)
    if coins := sum(out.in_other_coins for out in own if out.purpose.of_bitcoin):
        reason = (
            f"{counted(coins, 'refund')} in another coin, listed with other coins and in no sum of bitcoin; "
            "bitcoin had been paid, or may have been: more went back than is counted in it"
        )
        yield _Said(check=findings.OTHER_COIN, reason=reason)


def _amounts(sent: Iterable[Sent]) -> str:
    """Say how much bitcoin left, and whether other coins did; these are listed by themselves."""
    sums = [out.amount_msat for out in sent]
    known = [amount for amount in sums if amount is not None]
    words = [f"{sat_text(sum(known))} sat"] if known else []
    return " and ".join([*words, *(["an amount in other coins"] if None in sums else [])])


def _since(out: MoneyOut, first_paid: datetime | None) -> Iterator[Sent]:
    if first_paid:
        for sent in out.sent(COMPLETED, ON_ITS_WAY):
            if sent.at.date() >= first_paid.date() or (
                out.hidden and f"{sent.at:%Y-%m}" >= f"{first_paid:%Y-%m}"
            ):
                yield sent


def _told(own: Iterable[MoneyOut]) -> Iterator[_Said]:
    """Yield how a place's refunds are known, where that is weaker than usual."""
    ordered = unproven = 0
    for out in own:
        sent = [payout for payout in out.payouts if payout.state == COMPLETED]
        ordered += len(sent) if out.purpose.how == BY_ORDER else 0
        unproven += sum(payout.payment_proof is None for payout in sent)
    coins = sum(out.in_other_coins for out in own if not out.purpose.of_bitcoin)
    if coins:
        reason = f"{counted(coins, 'refund')} in another coin, of what was paid in no bitcoin: listed there"
        yield _Said(check=findings.OTHER_COIN, reason=reason)
    if ordered:
        reason = f"{counted(ordered, 'refund')} tied to the invoice {BY_ORDER}"
        yield _Said(check=findings.BY_ORDER, reason=reason)
    if unproven:
        reason = (
            f"{counted(unproven, 'refund')} counted by the owner's word: BTCPay shows no transaction of it"
        )
        yield _Said(check=findings.UNPROVEN, reason=reason)
