"""BTCPay: asks one server, attributes, applies privacy, and yields what may be published."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import httpx

from generator.config.model import BTCPayServer, Privacy, ProjectConfig
from generator.errors import ConfigError, Invalid, Problem
from generator.snapshot import Asked, Finding, Known, Project, Record
from generator.sources import Tally, last_asked
from generator.sources.btcpay import checks
from generator.sources.btcpay.attribution import Claims, Reading, claim, term_of
from generator.sources.btcpay.crowdfund import project_record
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.paging import Listing
from generator.sources.btcpay.payments import Movement, OtherCoin, Promise, read_invoice, still_open
from generator.sources.btcpay.plan import Plan, plan, reads_of, scope_of, withdrawals
from generator.sources.btcpay.privacy import Door, fingerprint
from generator.sources.btcpay.refunds import read_refund, refunds_of
from generator.sources.btcpay.refusals import NotAllowed
from generator.sources.btcpay.wire import moment
from generator.sources.http import Http, Limits

#: Counters that mean money may be missing from the figures.
MISSING = ("malformed_invoices", "malformed_payments", "malformed_refunds")

Money = Movement | Promise | OtherCoin
Refunds = dict[str, list[Movement]]  #: by slug; a project that is missing could not be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: how much is read, what the log says, and as of when."""

    plan: Plan
    known: Known
    at: datetime


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
        """Yield projects, entries, declarations, findings and withdrawals as of `at`.

        Raise `ConfigError`, before anything is asked, when the id key is
        missing or not the one that made the ids in the log.
        """
        last, scope = last_asked(known, self.name), scope_of(self._projects, self._privacy)
        self._check_key(last)
        due = plan(last, known, source=self.name, projects=self._projects, at=at, scope=scope)
        run = Run(plan=Plan(since=None) if full else due, known=known, at=at)
        readings = [await self._read(project, run) for project in self._projects]
        claims = claim(readings)
        refunds, unread = await self._refunds(readings, claims)
        observed = [*self._observed(readings, claims, refunds, run), *unread]
        read = {project.slug for project in self._projects if "invoices" in self._server.include}
        gone = withdrawals(known, observed, run.plan, source=self.name, payments=read, refunds=set(refunds))
        for record in (*observed, *gone):
            yield record
        open_since = still_open((i for r in readings for i in r.listing.invoices.values()), at)
        self.tally.reads |= reads_of(run.plan, last, open_since=open_since, at=at, scope=scope)
        if self._id_key and self._privacy.rows == "payment":
            self.tally.reads["id_key"] = fingerprint(self._id_key)
        for name in [name for name, number in self.tally.counts.items() if not number]:
            del self.tally.counts[name]

    def _check_key(self, last: Asked | None) -> None:
        if self._privacy.rows != "payment":
            return
        if not self._id_key:
            problem = "rows: payment needs a secret key for ids: set SUNLIT_ID_KEY"
        elif last and last.reads.get("id_key", fingerprint(self._id_key)) != fingerprint(self._id_key):
            problem = (
                "SUNLIT_ID_KEY is not the key that made the ids in the log: "
                "restore it, or use privacy.rows: day, which needs none"
            )
        else:
            return
        raise ConfigError(Problem(path="privacy.rows", message=problem, code="id-key"))

    async def _read(self, project: ProjectConfig, run: Run) -> Reading:
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
            listing = await self._api.invoices(store, since=run.plan.since, until=run.at, term=term_of(app))
        shown = crowdfund if "crowdfund" in self._server.include else None
        return Reading(project=project, store=store, listing=listing, crowdfund=shown)

    async def _refunds(self, readings: Sequence[Reading], claims: Claims) -> tuple[Refunds, list[Finding]]:
        """Return refunds by project where they could be read, and findings that say why elsewhere not."""
        found: Refunds = {}
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
        if owner is None:
            invoice = await self._api.invoice(store, invoice_id)
            created = moment(invoice.created_time) if invoice else None
            if created is None:
                return ""
            span = {"since": created, "until": created + timedelta(seconds=1)}
            again = [
                replace(r, listing=await self._api.invoices(store, term=term_of(r.app), **span))
                for r in readings
                if r.store == store
            ]
            owner = claim(again).owners.get((store, invoice_id))
        return owner.project.slug if owner else ""

    def _observed(
        self, readings: Sequence[Reading], claims: Claims, refunds: Refunds, run: Run
    ) -> Iterator[Record]:
        """Yield what may be published of the answers; count what may not."""
        money: list[Money] = [movement for found in refunds.values() for movement in found]
        for reading in readings:
            own = Counter[str]()
            for invoice in claims.of(reading):
                own["invoices"] += 1
                money += read_invoice(invoice, project=reading.project.slug, store=reading.store, counts=own)
            self.tally.counts.update(own)
            certain = reading.listing.complete and not any(own[name] for name in MISSING)
            yield self._record(reading, run, certain=certain, refunds_read=reading.project.slug in refunds)
        yield from self._published(money, run.at)
        yield from checks.claimed_once(claims.twice, self.name)
        self.tally.counts["foreign_invoices"] += claims.foreign
        self.tally.counts["claimed_twice"] += claims.twice.total()

    def _record(self, reading: Reading, run: Run, *, certain: bool, refunds_read: bool) -> Project:
        """Return a project's record; one that was incomplete stays so until everything is read again."""
        standing = run.known.records.get(("project", self.name, reading.project.slug))
        before = run.plan.full or not isinstance(standing, Project) or standing.complete
        unread = () if "invoices" in self._server.include else ("payments",)
        return project_record(
            reading,
            source=self.name,
            unread=unread if refunds_read else (*unread, "refunds"),
            complete=before and certain,
        )

    def _published(self, money: Sequence[Money], at: datetime) -> Iterator[Record]:
        """Yield what privacy lets through; a payment that is listed twice counts once."""
        movements = {(m.kind, m.private_id): m for m in reversed(money) if isinstance(m, Movement)}
        listed = sum(isinstance(item, Movement) for item in money)
        self.tally.counts["payments"] += len(movements)
        self.tally.counts["doubled_payments"] += listed - len(movements)
        door = Door(source=self.name, privacy=self._privacy, at=at, key=self._id_key)
        yield from door.entries(movements.values())
        yield from door.declarations(item for item in money if isinstance(item, Promise))
        yield from checks.other_coins((item for item in money if isinstance(item, OtherCoin)), self.name)
