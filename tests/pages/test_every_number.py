"""Every number of a whole site equals its figure or its row, whichever kind of file states it.

A kind of file that is not in the table fails: whoever adds one says how its numbers are compared.
"""

import csv
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from typing import Any, Final

import pytest

from generator.ledger import Kind, Status
from generator.pages.file_kinds import kind_of
from generator.report import Report
from generator.report.editions import restated_since
from generator.report.figures.figure import ALL
from generator.report.files.downloads import declarations_csv, in_order, ledger, ledger_csv
from generator.report.files.figure_shorthand import by_figure, definitions
from generator.report.files.figures_json import decode_figures
from generator.report.files.sqlite_file import sqlite_file
from generator.report.files.statements_csv import statements_csv
from generator.report.statements.edition import decode_edition
from generator.report.statements.statement import at_month
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import audit, numbers_said
from generator.verify.plain_text import BARE
from generator.wording import Form, marked, unit_of
from tests.support.fair import BTCPAY


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A site with what its numbers must be."""

    report: Report
    known: KnownNumbers
    amounts: frozenset[str]  #: every text that an amount of a figure may have


SHOP: Final = f"sources/{BTCPAY}"
NUMBER: Final = numbers_said()
Found = tuple[int, list[str]]  #: numbers compared, and what is wrong
Check = Callable[[Stated, str, bytes], Found]


def page(stated: Stated, _path: str, data: bytes) -> Found:
    found = audit(data.decode(), stated.known)
    return found.numbers, found.problems


def amounts_in(stated: Stated, lines: Iterator[str]) -> Found:
    """Compare each amount with the texts of all figures; nothing else may look like an amount."""
    count, wrong = 0, []
    for line in lines:
        for match in NUMBER.finditer(line):
            count += 1
            if match[0] not in stated.amounts:
                wrong.append(f"{match[0]!r} in {line[:90]!r}")
        wrong += (f"bare {match[0]!r}" for match in BARE.finditer(NUMBER.sub("", line)))
    return count, wrong


def feed(stated: Stated, path: str, data: bytes) -> Found:
    if path.endswith(".atom"):
        return amounts_in(stated, iter(re.findall(r"<content[^>]*>([^<]*)", data.decode())))
    return amounts_in(stated, (item["content_text"] for item in json.loads(data)["items"]))


def calendar(stated: Stated, _path: str, data: bytes) -> Found:
    unfolded = data.decode().replace("\r\n ", "").replace("\\,", ",")
    return amounts_in(stated, iter(re.findall(r"DESCRIPTION:([^\r]*)", unfolded)))


def badge(stated: Stated, _path: str, data: bytes) -> Found:
    return amounts_in(stated, iter([json.loads(data)["message"]]))


def figures(stated: Stated, _path: str, data: bytes) -> Found:
    own = list(decode_figures(data).every(by_figure(definitions())))
    return len(own), [row.id for row in own if stated.known.figures.get(row.id) != row]


def chart_table(stated: Stated, _path: str, data: bytes) -> Found:
    rows = list(csv.DictReader(StringIO(data.decode(), newline="")))
    wrong = []
    for row in rows:
        figure = stated.known.figures.get(row["figure"])
        value = "" if figure is None or figure.value is None else str(figure.value)
        if figure is None or (row["value"], row["unit"], row["bound"]) != (value, figure.unit, figure.bound):
            wrong.append(f"{row}")
    return len(rows), wrong


def table(stated: Stated, path: str, data: bytes) -> Found:
    """Compare a table with its rows written anew; its sums are figures by tests of their own."""
    report = stated.report
    if path == "statements/statements.csv":
        wanted = statements_csv(report.statements, report.prices.currencies)
    else:
        top, slug, folder, name = path.split("/")
        if top == "sources":
            return store_table(stated, slug, data)
        project = next(project for project in report.projects if project.slug == slug)
        entries, declarations = ledger(project)
        month = name.removesuffix(".csv")
        some = [row for row in entries if month in ("ledger", f"{row[1].at:%Y-%m}")]
        wanted = (
            statements_csv(project.statements, report.prices.currencies)
            if folder == "statements"
            else declarations_csv(declarations)
            if name == "declarations.csv"
            else ledger_csv(some, report.prices)
        )
    return data.count(b"\r\n") - 1, [] if data == wanted else [f"{path} has other rows"]


def store_table(stated: Stated, store: str, data: bytes) -> Found:
    """Compare the rows of a store that are no project's, and what they are with the ledgers' add up to."""
    report = stated.report
    account = next(account for account in report.stores if account.state.name == store)
    wanted = ledger_csv(in_order(("", entry) for entry in account.entries), report.prices)
    wrong = [] if data == wanted else [f"{store} has other rows"]
    entries = [*account.entries, *(entry for project in report.projects for entry in project.entries)]
    sums: Counter[str] = Counter()
    for entry in entries:
        if entry.source == store and entry.status is not Status.PENDING:
            part = "excluded" if entry.status is Status.EXCLUDED else entry.place
            sums[part if entry.kind is Kind.PAYMENT else entry.kind] += entry.amount_msat
    figures = {share.place: share.amount for share in account.shares}
    figures |= {"excluded": account.excluded, Kind.PAYOUT: account.paid_out}
    wrong += [
        f"{figure.id} is {figure.value}, its rows add up to {sums[part]}"
        for part, figure in figures.items()
        if figure.value is not None and figure.value != sums[part]
    ]
    return data.count(b"\r\n") - 1 + len(figures), wrong


def frozen(stated: Stated, _path: str, data: bytes) -> Found:
    """Compare an edition with its figures, and those with what the report says today, or its page tells."""
    edition = decode_edition(data)
    report, end = stated.report, f"@{edition.document.run}"
    statements = {ALL: report.statements, **{each.slug: each.statements for each in report.projects}}
    told = {(each.project, each.name) for each in restated_since(edition, report)}
    wrong = [each.id for each in edition.figures if stated.known.figures.get(each.id) != each]
    seen = set()
    for figure in edition.figures:
        slug, name = figure.project or ALL, figure.name.removesuffix(f"@{edition.month}{end}")
        now = {each.id: each for each in at_month(statements[slug], edition.month)}
        live = now.get(figure.id.removesuffix(end))
        if live is None or (live.value, live.unit) != (figure.value, figure.unit):
            seen.add((slug, name))
    wrong += (f"{slug}/{name} differs, and the page tells nothing" for slug, name in seen - told)
    wrong += (f"{slug}/{name} is told and the same" for slug, name in told - seen)
    return len(edition.figures), wrong


def changes(stated: Stated, _path: str, data: bytes) -> Found:
    """Amounts of changes are named, and stand in figures.json."""
    names = [each[when] for each in json.loads(data)["restatements"] for when in ("before", "after")]
    return len(names), [name for name in names if name not in stated.known.figures]


def status(stated: Stated, _path: str, data: bytes) -> Found:
    found = json.loads(data)
    names = ("projects", "projects_read")
    return 2, [name for name in names if found[name] != stated.report.figures[name].value]


def no_amount(_stated: Stated, _path: str, data: bytes) -> Found:
    """Hold a file of words and addresses to having no amount at all."""
    return 0, [f"{match[0]!r}" for match in BARE.finditer(_words(json.loads(data)))]


def _words(value: Any) -> str:  # noqa: ANN401 -- JSON
    """Return the sentences of a document; a title that its source wrote may say any number."""
    if isinstance(value, dict):
        return " ".join(_words(part) for name, part in value.items() if name not in ("title", "html"))
    return (
        " ".join(map(_words, value)) if isinstance(value, list) else value if isinstance(value, str) else ""
    )


def not_stated(_stated: Stated, _path: str, _data: bytes) -> Found:
    """Leave out what states no number of its own: copies of inputs, styles, pictures compared as pixels."""
    return 0, []


CHECKS: Final[Mapping[str, Check]] = {
    **dict.fromkeys(
        (
            "page",
            "page of a project",
            "page of a ledger",
            "page of the maintainer",
            "page for what is missing",
            "card to embed",
            "badge",
            "drawing of a chart",
            "icon",
        ),
        page,
    ),
    **dict.fromkeys(("Atom feed", "JSON feed"), feed),
    **dict.fromkeys(("ledger rows", "declarations", "statements"), table),
    **dict.fromkeys(("data package", "data dictionary", "answer of oEmbed"), no_amount),
    "calendar": calendar,
    "data of a badge": badge,
    "figures": figures,
    "edition": frozen,
    "changes": changes,
    "table of a chart": chart_table,
    "status": status,
    **dict.fromkeys(
        (
            *("log", "recipe", "manifest", "schema", "keeper", "style", "style of cards", "picture"),
            *("list of ledgers", "findings", "file for crawlers", "page as written"),
        ),
        not_stated,
    ),
}


@pytest.fixture(scope="module")
def stated(report: Report, known: KnownNumbers) -> Stated:
    every = known.figures.values()
    return Stated(
        report=report,
        known=known,
        amounts=frozenset(
            marked(figure, form) + unit_of(figure, form)
            for figure in every
            if figure.value is not None
            for form in Form
        ),
    )


def wrong_numbers(stated: Stated, files: Mapping[str, bytes]) -> tuple[dict[str, int], list[str]]:
    counts: dict[str, int] = {}
    wrong: list[str] = []
    for path, data in sorted(files.items()):
        kind = kind_of(path)
        assert kind is not None, path
        assert kind.name in CHECKS, f"{path}: say here how the numbers of a {kind.name} are compared"
        count, problems = CHECKS[kind.name](stated, path, data)
        counts[kind.name] = counts.get(kind.name, 0) + count
        wrong += (f"{path}: {problem}" for problem in problems)
    return counts, wrong


def test_every_number_of_the_site_is_a_figure_or_a_row(stated: Stated, files: dict[str, bytes]) -> None:
    counts, wrong = wrong_numbers(stated, files)
    for kind, count in sorted(counts.items()):
        print(f"{kind}: {count} numbers")
    assert wrong == []
    assert sum(counts.values()) > 5000
    stating = {kind for kind, check in CHECKS.items() if check not in (not_stated, no_amount)}
    silent = {kind for kind in stating & counts.keys() if not counts[kind]}
    assert silent <= {"icon", "page for what is missing", "page of the maintainer"}


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("feed.atom", r"\d+(\u202f\d+)*\u202fsats", "9\u202f876\u202fsats"),
        ("feed.json", r"\d+(\u202f\d+)*\u202fsats", "9\u202f876\u202fsats"),
        ("p/well/calendar.ics", r"\d+(\u202f\d+)*\u202fsats", "12\u202fsats"),
        ("badge/well/raised.json", r'"message": "[^"]*"', '"message": "777 M\u202fsats"'),
        ("badge/well/raised.svg", r"\d+\.\d\u202fM", "77.7\u202fM"),
        (
            "index.html",
            r'"propertyID":"all/raised","name":"[^"]*","(\w+)":\d+',
            r'"propertyID":"all/raised","\1":5',
        ),
        ("p/well/index.html", r'og:description" content="[^"]*?\d', 'og:description" content="99'),
        ("p/seed/ledger/ledger.csv", r",confirmed,", ",pending,"),
        (f"{SHOP}/ledger/ledger.csv", r",confirmed,", ",pending,"),
        (f"{SHOP}/ledger/index.html", r'<data value="\d+" data-entry', '<data value="77" data-entry'),
        ("p/well/c1.csv", r",(\d+),msat", ",17,msat"),
        ("today.json", r'"value":\d+', '"value":77'),
        ("status.json", r'"projects":\d+', '"projects":99'),
        (
            "report/2025-10/edition.json",
            r'("id":"all/received@2025-10@[^"]*"[^}]*"value":)[1-9]\d*',
            r"\g<1>5",
        ),
        ("data/changes.json", r'"before":"well/raised@', '"before":"well/rased@'),
    ],
)
def test_another_number_is_found_wherever_it_stands(
    path: str, old: str, new: str, stated: Stated, files: dict[str, bytes]
) -> None:
    forged, count = re.subn(old, new, files[path].decode(), count=1)
    assert count == 1, path
    assert forged.encode() != files[path], path
    _, wrong = wrong_numbers(stated, {path: forged.encode()})
    print(wrong[:2])
    assert wrong


def database_numbers(stated: Stated, data: bytes) -> Found:
    """Compare the tables of an exported database: figures, statements, and worths added up."""
    today = stated.report.today.values()
    every = {figure.id: figure for figure in (*stated.report.all_figures(), *today)}
    count, wrong = 0, []
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.deserialize(data)
        rows = opened.execute("SELECT id, value_int, value_text, bound FROM figures").fetchall()
        wrong += [f"{name} is missing" for name in every.keys() - {name for name, *_ in rows}]
        for name, whole, text, bound in rows:
            value = every[name].value
            count += 1
            wanted = (value if isinstance(value, int) else None, None if value is None else str(value))
            if (whole, text, bound) != (*wanted, every[name].bound):
                wrong.append(f"{name} {whole} {text} {bound}")
        months = opened.execute("SELECT * FROM statements")
        names = [column[0].removesuffix("_msat") for column in months.description[2:]]
        for slug, month, *values in months.fetchall():
            for name, value in zip(names, values, strict=True):
                figure = every.get(f"{slug}/{name}@{month}")
                count += 1
                if value != (figure.value if figure else None):
                    wrong.append(f"{slug}/{name}@{month} {value}")
        worths = opened.execute(
            "SELECT e.project, w.currency, w.value FROM worths w JOIN entries e "
            "ON e.source = w.source AND e.id = w.entry "
            "WHERE e.status = 'confirmed' AND e.kind IN ('payment', 'investment') AND w.value IS NOT NULL "
            "AND e.project IS NOT NULL"  # money of a store that belongs to no project is in no sum of one
        )
        sums: dict[str, Decimal] = {}
        for slug, currency, value in worths:
            name = f"{slug}/raised_at_receipt@{currency}"
            sums[name] = sums.get(name, Decimal()) + Decimal(value)
        for name, value in sums.items():
            count += 1
            if abs(Decimal(every[name].value or 0) - value) >= Decimal("0.01"):
                wrong.append(f"{name} {value}")
    return count, wrong


def test_every_number_of_a_database_is_a_figure(stated: Stated) -> None:
    count, wrong = database_numbers(stated, sqlite_file(stated.report))
    print(f"{count} numbers")
    assert wrong == []
    assert count > 1_000


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE figures SET value_int = value_int + 1 WHERE id = 'well/raised'",
        "UPDATE figures SET value_text = '5' WHERE id = 'well/progress'",
        "UPDATE figures SET bound = 'exact' WHERE id = 'all/raised'",
        "DELETE FROM figures WHERE id = 'well/raised'",
        "UPDATE statements SET closing_msat = closing_msat + 1 WHERE project = 'well'",
        "UPDATE worths SET value = '1.5'",
    ],
)
def test_another_number_in_a_database_is_found(change: str, stated: Stated) -> None:
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.deserialize(sqlite_file(stated.report))
        opened.execute("PRAGMA foreign_keys = OFF")
        assert opened.execute(change).rowcount
        opened.commit()
        forged = opened.serialize()
    _, wrong = database_numbers(stated, forged)
    print(wrong[:2])
    assert wrong
