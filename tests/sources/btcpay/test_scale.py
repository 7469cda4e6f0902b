"""Thousands of invoices in every state, by each way of reading: what is read is what people say they did.

The real handler of the sandbox answers, in process: there is no socket to wait for.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs

import httpx
import pytest

from generator.ledger import Declaration, Entry
from generator.sandbox.btcpay import BTCPayServer as Sandbox
from generator.sandbox.btcpay import Deeds, Town, Version, build_town
from generator.snapshot import Known, Project, Record
from generator.sources.btcpay.greenfield.page_size import USUAL
from tests.support.earlier_books import books_at
from tests.support.proving import in_full
from tests.support.town import NOW, collect, entries_of, logged, read, told

pytestmark = [pytest.mark.anyio, pytest.mark.proof]
INVOICES = in_full(2_000, 20_000)


def play(seed: int, invoices: int) -> tuple[Town, Deeds]:
    deeds = Deeds()
    return build_town(seed, invoices=invoices, now=int(NOW.timestamp()), deeds=deeds), deeds


def near(server: Sandbox) -> httpx.ASGITransport:
    return httpx.ASGITransport(app=server.application())


async def test_bulk_mode_equals_the_truth_and_asks_no_more_than_it_must() -> None:
    town, deeds = play(2001, INVOICES)
    server = town.server()
    records, source = await collect(town, server, transport=near(server))
    found = read(records, source.owners)
    assert found == told(deeds)
    states = {(invoice.status, invoice.additional) for invoice in town.books.invoices}
    print(f"{INVOICES} invoices in {len(states)} states: {len(found)} sums by project, kind, status and day")
    assert len(states) >= 12
    assert all(record.complete for record in records if isinstance(record, Project))
    for store in town.stores:
        asked = [request for request in server.log if f"/stores/{store}/" in request.path]
        listed = Counter(parse_qs(request.query).get("textSearch", [""])[0] for request in asked)
        allowed = 10
        for term in listed:  # each place's own, and the store whole
            own = [
                invoice
                for invoice in town.books.invoices
                if invoice.store == store and (not term or term in invoice.terms)
            ]
            allowed += len(own) // USUAL + 1
        print(f"store {store[:6]}: {len(asked)} requests, allowed {allowed}")
        assert 0 < len(asked) <= allowed


@pytest.mark.slow
async def test_an_older_server_equals_the_truth() -> None:
    town, deeds = play(2002, INVOICES)
    server = town.server(version=Version.SINGLE)
    records, source = await collect(town, server, transport=near(server))
    assert read(records, source.owners) == told(deeds)
    assert source.counts["asked_singly"] > INVOICES / 2


@pytest.mark.slow
async def test_a_log_grown_by_incremental_runs_equals_the_truth() -> None:
    town, deeds = play(2003, INVOICES)
    known, modes, final = Known(), [], []
    for days in (8, 5, 1, 0):
        at = NOW - timedelta(days=days)
        then = replace(town, books=books_at(town.books, int(at.timestamp())) if days else town.books)
        server = then.server()
        final, source = await collect(then, server, known=known, at=at, transport=near(server))
        modes.append(source.sources[0].tally.reads["full_at"] == f"{at:%Y-%m-%dT%H:%M:%SZ}")
        known = logged(known, final, source, at)
    assert modes == [True, False, True, False]
    assert read(known.of(Entry), source.owners) == told(deeds)
    server = town.server()
    anew, _ = await collect(town, server, full=True, transport=near(server))
    assert sorted(known.of(Entry), key=lambda entry: entry.id) == entries_of_sorted(anew)
    assert sorted(known.of(Declaration), key=lambda record: record.id) == sorted(
        (record for record in anew if isinstance(record, Declaration)), key=lambda record: record.id
    )
    print(f"{len(known.of(Entry))} rows after {len(modes)} runs, {sum(modes)} of them complete")


def entries_of_sorted(records: list[Record]) -> list[Entry]:
    return sorted(entries_of(records), key=lambda entry: entry.id)
