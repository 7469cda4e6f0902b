"""What each BTCPay store received and where it belongs: settled = the sum of its places + excluded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Final

import msgspec
from msgspec import structs

from generator.config import Config
from generator.ledger import UNKNOWN_STATUS, Kind, Status, Verification
from generator.places import REST, UNASSIGNED, btcpay_place, store_source
from generator.report.figures.bounds import Bound, added
from generator.report.figures.figure import COUNT, Figure, FigureDefinition
from generator.report.figures.source_bounds import PAYMENTS, bound_in
from generator.report.figures.store_payouts import store_paid_out
from generator.report.figures.sums import selectors
from generator.report.health.source_states import SourceState
from generator.report.place_owners import PlaceOwners
from generator.report.store_account import StoreAccount, StoreShare
from generator.report.store_places import by_place, ledgers_of, place_words
from generator.snapshot import Attributed, Finding, Known, LoggedRow, Project

SETTLED: Final = FigureDefinition(
    "settled",
    "Payments that {label} counts as settled: the sum of its places and of what is excluded.",
    by="store",
    meaning="Payments that one store counts as settled: the sum of its places and of what is excluded.",
)
PLACE: Final = FigureDefinition(
    "place", "Settled payments of {label} that belong to {place}.", by="store@place",
    meaning="Settled payments that belong to one place of a store: an app, its rest, or unassigned.",
)  # fmt: skip
PLACE_COUNT: Final = FigureDefinition(
    "place_count", "How many settled payments of {label} belong to {place}.", COUNT, by="store@place",
    meaning="How many settled payments belong to one place of a store.",
)  # fmt: skip
EXCLUDED: Final = FigureDefinition(
    "excluded",
    "Settled payments of {label} that count nowhere, each with its reason in the log.",
    by="store",
    meaning="Settled payments of one store that count nowhere, such as of invoices marked invalid.",
)
SETTLED_COUNT: Final = FigureDefinition(
    "settled_count", "How many payments {label} counts as settled.", COUNT, by="store",
    meaning="How many payments one store counts as settled.",
)  # fmt: skip
EXCLUDED_COUNT: Final = FigureDefinition(
    "excluded_count", "How many settled payments of {label} count nowhere.", COUNT, by="store",
    meaning="How many settled payments of one store count nowhere.",
)  # fmt: skip


def store_accounts(
    known: Known, config: Config, owners: PlaceOwners, states: Iterable[SourceState]
) -> tuple[StoreAccount, ...]:
    """Return every listed store, in the order of the configuration."""
    stores = {store_source(store): store for server in config.sources.btcpay for store in server.stores}
    rows: dict[str, list[LoggedRow]] = {name: [] for name in stores}
    for place, some in known.rows.items():
        ours = [row for row in some if row.source in stores]
        if owners.slug(place):
            ours = [row for row in ours if row.kind is not Kind.REFUND]
        for row in ours:
            rows[row.source].append(row)
    accepted = {item.place: item.reason for item in config.accepted}
    ties = by_place(known.of(Attributed))
    times = known.times
    return tuple(
        _Accounting(
            known=known,
            times=times,
            ties=ties,
            owners=owners,
            accepted=accepted,
            state=state,
            store=stores[state.name],
            rows=rows[state.name],
            payments=[row for row in rows[state.name] if row.kind is Kind.PAYMENT],
            payouts=[row for row in rows[state.name] if row.kind is Kind.PAYOUT],
            records={record.id: record for record in _records(known, state)},
        ).account()
        for state in states
        if state.name in stores
    )


def _records(known: Known, state: SourceState) -> Iterator[Project]:
    """Yield what a store says of its places: not all, where it last answered too long ago."""
    for record in known.of(Project):
        if record.source == state.name:
            yield structs.replace(record, complete=record.complete and not state.stale)


class _Accounting(msgspec.Struct, frozen=True, kw_only=True):
    """One store, seen against log and configuration."""

    known: Known
    times: Mapping[str, datetime]  #: of run records, by run id
    ties: Mapping[str, Sequence[Attributed]]  #: how payments were attributed, by place
    owners: PlaceOwners
    accepted: Mapping[str, str]  #: the maintainer's reason, by place
    state: SourceState
    store: str
    rows: Sequence[LoggedRow]  #: without refunds of projects, which no sum of it has
    payments: Sequence[LoggedRow]
    payouts: Sequence[LoggedRow]
    records: Mapping[str, Project]  #: of its places

    def account(self) -> StoreAccount:
        """Add the store up, place by place."""
        bound, source = self._bound(), self.state.name
        confirmed = by_place(row for row in self.payments if row.status is Status.CONFIRMED)
        shares = tuple(
            self._share(place, confirmed.get(place, ())) for place in sorted(self._places(), key=_order)
        )
        loose = [row for row in self.rows if not self.owners.slug(row.place)]
        out = [row for row in self.payments if row.status is Status.EXCLUDED]
        if any(row.reason == UNKNOWN_STATUS for row in out):
            bound = added(bound, Bound.AT_MOST)  # nobody knows whether these settled
        named = selectors((Kind.PAYMENT,), Status.EXCLUDED, f"store={source}")
        excluded = self._figure(EXCLUDED, source, out, bound, named)
        excluded_count = self._figure(EXCLUDED_COUNT, source, out, bound, named)
        settled = [row for row in self.payments if row.status is not Status.PENDING]
        paid = [row for row in self.payouts if row.status is Status.CONFIRMED]
        inputs = (*(share.amount.id for share in shares), excluded.id)
        counts = (*(share.count.id for share in shares), excluded_count.id)
        return StoreAccount(
            state=self.state,
            settled=self._figure(SETTLED, source, settled, bound, inputs),
            settled_count=self._figure(SETTLED_COUNT, source, settled, bound, counts),
            paid_out=store_paid_out(
                self.known, self.records.get(self._rest), paid, source=source, label=self.state.label
            ),
            paid_out_in=ledgers_of(paid, self.owners),
            excluded=excluded,
            excluded_count=excluded_count,
            excluded_in=ledgers_of(out, self.owners),
            shares=shares,
            findings=tuple(row for row in self.known.of(Finding) if row.source == source and row.place),
            entries=tuple(row.entry for row in sorted(loose, key=attrgetter("at", "id"))),
            changed_at=max((self.times[run] for run in self._runs() if run in self.times), default=None),
        )

    def _runs(self) -> set[str]:
        told = (self.known.seen.get(record.key, "") for record in self.records.values())
        return {*(row.run for row in self.rows), *told}

    def _places(self) -> set[str]:
        always = (self._rest, btcpay_place(self.store, UNASSIGNED))
        return {*(row.place for row in self.payments), *self.records, *always}

    def _share(self, place: str, rows: Sequence[LoggedRow]) -> StoreShare:
        part, record = place.partition("/")[2], self.records.get(place) or self.records.get(self._rest)
        bound = self._bound() if part == UNASSIGNED else bound_in([(record, PAYMENTS)])
        ties = self.ties.get(place, ())
        name = part.replace(":", "-")
        of, where = f"{self.state.name}@{name}", f"store={self.state.name},part={name}"
        inputs = selectors((Kind.PAYMENT,), Status.CONFIRMED, where)
        return StoreShare(
            place=place,
            words=place_words(place),
            slug=self.owners.slug(place),
            amount=self._figure(PLACE, of, rows, bound, inputs),
            count=self._figure(PLACE_COUNT, of, rows, bound, inputs),
            ledgers=ledgers_of(rows, self.owners),
            accepted=self.accepted.get(place, ""),
            hows=tuple(sorted({tied.how for tied in ties})),
            candidates=tuple(sorted({other for tied in ties for other in tied.others if part == UNASSIGNED})),
        )

    def _figure(
        self,
        definition: FigureDefinition,
        of: str,
        rows: Sequence[LoggedRow],
        bound: Bound,
        inputs: tuple[str, ...],
    ) -> Figure:
        parts = [row.count if definition.unit == COUNT else row.amount_msat for row in rows]
        verification = str(Verification.REPORTED) if rows else None
        return definition.figure(
            None,
            sum(parts),
            of=of,
            bound=bound,
            verification=verification,
            inputs=inputs,
            label=self.state.label,
            place=of.partition("@")[2].replace("-", " "),
        )

    @property
    def _rest(self) -> str:
        return btcpay_place(self.store, REST)

    def _bound(self) -> Bound:
        """Tell how much of a store is known; which of its places money belongs to does not matter here."""
        settled = [structs.replace(record, at_least=(), at_most=()) for record in self.records.values()]
        return bound_in([(record, PAYMENTS) for record in settled] if self._rest in self.records else [])


def _order(place: str) -> tuple[bool, bool, str]:
    """Order the places of a store: apps first, then the rest, then what is unassigned."""
    part = place.partition("/")[2]
    return (part == UNASSIGNED, part == REST, part)
