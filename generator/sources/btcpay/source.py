"""BTCPay: asks one server, attributes, applies privacy, and yields what may be published."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx

from generator.config.model import BTCPayServer, Privacy, ProjectConfig
from generator.errors import Invalid
from generator.snapshot import Finding, Known, Project, Record
from generator.sources import Tally, last_asked
from generator.sources.btcpay import checks
from generator.sources.btcpay.attribution import Claims, Reading, claim, term_of
from generator.sources.btcpay.crowdfund import project_record
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.paging import Listing
from generator.sources.btcpay.payments import Movement, OtherCoin, Promise, read_invoice, still_open
from generator.sources.btcpay.plan import Plan, plan, reads_of, scope_of, withdrawals
from generator.sources.btcpay.privacy import Door
from generator.sources.btcpay.refunds import read_refund, refunds_of
from generator.sources.btcpay.refusals import NotAllowed
from generator.sources.http import Http, Limits

#: Counters that mean money may be missing from the figures.
MISSING = ("malformed_invoices", "malformed_payments", "malformed_refunds")


class BTCPay:
    """One server and the projects bound to it, in the order of the configuration.

    `client` must send the API key (`authorization`); `id_key` is needed for
    ``rows: payment`` only.
    """

    def __init__(
        self,
        server: BTCPayServer,
        *,
        projects: Sequence[ProjectConfig],
        privacy: Privacy,
        client: httpx.AsyncClient,
        id_key: bytes | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.name = f"btcpay-{server.id}"
        self.tally = Tally()
        self._server = server
        self._projects = [p for p in projects if p.btcpay and p.btcpay.source == server.id]
        self._privacy = privacy
        self._id_key = id_key
        http = Http(
            client=client,
            source=self.name,
            base_url=server.url,
            limits=limits or Limits(),
            counts=self.tally.counts,
        )
        self._api = Greenfield(server, http)

    async def collect(self, known: Known, *, at: datetime, full: bool) -> AsyncIterator[Record]:
        """Yield projects, entries, declarations, findings and withdrawals as of `at`."""
        last, scope = last_asked(known, self.name), scope_of(self._projects, self._privacy)
        due = plan(last, known, source=self.name, projects=self._projects, at=at, scope=scope)
        run = Plan(since=None) if full else due
        readings = [await self._read(project, run, at) for project in self._projects]
        claims = claim(readings)
        refunds, unread = await self._refunds(readings, claims)
        observed = [*self._observed(readings, claims, refunds, known=known, run=run, at=at), *unread]
        for record in observed:
            yield record
        slugs = {project.slug for project in self._projects}
        for gone in withdrawals(known, observed, run, source=self.name, slugs=slugs, refunds=set(refunds)):
            yield gone
        invoices = {id(i): i for reading in readings for i in reading.listing.invoices.values()}
        open_since = still_open(invoices.values(), at)
        self.tally.reads |= reads_of(run, last, open_since=open_since, at=at, scope=scope)

    async def _read(self, project: ProjectConfig, run: Plan, at: datetime) -> Reading:
        """Ask for a project's settings and for the invoices that the server claims are its own."""
        binding = project.btcpay
        app = (binding and binding.app) or ""
        crowdfund = await self._api.crowdfund(app) if app else None
        store = crowdfund.store_id if crowdfund else ((binding and binding.store) or "")
        if store not in self._server.stores:
            named = ", ".join(self._server.stores)
            msg = f"crowdfund {app} of project {project.slug} is in a store that sources.btcpay does not list"
            raise Invalid(self.name, f"{msg}; listed: {named}; add its store id to stores")
        listing = Listing()
        if "invoices" in self._server.include:
            listing = await self._api.invoices(store, since=run.since, until=at, term=term_of(app))
        shown = crowdfund if "crowdfund" in self._server.include else None
        return Reading(project=project, store=store, listing=listing, crowdfund=shown)

    async def _refunds(
        self, readings: Sequence[Reading], claims: Claims
    ) -> tuple[dict[str, list[Movement]], list[Finding]]:
        """Return refunds by project where they could be read, and findings that say why elsewhere not."""
        found: dict[str, list[Movement]] = {}
        unread: list[Finding] = []
        stores = dict.fromkeys(reading.store for reading in readings)
        for store in stores if "payouts" in self._server.include else ():
            slugs = [reading.project.slug for reading in readings if reading.store == store]
            try:
                pulls, payouts = await self._api.payouts(store)
            except NotAllowed as error:
                unread += [checks.refunds_unread(slug, store, error.message, self.name) for slug in slugs]
                continue
            found |= {slug: [] for slug in slugs}
            for refund in refunds_of(pulls, payouts):
                owner = await self._owner(store, refund.invoice_id, readings, claims)
                movement = read_refund(refund, store=store, project=owner, counts=self.tally.counts)
                if movement is not None:
                    found[movement.project].append(movement)
        return found, unread

    async def _owner(self, store: str, invoice_id: str, readings: Sequence[Reading], claims: Claims) -> str:
        """Return the slug of an invoice's project, asking for an invoice that this run did not read."""
        owner = claims.owners.get((store, invoice_id))
        if owner is None and (invoice := await self._api.invoice(store, invoice_id)):
            created = datetime.fromtimestamp(invoice.created_time, UTC)
            span = {"since": created, "until": created + timedelta(seconds=1)}
            again = [
                replace(r, listing=await self._api.invoices(store, term=term_of(r.app), **span))
                for r in readings
                if r.store == store
            ]
            owner = claim(again).owners.get((store, invoice_id))
        return owner.project.slug if owner else ""

    def _observed(
        self,
        readings: Sequence[Reading],
        claims: Claims,
        refunds: dict[str, list[Movement]],
        *,
        known: Known,
        run: Plan,
        at: datetime,
    ) -> Iterator[Record]:
        """Yield what may be published of the answers; count what may not."""
        counts = self.tally.counts
        money: list[Movement | Promise | OtherCoin] = [m for found in refunds.values() for m in found]
        for reading in readings:
            slug, own = reading.project.slug, Counter[str]()
            for invoice in claims.of(reading):
                own["invoices"] += 1
                money += read_invoice(invoice, project=slug, store=reading.store, counts=own)
            counts.update(own)
            standing = known.records.get(("project", self.name, slug))
            before = run.full or not isinstance(standing, Project) or standing.complete
            yield project_record(
                reading,
                source=self.name,
                unread=self._unread(refunds_read=slug in refunds),
                complete=before and reading.listing.complete and not any(own[name] for name in MISSING),
            )
        counts["foreign_invoices"] += claims.foreign
        counts["claimed_twice"] += claims.twice.total()
        counts["payments"] += sum(isinstance(item, Movement) for item in money)
        door = Door(source=self.name, privacy=self._privacy, at=at, key=self._id_key)
        yield from door.entries(m for m in money if isinstance(m, Movement))
        yield from door.declarations(m for m in money if isinstance(m, Promise))
        yield from checks.other_coins((m for m in money if isinstance(m, OtherCoin)), self.name)
        yield from checks.claimed_once(claims.twice, self.name)

    def _unread(self, *, refunds_read: bool) -> tuple[str, ...]:
        payments = () if "invoices" in self._server.include else ("payments",)
        return payments if refunds_read else (*payments, "refunds")
