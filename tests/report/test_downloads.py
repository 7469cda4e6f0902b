"""Downloads: RFC 4180, nothing a spreadsheet would run, each row in one file that a list names."""

import csv
import io
import json
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from generator.places import btcpay_place, part_of_store
from generator.report.files.downloads import (
    DECLARATION_COLUMNS,
    ENTRY_COLUMNS,
    declarations_csv,
    ledger,
    ledger_csv,
)
from generator.snapshot import Finding, Result
from tests.support.published import data_of, ledger_rows
from tests.support.village import SHOP, WELL

if TYPE_CHECKING:
    from tests.support.village import Village


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_a_row_to_the_byte(full: "Village") -> None:
    report = full.report()
    rows = ledger_csv(ledger(report.projects[0])[0]).split(b"\r\n")
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
    [bread] = [project for project in village.report().projects if project.entries]
    entries, declarations = ledger(bread)
    [row] = read(ledger_csv(entries))
    assert row["id"] == row["reason"] == row["rail"] == "'" + evil
    assert row["amount_msat"] == "1000"
    [promise] = read(declarations_csv(declarations))
    assert (promise["id"], promise["amount"]) == ("'" + evil, "'-3.50")


def test_each_row_stands_in_one_file_that_the_list_names(full: "Village") -> None:
    report = full.report()
    files = data_of(report)
    document = json.loads(files["data/ledger.json"])
    assert (document["network"], document["demo"]) == (report.network, False)
    tables = {path for path in files if path.endswith(".csv") and "/ledger/" in path}
    assert tables == {part["path"] for part in (*document["entries"], *document["declarations"])}
    for kind, columns in (("entries", ENTRY_COLUMNS), ("declarations", DECLARATION_COLUMNS)):
        for part in document[kind]:
            data = files[part["path"]]
            assert (part["bytes"], part["sha256"]) == (len(data), sha256(data).hexdigest())
            assert part["rows"] == len(read(data)) > 0
            assert all(tuple(row) == columns for row in read(data))
            assert {row["project"] for row in read(data)} == {part["project"]}
    assert len(list(ledger_rows(files))) == sum(len(project.entries) for project in report.projects) == 20
    declared = [(row["project"], row["amount"]) for row in ledger_rows(files, "declarations")]
    assert ("well", "40") in declared
    assert len(declared) == sum(len(project.declarations) for project in report.projects)


@pytest.mark.parametrize(("rows", "names"), [(120, ["ledger"]), (121, ["2025-01", "2025-02", "2025-03"])])
def test_a_long_ledger_has_a_file_of_each_month(village: "Village", rows: int, names: list[str]) -> None:
    village.says("bread", SHOP)
    for number in range(rows):
        village.entry("bread", "payment", 1, f"2025-{number % 3 + 1:02d}-07T23:59", id=f"row{number}")
    village.run("2025-03-08", shop="ok")
    files = data_of(village.report())
    parts = json.loads(files["data/ledger.json"])["entries"]
    assert [part["path"] for part in parts] == [f"p/bread/ledger/{name}.csv" for name in names]
    assert [part.get("month", "ledger") for part in parts] == names
    assert sorted(row["id"] for row in ledger_rows(files)) == sorted(f"row{number}" for number in range(rows))


def test_where_there_is_nothing_there_is_no_file(village: "Village") -> None:
    village.run("2025-01-08")
    files = data_of(village.report())
    assert ledger_csv([]).count(b"\r\n") == 1
    document = json.loads(files["data/ledger.json"])
    assert (document["entries"], document["declarations"]) == ([], [])
    assert {path.rpartition("/")[2] for path in files if path.startswith("p/")} == {"figures.json"}


def test_a_finding_of_a_project_stands_in_its_own_file(full: "Village") -> None:
    found = {"place": f"angor:{WELL}", "check": "c", "subject": "x", "reason": "no", "result": Result.FAILED}
    full.records += [
        Finding(id="c/x", source="angor", **found),
        Finding(id="c/y", source="angor", **found | {"place": ""}),
    ]
    files = data_of(full.report())
    whole, own = (json.loads(files[path]) for path in ("data/findings.json", "p/well/findings.json"))
    assert [row["id"] for row in whole["findings"]] == ["c/y"]
    assert [row["id"] for row in own["findings"]] == ["c/x"]
    assert own["projects"] == []
    [part] = whole["projects"]
    assert (part["path"], part["rows"]) == ("p/well/findings.json", 1)
    assert part["sha256"] == sha256(files["p/well/findings.json"]).hexdigest()
