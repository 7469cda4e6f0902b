"""The ledger's pages: whole months, addresses that stay, one anchor a row, headings that are figures."""

import json
import re
from collections import Counter

import pytest

from generator import pages
from generator.pages.ledger_page import FIRST_PAGE_ROWS, PAGE_ROWS
from generator.places import REST, btcpay_place
from tests.support.fair import BTCPAY, LATE, Fair, fair

MONTHS = ("2025-05", "2025-06", "2025-07", "2025-08")


def bounty(content: pages.Content, rows: dict[str, int]) -> dict[str, str]:
    """Return the ledger's pages of a project that got so many payments in each month."""
    it = fair()
    for month, number in rows.items():
        for at in range(number):
            it.pay("bounty", f"{month}-{1 + at % 28:02d}", 1000 + at, id=f"bounty/{month}/{at}")
    return ledger(it, content, "bounty")


def ledger(it: Fair, content: pages.Content, slug: str) -> dict[str, str]:
    """Return the pages of a project's ledger, by their address below it."""
    top = f"p/{slug}/ledger/"
    files = pages.render(it.report(), content)
    return {
        path.removeprefix(top): data.decode()
        for path, data in files
        if path.startswith(top) and path.endswith(".html")
    }


@pytest.mark.slow
def test_a_page_holds_whole_months_and_old_pages_stay(content: pages.Content) -> None:
    before = bounty(content, dict.fromkeys(MONTHS, 19))
    assert set(before) == {"index.html", "2025-06/index.html"}
    assert before["2025-06/index.html"].count('<tr id="row-') == 38 <= PAGE_ROWS
    after = bounty(content, {**dict.fromkeys(MONTHS, 19), "2025-09": 5})
    old = "2025-06/index.html"
    table = re.compile(r"<table.*</table>", re.DOTALL)
    assert set(after) == set(before)
    assert table.findall(after[old]) == table.findall(before[old])


def test_the_first_page_takes_the_month_before_while_it_is_short(content: pages.Content) -> None:
    few, more = (bounty(content, {"2025-07": 39, "2025-08": number}) for number in (20, 30))
    assert set(few) == {"index.html"}
    assert few["index.html"].count('<tr id="row-') == FIRST_PAGE_ROWS
    assert set(more) == {"index.html", "2025-07/index.html"}


def test_sums_of_a_store_lead_to_their_rows(files: dict[str, bytes]) -> None:
    folder = f"sources/{BTCPAY}"
    store, own = (files[f"{folder}/{name}index.html"].decode() for name in ("", "ledger/"))
    assert own.count('<tr id="row-') == 4
    rows = dict(re.findall(r'<tr id="((?!row-)[^"]+)">(.*?)</tr>', own, re.DOTALL))
    ledgers = {name: re.findall(r'/p/(\w+)/ledger/index.html"', row) for name, row in rows.items()}
    assert ledgers[f"excluded-{BTCPAY}"] == ["well"], "and one here"
    assert ledgers[f"store_paid_out-{BTCPAY}"] == ledgers[f"place-{BTCPAY}-rest"] == []
    assert store.count('href="ledger/index.html"') == 3, "rest, excluded and paid out"
    assert store.count('/p/well/ledger/index.html"') == 2
    assert f"{folder}/ledger/ledger.csv" in files


def test_a_store_whose_money_all_has_projects_has_no_ledger(files: dict[str, bytes]) -> None:
    assert f"sources/{LATE}/index.html" in files
    assert not [path for path in files if path.startswith(f"sources/{LATE}/ledger/")]


def test_a_long_ledger_of_a_store_is_paged_by_month(content: pages.Content) -> None:
    it = fair()
    for day in range(130):
        it.pay(btcpay_place("S", REST), f"2025-{7 + day // 65:02d}-{1 + day % 28:02d}", 900, id=f"rest/{day}")
    report = it.report()
    files = dict(pages.render(report, content))
    below = {path.removeprefix(f"sources/{BTCPAY}/ledger/") for path in files if f"{BTCPAY}/ledger/" in path}
    pages_of_it, tables = ({path for path in below if path.endswith(end)} for end in (".html", ".csv"))
    assert tables == {"2025-07.csv", "2025-08.csv", "2025-09.csv", "2025-10.csv"}
    assert pages_of_it == {"index.html", "2025-07/index.html", "2025-08/index.html"}
    parts = json.loads(files["data/ledger.json"])["stores"]
    rows = {part["month"]: part["rows"] for part in parts if part["source"] == BTCPAY}
    assert rows == {"2025-07": 65, "2025-08": 65, "2025-09": 1, "2025-10": 3}


def test_each_row_has_an_anchor_and_each_link_to_one_leads_there(files: dict[str, bytes]) -> None:
    rows = 0
    for path, data in files.items():
        if re.fullmatch(r"p/[^/]+/ledger/.*html", path):
            names = Counter(re.findall(r'<tr id="((?:row|tx)-[0-9a-f]{8}(?:-\d+)?)"', data.decode()))
            assert set(names.values()) <= {1}, path
            links = re.findall(r'<td data-row><a href="#([^"]+)"', data.decode())
            assert set(links) <= set(names), path
            rows += len(names)
    assert rows > 30


def test_an_investment_is_one_row_with_its_stages_inside(files: dict[str, bytes]) -> None:
    html = files["p/solar/ledger/index.html"].decode()
    row = next(row for row in html.splitlines() if "<summary>investment, 3 stages" in row)
    named = re.findall(r"<li>([^:<]+): <data", row)
    assert named == ["stage 1", "stage 2", "stage 3", "fee on top"]
    *parts, _, whole = map(int, re.findall(r'<data value="(\d+)" data-entry', row))
    assert sum(parts) == whole


def test_money_that_left_carries_its_sign_and_what_is_in_no_sum_its_reason(files: dict[str, bytes]) -> None:
    html = "".join(data.decode() for path, data in files.items() if path.endswith("ledger/index.html"))
    out = re.findall(r'<td>[^<]*→ (?:backers|paid out)</td><td><data value="([^"]+)" data-entry>(.)', html)
    assert out
    assert {(value[0], sign) for value, sign in out} == {("-", "\N{MINUS SIGN}")}
    void = re.findall(r'<tr id="[^"]+" class="void">.*', html)
    assert void
    assert all('<span class="sub" data-said="source">' in row for row in void)


def test_a_month_says_what_came_in_and_went_back_as_figures(files: dict[str, bytes]) -> None:
    html = files["p/well/ledger/index.html"].decode()
    headings = re.findall(r'<tr class="month"><th [^>]*>(.*?)</th>', html)
    assert headings
    august = files["p/well/ledger/2025-08/index.html"].decode()
    assert re.search(r"August 2025: <data [^>]*=.received@2025-08[^\n]*.sats in, nothing back</th>", august)
    assert any(re.search(r'data-figure="returned@2025-11">', heading) for heading in headings)
    assert all(re.match(r"[A-Z][a-z]+ 20\d\d: ", heading) for heading in headings)
