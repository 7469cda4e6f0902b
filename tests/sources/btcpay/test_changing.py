"""While a run reads, donors come, payments confirm and owners archive and mark: nothing is lost or doubled.

hypothesis chooses what happens before which request. The sandbox's own handler answers, in process.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.config import PrivacyConfig
from generator.ledger import Entry
from generator.sandbox.btcpay import BTCPayServer as Sandbox
from generator.sandbox.btcpay import Deeds, Town, Version, build_town
from generator.sandbox.btcpay.books import Books, Shelf
from generator.sandbox.btcpay.model import Invoice, Payment
from generator.snapshot import Known, Project, Record
from generator.sources.btcpay.privacy import keyed_id
from tests.support.proving import in_full
from tests.support.town import NOW, collect, logged

pytestmark = pytest.mark.anyio
RULES = PrivacyConfig(rows="payment")
SOON = int(NOW.timestamp())
#: What may become of an invoice, one after the other, and what becomes of its payments.
FATES = (
    ("New", "PaidPartial", "Processing"),
    ("Processing", "None", "Processing"),
    ("Settled", "None", "Settled"),
    ("Invalid", "Marked", "Settled"),
    ("Settled", "Marked", "Settled"),
    ("Expired", "PaidLate", "Settled"),
)


@cache
def town_of(seed: int, invoices: int) -> Town:
    return build_town(seed, invoices=invoices, now=SOON, deeds=Deeds())


@dataclass
class Busy(httpx.AsyncBaseTransport):
    """The sandbox's own handler, with something happening before each request it answers."""

    town: Town
    server: Sandbox
    happens: list[list[int]]
    states: dict[str, list[Invoice]] = field(default_factory=lambda: defaultdict(list))
    arrived: int = 0

    def __post_init__(self) -> None:
        self.inner = httpx.ASGITransport(app=self.server.application())
        for invoice in self.books.invoices:
            self.states[invoice.id].append(invoice)

    @property
    def books(self) -> Books:
        return self.town.books

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        for number in self.happens.pop(0) if self.happens else ():
            self.happen(number)
        return await self.inner.handle_async_request(request)

    def happen(self, number: int) -> None:
        every = list(self.books.invoices)
        chosen = every[number // 8 % len(every)]
        match number % 8:
            case 0 | 1:  # somebody comes: in this second, or after the run's end
                created = SOON + (number % 8)
                self.arrived += 1
                came = tuple(
                    replace(payment, id=f"new{self.arrived}-{payment.id}", received=created)
                    for payment in chosen.payments
                )
                self.put(replace(chosen, id=f"New{self.arrived}", created=created, payments=came))
            case 2:
                self.put(replace(chosen, archived=not chosen.archived))
            case 3 if not chosen.payments:
                paid = Payment(
                    id=f"paid{number}",
                    rail="BTC-LN",
                    amount_msat=number + 1,
                    received=SOON,
                    status="Settled",
                    destination="",
                )
                self.put(replace(chosen, status="Expired", additional="PaidLate", payments=(paid,)))
            case _ if chosen.payments:
                status, additional, paid_as = FATES[number % len(FATES)]
                payments = tuple(replace(payment, status=paid_as) for payment in chosen.payments)  # type: ignore[arg-type]
                self.put(replace(chosen, status=status, additional=additional, payments=payments))

    def put(self, invoice: Invoice) -> None:
        self.books.invoices.put(invoice)
        self.states[invoice.id].append(invoice)


def payments_of(records: Iterable[Record]) -> list[Entry]:
    return [entry for entry in records if isinstance(entry, Entry) and entry.kind == "payment"]


def told_by(records: Iterable[Record]) -> dict[str, tuple[str, str, int]]:
    return {entry.id: (entry.status, entry.reason, entry.amount_msat) for entry in payments_of(records)}


def shown_as(invoice: Invoice) -> dict[str, tuple[str, str, int]]:
    """Return what one state of an invoice means, written out here once more."""
    found = {}
    for payment in invoice.accounted:
        if payment.rail not in ("BTC-CHAIN", "BTC-LN", "BTC-LNURL"):
            continue
        status, reason = ("confirmed", "") if payment.status == "Settled" else ("pending", "")
        if (invoice.status, invoice.additional) == ("Invalid", "Marked"):
            status, reason = "excluded", "marked invalid"
        found[keyed_id(b"k" * 32, f"{payment.rail.removesuffix('URL')}\0{payment.id}")] = (
            status,
            reason,
            payment.amount_msat,
        )
    return found


HAPPENINGS = st.lists(st.lists(st.integers(0, 10**4), max_size=6), max_size=14)


@pytest.mark.slow
@pytest.mark.parametrize("version", [Version.CURRENT, Version.SINGLE])
@settings(
    max_examples=in_full(6, 60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.integers(1, 3),
    invoices=st.sampled_from([10, 70, 175]),
    happens=HAPPENINGS,
    page=st.integers(3, 40),
)
async def test_each_invoice_is_seen_once_in_a_state_it_had(
    version: Version, seed: int, invoices: int, happens: list[list[int]], page: int
) -> None:
    built = town_of(seed, invoices)
    town = replace(built, books=replace(built.books, invoices=Shelf(built.books.invoices)))
    busy = Busy(town=town, server=town.server(version=version), happens=[list(change) for change in happens])
    records, source = await collect(town, busy.server, privacy=RULES, transport=busy, page=page)
    seen = told_by(records)
    assert len(seen) == len(payments_of(records)), "none twice"
    for states in busy.states.values():
        possible = [shown_as(state) for state in states]
        shown = {name: seen.pop(name) for name in {n for ids in possible for n in ids} if name in seen}
        if states[0].created > SOON:
            assert shown == {}, "it came after the end of the run"
        elif states[0].created == SOON:  # it came while the run was reading that second
            assert shown in ({}, *possible)
        else:
            assert shown in possible
    assert seen == {}, "nothing that nobody paid"
    await a_quiet_run_later(town, busy.server, logged(Known(), records, source, NOW))


async def a_quiet_run_later(town: Town, server: Sandbox, known: Known) -> None:
    """Compare with everything: what is read again at once, what a month or more lies back with a full run."""
    for later, full in ((NOW + timedelta(hours=1), False), (NOW + timedelta(hours=2), True)):
        transport = httpx.ASGITransport(app=server.application())
        records, source = await collect(
            town, server, privacy=RULES, transport=transport, known=known, at=later, full=full
        )
        known = logged(known, records, source, later)
        expected: dict[str, tuple[str, str, int]] = {}
        for invoice in town.books.invoices:
            if full or invoice.created >= (NOW - timedelta(days=30)).timestamp():
                expected |= shown_as(invoice)
        found = told_by(known.of(Entry))
        assert expected.items() <= found.items()
    assert found == expected
    assert all(record.complete for record in known.of(Project))


@dataclass
class Turning(httpx.AsyncBaseTransport):
    """The sandbox's handler; one invoice changes its state just before its payments are told."""

    server: Sandbox
    after: list[Invoice]

    def __post_init__(self) -> None:
        self.inner = httpx.ASGITransport(app=self.server.application())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.after and request.url.path.endswith(f"/{self.after[0].id}/payment-methods"):
            self.server.books.invoices.put(self.after.pop(0))
        return await self.inner.handle_async_request(request)


@pytest.mark.parametrize("turns", [1, 2, 3])
async def test_an_older_servers_invoice_that_changes_while_it_is_asked_about_is_asked_again(
    turns: int,
) -> None:
    built = town_of(4, 100)
    town = replace(built, books=replace(built.books, invoices=Shelf(built.books.invoices)))
    paid = next(
        invoice for invoice in town.books.invoices if invoice.status == "Processing" and invoice.payments
    )
    settled = tuple(replace(payment, status="Settled") for payment in paid.payments)
    marked = replace(paid, status="Invalid", additional="Marked", payments=settled)
    after = [marked, replace(marked, status="Settled"), replace(marked, status="Settled", additional="None")]
    server = town.server(version=Version.SINGLE)
    transport = Turning(server=server, after=after[:turns])
    records, source = await collect(town, server, privacy=RULES, transport=transport)
    expected = shown_as(after[turns - 1])
    found = told_by(records)
    assert {name: found[name] for name in expected} == expected
    assert "restless_invoices" not in source.counts
