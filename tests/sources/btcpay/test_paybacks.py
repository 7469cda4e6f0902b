"""Money out of a street, by every story that its owners know, against what they say they did."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from generator.ledger import Entry, Kind, Status
from generator.places import UNASSIGNED, btcpay_place
from generator.sandbox.btcpay import PAYBACKS, Deeds, Street, build_street
from generator.sandbox.store_truth import stores_of
from generator.snapshot import Finding, Known, Project, Record
from tests.support.street_reading import bind, place, read
from tests.support.town import NOW, logged

pytestmark = pytest.mark.anyio
LINKED = tuple(story for story in PAYBACKS if story.row in ("L2", "L3"))


def sums(records: Iterable[Record], kind: Kind) -> Counter[str]:
    found = Counter[str]()
    for record in records:
        if isinstance(record, Entry) and (record.kind, record.status) == (kind, Status.CONFIRMED):
            found[record.place] += record.amount_msat
    return found


def open_places(records: Iterable[Record]) -> set[str]:
    """Return the places whose refunds may be more."""
    return {record.id for record in records if isinstance(record, Project) and "refunds" in record.at_least}


async def test_every_story_is_exact_or_says_that_it_may_be_more() -> None:
    deeds = Deeds()
    town = build_street(Street(seed=9, now=int(NOW.timestamp()), paybacks=PAYBACKS), deeds)
    records, stores = await read(town, bind(town, "crowdfund"))
    [(store, truth)] = stores_of((*deeds, *deeds.others)).items()
    true = Counter({place(store, name): amount for name, amount in truth.refunded.items()})
    refunded, sent = sums(records, Kind.REFUND), sums(records, Kind.PAYOUT)
    assert refunded <= true
    assert set(true) <= open_places(records)
    assert set(sent) == {
        next(record.place for record in records if isinstance(record, Entry) and record.kind is Kind.PAYOUT)
    }
    assert stores.counts["ambiguous_refunds"] == 1
    checks = {record.check for record in records if isinstance(record, Finding)}
    assert checks >= {
        *("refunds-hidden", "payouts-unexplained", "refunds-promised"),
        *("refunds-by-order", "refunds-unproven"),
    }
    completed = sum(
        p.amount_msat or 0 for p in town.books.payouts if p.state == "Completed" and (p.amount_msat or 0) > 0
    )
    hidden = {pull.id for pull in town.books.pulls if pull.archived}
    unseen = sum(p.amount_msat or 0 for p in town.books.payouts if p.pull in hidden)
    assert refunded.total() + sent.total() == completed - unseen


async def test_what_can_be_tied_is_exact_and_stays_when_it_is_archived() -> None:
    deeds = Deeds()
    stories = tuple(
        story for story in LINKED if not story.archived and story.state == "Completed" and story.percent
    )
    town = build_street(Street(seed=9, now=int(NOW.timestamp()), paybacks=stories), deeds)
    projects = bind(town, "crowdfund", "pos", "request")
    records, stores = await read(town, projects)
    [(store, truth)] = stores_of((*deeds, *deeds.others)).items()
    true = Counter({place(store, name): amount for name, amount in truth.refunded.items()})
    assert (sums(records, Kind.REFUND), open_places(records)) == (true, set())
    assert not sums(records, Kind.PAYOUT)
    known = logged(Known(), records, stores, NOW)
    town.books.pulls[:] = [replace(pull, archived=True) for pull in town.books.pulls]
    for days in (1, 8):
        later = NOW + timedelta(days=days)
        records, stores = await read(town, projects, known=known, at=later)
        known = logged(known, records, stores, later)
        assert (sums(records, Kind.REFUND), open_places(records)) == (true, set())
    assert btcpay_place(store, UNASSIGNED) not in sums(records, Kind.PAYOUT)
