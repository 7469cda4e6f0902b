"""The plausibility gate: what a run would append must be explained by what it shows; pure.

It refuses a source whole: records of a wrong shape or in another source's
name, rows withdrawn without a reason, nothing where there was something, and
confirmed totals that fall without evidence. Evidence is money that is still
listed (pending, or excluded with its reason), or a block shallow enough to be
reorganised. Only what the run speaks about is compared, because the rest stays as
it is: a large log does not make a small part slow to judge.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import msgspec

from generator.ledger import Declaration, Entry, Key, Kind, OtherMoney, Status, moves
from generator.money import sat_text
from generator.places import BTCPAY
from generator.protocol.proof.checked_claims import Result
from generator.snapshot.finding import Finding
from generator.snapshot.fold import Known
from generator.snapshot.news import with_records
from generator.snapshot.records import Project, Record, Withdrawn, key_about

#: A block this far below the tip is not reorganised (design: checked again within 100 blocks).
SETTLED: Final = 100

#: Totals that may not fall on their own. Stage spends are one: reclassifying a spend loses nothing.
TOTAL_OF: Final = {
    Kind.PAYMENT: "received",
    Kind.INVESTMENT: "received",
    Kind.REFUND: "refunded",
    Kind.PAYOUT: "paid out",
    Kind.FEE: "fees",
    Kind.CLAIM: "spent",
    Kind.PENALTY: "spent",
    Kind.RECOVERY: "spent",
    Kind.UNCLASSIFIED: "spent",
    Kind.RELEASE: "released",
}

_RECORDS: Final[msgspec.json.Decoder[Record]] = msgspec.json.Decoder(Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why records of one source may not be appended."""

    id: str  #: ``<source>/<rule>/<subject>``, what ``--accept-drop`` takes
    source: str
    place: str = ""
    reason: str = ""  #: observed and expected, one sentence

    def accepted(self, why: str) -> Finding:
        """Return the finding that publishes an override and its reason."""
        return Finding(
            id=f"accepted-drop/{self.id}",
            source=self.source,
            place=self.place,
            check="accepted-drop",
            subject=self.id,
            result=Result.FAILED,
            reason=f"{self.reason}; accepted by the maintainer: {why}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the gate says about one source: nothing refused means it may pass."""

    refused: tuple[Refusal, ...] = ()
    accepted: tuple[Finding, ...] = ()  #: published beside the records


def judge(
    known: Known,
    records: Sequence[Record],
    *,
    source: str,
    tip_height: int | None = None,
    forbid_total_drop: bool = True,
    accept: Mapping[str, str] | None = None,
) -> Verdict:
    """Judge the news of one source against what is known.

    `accept` maps refusal ids to the maintainer's reason; only a loss can be
    accepted, never a record of a wrong shape.
    """
    if wrong := tuple(_misshapen(records, source)):
        return Verdict(refused=wrong)
    spoken_of = map(key_about, records)
    before = {key: known.records[key] for key in spoken_of if key in known.records}
    after = with_records(Known(records=before), records).records
    lost = [*_unreasoned(records, source), *_emptied(known, before, after, source)]
    if forbid_total_drop and not lost:
        lost += _fallen(known, before, after, source, tip_height)
    why = accept or {}
    return Verdict(
        refused=tuple(refusal for refusal in lost if not why.get(refusal.id)),
        accepted=tuple(refusal.accepted(why[refusal.id]) for refusal in lost if why.get(refusal.id)),
    )


def _misshapen(records: Iterable[Record], source: str) -> Iterator[Refusal]:
    for record in records:
        name = f"{source}/shape/{record.id}"
        if record.source != source:
            reason = f"{record.id} is given as of source {record.source}, expected {source}"
            yield Refusal(id=name, source=source, reason=reason)
            continue
        try:
            same = _RECORDS.decode(msgspec.json.encode(record)) == record
        except (msgspec.MsgspecError, TypeError, ValueError) as error:
            yield Refusal(id=name, source=source, reason=f"{record.id} is not a record of the log ({error})")
            continue
        if not same:
            reason = f"{record.id} reads back as something else than was written"
            yield Refusal(id=name, source=source, reason=reason)


def _unreasoned(records: Iterable[Record], source: str) -> Iterator[Refusal]:
    for record in records:
        if isinstance(record, Withdrawn) and not record.reason.strip():
            reason = f"{record.id} is withdrawn without a reason"
            yield Refusal(id=f"{source}/rows-lost/{record.id}", source=source, reason=reason)


def _emptied(
    known: Known, before: Mapping[Key, Record], after: Mapping[Key, Record], source: str
) -> Iterator[Refusal]:
    """Refuse a source that knew money, or projects, and now knows none."""
    for kinds, word in (((Entry, Declaration, OtherMoney), "rows of money"), ((Project,), "projects")):
        gone = sum(isinstance(record, kinds) for record in before.values())
        if not gone or any(isinstance(record, kinds) for record in after.values()):
            continue
        if gone == sum(isinstance(record, kinds) for record in _of_source(known, source)):
            reason = f"{gone} {word} were known and none would be left"
            yield Refusal(id=f"{source}/empty/{word.replace(' ', '-')}", source=source, reason=reason)


def _of_source(known: Known, source: str) -> Iterator[Record]:
    return (record for record in known.records.values() if record.source == source)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    """Millisatoshis by (place, total)."""

    counted: Counter[tuple[str, str]]
    pending: Counter[tuple[str, str]]
    refuted: Counter[tuple[str, str]]  #: excluded with a reason, or failed: listed and not summed

    def explains(self, before: Self, place: tuple[str, str]) -> int:
        """Return how much more is listed without being counted than before."""
        pairs = ((self.pending, before.pending), (self.refuted, before.refuted))
        return sum(max(0, now[place] - old[place]) for now, old in pairs)


def _sums(records: Iterable[Record]) -> _Sums:
    sums = _Sums(counted=Counter(), pending=Counter(), refuted=Counter())
    for record in records:
        if isinstance(record, Entry):
            waiting = sums.pending if record.status is Status.PENDING else sums.refuted
            side = sums.counted if moves(record) else waiting
            side[record.place, TOTAL_OF[record.kind]] += record.amount_msat
    return sums


def _fallen(
    known: Known,
    before: Mapping[Key, Record],
    after: Mapping[Key, Record],
    source: str,
    tip_height: int | None,
) -> Iterator[Refusal]:
    old, now = _sums(before.values()), _sums(after.values())
    explained = _reorganised(before, after, tip_height) + _within_store(before.values(), after.values())
    falls: dict[tuple[str, str], tuple[int, int]] = {}
    for place, amount_msat in sorted(old.counted.items()):
        fall = amount_msat - now.counted[place]
        unexplained = fall - now.explains(old, place) - explained[place]
        if fall > 0 and unexplained > 0:
            falls[place] = fall, unexplained
    held = _sums(_of_source(known, source)).counted if falls else Counter()
    for (where, total), (fall, unexplained) in falls.items():
        whole = held[where, total]
        amounts = [sat_text(msat) for msat in (whole, whole - fall, unexplained)]
        reason = (
            f"{total} of {where} would fall from {amounts[0]} to {amounts[1]} sat, "
            f"{amounts[2]} of it without a reorganised block, an exclusion or a pending row"
        )
        yield Refusal(id=f"{source}/{total}/{where}", source=source, place=where, reason=reason)


def _reorganised(
    before: Mapping[Key, Record], after: Mapping[Key, Record], tip_height: int | None
) -> Counter[tuple[str, str]]:
    """Return counted money that is no longer there and stood in a block a reorganisation can reach."""
    found: Counter[tuple[str, str]] = Counter()
    for key, record in before.items():
        if key in after or not isinstance(record, Entry) or not moves(record):
            continue
        if record.height is not None and tip_height is not None and record.height > tip_height - SETTLED:
            found[record.place, TOTAL_OF[record.kind]] += record.amount_msat
    return found


def _within_store(before: Iterable[Record], now: Iterable[Record]) -> Counter[tuple[str, str]]:
    """Return what moved to other places of its store: invoices of the same month count there now.

    A binding in the configuration does it, and what is published says so. Of money
    out, one month's may become another kind: a payout is found to be a refund.
    """
    change: defaultdict[tuple[bool, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for records, sign in ((before, -1), (now, 1)):
        for record in records:
            if isinstance(record, Entry) and moves(record) and record.place.startswith(f"{BTCPAY}:"):
                cell = record.kind is Kind.PAYMENT, record.created_month
                change[cell][record.place, TOTAL_OF[record.kind]] += sign * record.amount_msat
    found: Counter[tuple[str, str]] = Counter()
    for places in change.values():
        risen = sum(amount for amount in places.values() if amount > 0)
        for place, amount in sorted(places.items()):
            if amount < 0:
                found[place] += min(-amount, risen)
                risen -= min(-amount, risen)
    return found
