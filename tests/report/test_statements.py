"""Statements: each month balances, each opens with what the one before closed with, and the last is net."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.config import PrivacyConfig
from generator.ledger import Kind, Status
from generator.report import Figure
from generator.report.files.figure_series import FigureSeries
from generator.report.files.figures_json import FigureRow, decode_figures
from generator.report.statements.statement import Statement
from generator.snapshot import Rate
from generator.sources.btcpay.movement import Movement, Stratum, month_of
from generator.sources.btcpay.privacy import KeyedIds, PrivacyFilter
from tests.support.any_money import MONEY, as_int, report_of
from tests.support.published import figure_files
from tests.support.village import SHOP, Village, explained, moment


def amounts(statements: Sequence[Statement]) -> dict[str, tuple[int, ...]]:
    """Return opening, received, returned and closing in satoshis, by month; nothing may be unknown."""
    return {
        statement.month: tuple(int(figure.value or 0) // 1000 for figure in statement.figures[:4])
        for statement in statements
    }


def assert_balanced(statements: Sequence[Statement], figures: Mapping[str, Figure]) -> None:
    """Assert the equation of each month, the chain, and the sums of all months."""
    balance = 0
    for statement in statements:
        opening, received, returned, closing = (int(part.value or 0) for part in statement.figures[:4])
        assert (opening, closing) == (balance, opening + received - returned)
        balance = closing
    assert balance == figures["net"].value
    assert sum(int(statement.received.value or 0) for statement in statements) == figures["raised"].value
    assert sum(int(statement.returned.value or 0) for statement in statements) == figures["returned"].value
    assert all(before.month < after.month for before, after in pairwise(statements))


def test_every_month_of_a_village_balances(full: Village) -> None:
    report = full.report()
    for found in (*report.projects, report):
        assert_balanced(found.statements, found.figures)
        assert all(found.figures[part.name] == part for month in found.statements for part in month.figures)
    assert report.figures["closing@2025-03"] == report.statements[-1].closing


def test_a_month_without_movement_has_none_and_the_next_goes_on(village: Village) -> None:
    village.says("bread", SHOP)
    village.entry("bread", "payment", 5, "2024-12-31T23:59")
    village.entry("bread", "payment", 7, "2025-03-01T00:00")
    village.entry("bread", "payment", 9, "2025-02-01", status=Status.PENDING)
    village.run("2025-03-02")
    bread = village.report().projects[1]
    assert amounts(bread.statements) == {"2024-12": (0, 5, 0, 5), "2025-03": (5, 7, 0, 12)}


def test_payouts_stand_below_and_close_nothing(full: Village) -> None:
    full.entry("well", "payout", 2, "2025-03-31", source=SHOP)
    full.entry("well", "payout", 5, "2025-06-01", source=SHOP)
    report = full.report()
    for statements in (report.projects[0].statements, report.statements):
        paid = {statement.month: statement.paid_out.value for statement in statements if statement.paid_out}
        assert paid == {"2025-03": 2000, "2025-06": 5000}
        assert statements[-1].opening.value == statements[-1].closing.value == statements[-2].closing.value
    assert_balanced(report.statements, report.figures)


def test_what_was_not_read_bounds_every_month(village: Village) -> None:
    village.says("bread", SHOP, at_least=("payments",))
    village.entry("bread", "payment", 5, "2025-01-07")
    village.entry("bread", "refund", 2, "2025-02-07")
    village.run("2025-02-08", shop="ok")
    report = village.report()
    of_bread, of_all = report.projects[1].statements[-1], report.statements[-1]
    bounds = [(figure.value, str(figure.bound)) for figure in of_bread.figures]
    assert bounds == [(5000, "at_least"), (0, "at_least"), (2000, "exact"), (3000, "at_least")]
    bounds = [(figure.value, str(figure.bound)) for figure in of_all.figures[:4]]  # the well was never read
    assert bounds == [(None, "unknown"), (0, "at_least"), (2000, "at_least"), (None, "unknown")]


def test_what_is_unknown_is_never_zero(village: Village) -> None:
    village.says("bread", SHOP, unread=("refunds",))
    village.entry("bread", "payment", 5, "2025-01-07")
    village.run("2025-02-08", shop="ok")
    [month] = village.report().projects[1].statements
    assert [figure.value for figure in month.figures] == [None, 5000, None, None]


def test_a_claim_leaves_one_account_and_enters_another(full: Village) -> None:
    report = full.report()
    for month in report.statements:
        *parts, whole = ([int(figure.value or 0) for figure in line.figures] for line in month.accounts)
        assert whole == [sum(column) for column in zip(*parts, strict=True)]
        assert all(opening + came - went == closing for opening, came, went, closing in parts)
        assert sum(opening for opening, *_ in parts) == month.opening.value
        assert sum(closing for *_, closing in parts) == month.closing.value
        moved = sum(came - went for _, came, went, _ in parts)
        assert moved == as_int(month.received.value) - as_int(month.returned.value)
    last = {line.account: line.closing.value for line in report.statements[-1].accounts[:-1]}
    assert last == {name: report.figures[name].value for name in last}
    assert sum(as_int(line.came.value) for month in report.statements for line in month.accounts) > as_int(
        report.figures["raised"].value
    )


def test_a_month_with_nothing_but_a_claim_has_a_statement(village: Village) -> None:
    village.says("well", "angor")
    village.says("well", SHOP)
    village.entry("well", "investment", 5, "2025-01-07", party="02" + "a" * 64)
    village.entry("well", "claim", 5, "2025-02-07")
    village.run("2025-02-08")
    [of_well, _] = village.report().projects
    assert amounts(of_well.statements) == {"2025-01": (0, 5, 0, 5), "2025-02": (5, 0, 0, 5)}


def test_what_came_in_has_its_worth_at_receipt(village: Village) -> None:
    village.says("bread", SHOP)
    village.settings["units"] = {"fiat": ["EUR"]}
    village.entry("bread", "payment", 100_000_000, "2025-01-07")
    village.entry("bread", "payment", 50_000_000, "2025-01-08")
    village.entry("bread", "payment", 50_000_000, "2025-02-08")
    for day, price in (("2025-01-07", "90000"), ("2025-01-08", "80000")):
        village.records.append(
            Rate(id=f"EUR/{day}", source="rates", currency="EUR", day=day, price=Decimal(price))
        )
    village.run("2025-02-08", shop="ok")
    report = village.report()
    for statements in (report.projects[1].statements, report.statements):
        worths = [(str(worth.bound), worth.value) for month in statements for worth in month.worths]
        known, unrated = worths
        assert known[1] == "130000"
        assert unrated == ("unknown", None)
    assert report.projects[1].statements[0].worths[0].bound == "exact"


def test_explain_leads_from_a_closing_to_its_rows(full: Village) -> None:
    text = explained(full.report(), "well/closing@2025-02")
    for line in (
        "well/opening@2025-02 = 382 sat",
        "entries:payment:confirmed:until=2025-01-31: 1 row, 256 sat",
        "entries:refund:confirmed:until=2025-01-31: 0 rows, 0 sat",
        "entries:refund:confirmed:month=2025-02: 1 row, 2\u202f048 sat",
        "entries:investment:confirmed:month=2025-02: 0 rows, 0 sat",
    ):
        assert line in text, text


@settings(max_examples=60, deadline=None)
@given(money=MONEY)
def test_every_statement_balances(fresh: Callable[[], Village], money: list[tuple[object, ...]]) -> None:
    village = fresh()
    for slug, source in (("well", "angor"), ("well", SHOP), ("bread", SHOP)):
        village.says(slug, source)
    village.run("2025-04-10")
    report = report_of(village, money)
    together: Counter[tuple[str, str]] = Counter()
    for project in report.projects:
        assert_balanced(project.statements, project.figures)
        for statement in project.statements:
            together[statement.month, "received"] += as_int(statement.received.value)
            together[statement.month, "returned"] += as_int(statement.returned.value)
    assert_balanced(report.statements, report.figures)
    for statement in report.statements:
        assert together.pop((statement.month, "received")) == statement.received.value
        assert together.pop((statement.month, "returned")) == statement.returned.value
    assert not together


@st.composite
def paid(draw: st.DrawFn) -> Movement:
    """Draw a payment or refund whose invoice is of its own month, or of one before."""
    at = moment("2025-01-01") + timedelta(hours=draw(st.integers(0, 24 * 100)))
    refund = draw(st.booleans())
    created = at if refund else at - timedelta(hours=draw(st.integers(0, 24 * 20)))
    kind = Kind.REFUND if refund else Kind.PAYMENT
    return Movement(
        stratum=Stratum(f"{SHOP}/rest".replace("-", ":", 1), kind, month_of(created), Status.CONFIRMED),
        private_id=f"rail\0{draw(st.integers(0, 10**9))}",
        rail=draw(st.sampled_from(["BTC-CHAIN", "BTC-LN"])),
        group="" if refund else draw(st.sampled_from(["on_time", "late"])),
        amount_msat=draw(st.integers(1, 10**10)),
        at=at,
    )


RULES = st.builds(
    PrivacyConfig,
    rows=st.sampled_from(["day", "payment"]),
    min_group=st.integers(1, 9),
    round_to_sats=st.sampled_from([0, 1, 1000, 10**6]),
)


@settings(max_examples=60, deadline=None)
@given(movements=st.lists(paid(), max_size=30, unique_by=lambda movement: movement.private_id), rules=RULES)
def test_no_privacy_setting_moves_money_to_another_month(
    fresh: Callable[[], Village], movements: list[Movement], rules: PrivacyConfig
) -> None:
    way_out = PrivacyFilter(
        source=SHOP, privacy=rules, at=moment("2025-06-01"), ids=KeyedIds(key=bytes(range(32)))
    )
    truth: Counter[tuple[str, Kind]] = Counter()
    for movement in movements:
        way_out.take(movement)
        truth[month_of(movement.at), movement.stratum.kind] += movement.amount_msat
    village = fresh()
    village.says("bread", SHOP)
    village.records += way_out.entries()
    village.run("2025-06-01")
    bread = village.report().projects[1]
    assert_balanced(bread.statements, bread.figures)
    assert len(bread.statements) == len({month for month, _ in truth})
    for statement in bread.statements:
        assert statement.received.value == truth[statement.month, Kind.PAYMENT]
        assert statement.returned.value == truth[statement.month, Kind.REFUND]


@pytest.mark.slow
def test_statements_of_many_projects_grow_with_their_rows_alone(fresh: Callable[[], Village]) -> None:
    """Twice the projects are at most twice the bytes, of which statements are a small part."""
    few, many = (statement_bytes(fresh(), number) for number in (200, 400))
    print(f"statements of 200 and 400 projects: {few} and {many} bytes")
    assert many[0] <= 2 * few[0]
    assert many[0] * 4 < many[1]


def statement_bytes(village: Village, projects: int) -> tuple[int, int]:
    """Return the bytes of statements and of all figures, of discovered projects with two months each."""
    village.settings |= {"angor": {"discover": "all"}, "projects": []}
    for number in range(projects):
        slug = f"angor1q{number:038d}"
        village.says(slug, "angor", identifier=slug, network="regtest")
        for month in (number % 7 + 1, number % 7 + 5):
            village.entry(slug, "investment", 1000, f"2024-{month:02}-03", party="02" + "a" * 64)
    village.run("2025-02-08")
    report = village.report()
    assert len(report.projects) == projects
    own = [statement for project in report.projects for statement in project.statements]
    assert len(own) == 2 * projects
    assert_balanced(report.statements, report.figures)
    assert max(len(figure.inputs) for statement in report.statements for figure in statement.figures) <= 5
    names = {figure.id for statement in (*own, *report.statements) for figure in statement.figures}
    files = figure_files(report).values()
    found: set[str] = set()
    size = 0
    for document in map(decode_figures, files):
        for part in (*document.figures, *document.series):
            told = {figure.id for figure in msgspec.structs.replace(document, **alone(part)).every({})}
            if told <= names:
                found |= told
                size += len(msgspec.json.encode(part))
    assert found == names
    return size, sum(map(len, files))


def alone(part: FigureRow | FigureSeries) -> dict[str, list[object]]:
    return {"figures": [], "series": []} | {
        "series" if isinstance(part, FigureSeries) else "figures": [part],
    }
