"""Apps are deleted by a click (btcpayserver#4080): invoices, search terms and money stay."""

import pytest

from generator.places import btcpay_place, part_of_store
from generator.snapshot import Finding, Known, Project
from generator.snapshot.records import APP
from tests.support.town import NOW, collect, entries_of, logged, projects, read, world

pytestmark = pytest.mark.anyio


async def test_a_deleted_crowdfund_keeps_its_money_and_words_and_stops_nobody() -> None:
    with world(seed=7, invoices=120) as (town, _, server):
        records, source = await collect(town, server)
        known = logged(Known(), records, source, NOW)
        campaign = next(campaign for campaign in town.campaigns if campaign.app)
        assert campaign.app
        del server.books.crowdfunds[campaign.app.id]
        again, source = await collect(town, server, known=known, full=True)
    assert read(again, source.owners) == read(records, source.owners)
    before, after = (
        {record.id: record for record in some if isinstance(record, Project)} for some in (records, again)
    )
    place = btcpay_place(campaign.store, part_of_store("crowdfund", campaign.app.id))
    assert (after[place].title, after[place].goal) == (before[place].title, before[place].goal)
    assert {name: after[name] for name in after if name != place} == {
        name: before[name] for name in before if name != place
    }
    [finding] = [record for record in again if isinstance(record, Finding) and record.check == "app-found"]
    assert (finding.place, finding.subject) == (place, place)


async def test_a_crowdfund_that_was_never_seen_is_a_wrong_id() -> None:
    with world(seed=7, invoices=20) as (town, _, server):
        server.books.crowdfunds.clear()
        records, _ = await collect(town, server, report=projects(town))
    said = {
        record.place: record
        for record in records
        if isinstance(record, Finding) and record.check in ("app-found", "app-known")
    }
    apps = [app for app in records if isinstance(app, Project) and app.kind == "crowdfund"]
    assert {said[app.id].check for app in apps} == {"app-found", "app-known"}
    for app in apps:
        assert (APP in app.unread) == (said[app.id].check == "app-known")
        assert (said[app.id].check == "app-known") == (app.id not in {e.place for e in entries_of(records)})
        assert APP not in app.unread or "copy the id from the app's settings" in said[app.id].reason
