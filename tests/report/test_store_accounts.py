"""What a store received is the sum of its places and of what is excluded; what is doubtful is said."""

import msgspec
import pytest

from generator.ledger import Status
from generator.pages.page import Content
from generator.pages.sources_page import pages
from generator.places import REST, UNASSIGNED, btcpay_place, part_of_store, store_source
from generator.report import Report
from generator.report.figures.bounds import Bound
from generator.report.store_account import StoreAccount
from generator.report.trace.explain import explain
from generator.report.unassigned_money import unassigned_lines
from generator.snapshot import Attributed, Finding, Project, Result
from generator.wording import plain
from tests.support.village import Village

SHOP = store_source("S1")
APP = btcpay_place("S1", part_of_store("crowdfund", "A1"))
DOUBT = btcpay_place("S1", UNASSIGNED)


@pytest.fixture
def village() -> Village:
    """Return a store with an app's money, its rest, doubtful money, and an invoice marked invalid."""
    found = Village()
    found.run("2025-01-10")
    found.says("well", SHOP, kind="crowdfund")
    found.says("bread", SHOP)
    found.entry("well", "payment", 5, "2025-01-07")
    found.entry("bread", "payment", 11, "2025-01-08", count=2)
    doubtful = found.entry("bread", "payment", 17, "2025-01-08")
    found.records[-1] = msgspec.structs.replace(doubtful, place=DOUBT)
    found.entry("bread", "payment", 23, "2025-01-08", status="excluded", reason="marked invalid")
    found.entry("bread", "payment", 31, "2025-01-09", status="pending")
    return found


def account_of(report: Report) -> StoreAccount:
    [account] = report.stores
    return account


def test_a_store_is_the_sum_of_its_places_and_of_what_is_excluded(village: Village) -> None:
    account = account_of(village.report())
    amounts = {share.place: share.amount.value for share in account.shares}
    assert amounts == {APP: 5000, btcpay_place("S1", REST): 11_000, DOUBT: 17_000}
    assert [share.count.value for share in account.shares] == [1, 2, 1]
    assert [share.slug for share in account.shares] == ["well", "bread", ""]
    assert account.excluded.value == 23_000
    assert account.settled.value == sum(amounts.values()) + 23_000
    assert {figure.bound for figure in account.figures} == {Bound.EXACT}


def test_rows_of_no_project_are_found_from_their_figure(village: Village) -> None:
    report = village.report()
    doubtful = account_of(report).shares[-1].amount
    assert [entry.place for entry in account_of(report).entries] == [DOUBT]
    text = explain(report, doubtful)
    assert "1 row, 17 sat" in text
    settled = explain(report, account_of(report).settled)
    assert "status=" not in settled
    assert "2 rows" not in settled
    assert "1 row, 5 sat" in settled
    assert "1 row, 23 sat" in settled


@pytest.mark.parametrize(
    ("record", "bound"),
    [
        (None, Bound.UNKNOWN),
        ({"unread": ("payments",)}, Bound.UNKNOWN),
        ({"complete": False}, Bound.AT_LEAST),
        ({}, Bound.EXACT),
    ],
)
def test_what_was_not_read_of_a_store_bounds_it(
    village: Village, record: dict[str, object] | None, bound: Bound
) -> None:
    village.records = [row for row in village.records if not isinstance(row, Project)]
    if record is not None:
        village.says("bread", SHOP, **record)
    account = account_of(village.report())
    assert {figure.bound for figure in account.figures if figure is not account.paid_out} == {bound}
    assert (account.settled.value is None) == (bound is Bound.UNKNOWN)


def test_doubtful_money_is_said_until_it_is_accepted(village: Village) -> None:
    [line] = unassigned_lines(village.report().stores)
    assert f"place: '{DOUBT}'" in line
    assert "17 sat in 1 payment may belong to one of its projects, or to none" in line
    village.settings["accepted"] = [{"place": DOUBT, "reason": "gifts of the first year"}]
    account = account_of(village.report())
    assert list(unassigned_lines([account])) == []
    assert account.shares[-1].accepted == "gifts of the first year"


def test_pages_name_what_doubtful_money_may_belong_to_and_why_that_is_accepted(village: Village) -> None:
    rest = btcpay_place("S1", REST)
    village.says("bread", SHOP, at_least=("payments",))
    tied = Attributed(
        id="a", source=SHOP, place=DOUBT, created_month="2025-01", count=1, amount_msat=17_000,
        how="may belong", others=(APP, rest),
    )  # fmt: skip
    village.records += [
        tied,
        *(
            Finding(
                id=place,
                source=SHOP,
                place=place,
                check="unassigned",
                result=Result.NOT_CHECKED,
                reason="x y",
            )
            for place in (APP, rest)
        ),
    ]
    village.settings["accepted"] = [{"place": DOUBT, "reason": "gifts of the first year"}]
    report = village.report()
    doubtful = account_of(report).shares[-1]
    assert set(doubtful.candidates) == {APP, rest}
    assert doubtful.amount.bound is Bound.EXACT
    bread = report.projects[1]
    assert bread.figures["raised"].bound is Bound.AT_LEAST
    [reason] = [plain(note.text) for note in bread.notes if note.id.startswith("accepted/")]
    assert reason.endswith(": gifts of the first year.")
    [page] = [
        page for page in pages(report, Content(templates={}, pages={})) if page.template == "store.html"
    ]
    [(reason, places)] = page.values["noticed"]
    assert plain(reason) == "X y."
    assert places == tuple(page.values["words"][place] for place in (APP, rest))


def test_a_store_without_doubtful_money_says_nothing(village: Village) -> None:
    village.records = [row for row in village.records if getattr(row, "place", "") != DOUBT]
    assert list(unassigned_lines(village.report().stores)) == []
    assert Status.PENDING in {row.status for row in village.report().projects[1].entries}


def test_payouts_stand_on_their_store_and_are_never_zero_while_unread(village: Village) -> None:
    wages = village.entry("bread", "payout", 3, "2025-01-09")
    village.records[-1] = msgspec.structs.replace(wages, place=DOUBT, source=SHOP, purpose="wages")
    paid_out = account_of(village.report()).paid_out
    assert (paid_out.value, paid_out.bound) == (3000, Bound.EXACT)
    assert "1 row, 3 sat" in explain(village.report(), paid_out)
    assert all(project.figures["paid_out"].value == 0 for project in village.report().projects)
    village.records[-1] = msgspec.structs.replace(village.records[-1], place=btcpay_place("S1", REST))
    bread = village.report().projects[1].figures
    assert (bread["paid_out"].value, bread["with_founder"].value) == (3000, 11_000)
    rest = next(at for at, record in enumerate(village.records) if record.key == ("project", SHOP, "bread"))
    village.records[rest] = msgspec.structs.replace(village.records[rest], unread=("refunds",))
    paid_out = account_of(village.report()).paid_out
    assert (paid_out.value, paid_out.bound) == (None, Bound.UNKNOWN)
