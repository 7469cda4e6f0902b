"""Asking for refunds: which payouts moved money back, and whose invoice they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from generator.snapshot import Finding
from generator.sources.btcpay import findings
from generator.sources.btcpay.bound_project import BoundProject
from generator.sources.btcpay.claims import Claims
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.greenfield.invoice_list import InvoiceList
from generator.sources.btcpay.greenfield.refusals import NotAllowed
from generator.sources.btcpay.greenfield.values import moment
from generator.sources.btcpay.intake import Intake
from generator.sources.btcpay.payments import earliest
from generator.sources.btcpay.reading_plan import ReadingPlan
from generator.sources.btcpay.refunds import Refund, oldest_unfinished, read_refund, refunds_of


@dataclass(slots=True)
class Refunds:
    """What became of the question for refunds."""

    read_for: set[str] = field(default_factory=set)  #: slugs of projects whose refunds were read
    unread: list[Finding] = field(default_factory=list)  #: why others' were not
    open_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundReader:
    """Reads the refunds of one run, after its invoices."""

    api: Greenfield
    plan: ReadingPlan
    claims: Claims
    intake: Intake

    async def read(self, projects: Sequence[BoundProject]) -> Refunds:
        """Take completed refunds in, store by store; where that is not allowed a finding says why."""
        found = Refunds()
        stores = dict.fromkeys(store for project in projects for store in project.stores)
        refused: set[str] = set()
        for store in stores if "payouts" in self.api.server.include else ():
            own = [project for project in projects if store in project.stores]
            try:
                pulls, payouts = await self.api.payouts(store)
            except NotAllowed as error:
                refused |= {project.slug for project in own}
                source = self.api.http.source
                found.unread += [
                    findings.refunds_unread(project.slug, store, error.message, source) for project in own
                ]
                continue
            found.read_for |= {project.slug for project in own}
            found.open_since = earliest(found.open_since, oldest_unfinished(pulls, payouts))
            for refund in refunds_of(pulls, payouts):
                if self._is_due(refund):
                    await self._take(refund, store, own)
        found.read_for -= refused
        return found

    def _is_due(self, refund: Refund) -> bool:
        """Tell whether a payout is of a month that this run reads; an unreadable date is told of."""
        at = moment(refund.payout.date)
        return at is None or self.plan.covers_refund(at)

    async def _take(self, refund: Refund, store: str, own: Sequence[BoundProject]) -> None:
        owners = [
            owner
            for invoice_id in refund.candidates
            if (owner := self.claims.owner(store, invoice_id) or await self._owner(store, invoice_id, own))
        ]
        if len(owners) > 1:  # one invoice was paid back, and nothing says which
            for owner in owners:
                owner.counts["ambiguous_refunds"] += 1
            return
        counts = owners[0].counts if owners else self.intake.counts
        slug = owners[0].slug if owners else ""
        self.intake.take(read_refund(refund, store=store, project=slug, counts=counts))

    async def _owner(self, store: str, invoice_id: str, own: Sequence[BoundProject]) -> BoundProject | None:
        """Find the project of an invoice that this run did not read, None for nobody's."""
        if self.plan.full and "invoices" in self.api.server.include:
            return None  # everybody's were read
        invoice = await self.api.invoice(store, invoice_id)
        created = moment(invoice.created_time) if invoice else None
        if invoice is None or created is None:
            return None
        for project in own:
            if project.claims(invoice) and (
                not project.term or await self._is_filed(store, created, project, invoice_id)
            ):
                return project
        return None

    async def _is_filed(self, store: str, created: datetime, project: BoundProject, invoice_id: str) -> bool:
        """Tell whether the server finds an invoice under the search term of a project's crowdfund."""
        until = created + timedelta(seconds=1)
        listing = InvoiceList(api=self.api, store=store, since=created, until=until, term=project.term)
        async for page in listing.pages():
            if any(invoice.id == invoice_id for invoice in page):
                return True
        return False
