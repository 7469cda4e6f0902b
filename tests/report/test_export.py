"""What `sunlit export` writes: other people's programs open it, and its sums are the figures."""

import csv
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from beancount import loader
from beancount.core.data import Open
from sqlite_utils import Database

from generator.cli.commands.export import files_of
from generator.ledger import MOVES
from generator.places import REST, UNASSIGNED, btcpay_place
from generator.report import Report
from generator.report.figures.definitions import BALANCES, FLOWS, NET
from generator.report.files.beancount import ACCOUNTS, beancount
from generator.report.files.sqlite_file import STORE_SUMS, VIEW, sqlite_file
from tests.support.fair import fair
from tests.support.village import SHOP, Village


@pytest.fixture(scope="module")
def report() -> Report:
    return fair().report()


@pytest.fixture(scope="module")
def database(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "sunlit.sqlite"
    path.write_bytes(sqlite_file(report))
    return path


SUMS = tuple(definition.name for definition in (*FLOWS, *BALANCES, NET))


def test_the_view_of_each_sum_of_rows_is_the_figure(report: Report, database: Path) -> None:
    compared = 0
    with closing(sqlite3.connect(database)) as opened:
        for name in SUMS:
            view = dict(opened.execute(f'SELECT project, amount_msat FROM "{VIEW}{name}"'))  # noqa: S608 -- our own names
            for project in report.projects:
                value = project.figures[name].value
                assert view[project.slug] == value, (project.slug, name)
                compared += bool(value)
    print(f"{compared} sums that are not zero compared with their figures")
    assert compared >= 30


@pytest.fixture
def busy(village: Village) -> Report:
    """Return a store whose money belongs to a project, to none, and in part to nobody knows whom."""
    village.settings["projects"] = [{"slug": "well", "btcpay": {"source": "shop", "app": "A1"}}]
    other, rest, unassigned = (
        btcpay_place("S1", part) for part in ("crowdfund:" + "ab" * 8, REST, UNASSIGNED)
    )
    village.says("well", SHOP, title="Well")
    village.says(rest, SHOP, kind="store")
    village.entry("well", "payment", 900_001, "2025-01-06", source=SHOP)
    village.entry("well", "payout", 70, "2025-01-07", source=SHOP, purpose="wages")
    for place, amount in ((other, 31), (rest, 500), (unassigned, 17)):
        village.entry(place, "payment", amount, "2025-01-07", source=SHOP)
        village.entry(place, "payment", 5, "2025-01-08", source=SHOP, status="pending")
        village.entry(
            place, "payment", 3, "2025-01-08", source=SHOP, status="excluded", reason="marked invalid"
        )
    village.entry(rest, "refund", 9, "2025-01-09", source=SHOP)
    village.entry(unassigned, "payout", 40, "2025-01-09", source=SHOP, purpose="rent")
    village.run("2025-02-08")
    return village.report()


def test_the_sums_of_a_store_are_its_figures(busy: Report, report: Report, tmp_path: Path) -> None:
    compared = 0
    for number, shown in enumerate((busy, report)):
        path = tmp_path / f"{number}.sqlite"
        path.write_bytes(sqlite_file(shown))
        with closing(sqlite3.connect(path)) as opened:
            views = {
                name: dict(opened.execute(f'SELECT source, amount_msat FROM "{VIEW}{name}"'))  # noqa: S608 -- our own names
                for name in STORE_SUMS
            }
            places = dict(opened.execute(f"SELECT place, amount_msat FROM {VIEW}place"))  # noqa: S608 -- as above
        for account in shown.stores:
            for name, sums in views.items():
                assert sums[account.state.name] == shown.figures[f"{name}@{account.state.name}"].value, name
                compared += bool(sums[account.state.name])
            for share in account.shares:
                assert places.get(share.place, 0) == share.amount.value, share.place
                compared += bool(share.amount.value)
    print(f"{compared} sums of stores that are not zero compared with their figures")
    assert compared >= 10


def test_bean_check_sums_a_stores_own_money_again(busy: Report, tmp_path: Path) -> None:
    data = beancount(busy)
    done = bean_check(data, tmp_path)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    said = [line.split()[2:4] for line in data.decode().splitlines() if " balance " in line]
    own = {account.split(":", 1)[1]: amount for account, amount in said if "BTCPay-" in account}
    name = f"BTCPay-{SHOP.removeprefix('btcpay-')}"
    assert own == {
        f"{name}:Rest": "-500.000",
        f"{name}:Unassigned": "-17.000",
        f"{name}:Crowdfund-{'ab' * 8}": "-31.000",
        f"{name}:Paid-Out": "40.000",
    }
    for account in own:
        before = next(
            line for line in data.split(b"\n") if account.encode() + b"  " in line and b"balance" not in line
        )
        after = before.replace(b".", b"1.")
        wrong = bean_check(data.replace(before, after, 1), tmp_path)
        assert wrong.returncode == 1, account


def test_each_row_of_the_log_is_exported_once(busy: Report) -> None:
    rows = list(csv.DictReader(StringIO(files_of(busy, "csv")["entries.csv"].decode(), newline="")))
    ids = [(row["source"], row["id"]) for row in rows]
    assert len(set(ids)) == len(ids) == 13
    assert {row["project"] for row in rows} == {"well", ""}


def test_each_figure_has_a_view_and_each_table_its_types(report: Report, database: Path) -> None:
    opened = Database(database)
    views = set(opened.view_names())
    names = {name for project in report.projects for name in project.single_figures}
    names |= {name for name in report.figures if "@" not in name}
    assert views == {f"{VIEW}{name}" for name in {*names, *SUMS, *STORE_SUMS, "place"}}
    for view in sorted(views):
        assert opened[view].count >= 0  # it can be read
    assert opened["entries"].columns_dict["amount_msat"] is int
    assert opened["entries"].columns_dict["at"] is str
    assert opened["entries"].pks == ["source", "id"]
    owners = (*report.projects, *report.stores)
    assert opened["entries"].count == sum(len(owner.entries) for owner in owners)
    assert {table.name for table in opened.tables if not table.schema.endswith("STRICT")} == set()
    [progress] = opened[f"{VIEW}progress"].rows_where("project = 'well'")
    assert progress["value_text"] == next(
        project.figures["progress"].value for project in report.projects if project.slug == "well"
    )
    assert list(opened.query("PRAGMA foreign_key_check")) == []


def test_the_tables_as_csv_add_up_to_the_figures(report: Report) -> None:
    files = files_of(report, "csv")
    sums: Counter[tuple[str, str]] = Counter()
    for row in csv.DictReader(StringIO(files["entries.csv"].decode(), newline="")):
        if row["status"] == "confirmed":
            sums[row["project"], row["kind"]] += int(row["amount_msat"])
    for project in report.projects:
        if project.figures["raised"].value is not None:
            assert sums[project.slug, "payment"] + sums[project.slug, "investment"] == (
                project.figures["raised"].value
            )
    figures = {row["id"]: row for row in csv.DictReader(StringIO(files["figures.csv"].decode(), newline=""))}
    assert {name: row["value_text"] for name, row in figures.items()} == {
        figure.id: "" if figure.value is None else str(figure.value)
        for figure in (*report.all_figures(), *report.today.values())
    }


def bean_check(data: bytes, folder: Path) -> subprocess.CompletedProcess[str]:
    path = folder / "report.beancount"
    path.write_bytes(data)
    command = str(Path(sys.executable).with_name("bean-check"))
    return subprocess.run([command, str(path)], capture_output=True, text=True, check=False)


def test_bean_check_sums_the_accounting_again(report: Report, tmp_path: Path) -> None:
    data = beancount(report)
    done = bean_check(data, tmp_path)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assertions = data.count(b" balance ")
    print(f"{data.count(b' * ')} transactions, {assertions} assertions")
    assert assertions > 30


def test_an_account_of_which_not_all_is_known_says_so(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "report.beancount"
    path.write_bytes(beancount(report))
    entries, errors, _ = loader.load_file(str(path))
    assert errors == []
    said = {entry.account: entry.meta.get("bound", "exact") for entry in entries if isinstance(entry, Open)}
    names = {
        "Locked": "locked",
        "Penalty": "in_penalty",
        "Unclassified": "unclassified",
        "Paid-Out": "paid_out",
    }
    inexact = 0
    for account, bound in said.items():
        _, slug, *own = account.split(":")
        project = next((each for each in report.projects if each.slug == slug.lower()), None)
        if project and own and own[0] in names:
            assert bound == project.figures[names[own[0]]].bound, account
            inexact += bound != "exact"
    print(f"{len(said)} accounts, {inexact} of which not all is known")
    assert inexact >= 4
    unread = [each for each in report.projects if each.figures["raised"].value is None]
    assert unread
    for project in unread:
        of_it = {bound for account, bound in said.items() if account.split(":")[1].lower() == project.slug}
        assert of_it == {"unknown", "exact"}, project.slug  # the account that holds the others has no rows
    assert path.read_text(encoding="utf-8").count("; Not read: nothing of its money") == len(unread)


def amounts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the two lines of each transaction's amounts, and the same with one thousandth of a sat more."""
    lines = data.split(b"\n")
    for one, other in pairwise(lines):
        if one.startswith(b"  ") and other.startswith(b"  ") and one.endswith(b"SAT") and b"  -" in other:
            whole, _, rest = one.rpartition(b"  ")[2].partition(b".")
            more = whole + b"." + b"%03d" % ((int(rest[:3]) + 1) % 1000)
            same = whole + b"." + rest[:3]
            yield one + b"\n" + other, (one + b"\n" + other).replace(same, more)


@pytest.mark.slow
def test_bean_check_finds_a_thousandth_of_a_sat(report: Report, tmp_path: Path) -> None:
    data = beancount(report)
    changes = list(amounts(data))
    for before, after in changes[:: max(1, len(changes) // 5)]:
        assert before != after
        done = bean_check(data.replace(before, after, 1), tmp_path)
        assert done.returncode == 1, before
        assert "Balance failed" in done.stderr


def test_hostile_titles_stay_texts(village: Village, tmp_path: Path) -> None:
    village.says("bread", SHOP, title='"\n2020-01-01 open Assets:Ours\\')
    village.entry("bread", "payment", 5, "2025-01-07", purpose="=1+1")
    village.entry("bread", "payout", 2, "2025-01-08", source=SHOP)
    village.run("2025-02-08")
    report = village.report()
    done = bean_check(beancount(report), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert b"\n2020-01-01 open Assets:Ours" not in beancount(report)


def test_every_kind_of_movement_has_two_accounts() -> None:
    assert {account for rule in MOVES.values() for account in rule} == set(ACCOUNTS)
