"""Asking for refunds: which payouts moved money back, and whose invoice they belong to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from generator.snapshot import Finding
from generator.sources.btcpay import findings
from generator.sources.btcpay.attribution import Claims, Reading
from generator.sources.btcpay.gathering import Gathered
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.greenfield_types import moment
from generator.sources.btcpay.listing import Span
from generator.sources.btcpay.payments import earliest
from generator.sources.btcpay.plan import Plan
from generator.sources.btcpay.refunds import Refund, oldest_unfinished, read_refund, refunds_of
from generator.sources.btcpay.refusals import NotAllowed


@dataclass(slots=True)
class Refunds:
    """What became of the question for refunds."""

    read_for: set[str] = field(default_factory=set)  #: slugs of projects whose refunds were read
    unread: list[Finding] = field(default_factory=list)  #: why others' were not
    open_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundReader:
    """Reads the refunds of one run."""

    api: Greenfield
    include: Collection[str]
    plan: Plan
    source: str

    async def read(self, readings: Sequence[Reading], claims: Claims, gathered: Gathered) -> Refunds:
        """Take completed refunds in, store by store; where that is not allowed a finding says why."""
        found = Refunds()
        stores = dict.fromkeys(store for reading in readings for store in reading.stores)
        refused: set[str] = set()
        for store in stores if "payouts" in self.include else ():
            own = [reading for reading in readings if store in reading.stores]
            try:
                pulls, payouts = await self.api.payouts(store)
            except NotAllowed as error:
                refused |= {reading.project.slug for reading in own}
                found.unread += [
                    findings.refunds_unread(reading.project.slug, store, error.message, self.source)
                    for reading in own
                ]
                continue
            found.read_for |= {reading.project.slug for reading in own}
            found.open_since = earliest(found.open_since, oldest_unfinished(pulls, payouts))
            for refund in refunds_of(pulls, payouts):
                if self._is_due(refund):
                    await self._take(refund, store, own, claims, gathered)
        found.read_for -= refused
        return found

    def _is_due(self, refund: Refund) -> bool:
        """Tell whether a payout is of a month that this run reads; an unreadable date is told of."""
        at = moment(refund.payout.date)
        return at is None or self.plan.covers_refund(at)

    async def _take(
        self, refund: Refund, store: str, own: Sequence[Reading], claims: Claims, gathered: Gathered
    ) -> None:
        owner = claims.owner(store, refund.invoice_id) or await self._owner(store, refund.invoice_id, own)
        counts = owner.counts if owner else gathered.counts
        project = owner.project.slug if owner else ""
        movement = read_refund(refund, store=store, project=project, counts=counts)
        gathered.take([movement] if movement else [])

    async def _owner(self, store: str, invoice_id: str, own: Sequence[Reading]) -> Reading | None:
        """Return the project of an invoice that this run did not read, None for nobody's."""
        if self.plan.full and "invoices" in self.include:
            return None  # everybody's were read
        invoice = await self.api.invoice(store, invoice_id)
        created = moment(invoice.created_time) if invoice else None
        if invoice is None or created is None:
            return None
        for reading in own:
            if reading.claims(invoice) and (
                not reading.term or await self._is_filed(store, created, reading, invoice_id)
            ):
                return reading
        return None

    async def _is_filed(self, store: str, created: datetime, reading: Reading, invoice_id: str) -> bool:
        """Tell whether the server finds an invoice under the search term of a project's crowdfund."""
        span = Span(since=created, until=created + timedelta(seconds=1))
        listing = self.api.invoices(store, span, term=reading.term)
        async for page in listing.pages():
            if any(invoice.id == invoice_id for invoice in page):
                return True
        return False
