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
from generator.sources.btcpay.reading_plan import ReadingPlan
from generator.sources.btcpay.refunds import Refund, oldest_unfinished, read_refund, refunds_of


@dataclass(slots=True)
class Refunds:
    """What became of the question for refunds."""

    read_for: set[str] = field(default_factory=set)  #: places whose refunds were read
    unread: list[Finding] = field(default_factory=list)  #: why others' were not
    open_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundReader:
    """Reads the refunds of one run, after its invoices."""

    api: Greenfield
    store: str
    plan: ReadingPlan
    claims: Claims
    intake: Intake

    async def read(self, projects: Sequence[BoundProject]) -> Refunds:
        """Take completed refunds in; where that is not allowed a finding says why."""
        if "payouts" not in self.api.server.include:
            return Refunds()
        try:
            pulls, payouts = await self.api.payouts(self.store)
        except NotAllowed as error:
            source = self.api.http.source
            return Refunds(
                unread=[findings.refunds_unread(project.place, error.message, source) for project in projects]
            )
        for refund in refunds_of(pulls, payouts):
            if self._is_due(refund):
                await self._take(refund, projects)
        return Refunds(
            read_for={project.place for project in projects}, open_since=oldest_unfinished(pulls, payouts)
        )

    def _is_due(self, refund: Refund) -> bool:
        """Tell whether a payout is of a month that this run reads; an unreadable date is told of."""
        at = moment(refund.payout.date)
        return at is None or self.plan.covers_refund(at)

    async def _take(self, refund: Refund, own: Sequence[BoundProject]) -> None:
        owners = [
            owner
            for invoice_id in refund.candidates
            if (owner := self.claims.owner(invoice_id) or await self._owner(invoice_id, own))
        ]
        if len(owners) > 1:  # one invoice was paid back, and nothing says which
            for owner in owners:
                owner.counts["ambiguous_refunds"] += 1
            return
        counts = owners[0].counts if owners else self.intake.counts
        place = owners[0].place if owners else ""
        self.intake.take(read_refund(refund, place=place, counts=counts))

    async def _owner(self, invoice_id: str, own: Sequence[BoundProject]) -> BoundProject | None:
        """Find the project of an invoice that this run did not read, None for nobody's."""
        if self.plan.full and "invoices" in self.api.server.include:
            return None  # everybody's were read
        invoice = await self.api.invoice(self.store, invoice_id)
        created = moment(invoice.created_time) if invoice else None
        if invoice is None or created is None:
            return None
        for project in own:
            if project.claims(invoice) and (
                not project.term or await self._is_filed(created, project, invoice_id)
            ):
                return project
        return None

    async def _is_filed(self, created: datetime, project: BoundProject, invoice_id: str) -> bool:
        """Tell whether the server finds an invoice under the search term of a project's crowdfund."""
        until = created + timedelta(seconds=1)
        listing = InvoiceList(api=self.api, store=self.store, since=created, until=until, term=project.term)
        async for page in listing.pages():
            if any(invoice.id == invoice_id for invoice in page):
                return True
        return False
