"""Editions: which months are due, what a file holds, which files are none, and what was restated since."""

from datetime import UTC, datetime

import msgspec
import pytest

from generator.report import Report
from generator.report.editions import edition_of, restated_since
from generator.report.figures.figure import ALL
from generator.report.statements.edition import (
    Edition,
    EditionDocument,
    decode_edition,
    due_months,
    encode_edition,
)
from generator.sentence import say
from tests.support.village import SHOP, Village

#: Later than any month of these reports.
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def edition(report: Report, month: str) -> Edition:
    return decode_edition(changed(edition_of(report, month), as_of=LATER))


@pytest.mark.parametrize(
    ("existing", "as_of", "due"),
    [
        ((), "2026-02-01T12:00", ["2025-12"]),
        ((), "2026-02-02T23:59", ["2025-12"]),
        ((), "2026-02-03T00:00", ["2026-01"]),
        (("2026-01",), "2026-02-28T00:00", []),
        (("2026-01",), "2026-03-02T00:00", []),
        (("2025-10",), "2026-02-03T00:00", ["2025-11", "2025-12", "2026-01"]),
        (("2026-01",), "2025-06-01T00:00", []),  # a clock that was wrong
    ],
)
def test_a_month_is_due_two_days_after_its_end(existing: tuple[str, ...], as_of: str, due: list[str]) -> None:
    assert due_months(existing, datetime.fromisoformat(as_of).replace(tzinfo=UTC)) == due


def test_an_edition_holds_the_statement_of_each_project_and_of_all(full: Village) -> None:
    report = full.report()
    made = edition(report, "2025-02")
    end = f"@2025-02@{report.run}"
    frozen = {figure.id.removesuffix(end): figure for figure in made.figures}
    compared = 0
    for statements in (report.statements, *(project.statements for project in report.projects)):
        [month] = [statement for statement in statements if statement.month == "2025-02"]
        for figure in month.figures:
            then = frozen[figure.id.removesuffix("@2025-02")]
            assert (then.value, then.unit, then.bound) == (figure.value, figure.unit, figure.bound)
            compared += 1
    assert compared == len(frozen)
    assert made.document.bindings
    assert "The well" not in made.data.decode()  # a title of a source might have to be taken down


def test_a_month_without_movement_opens_and_closes_with_the_same(full: Village) -> None:
    report = full.report()
    closing = report.statements[-1].closing.value
    later = edition(report, "2026-05").projects
    for name in ("opening", "closing"):
        assert later[ALL][name].value == closing
    assert later[ALL]["received"].value == later[ALL]["returned"].value == 0
    assert edition_of(report, "2020-01").figures == []


def changed(document: EditionDocument, **fields: object) -> bytes:
    return encode_edition(msgspec.structs.replace(document, **fields))


def test_what_is_no_edition_is_refused_with_its_reason(full: Village) -> None:
    document = msgspec.structs.replace(edition_of(full.report(), "2025-02"), as_of=LATER)
    first = document.figures[0]
    without = [figure for figure in document.figures if "/closing@" not in figure.id]
    odd = {
        "is no month": changed(document, month="2025-13"),
        "two days after": changed(document, as_of=datetime(2025, 3, 2, 23, tzinfo=UTC)),
        "is no figure of it": changed(document, run="another"),
        "expected a number": changed(document, figures=[msgspec.structs.replace(first, value="1 000")]),
        "has no figure closing": changed(document, figures=without),
        "canonical bytes": encode_edition(document) + b"\n",
    }
    for reason, data in odd.items():
        with pytest.raises(ValueError, match=reason):
            decode_edition(data)
    with pytest.raises(msgspec.DecodeError):
        decode_edition(b'{"schema":1}')


def test_nothing_is_restated_where_nothing_changed(full: Village) -> None:
    report = full.report()
    for month in ("2025-01", "2025-02", "2026-01"):
        assert restated_since(edition(report, month), report) == ()


def test_a_payment_read_late_restates_its_month_and_says_why(village: Village) -> None:
    village.says("bread", SHOP)
    village.entry("bread", "payment", 5, "2025-01-07")
    first = village.run("2025-02-03")
    frozen = edition(village.report(), "2025-01")
    lines = village.lines()
    late = village.entry("bread", "payment", 7, "2025-01-09")
    second = village.run("2025-02-10")
    report = village.report_of([*lines, village.line(second.id, late), village.line(second.id, second)])
    told = {(each.project, each.name): each for each in restated_since(frozen, report)}
    received = told["bread", "received"]
    assert received.frozen
    assert received.now
    assert (received.frozen.value, received.now.value) == (5000, 12000)
    assert received.restatements[0].seen_after.run == second.id != first.id
    assert told[ALL, "received"].now == report.figures["received@2025-01"]


def test_a_place_bound_otherwise_is_told(village: Village) -> None:
    village.says("bread", SHOP)
    village.entry("bread", "payment", 5, "2025-01-07")
    village.run("2025-02-03")
    frozen = edition(village.report(), "2025-01")
    lines = village.lines()
    village.settings["projects"] = [
        {"slug": "cake", "btcpay": {"source": "shop", "store": "S1"}},
    ]
    report = village.report_of(lines)
    told = {(each.project, each.name): each for each in restated_since(frozen, report)}
    assert told["bread", "received"].now is None
    assert told["cake", "received"].frozen is None
    assert told["bread", "received"].why == say("Places of money count for other projects since.")
    assert (ALL, "received") not in told
