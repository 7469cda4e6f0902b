"""Several servers in one report; and a total that falls is kept out until the maintainer says why."""

from datetime import timedelta

import pytest

from generator import report
from generator.config import Config, parse
from generator.places import REST, btcpay_place, store_source
from generator.sandbox.btcpay import Deeds, Town
from generator.sandbox.btcpay.books import Shelf
from generator.sandbox.btcpay.model import Invoice
from generator.snapshot import Finding, Known, Outcome
from generator.snapshot.batch import Batch
from generator.snapshot.fold import fold
from generator.snapshot.lines import Line
from generator.snapshot.run_record import Run
from generator.sources.collect import Collected, RunRequest, collect
from generator.sources.from_config import open_sources
from tests.support.town import NOW, world

pytestmark = pytest.mark.anyio


def config_of(*servers: tuple[str, str, Town]) -> Config:
    """Return a report of the whole first store of each server: (id, address, town)."""
    listed = "".join(
        f"\n    - {{id: {name}, url: '{url}', token_env: {name.upper()}, stores: [{town.stores[0]}]}}"
        for name, url, town in servers
    )
    projects = "".join(
        f"\n  - {{slug: shop-{name}, btcpay: {{source: {name}, store: {town.stores[0]}}}}}"
        for name, _, town in servers
    )
    head = "version: 1\nsite: {title: Shops}\nnetwork: main\nsources:\n"
    return parse(f"{head}  btcpay:{listed}\nprojects:{projects}\n")


async def run(config: Config, secrets: dict[str, str], known: Known, **wish: object) -> Collected:
    async with open_sources(config, secrets) as sources:
        asked = {"run": "20260317T120000Z-00000000", "at": NOW, "network": "main"} | wish
        return await collect(sources.first, known, RunRequest(**asked))  # type: ignore[arg-type]


def appended(batch: Batch, known: Known | None = None) -> Known:
    ended = Run(
        id=batch.run, source="runs", at=batch.at, asked=batch.asked, network="main", snapshot=batch.run
    )
    before = (
        [Line(run=known.seen[key], record=record) for key, record in known.records.items()] if known else []
    )
    runs = [Line(run=run.id, record=run) for run in (known.runs if known else ())]
    return fold([*before, *runs, *(Line(run=batch.run, record=record) for record in (*batch.records, ended))])


def paid(deeds: Deeds, slug: str) -> int:
    return sum(
        deed.amount_msat
        for deed in deeds
        if (deed.project, deed.kind, deed.standing) == (slug, "paid", "confirmed")
    )


async def test_each_server_gets_its_own_key_and_one_that_is_down_stops_no_other() -> None:
    with world(51, 92) as (one, first, here), world(52, 92) as (two, second, there):
        config = config_of(("here", here.url, one), ("there", there.url, two))
        secrets = {"HERE": one.reader.text, "THERE": two.reader.text}
        known = appended((await run(config, secrets, Known())).batch)
        built = report.build(known, config, demo=False)
        raised = {project.slug: project.figures["raised"].value for project in built.projects}
        assert raised == {"shop-here": paid(first, "harbour"), "shop-there": paid(second, "harbour")}
        assert built.figures["raised"].value == sum(paid(deeds, "harbour") for deeds in (first, second))
        crossed = await run(config, secrets | {"THERE": one.reader.text}, known)
    outcomes = {asked.source: asked for asked in crossed.batch.asked}
    assert outcomes[store_source(one.stores[0])].outcome is Outcome.OK
    assert outcomes[store_source(two.stores[0])].outcome is Outcome.UNAVAILABLE
    assert "does not accept the API key in THERE (401)" in outcomes[store_source(two.stores[0])].message
    assert {asked.status for asked in here.log} == {200}


async def test_money_that_vanished_is_kept_out_until_a_reason_is_given_and_published() -> None:
    with world(53, 92) as (town, _, server):
        config, secrets = config_of(("pay", server.url, town)), {"PAY": town.reader.text}
        known = appended((await run(config, secrets, Known())).batch)
        before = report.build(known, config, demo=False).projects[0].figures["raised"].value
        lost = largest(town)
        town.books.invoices = Shelf(invoice for invoice in town.books.invoices if invoice.id != lost.id)
        later = {"run": "20260318T120000Z-00000000", "at": NOW + timedelta(days=1), "full": True}
        refused = await run(config, secrets, known, **later)
        [asked] = refused.batch.asked
        name = f"{store_source(town.stores[0])}/received/{btcpay_place(town.stores[0], REST)}"
        assert asked.outcome is Outcome.REFUSED
        assert f"--accept-drop {name} --reason" in asked.message
        assert refused.refused[0].records
        assert not refused.batch.records, "the last good numbers stand"
        accepted = await run(
            config, secrets, known, **later, accept={name: "deleted from the database by mistake"}
        )
    [finding] = [
        record
        for record in accepted.batch.records
        if isinstance(record, Finding) and record.check == "accepted-drop"
    ]
    assert finding.reason.endswith("accepted by the maintainer: deleted from the database by mistake")
    built = report.build(appended(accepted.batch, known), config, demo=False)
    after = built.projects[0].figures["raised"].value
    assert isinstance(before, int)
    assert after == before - sum(payment.amount_msat for payment in lost.payments)
    assert any("accepted-drop" in note.id for note in built.projects[0].notes)


def largest(town: Town) -> Invoice:
    """Return the largest paid invoice of the whole store, archived or not."""
    found = [
        invoice
        for invoice in town.books.invoices
        if (invoice.store, invoice.status, invoice.additional) == (town.stores[0], "Settled", "None")
        and invoice.payments == invoice.accounted
        and all(payment.rail in ("BTC-CHAIN", "BTC-LN", "BTC-LNURL") for payment in invoice.payments)
    ]
    return max(found, key=lambda invoice: sum(payment.amount_msat for payment in invoice.payments))
