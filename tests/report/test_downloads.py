"""Downloads: RFC 4180, nothing a spreadsheet would run, and the same rows in JSON."""

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from generator.places import btcpay_place, part_of_store
from generator.report.files.downloads import (
    DECLARATION_COLUMNS,
    ENTRY_COLUMNS,
    declarations_csv,
    ledger,
    ledger_csv,
    ledger_json,
)
from tests.support.village import SHOP, WELL

if TYPE_CHECKING:
    from tests.support.village import Village


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_a_row_to_the_byte(full: "Village") -> None:
    report = full.report()
    rows = ledger_csv(ledger(report, report.projects[0])[0]).split(b"\r\n")
    assert rows[0] == (
        b"id,source,project,place,kind,status,reason,verification,amount_msat,at,count,rail,group,purpose,period,"
        b"party,stage,opens_at,spends,height,block"
    )
    claim = next(row for row in rows if row.startswith(b"claim1"))
    assert claim.decode() == (
        f"claim1/0,angor,well,angor:{WELL},claim,confirmed,,reported,2000,2025-03-02T00:00:00Z,1,,,,,"
        f"02{'a' * 64},1,2025-03-01T00:00:00Z,inv1:2,100,"
    )
    payment = next(row for row in rows if row.startswith(b"payment1"))
    place = btcpay_place("S1", part_of_store("crowdfund", "A1"))
    assert payment.decode() == (
        f"payment1:0,{SHOP},well,{place},payment,confirmed,,reported,256000,2025-01-08T00:00:00Z,3,"
        "BTC-CHAIN,on_time,,,,,,,,"
    )
    assert rows[-1] == b""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_starts_a_formula(village: "Village", start: str) -> None:
    village.says("bread", SHOP)
    evil = f'{start}1+1,"quoted"\r\nnext'
    village.entry("bread", "payment", 1, "2025-01-07", id=evil, status="excluded", reason=evil, rail=evil)
    village.declares("bread", "-3.50", "EUR", "2025-01-07", id=evil)
    village.run("2025-01-08", shop="ok")
    entries, declarations = ledger(village.report())
    [row] = read(ledger_csv(entries))
    assert row["id"] == row["reason"] == row["rail"] == "'" + evil
    assert row["amount_msat"] == "1000"
    [promise] = read(declarations_csv(declarations))
    assert (promise["id"], promise["amount"]) == ("'" + evil, "'-3.50")
    document = json.loads(ledger_json(village.report()))
    assert document["entries"][0]["id"] == evil  # JSON keeps the text as it is


def test_json_and_csv_hold_the_same_rows(full: "Village") -> None:
    report = full.report()
    for project in (None, *report.projects):
        entries, declarations = ledger(report, project)
        document = json.loads(ledger_json(report, project))
        assert document["project"] == (project and project.slug)
        for name, columns, table in (
            ("entries", ENTRY_COLUMNS, ledger_csv(entries)),
            ("declarations", DECLARATION_COLUMNS, declarations_csv(declarations)),
        ):
            rows = read(table)
            assert [
                {key: "" if value is None else str(value) for key, value in row.items()}
                for row in document[name]
            ] == rows
            assert all(tuple(row) == columns for row in rows)
    assert len(ledger(report)[0]) == sum(len(project.entries) for project in report.projects) == 20
    assert [declaration.amount for _, declaration in ledger(report, report.projects[0])[1]] == [40]


def test_an_empty_ledger_is_a_header(village: "Village") -> None:
    village.run("2025-01-08")
    assert ledger_csv([]).count(b"\r\n") == 1
    assert json.loads(ledger_json(village.report()))["entries"] == []
