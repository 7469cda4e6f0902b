"""BTCPay: asks one server, attributes, applies privacy, and yields what may be published."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import httpx

from generator.config import BTCPayServer, PrivacyConfig, ProjectConfig
from generator.places import store_source
from generator.snapshot import Asked, Known, Project, Record
from generator.sources import Tally, last_asked
from generator.sources.btcpay import findings
from generator.sources.btcpay.bound_project import BoundProject
from generator.sources.btcpay.claims import Claims
from generator.sources.btcpay.crowdfund import project_record
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.greenfield.page_size import PageSize, usual_size
from generator.sources.btcpay.intake import Intake
from generator.sources.btcpay.invoice_reader import InvoiceReader
from generator.sources.btcpay.own_numbers import OwnNumbers
from generator.sources.btcpay.payments import earliest
from generator.sources.btcpay.privacy import KeyedIds, PrivacyFilter, check_key
from generator.sources.btcpay.reading_plan import (
    ReadingPlan,
    plan_reading,
    reads_of,
    scope_of,
    withdrawals,
)
from generator.sources.btcpay.refund_reader import RefundReader, Refunds
from generator.sources.btcpay.webhook_deliveries import WebhookReceiver
from generator.sources.btcpay.webhook_watch import WebhookWatch, polling_check
from generator.sources.http import Http, HttpLimits

#: Counters that mean money may be missing from the figures.
MISSING = ("malformed_invoices", "malformed_payments", "malformed_refunds", "ambiguous_refunds")


class BTCPay:
    """One store of a server and the places bound to it, in the order of the configuration.

    `client` must send the API key (`authorization`); `ids` are needed for
    ``rows: payment`` only; `page` is how many invoices are asked for at once;
    `receiver` is that of its webhook, where one is configured.
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
    ) -> None:
        self.name = store_source(store)
        self.tally = Tally()
        self._store = store
        self._bindings = [
            binding
            for project in projects
            for binding in project.bindings
            if binding.source == server.id and binding.store in (None, store)
        ]
        self._privacy = privacy
        self._scope = scope_of(self._bindings, privacy)
        self._ids = ids
        self._receiver = receiver
        patience = limits or HttpLimits()
        http = Http(
            client=client,
            source=self.name,
            base_url=server.url,
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
        last = last_asked(known, self.name)
        plan = self._plan(last, at, full=full)
        watch, claims = self._webhook_watch(last, known, at), Claims()
        intake = self._intake(watch, at)
        reader = InvoiceReader(
            api=self._api,
            store=self._store,
            plan=plan,
            at=at,
            claims=claims,
            intake=intake,
            recorded=self._recorded(known),
        )
        asked = [await reader.read(binding) for binding in self._bindings]
        bound = [place for place in asked if place is not None]
        refunds = await RefundReader(
            api=self._api, store=self._store, plan=plan, claims=claims, intake=intake
        ).read(bound)
        observed = [
            *(self._record(project, plan, known, refunds) for project in bound),
            *intake.records(),
            *findings.claimed_once(claims.twice, self.name),
            *(findings.app_gone(project.place, self.name) for project in bound if project.gone),
            *refunds.unread,
        ]
        read = {project.place for project in bound if self._reads("invoices")}
        gone = withdrawals(known, observed, plan, source=self.name, payments=read, refunds=refunds.read_for)
        for record in (*observed, *gone):
            yield record
        open_since = earliest(*(project.open_since for project in bound))
        self.tally.reads |= reads_of(
            plan, last, at=at, scope=self._scope, open_since=open_since, refunds_since=refunds.open_since
        )
        if watch:
            await watch.judge(self.tally)
        self._count(bound, claims)

    def _recorded(self, known: Known) -> frozenset[str]:
        return frozenset(record.id.partition("/")[2] for record in known.of(Project))

    def _plan(self, last: Asked | None, at: datetime, *, full: bool) -> ReadingPlan:
        if self._privacy.rows == "payment":
            check_key(self._ids, last.reads.get("id_key") if last else None)
        if full:
            return ReadingPlan(since=None)
        return plan_reading(last, at=at, scope=self._scope)

    def _reads(self, what: str) -> bool:
        return what in self._api.server.include

    def _intake(self, watch: WebhookWatch | None, at: datetime) -> Intake:
        return Intake(
            privacy=PrivacyFilter(source=self.name, privacy=self._privacy, at=at, ids=self._ids),
            counts=self.tally.counts,
            own=None if self._privacy.publish_delay_hours else OwnNumbers(),
            polling=watch.polling if watch else None,
        )

    def _webhook_watch(self, last: Asked | None, known: Known, at: datetime) -> WebhookWatch | None:
        if self._receiver is None:
            return None
        delayed = bool(self._privacy.publish_delay_hours)
        polling = polling_check(self._receiver, known, self.name, at, delayed=delayed)
        return WebhookWatch(
            receiver=self._receiver, api=self._api, store=self._store, at=at, last=last, polling=polling
        )

    def _count(self, bound: Iterable[BoundProject], claims: Claims) -> None:
        if self._ids and self._privacy.rows == "payment":
            self.tally.reads["id_key"] = self._ids.fingerprint
        counts = self.tally.counts
        for project in bound:
            counts.update(project.counts)
        counts["foreign_invoices"] += claims.foreign
        counts["claimed_twice"] += claims.twice.total()
        counts -= Counter()  # leaves out what did not happen

    def _record(self, bound: BoundProject, plan: ReadingPlan, known: Known, refunds: Refunds) -> Project:
        """Make a project's record; one that was incomplete stays so until everything is read again."""
        found = known.records.get(("project", self.name, bound.place))
        standing = found if isinstance(found, Project) else None
        before = plan.full or standing is None or standing.complete
        read = {"payments": self._reads("invoices"), "refunds": bound.place in refunds.read_for}
        return project_record(
            bound,
            source=self.name,
            unread=tuple(name for name, is_read in read.items() if not is_read),
            complete=before and bound.complete and not any(bound.counts[name] for name in MISSING),
            standing=standing,
        )
