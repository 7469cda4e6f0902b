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
from sqlite_utils import Database

from generator.cli.commands.export import files_of
from generator.ledger import MOVES
from generator.report import Report
from generator.report.figures.definitions import BALANCES, FLOWS, NET
from generator.report.files.beancount import ACCOUNTS, beancount
from generator.report.files.sqlite_file import VIEW, sqlite_file
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
                if (value := project.figures[name].value) is not None:
                    assert view[project.slug] == value, (project.slug, name)
                    compared += bool(value)
    print(f"{compared} sums that are not zero compared with their figures")
    assert compared >= 30


def test_each_figure_has_a_view_and_each_table_its_types(report: Report, database: Path) -> None:
    opened = Database(database)
    views = set(opened.view_names())
    names = {name for project in report.projects for name in project.single_figures}
    names |= {name for name in report.figures if "@" not in name}
    assert views == {f"{VIEW}{name}" for name in {*names, *SUMS}}
    for view in sorted(views):
        assert opened[view].count >= 0  # it can be read
    assert opened["entries"].columns_dict["amount_msat"] is int
    assert opened["entries"].columns_dict["at"] is str
    assert opened["entries"].pks == ["source", "id"]
    assert opened["entries"].count == sum(len(project.entries) for project in report.projects)
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


def amounts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the two lines of each transaction's amounts, and the same with one thousandth of a sat more."""
    lines = data.split(b"\n")
    for one, other in pairwise(lines):
        if one.startswith(b"  ") and other.startswith(b"  ") and one.endswith(b"SAT") and b"  -" in other:
            whole, _, rest = one.rpartition(b"  ")[2].partition(b".")
            more = whole + b"." + b"%03d" % ((int(rest[:3]) + 1) % 1000)
            same = whole + b"." + rest[:3]
            yield one + b"\n" + other, (one + b"\n" + other).replace(same, more)


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
