"""Asking for refunds: which payouts moved money back, and whose invoice they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from generator.snapshot import Finding
from generator.sources.btcpay import findings
from generator.sources.btcpay.attribution import Attribution
from generator.sources.btcpay.digest_set import digest_of
from generator.sources.btcpay.greenfield.invoice_list import InvoiceList
from generator.sources.btcpay.greenfield.refusals import NotAllowed
from generator.sources.btcpay.greenfield.values import moment
from generator.sources.btcpay.invoice_reader import InvoiceReader
from generator.sources.btcpay.place_reader import PlaceReader
from generator.sources.btcpay.refunds import Refund, oldest_unfinished, read_refund, refunds_of
from generator.sources.btcpay.store_place import StorePlace


@dataclass(slots=True)
class Refunds:
    """What became of the question for refunds."""

    read: bool = False
    unread: list[Finding] = field(default_factory=list)  #: why they were not, for each place
    open_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundReader:
    """Reads the refunds of one run, after its invoices."""

    reader: PlaceReader
    invoices: InvoiceReader

    async def read(self, places: Sequence[StorePlace]) -> Refunds:
        """Take completed refunds in; where that is not allowed a finding at each of `places` says why."""
        api = self.reader.api
        if "payouts" not in api.server.include:
            return Refunds()
        try:
            pulls, payouts = await api.payouts(self.reader.store)
        except NotAllowed as error:
            source = api.http.source
            return Refunds(
                unread=[findings.refunds_unread(place.place, error.message, source) for place in places]
            )
        for refund in refunds_of(pulls, payouts):
            if self._is_due(refund):
                await self._take(refund)
        return Refunds(read=True, open_since=oldest_unfinished(pulls, payouts))

    def _is_due(self, refund: Refund) -> bool:
        """Tell whether a payout is of a month that this run reads; an unreadable date is told of."""
        at = moment(refund.payout.date)
        return at is None or self.reader.plan.covers_refund(at)

    async def _take(self, refund: Refund) -> None:
        owners = [
            owner
            for invoice_id in refund.candidates
            if (owner := self.invoices.owner(invoice_id) or await self._owner(invoice_id))
        ]
        if len(owners) > 1:  # one invoice was paid back, and nothing says which
            for owner in owners:
                owner.counts["ambiguous_refunds"] += 1
            return
        intake = self.invoices.intake
        counts = owners[0].counts if owners else intake.counts
        intake.take(read_refund(refund, place=owners[0].place if owners else "", counts=counts))

    async def _owner(self, invoice_id: str) -> StorePlace | None:
        """Find the place of an invoice that this run did not read, None for one that the store has not."""
        api, plan = self.reader.api, self.reader.plan
        if plan.full and "invoices" in api.server.include:
            return None  # all were read
        invoice = await api.invoice(self.reader.store, invoice_id)
        created = moment(invoice.created_time) if invoice else None
        if invoice is None or created is None:
            return None
        digests = frozenset({digest_of(invoice_id)})
        claimants = [
            replace(
                place.claimant(),
                listed=digests if await self._is_listed(place.term, created, invoice_id) else frozenset(),
            )
            for place in self.invoices.bound
            if place.term
        ]
        return self.invoices.place_of(Attribution(claimants, api.prefix).verdict(invoice))

    async def _is_listed(self, term: str, created: datetime, invoice_id: str) -> bool:
        """Tell whether the server finds an invoice under a search term."""
        listing = InvoiceList(
            api=self.reader.api,
            store=self.reader.store,
            since=created,
            until=created + timedelta(seconds=1),
            term=term,
            with_methods=False,
        )
        return any([invoice.id == invoice_id async for page in listing.pages() for invoice in page])
