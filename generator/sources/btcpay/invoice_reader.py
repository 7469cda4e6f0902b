"""Reading the invoices of each project: from its binding to money in the intake."""

from dataclasses import dataclass
from datetime import datetime

from generator.config import BTCPayBinding
from generator.errors import Invalid
from generator.places import btcpay_place
from generator.sources.btcpay.bound_project import BoundProject
from generator.sources.btcpay.claims import Claims
from generator.sources.btcpay.crowdfund import last_reset
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.greenfield.invoice_list import InvoiceList
from generator.sources.btcpay.greenfield.refusals import AppNotFound, NotAllowed
from generator.sources.btcpay.intake import Intake
from generator.sources.btcpay.payments import read_invoice
from generator.sources.btcpay.reading_plan import ReadingPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceReader:
    """Reads the invoices of one run."""

    api: Greenfield
    store: str
    plan: ReadingPlan
    at: datetime
    claims: Claims
    intake: Intake
    recorded: frozenset[str]  #: parts of places that an earlier run read

    async def read(self, binding: BTCPayBinding) -> BoundProject | None:
        """Ask for an app's settings, and take in the invoices that are its own; None in another store."""
        bound = await self._bound(binding)
        if bound and "invoices" in self.api.server.include:
            await self._read_store(bound)
        return bound

    async def _read_store(self, bound: BoundProject) -> None:
        listing = InvoiceList(
            api=self.api, store=self.store, since=self.plan.since, until=self.at, term=bound.term
        )
        async for page in listing.pages():  # each step for the whole page: a quarter less time than in turns
            own = [invoice for invoice in page if self.claims.take(bound, invoice)]
            bound.note(own, self.at)
            money = [
                item
                for invoice in own
                for item in read_invoice(invoice, place=bound.place, counts=bound.counts)
            ]
            self.intake.take(money)
            if self.intake.own:
                self.intake.own.take(bound, own)
        bound.complete &= listing.complete

    async def _bound(self, binding: BTCPayBinding) -> BoundProject | None:
        """Find out whether an app is of this store, and what it says of itself.

        A point of sale or a payment request is looked for in every listed store, so no
        right to read its settings is needed; nor does an old server tell us a crowdfund's.
        """
        server = self.api.server
        bound = BoundProject(place=btcpay_place(self.store, binding.part), binding=binding)
        if not binding.app:
            return bound
        try:
            crowdfund = await self.api.crowdfund(binding.app)
        except NotAllowed:  # before 2.0.5 only a key that may change the store could read an app
            bound.refused = True
            return bound
        except AppNotFound:
            if bound.binding.part not in self.recorded:
                raise  # never seen: the id is wrong, and only the maintainer can mend it
            bound.refused = bound.gone = True  # its invoices and its search term stay on the server
            return bound
        if crowdfund.store_id not in server.stores:
            msg = (
                f"crowdfund {binding.app} is in a store that sources.btcpay "
                f"does not list; listed: {', '.join(server.stores)}; add its store id to stores"
            )
            raise Invalid(self.api.http.source, msg)
        if crowdfund.store_id != self.store:
            return None
        if "crowdfund" in server.include:
            bound.crowdfund, bound.period_at = crowdfund, last_reset(crowdfund, self.at)
        return bound
