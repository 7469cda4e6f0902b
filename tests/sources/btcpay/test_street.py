"""A server of many years, paid by every way of every version: each payment has the place it was paid at.

Where marks cannot tell it is unassigned, and its candidates have at least their sum; forgers change nothing.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import chain, combinations

import pytest

from generator.config import ProjectConfig
from generator.ledger import Entry, Kind, Status
from generator.places import btcpay_place
from generator.sandbox.btcpay import FORGERS, UNDECIDABLE, Deeds, Street, Town, Way, build_street
from generator.sandbox.btcpay.ways import WAYS
from generator.sandbox.store_truth import stores_of
from generator.snapshot import Attributed, Finding, Known, Project, Record, Result, Withdrawn, news
from generator.snapshot.gate import judge
from generator.sources.btcpay.attribution import Tie
from generator.sources.btcpay.place_records import MISSING
from generator.sources.btcpay.reading_plan import REBOUND
from generator.sources.btcpay.switch import BY_INVOICE
from tests.support.earlier_books import books_at
from tests.support.street_reading import bind, place, read
from tests.support.town import NOW, logged

pytestmark = pytest.mark.anyio
KINDS = ("crowdfund", "pos", "request")


def play(*, forgers: tuple[Way, ...] = ()) -> tuple[Town, Deeds]:
    """Build two stores; only what nothing on an invoice leads to is left out: a printed code of 1.4."""
    deeds = Deeds()
    ways = tuple(way for way in WAYS if way.row)
    street = Street(seed=5, now=int(NOW.timestamp()), stores=2, forgers=forgers, ways=ways)
    return build_street(street, deeds), deeds


def settled(records: Iterable[Record]) -> Counter[str]:
    sums = Counter[str]()
    for record in records:
        if isinstance(record, Entry) and (record.kind, record.status) == (Kind.PAYMENT, Status.CONFIRMED):
            sums[record.place] += record.amount_msat
    return sums


def true_sums(town: Town, deeds: Deeds, projects: Iterable[ProjectConfig]) -> Counter[str]:
    """Return where money truly belongs when only these projects' places are bound."""
    slugs = {project.slug for project in projects}
    names = {campaign.place.name for campaign in town.campaigns if campaign.slug in slugs}
    sums = Counter[str]()
    for store, truth in stores_of(deeds).items():
        for name, amount_msat in truth.bound(names).items():
            sums[place(store, name)] += amount_msat
    return sums


@pytest.mark.proof(3)
@pytest.mark.parametrize(
    "kinds", list(chain.from_iterable(combinations(KINDS, size) for size in range(1, 4)))
)
async def test_each_payment_has_the_place_it_was_paid_at(kinds: tuple[str, ...]) -> None:
    town, deeds = play(forgers=FORGERS)
    projects = bind(town, *kinds, old_till=True)
    records, stores = await read(town, projects)
    assert settled(records) == true_sums(town, deeds, projects)
    assert all(record.complete and not record.at_least for record in records if isinstance(record, Project))
    assert sum(stores.counts[name] for name in MISSING) == 0
    for store, truth in stores_of(deeds).items():
        own = [
            row for row in records if isinstance(row, Entry) and row.place.startswith(btcpay_place(store, ""))
        ]
        excluded = sum(row.amount_msat for row in own if row.status is Status.EXCLUDED)
        assert sum(settled(own).values()) + excluded == truth.settled


async def test_what_is_decided_is_recorded_by_month_and_adds_up() -> None:
    town, _ = play(forgers=FORGERS)
    records, _ = await read(town, bind(town, *KINDS))
    decided, rows = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for record in records:
        if isinstance(record, Attributed):
            decided[record.place, record.created_month] += record.amount_msat
        elif isinstance(record, Entry) and (record.kind, record.status) == (Kind.PAYMENT, Status.CONFIRMED):
            rows[record.place, record.created_month] += record.amount_msat
    assert decided == rows
    hows = {record.how for record in records if isinstance(record, Attributed)}
    assert hows == {tie.value for tie in Tie} - {Tie.RETURN_PAGE}
    for record in records:
        if isinstance(record, Project) and record.kind in KINDS:
            assert record.switch_by == BY_INVOICE
            assert record.switch_at


async def test_an_old_tills_sales_without_a_mark_are_doubtful_for_it_alone() -> None:
    town, deeds = play(forgers=FORGERS)
    projects = bind(town, *KINDS)
    records, stores = await read(town, projects)
    truth, found = true_sums(town, deeds, projects), settled(records)
    doubtful = {name: sum_ for name, sum_ in found.items() if name.endswith("/unassigned")}
    tills = {
        place(campaign.store, campaign.place.name): campaign
        for campaign in town.campaigns
        if campaign.kind == "pos"
    }
    for name, campaign in tills.items():
        assert truth[name] - found[name] == doubtful[btcpay_place(campaign.store, "unassigned")] > 0
    others = truth.keys() - tills
    assert {name: truth[name] for name in others} == {name: found[name] for name in others}
    bounded = {record.id for record in records if isinstance(record, Project) if record.at_least}
    assert bounded == set(tills)
    said = [row for row in records if isinstance(row, Finding) and row.check == "unassigned"]
    assert {row.place for row in said} == set(tills)
    assert all("may belong here" in row.reason for row in said)
    assert all(
        row.others == (row.others[0],)
        for row in records
        if isinstance(row, Attributed) and row.how == Tie.DOUBT
    )
    assert stores.counts["claimed_twice"] == 0


async def test_doubtful_money_bounds_a_bound_rest_too() -> None:
    town, deeds = play()
    projects = bind(town, "pos", "rest")
    records, _ = await read(town, projects)
    assert settled(records).total() == true_sums(town, deeds, projects).total()
    bounded = {record.kind for record in records if isinstance(record, Project) and record.at_least}
    assert bounded == {"pos", "store"}


async def test_forgers_move_nothing_and_bound_nothing_but_are_said() -> None:
    plain, _ = play()
    forged, _ = play(forgers=FORGERS)
    (before, _), (after, stores) = [await read(town, bind(town, *KINDS)) for town in (plain, forged)]
    assert len(FORGERS) >= 30
    bounds = [
        {row.kind for row in records if isinstance(row, Project) and row.at_least}
        for records in (before, after)
    ]
    assert bounds[0] == bounds[1] == {"pos"}
    named = [row for row in after if isinstance(row, Finding) and row.check == "named-in-text"]
    assert {stores.owners.slug(row.place).partition("-")[0] for row in named} == set(KINDS)
    for row in named:
        assert "named this goal in text a payer can write" in row.reason
        assert row.result is Result.OK
    assert not [row for row in before if isinstance(row, Finding) and row.check == "named-in-text"]


async def test_who_cannot_be_seen_through_still_pays_one_place() -> None:
    town, deeds = play(forgers=UNDECIDABLE)
    projects = bind(town, *KINDS, old_till=True)
    records, _ = await read(town, projects)
    assert settled(records).total() == true_sums(town, deeds, projects).total()


@pytest.mark.slow
async def test_a_log_grown_over_years_is_what_one_reading_says() -> None:
    town, _ = play(forgers=FORGERS)
    projects = bind(town, *KINDS)
    known = Known()
    for days in (700, 693, 300, 5, 0):
        at = NOW - timedelta(days=days)
        then = replace(town, books=books_at(town.books, int(at.timestamp())) if days else town.books)
        records, stores = await read(then, projects, known=known, at=at)
        known = logged(known, records, stores, at)
    anew, _ = await read(town, projects, full=True)
    for kind in (Entry, Attributed):
        assert sorted(known.of(kind), key=lambda row: row.id) == sorted(
            (row for row in anew if isinstance(row, kind)), key=lambda row: row.id
        )
    assert not [row for row in known.of(Finding) if row.check == "attribution-moved"]


async def test_what_is_bound_otherwise_moves_with_its_reason() -> None:
    town, deeds = play()
    few, many = bind(town, "crowdfund"), bind(town, "crowdfund", "request")
    first, stores = await read(town, few)
    known = logged(Known(), first, stores, NOW)
    for projects in (many, few):
        at = NOW + timedelta(hours=len(known.runs))
        records, stores = await read(town, projects, known=known, at=at)
        gone = [row for row in records if isinstance(row, Withdrawn)]
        assert gone
        assert {row.reason for row in gone} == {REBOUND}
        for source in stores.sources:
            own = [row for row in news(known, records) if row.source == source.name]
            assert not judge(known, own, source=source.name).refused
        known = logged(known, records, stores, at)
        assert settled(known.of(Entry)) == true_sums(town, deeds, projects)
        assert not [row for row in known.of(Finding) if row.check == "attribution-moved"]


async def test_money_that_moves_without_a_reason_is_said() -> None:
    town, _ = play()
    projects = bind(town, "crowdfund")
    first, stores = await read(town, projects)
    known = logged(Known(), first, stores, NOW)
    app = next(campaign.app for campaign in town.campaigns if campaign.app)
    lost = next(
        paid for paid in town.books.invoices if paid.order_page == app.page and paid.status == "Settled"
    )
    town.books.invoices.put(replace(lost, order_page="https://shop.example.org/"))
    records, stores = await read(town, projects, known=known, at=NOW + timedelta(hours=1), full=True)
    [said] = [row for row in records if isinstance(row, Finding) and row.check == "attribution-moved"]
    assert said.place == place(app.store, f"crowdfund:{app.id}")
    assert "no setting changed" in said.reason
