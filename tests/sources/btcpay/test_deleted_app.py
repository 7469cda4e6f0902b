"""Apps are deleted by a click (btcpayserver#4080): invoices, search terms and money stay."""

import pytest

from generator.errors import Invalid
from generator.snapshot import Finding, Known, Project
from tests.support.town import NOW, collect, logged, projects, read, world

pytestmark = pytest.mark.anyio


async def test_a_deleted_crowdfund_keeps_its_money_and_words_and_stops_nobody() -> None:
    with world(seed=7, invoices=120) as (town, _, server):
        records, source = await collect(town, server)
        known = logged(Known(), records, source, NOW)
        campaign = next(campaign for campaign in town.campaigns if campaign.app)
        assert campaign.app
        del server.books.crowdfunds[campaign.app.id]
        again, source = await collect(town, server, known=known, full=True)
    assert read(again, source.owners) == read(records, source)
    before, after = (
        {record.id: record for record in some if isinstance(record, Project)} for some in (records, again)
    )
    slug = campaign.slug
    assert (after[slug].title, after[slug].goal) == (before[slug].title, before[slug].goal)
    assert {name: after[name] for name in after if name != slug} == {
        name: before[name] for name in before if name != slug
    }
    [finding] = [record for record in again if isinstance(record, Finding) and record.check == "app-found"]
    assert (finding.place, finding.subject) == (slug, slug)


async def test_a_crowdfund_that_was_never_seen_is_a_wrong_id() -> None:
    with world(seed=7, invoices=20) as (town, _, server):
        server.books.crowdfunds.clear()
        with pytest.raises(Invalid, match="copy the id from the app's settings"):
            await collect(town, server, report=projects(town))
