"""Asking for money out: which payouts there are, and whose payments those that pay back belong to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Final

import msgspec

from generator.config.source_settings import PayoutPurpose
from generator.errors import SourceError
from generator.ledger import Kind
from generator.snapshot import PromisedMoney, Withdrawn
from generator.sources.btcpay.attribution import Attribution
from generator.sources.btcpay.digest_set import digest_of
from generator.sources.btcpay.greenfield.invoice_list import InvoiceList
from generator.sources.btcpay.greenfield.payout_rows import Payout, PullPayment
from generator.sources.btcpay.greenfield.values import moment
from generator.sources.btcpay.greenfield.wire import Invoice
from generator.sources.btcpay.invoice_reader import InvoiceReader
from generator.sources.btcpay.money_out import REFUND, TRANSFER, MoneyOut, MoneyPurpose, movements
from generator.sources.btcpay.place_reader import PlaceReader
from generator.sources.btcpay.pull_memory import names_of, remembered
from generator.sources.btcpay.refunds import BY_ID, BY_ORDER, ids_in, ordered_invoice, orders_in
from generator.sources.btcpay.sealed_sums import unsealed
from generator.sources.btcpay.store_place import StorePlace

#: Says what something is for because the maintainer does.
DECLARED: Final = "by purposes"


@dataclass(slots=True, kw_only=True)
class Refunds:
    """What became of the question for payouts."""

    read: bool = False
    error: str = ""  #: why they were not, where they should have been
    money: list[MoneyOut] = field(default_factory=list)
    records: list[PromisedMoney | Withdrawn] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundReader:
    """Reads the money out of one run, after its invoices."""

    reader: PlaceReader
    invoices: InvoiceReader
    homes: Mapping[str, str]  #: slug → a place of this store that is bound to it

    async def read(self) -> Refunds:
        """Take completed payouts in; where they cannot be read, the answer says why, and payments stand."""
        if "payouts" not in self.reader.api.server.include:
            return Refunds()
        try:  # servers before 1.5.0 have no such route
            found = await self._found()
        except SourceError as error:
            return Refunds(error=error.message)
        intake = self.invoices.intake
        for out in found.money:
            intake.take(movements(out, intake.counts))
        return found

    async def _found(self) -> Refunds:
        """Ask for everything that left or may leave, and what it is for."""
        found = Refunds(read=True)
        pulls, payouts = await self.reader.api.payouts(self.reader.store)
        by_pull = defaultdict[str, list[Payout]](list)
        for payout in payouts:
            by_pull[payout.pull_payment_id or ""].append(payout)
        for pull in pulls:
            await self._take(pull, by_pull.pop(pull.id, []), found)
        for payout in (payout for rest in by_pull.values() for payout in rest):
            purpose = self._declared(None, payout.made_by) or self._unknown
            found.money.append(MoneyOut(payouts=(payout,), purpose=purpose))
        return found

    async def _take(self, pull: PullPayment, payouts: Sequence[Payout], found: Refunds) -> None:
        intake, source = self.invoices.intake, self.reader.api.http.source
        ids = intake.privacy.ids
        name, *others = names_of(pull, ids.make if ids else None)
        before = self._known(pull.id, name, *others)
        purpose = self._declared(pull, pull.name or "") or await self._linked(pull, before)
        out = MoneyOut(pull=pull, payouts=payouts, purpose=purpose, before=before)
        if purpose.how == BY_ID and out.in_other_coins and not await self._paid_in_bitcoin(pull):
            out = replace(out, purpose=purpose._replace(of_bitcoin=False))
        found.money.append(out)
        found.records.append(remembered(out, name, source, is_due=intake.privacy.is_due))
        if before and before.id != name:
            why = "remembered under a keyed id now"
            found.records.append(Withdrawn(id=f"promised_money/{before.id}", source=source, reason=why))

    def _known(self, pull_id: str, *names: str) -> PromisedMoney | None:
        """Find what is remembered of a pull payment; sums that somebody changed are none."""
        for name in names:
            found = self.reader.known.records.get(("promised_money", self.reader.api.http.source, name))
            if isinstance(found, PromisedMoney):
                whole = not found.sealed or unsealed(pull_id, found.sealed) is not None
                return found if whole else msgspec.structs.replace(found, sealed="", final=False)
        return None

    @property
    def _unknown(self) -> MoneyPurpose:
        """What no invoice, and no word of the maintainer, tells the purpose of."""
        return MoneyPurpose(self._home(None))

    def _home(self, project: str | None) -> str:
        """Name the place whose account a payout leaves: a project's, or that of the store itself."""
        [only] = self.homes.values() if len(self.homes) == 1 else [self.invoices.unassigned.place]
        return self.homes.get(project or "", only)

    def _declared(self, pull: PullPayment | None, name: str) -> MoneyPurpose | None:
        """Find what the maintainer says of a pull payment, or of payouts without one."""
        for purpose in self.reader.api.server.purposes:
            if _fits(purpose, pull, name):
                refund = purpose.purpose == REFUND
                return MoneyPurpose(
                    self._home(purpose.project),
                    Kind.REFUND if refund else Kind.PAYOUT,
                    DECLARED,
                    purpose.word or ("" if refund else purpose.purpose),
                    purpose.purpose != TRANSFER,
                )
        return None

    async def _linked(self, pull: PullPayment, before: PromisedMoney | None) -> MoneyPurpose:
        """Find whose payment it pays back; what was found once is asked for in full readings only."""
        if before and not self.reader.plan.full:
            return MoneyPurpose(before.place, Kind.REFUND, before.how) if before.place else self._unknown
        places = [place for number in ids_in(pull.name) if (place := await self._owner(number))]
        if len(places) > 1:
            self.invoices.intake.counts["ambiguous_refunds"] += 1
            return self._unknown
        if places:
            return MoneyPurpose(places[0].place, Kind.REFUND, BY_ID)
        ordered = [invoice for order in orders_in(pull.name) if (invoice := await self._ordered(pull, order))]
        if len(ordered) == 1 and (
            place := self.invoices.owner(ordered[0].id) or await self._place(ordered[0])
        ):
            return MoneyPurpose(place.place, Kind.REFUND, BY_ORDER)
        return self._unknown

    async def _owner(self, invoice_id: str) -> StorePlace | None:
        """Find the place of an invoice, None for one that the store has not."""
        api, plan = self.reader.api, self.reader.plan
        if place := self.invoices.owner(invoice_id):
            return place
        if plan.full and "invoices" in api.server.include and self.invoices.rest.complete:
            return None  # all were read
        invoice = await api.invoice(self.reader.store, invoice_id)
        return await self._place(invoice) if invoice else None

    async def _ordered(self, pull: PullPayment, order: str) -> Invoice | None:
        """Ask for the invoice of an order number, with its payments, and check that it can be the one."""
        found = await self.reader.api.ordered(self.reader.store, order)
        named = [invoice for invoice in found if invoice.metadata.order_id == order]
        return ordered_invoice(pull, order, [await self._with_methods(invoice) for invoice in named])

    async def _paid_in_bitcoin(self, pull: PullPayment) -> bool:
        """Tell whether an invoice that a name holds was paid in bitcoin, as far as is known."""
        api = self.reader.api
        try:
            named = [await api.invoice(self.reader.store, number) for number in ids_in(pull.name)]
            found = [await self._with_methods(invoice) for invoice in named if invoice]
        except SourceError:
            return True  # it may have been
        paid = [method for invoice in found for method, _ in invoice.payments]
        return not paid or any(method.rail for method in paid)

    async def _with_methods(self, invoice: Invoice) -> Invoice:
        """Ask for an invoice's payments where the server did not tell them with it."""
        if invoice.payment_methods:
            return invoice
        methods = await self.reader.api.methods(self.reader.store, invoice.id)
        return msgspec.structs.replace(invoice, payment_methods=methods)

    async def _place(self, invoice: Invoice) -> StorePlace | None:
        """Find the place of an invoice that this run did not read."""
        created = moment(invoice.created_time)
        if created is None:
            return None
        digests = frozenset({digest_of(invoice.id)})
        claimants = [
            replace(
                place.claimant(),
                listed=digests if await self._is_listed(place.term, invoice) else frozenset(),
            )
            for place in self.invoices.bound
            if place.term
        ]
        return self.invoices.place_of(Attribution(claimants, self.reader.api.prefix).verdict(invoice))

    async def _is_listed(self, term: str, invoice: Invoice) -> bool:
        """Tell whether the server finds an invoice under a search term."""
        created = moment(invoice.created_time)
        listing = InvoiceList(
            api=self.reader.api,
            store=self.reader.store,
            since=created,
            until=(created or self.reader.at) + timedelta(seconds=1),
            term=term,
            with_methods=False,
        )
        return any([found.id == invoice.id async for page in listing.pages() for found in page])


def _fits(purpose: PayoutPurpose, pull: PullPayment | None, name: str) -> bool:
    if purpose.pull_payment:
        return pull is not None and pull.id == purpose.pull_payment
    return fnmatchcase(name.casefold(), (purpose.name or "").casefold())
