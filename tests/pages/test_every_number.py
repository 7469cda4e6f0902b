"""Every number of a whole site equals its figure or its row, whichever kind of file states it.

A kind of file that is not in the table fails: whoever adds one says how its numbers are compared.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final

import pytest

from generator.pages.file_kinds import kind_of
from generator.report import Report
from generator.report.files.downloads import declarations_csv, ledger, ledger_csv
from generator.report.files.figures_json import decode_figures
from generator.report.files.statements_csv import statements_csv
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import audit, numbers_said
from generator.verify.plain_text import BARE
from generator.wording import Form, marked, unit_of


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A site with what its numbers must be."""

    report: Report
    known: KnownNumbers
    amounts: frozenset[str]  #: every text that an amount of a figure may have


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
    own = list(decode_figures(data).every())
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
        _, slug, folder, name = path.split("/")
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
    "table of a chart": chart_table,
    "status": status,
    **dict.fromkeys(
        (
            *("log", "recipe", "manifest", "schema", "keeper", "style", "style of cards", "picture"),
            *("list of ledgers", "findings", "changes", "file for crawlers", "page as written"),
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
        ("p/well/c1.csv", r",(\d+),msat", ",17,msat"),
        ("today.json", r'"value":\d+', '"value":77'),
        ("status.json", r'"projects":\d+', '"projects":99'),
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
