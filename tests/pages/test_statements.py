"""Statement pages: each month of the CSV balances and is on the page; without extras there are none."""

import csv
from dataclasses import replace
from io import StringIO

from generator import pages
from generator.report import Report


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode(), newline="")))


def test_each_row_balances_and_goes_on_from_the_one_before(report: Report, files: dict[str, bytes]) -> None:
    compared = 0
    for subject, path in [
        (report, "statements"),
        *((each, f"p/{each.slug}/statements") for each in report.projects),
    ]:
        if not subject.statements:
            continue
        rows = rows_of(files[f"{path}/statements.csv"])
        assert [row["month"] for row in rows] == [statement.month for statement in subject.statements]
        closing = 0
        for row, statement in zip(rows, subject.statements, strict=True):
            page = files[f"{path}/index.html"].decode()
            assert f'id="m{statement.month}"' in page
            if row["opening_msat"]:
                opening, came, went = (
                    int(row[f"{name}_msat"]) for name in ("opening", "received", "returned")
                )
                assert (opening, int(row["closing_msat"])) == (closing, opening + came - went)
                closing = int(row["closing_msat"])
            assert ("closing_msat" in row["not_exact"]) is (statement.closing.bound != "exact")
            for worth in statement.worths:
                assert row[f"received_at_receipt_{worth.unit}"] == (worth.value or "")
            compared += 1
    print(f"{compared} months compared with their statements")
    assert compared > 10


def test_what_is_not_listed_has_no_statement_pages(report: Report, content: pages.Content) -> None:
    projects = tuple(replace(project, has_extras=False) for project in report.projects)
    made = [path for path, _ in pages.render(replace(report, projects=projects), content)]
    assert [path for path in made if "statements" in path and path.startswith("p/")] == []
    assert "statements/index.html" in made
