"""BTCPay: asks one server, attributes, applies privacy, and yields what may be published."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx

from generator.config import BTCPayServer, PrivacyConfig, ProjectConfig
from generator.errors import ConfigError, Invalid, Problem
from generator.snapshot import Asked, Known, Project, Record
from generator.sources import Tally, last_asked
from generator.sources.btcpay import findings
from generator.sources.btcpay.attribution import Claims, Reading
from generator.sources.btcpay.crowdfund import last_reset, project_record
from generator.sources.btcpay.gathering import Gathered
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.greenfield_types import Invoice
from generator.sources.btcpay.listing import Span
from generator.sources.btcpay.own_numbers import OwnNumbers
from generator.sources.btcpay.paging import page_size
from generator.sources.btcpay.payments import Money, earliest, open_since, read_invoice
from generator.sources.btcpay.plan import Plan, Unfinished, plan, reads_of, scope_of, withdrawals
from generator.sources.btcpay.privacy import Door, fingerprint
from generator.sources.btcpay.refusals import NotAllowed
from generator.sources.btcpay.repaying import RefundReader, Refunds
from generator.sources.btcpay.webhook_deliveries import Watch
from generator.sources.btcpay.webhook_watch import Watcher, polling
from generator.sources.http import Http, HttpLimits

#: Counters that mean money may be missing from the figures.
MISSING = ("malformed_invoices", "malformed_payments", "malformed_refunds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: how much is read, what the log says, and as of when."""

    plan: Plan
    known: Known
    at: datetime


class BTCPay:
    """One server and the projects bound to it, in the order of the configuration.

    `client` must send the API key (`authorization`); `id_key` is needed for
    ``rows: payment`` only; `page` is how many invoices are asked for at once;
    `watch` is the receiver of its webhook, where one is configured. With `next_key`
    a run also learns in `names` which id that key would make of each keyed one.
    """

    def __init__(  # noqa: PLR0913 -- what a source is made of, by name
        self,
        server: BTCPayServer,
        *,
        projects: Sequence[ProjectConfig],
        privacy: PrivacyConfig,
        client: httpx.AsyncClient,
        id_key: bytes | None = None,
        limits: HttpLimits | None = None,
        page: int | None = None,
        watch: Watch | None = None,
        next_key: bytes | None = None,
    ) -> None:
        self.name = f"btcpay-{server.id}"
        self.tally = Tally()
        self._server = server
        self._projects = [p for p in projects if p.btcpay and p.btcpay.source == server.id]
        self._privacy = privacy
        self._id_key = id_key
        self._watch = watch
        self._next_key = next_key
        self.names: dict[str, str] = {}
        http = Http(
            client=client,
            source=self.name,
            base_url=server.url,
            limits=limits or HttpLimits(),
            counts=self.tally.counts,
        )
        self._api = Greenfield(server, http, take=page or page_size(server.url))

    async def collect(self, known: Known, *, at: datetime, full: bool) -> AsyncIterator[Record]:
        """Yield projects, entries, declarations, findings and withdrawals as of `at`.

        Raise `ConfigError`, before anything is asked, when the id key is
        missing or not the one that made the ids in the log.
        """
        last, scope = last_asked(known, self.name), scope_of(self._projects, self._privacy)
        self._check_key(last)
        due = plan(last, known, source=self.name, projects=self._projects, at=at, scope=scope)
        run = Run(plan=Plan(since=None) if full else due, known=known, at=at)
        door = self._door(at)
        delayed = bool(self._privacy.publish_delay_hours)
        own, watcher = None if delayed else OwnNumbers(), self._watcher(last, run, delayed=delayed)
        polled = watcher.polled if watcher else None
        gathered = Gathered(door=door, counts=self.tally.counts, own=own, polled=polled)
        claims = Claims()
        readings = [await self._read(project, run, claims, gathered) for project in self._projects]
        refunds = await self._reader(run).read(readings, claims, gathered)
        observed = [
            *(self._record(reading, run, refunds) for reading in readings),
            *gathered.records(),
            *findings.claimed_once(claims.twice, self.name),
            *refunds.unread,
        ]
        read = {project.slug for project in self._projects if "invoices" in self._server.include}
        gone = withdrawals(
            known, observed, run.plan, source=self.name, payments=read, refunds=refunds.read_for
        )
        for record in (*observed, *gone):
            yield record
        unfinished = Unfinished(
            invoices=earliest(*(reading.open_since for reading in readings)), refunds=refunds.open_since
        )
        self.tally.reads |= reads_of(run.plan, last, unfinished=unfinished, at=at, scope=scope)
        if self._id_key and self._privacy.rows == "payment":
            self.tally.reads["id_key"] = fingerprint(self._id_key)
        if watcher:
            await watcher.look(self.tally)
        self._count(readings, claims)

    def _door(self, at: datetime) -> Door:
        self.names.clear()
        return Door(
            source=self.name,
            privacy=self._privacy,
            at=at,
            key=self._id_key,
            next_key=self._next_key,
            names=self.names,
        )

    def _watcher(self, last: Asked | None, run: Run, *, delayed: bool) -> Watcher | None:
        if self._watch is None:
            return None
        polled = polling(self._watch, run.known, self.name, run.at, delayed=delayed)
        return Watcher(
            watch=self._watch, server=self._server, api=self._api, at=run.at, last=last, polled=polled
        )

    def _count(self, readings: Iterable[Reading], claims: Claims) -> None:
        counts = self.tally.counts
        for reading in readings:
            counts.update(reading.counts)
        counts["foreign_invoices"] += claims.foreign
        counts["claimed_twice"] += claims.twice.total()
        for name in [name for name, number in counts.items() if not number]:
            del counts[name]

    def _check_key(self, last: Asked | None) -> None:
        if self._privacy.rows != "payment":
            return
        if not self._id_key:
            problem = "rows: payment needs a secret key for ids: set SUNLIT_ID_KEY"
        elif last and last.reads.get("id_key", fingerprint(self._id_key)) != fingerprint(self._id_key):
            problem = (
                "SUNLIT_ID_KEY is not the key that made the ids in the log: "
                "restore it, make the ids again with `sunlit migrate --rekey`, "
                "or use privacy.rows: day, which needs none"
            )
        else:
            return
        raise ConfigError(Problem(path="privacy.rows", message=problem, code="id-key"))

    async def _read(self, project: ProjectConfig, run: Run, claims: Claims, gathered: Gathered) -> Reading:
        """Ask for a project's settings, and for the invoices that the server claims are its own."""
        reading = await self._opened(project, run.at)
        if "invoices" not in self._server.include:
            return reading
        for store in reading.stores:
            span = Span(since=run.plan.since, until=run.at)
            listing = self._api.invoices(store, span, term=reading.term)
            async for page in listing.pages():
                for invoice in page:
                    if claims.take(reading, store, invoice):
                        gathered.take(self._seen(reading, store, invoice, run))
                        if gathered.own:
                            gathered.own.take(reading, invoice)
            reading.complete &= listing.complete
        return reading

    def _seen(self, reading: Reading, store: str, invoice: Invoice, run: Run) -> Iterator[Money]:
        reading.counts["invoices"] += 1
        reading.open_since = earliest(reading.open_since, open_since(invoice, run.at))
        return read_invoice(invoice, project=reading.project.slug, store=store, counts=reading.counts)

    async def _opened(self, project: ProjectConfig, at: datetime) -> Reading:
        """Return a project with where its invoices are.

        A point of sale or a payment request is looked for in every listed store, so no
        right to read its settings is needed; nor does an old server tell us a crowdfund's.
        """
        binding = project.btcpay
        if binding is None or binding.kind in ("pos", "request"):
            return Reading(project=project, stores=self._server.stores)
        app = binding.app
        if not app:
            return Reading(project=project, stores=(binding.store or "",))
        try:
            crowdfund = await self._api.crowdfund(app)
        except NotAllowed:  # before 2.0.5 only a key that may change the store could read an app
            return Reading(project=project, stores=self._server.stores, refused=True)
        if crowdfund.store_id not in self._server.stores:
            named = ", ".join(self._server.stores)
            msg = f"crowdfund {app} of project {project.slug} is in a store that sources.btcpay does not list"
            raise Invalid(self.name, f"{msg}; listed: {named}; add its store id to stores")
        shown = crowdfund if "crowdfund" in self._server.include else None
        period_at = last_reset(shown, at) if shown else None
        return Reading(project=project, stores=(crowdfund.store_id,), crowdfund=shown, period_at=period_at)

    def _reader(self, run: Run) -> RefundReader:
        return RefundReader(api=self._api, include=self._server.include, plan=run.plan, source=self.name)

    def _record(self, reading: Reading, run: Run, refunds: Refunds) -> Project:
        """Return a project's record; one that was incomplete stays so until everything is read again."""
        found = run.known.records.get(("project", self.name, reading.project.slug))
        standing = found if isinstance(found, Project) else None
        before = run.plan.full or standing is None or standing.complete
        unread = () if "invoices" in self._server.include else ("payments",)
        certain = reading.complete and not any(reading.counts[name] for name in MISSING)
        return project_record(
            reading,
            source=self.name,
            unread=unread if reading.project.slug in refunds.read_for else (*unread, "refunds"),
            complete=before and certain,
            standing=standing,
        )
