"""BTCPay: asks one server, attributes, applies privacy, and yields what may be published."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import httpx

from generator.config import BTCPayServer, PrivacyConfig, ProjectConfig
from generator.ledger import Entry
from generator.places import UNASSIGNED, btcpay_place, store_source
from generator.snapshot import Asked, Attributed, Known, Record
from generator.sources import Tally, last_asked
from generator.sources.btcpay import findings, verdict_tally
from generator.sources.btcpay.attribution import Attribution
from generator.sources.btcpay.digest_set import DigestSet
from generator.sources.btcpay.goal_periods import set_periods
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.greenfield.page_size import PageSize, usual_size
from generator.sources.btcpay.intake import Intake
from generator.sources.btcpay.invoice_reader import InvoiceReader
from generator.sources.btcpay.own_numbers import OwnNumbers
from generator.sources.btcpay.place_reader import PlaceReader, rest_of
from generator.sources.btcpay.place_records import PlaceRecords
from generator.sources.btcpay.privacy import KeyedIds, PrivacyFilter, check_key
from generator.sources.btcpay.reading_plan import (
    REBOUND,
    RECUT,
    VANISHED,
    ReadingPlan,
    plan_reading,
    reads_of,
    scope_of,
    withdrawals,
)
from generator.sources.btcpay.refund_bounds import REFUNDS, RefundJudge
from generator.sources.btcpay.refund_reader import RefundReader
from generator.sources.btcpay.store_place import StorePlace
from generator.sources.btcpay.store_turn import StoreTurn
from generator.sources.btcpay.webhook_deliveries import WebhookReceiver
from generator.sources.btcpay.webhook_watch import WebhookWatch, polling_check
from generator.sources.http import Http, HttpLimits


class BTCPay:
    """One store of a server and the places bound to it, in the order of the configuration.

    `client` must send the API key (`authorization`); `ids` are needed for
    ``rows: payment`` only; `page` is how many invoices are asked for at once;
    `receiver` is that of its webhook, where one is configured. Stores of one server are read one
    after another, see `StoreTurn`: a payment that a store of `earlier` holds too counts there alone.
    """

    def __init__(  # noqa: PLR0913 -- what a source is made of, by name
        self,
        server: BTCPayServer,
        store: str,
        *,
        projects: Sequence[ProjectConfig],
        privacy: PrivacyConfig,
        client: httpx.AsyncClient,
        ids: KeyedIds | None = None,
        limits: HttpLimits | None = None,
        page: int | None = None,
        receiver: WebhookReceiver | None = None,
        earlier: Sequence["BTCPay"] = (),
    ) -> None:
        self.name = store_source(store)
        self.tally = Tally()
        self._store = store
        self._projects = projects
        self._bindings = [
            binding
            for project in projects
            for binding in project.bindings
            if binding.source == server.id and binding.store in (None, store)
        ]
        self._privacy = privacy
        self._scope = scope_of(self._bindings, privacy, [project.goal for project in projects])
        self._ids = ids
        self._receiver = receiver
        self.turn: StoreTurn = StoreTurn(self.name, server.url, tuple(store.turn for store in earlier))
        patience = limits or HttpLimits()
        http = Http(
            client=client,
            source=self.name,
            base_url=server.url,
            proxy=server.proxy or "",
            limits=replace(patience, request_s=server.timeout) if server.timeout else patience,
            counts=self.tally.counts,
        )
        most = page or server.page_size or usual_size(server.url)
        self._api = Greenfield(server, http, PageSize(most, most, patience.deadline_s))

    async def collect(self, known: Known, *, at: datetime, full: bool) -> AsyncIterator[Record]:
        """Yield projects, entries, declarations, findings and withdrawals as of `at`.

        Raise `ConfigError`, before anything is asked, when the id key is
        missing or not the one that made the ids in the log.
        """
        async with self.turn.taken():
            async for record in self._collect(known, at=at, full=full):
                yield record

    async def _collect(self, known: Known, *, at: datetime, full: bool) -> AsyncIterator[Record]:
        last = last_asked(known, self.name)
        shared = self.turn.shared(known)
        plan = self._plan(last, at, full=full or bool(shared))
        before = await self.turn.begin(shared)
        reader = PlaceReader(api=self._api, store=self._store, plan=plan, at=at, known=known)
        bound = await reader.read(self._bindings)
        plan = reader.plan
        set_periods(bound, self._projects, at)
        watch = self._webhook_watch(last, known, at)
        invoices = await self._invoices(reader, bound, self._intake(watch, at, before))
        if others := await self.turn.sharing(before):  # found for the first time: read again without those
            watch = self._webhook_watch(last, known, at)
            self._forget(bound)
            invoices = await self._invoices(reader, bound, self._intake(watch, at, [*before, *others]))
        for place in bound:
            place.listed.clear()  # it is decided whose each invoice is
        out = RefundReader(reader=reader, invoices=invoices, homes=self._homes(bound))
        refunds = await out.read()
        invoices.forget_ids()
        rebound = last is not None and last.reads.get("scope") != self._scope
        observed = [*self._observed(invoices, known, plan, rebound=rebound), *refunds.records]
        standing = (entry for entry in known.of(Entry) if entry.source == self.name)
        judge = RefundJudge(
            source=self.name,
            at=at,
            refunds=refunds,
            entries=[*standing, *(record for record in observed if isinstance(record, Entry))],
        )
        records = PlaceRecords(known=known, plan=plan, judge=judge, payments=self._reads("invoices"))
        observed += records.of(invoices.settled, observed)
        read = [*(["payments"] if self._reads("invoices") else []), *([REFUNDS] if refunds.read else [])]
        recut = any(place.recut for place in bound)
        reason = REBOUND if rebound else RECUT if recut else VANISHED
        gone = withdrawals(known, observed, plan, source=self.name, read=read, reason=reason)
        for record in (*observed, *gone):
            yield record
        self.tally.reads |= reads_of(
            plan,
            last,
            at=at,
            scope=self._scope,
            open_since=invoices.open_since,
        )
        if watch:
            await watch.judge(self.tally)
        self._count(invoices)

    def _forget(self, bound: Sequence[StorePlace]) -> None:
        """Forget what was taken in, as if no invoice had been read."""
        self.turn.held = DigestSet()
        for place in bound:
            place.counts.clear()
        for name in ("payments", "doubled_payments"):
            del self.tally.counts[name]

    async def _invoices(
        self, reader: PlaceReader, bound: Sequence[StorePlace], intake: Intake
    ) -> InvoiceReader:
        """Read the invoices of the store, where that is asked for."""
        rest = rest_of(self._store, bound)
        invoices = InvoiceReader(
            bound=bound,
            rest=rest,
            unassigned=StorePlace(place=btcpay_place(self._store, UNASSIGNED), kind=UNASSIGNED),
            attribution=Attribution(
                [place.claimant() for place in bound if place.term],
                self._api.prefix,
                rest.place if rest in bound else "",
            ),
            intake=intake,
        )
        if self._reads("invoices"):
            await invoices.read(reader)
        return invoices

    def _observed(
        self, invoices: InvoiceReader, known: Known, plan: ReadingPlan, *, rebound: bool
    ) -> Iterator[Record]:
        """Yield what was taken in, and what must be said of where it belongs."""
        taken = list(invoices.intake.records())
        yield from taken
        yield from (findings.of_app(place, self.name) for place in invoices.bound if place.unread)
        for place in (*invoices.settled, invoices.unassigned):
            yield from findings.unreadable(place, self.name)
        for holder, count in sorted(invoices.intake.shared.items()):
            yield findings.shared(invoices.rest.place, holder, count, self.name)
        yield from findings.claimed_once(invoices.twice, self.name)
        if self._reads("invoices"):
            now = [record for record in taken if isinstance(record, Attributed)]
            before = [record for record in known.of(Attributed) if record.source == self.name]
            kept = [record for record in before if not plan.covers(record.created_month)]
            yield from verdict_tally.told((*kept, *now), self.name)
            if not rebound:
                seen = [record for record in before if plan.covers(record.created_month)]
                yield from verdict_tally.moved(seen, now, self.name)

    def _plan(self, last: Asked | None, at: datetime, *, full: bool) -> ReadingPlan:
        if self._privacy.rows == "payment":
            check_key(self._ids, last.reads.get("id_key") if last else None)
        if full:
            return ReadingPlan(since=None)
        return plan_reading(last, at=at, scope=self._scope)

    def _reads(self, what: str) -> bool:
        return what in self._api.server.include

    def _intake(self, watch: WebhookWatch | None, at: datetime, earlier: Iterable[StoreTurn]) -> Intake:
        return Intake(
            privacy=PrivacyFilter(source=self.name, privacy=self._privacy, at=at, ids=self._ids),
            counts=self.tally.counts,
            own=None if self._privacy.publish_delay_hours else OwnNumbers(),
            polling=watch.polling if watch else None,
            elsewhere={turn.source: turn.held for turn in earlier},
            seen=self.turn.held,
        )

    def _webhook_watch(self, last: Asked | None, known: Known, at: datetime) -> WebhookWatch | None:
        if self._receiver is None:
            return None
        delayed = bool(self._privacy.publish_delay_hours)
        polling = polling_check(self._receiver, known, self.name, at, delayed=delayed)
        return WebhookWatch(
            receiver=self._receiver, api=self._api, store=self._store, at=at, last=last, polling=polling
        )

    def _count(self, invoices: InvoiceReader) -> None:
        if self._ids and self._privacy.rows == "payment":
            self.tally.reads["id_key"] = self._ids.fingerprint
        counts = self.tally.counts
        for place in (*invoices.settled, invoices.unassigned):
            counts.update(place.counts)
        counts["claimed_twice"] += invoices.twice.total()
        counts -= Counter()  # leaves out what did not happen

    def _homes(self, bound: Sequence[StorePlace]) -> dict[str, str]:
        """Name a place of each project in this store: whose account a payout leaves."""
        here = [place.place for place in bound if place.here]
        return {
            project.slug: place
            for project in self._projects
            for binding in reversed(project.bindings)
            if (place := btcpay_place(self._store, binding.part)) in here and binding in self._bindings
        }
