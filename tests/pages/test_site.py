"""The site as a whole: its files, its links, what may stand in its HTML."""

import csv
import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import PurePosixPath
from posixpath import join, normpath
from urllib.parse import unquote, urlsplit

import pytest

from generator import pages
from generator.config.config import DEFAULT_BASE_URL
from generator.report import Report
from generator.report.files.project_files import WHOLE_LEDGER
from generator.verify.page_reader import read_page
from tests.support.fair import RTL, Fair, fair
from tests.support.published import ledger_rows


class Elements(HTMLParser):
    """Collects elements with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


@pytest.fixture(scope="module")
def elements(files: dict[str, bytes]) -> dict[str, list[tuple[str, dict[str, str]]]]:
    return {path: Elements(data.decode()).found for path, data in files.items() if path.endswith(".html")}


def test_every_page_there_should_be(files: dict[str, bytes], report: Report) -> None:
    expected = {"index.html", "404.html", "about/index.html", "style.css", "favicon.svg", "figures.json"}
    expected |= {f"{name}/index.html" for name in ("verify", "method", "data")}
    expected |= {"data/ledger.json", "data/findings.json"}
    expected |= {"data/snapshots/runs/2025-11.jsonl.bz2", "data/schema/figures.json"}
    for project in report.projects:
        expected |= {f"p/{project.slug}/index.html"}
        rows = project.entries or project.declarations
        assert (f"p/{project.slug}/ledger/index.html" in files) == bool(rows)
        expected |= {f"p/{project.slug}/figures.json"}
        expected |= (
            {f"p/{project.slug}/ledger/ledger.csv"} if 0 < len(project.entries) <= WHOLE_LEDGER else set()
        )
        expected |= {f"p/{project.slug}/ledger/declarations.csv"} if project.declarations else set()
        expected |= {f"p/{project.slug}/findings.json"} if project.findings else set()
    charts = ("c1", "c2", "c4", "c5", "c7", "c8")
    expected |= {f"p/well/{chart}.{kind}" for chart in charts for kind in ("svg", "csv")}
    assert expected <= files.keys()
    tables = re.compile(
        r"p/[^/]+/([a-z]\d|ledger/\d{4}-\d{2}|statements/statements)\.csv"
        r"|p/[^/]+/(feed\.(atom|json)|preview\.png|calendar\.ics)|.*\.(html|svg)"
    )
    rest = {path for path in files.keys() - expected if path.startswith("p/")}
    assert not [path for path in rest if not tables.fullmatch(path)]


def test_every_link_of_ours_leads_somewhere(
    files: dict[str, bytes], elements: dict[str, list[tuple[str, dict[str, str]]]]
) -> None:
    anchors = {
        path: {attributes["id"] for _, attributes in found if "id" in attributes}
        for path, found in elements.items()
    }
    compared = 0
    for path, found in elements.items():
        for _, attributes in found:
            link = attributes.get("href", "")
            if not link or link.startswith(("https://", "http://")) or path == "404.html":
                continue
            assert not link.startswith("/"), (path, link)
            target, _, anchor = link.partition("#")
            file = normpath(join(str(PurePosixPath(path).parent), target)) if target else path
            assert file in files or file == "manifest.json", (path, link)
            if anchor and file in anchors:
                assert unquote(anchor) in anchors[file], (path, link)
            compared += 1
    print(f"{compared} links")
    assert compared > 500


def test_the_page_for_missing_addresses_works_at_any_depth(
    elements: dict[str, list[tuple[str, dict[str, str]]]],
) -> None:
    links = [attributes["href"] for _, attributes in elements["404.html"] if "href" in attributes]
    assert "/funding/style.css" in links
    assert all(link.startswith(("/funding/", "#")) for link in links)


def test_the_page_for_missing_addresses_has_its_style_before_anybody_said_where_the_site_stands(
    report: Report, content: pages.Content
) -> None:
    page = dict(pages.render(replace(report, base_url=DEFAULT_BASE_URL), content))["404.html"].decode()
    assert 'href="style.css"' in page
    assert 'href="/' not in page


def test_nothing_runs_nothing_is_styled_inline_nothing_is_fetched(
    elements: dict[str, list[tuple[str, dict[str, str]]]],
) -> None:
    ours = "; ".join(f"{kind}-src 'self'" for kind in ("img", "style", "connect"))
    policy = f"default-src 'none'; {ours}; base-uri 'none'; form-action 'none'"
    for path, found in elements.items():
        metas = [attributes for tag, attributes in found if tag == "meta"]
        assert any(meta.get("content") == policy for meta in metas), path
        scripts = [attributes for tag, attributes in found if tag == "script"]
        assert scripts in ([], [{"type": "application/ld+json"}]), path  # data, which no browser runs
        for tag, attributes in found:
            assert tag not in {"style", "iframe", "object", "embed", "form", "base"}, (
                path,
                tag,
            )
            assert not {"style", "srcset", "ping"} & attributes.keys(), (path, tag)
            assert attributes.get("src") in ((None,) if tag != "img" else ("picture.webp",)), (path, tag)
            assert not any(name.startswith("on") for name in attributes), (path, tag)
            if attributes.get("href", "").startswith("http") and attributes.get("rel") != "canonical":
                assert tag == "a", (path, tag)
                assert "noopener" in attributes["rel"], path


def test_ids_are_unique_on_each_page(elements: dict[str, list[tuple[str, dict[str, str]]]]) -> None:
    for path, found in elements.items():
        ids = Counter(attributes["id"] for _, attributes in found if "id" in attributes)
        assert [name for name, count in ids.items() if count > 1] == [], path


def test_demo_and_test_network_are_said_on_every_page(
    content: pages.Content, files: dict[str, bytes]
) -> None:
    for path, data in files.items():
        if path.endswith(".html"):
            assert b"Demo data" in data, path
            assert b"est network regtest" in data, path
    real = fair()
    real.demo, real.network = False, "main"
    for path, data in pages.render(real.report(), content):
        if path.endswith(".html"):
            assert b"Demo data" not in data, path
            assert b"Test network" not in data, path


def test_states_are_words(files: dict[str, bytes]) -> None:
    index = files["index.html"].decode()
    for word in (
        "On pace",
        "Goal reached",
        "Ended below goal",
        "Collecting",
        "Not open yet",
        "No goal",
        "Not known yet",
    ):
        assert f"</svg>{word}</span>" in index, word
    text = re.sub("<[^>]*>", "", index)
    assert "The data of BTCPay donate.example.net is 3 days old." in text
    assert "BTCPay donate.example.net (stale)" in text
    assert f'<bdi data-said="source">{RTL}</bdi>' in index
    assert "check failed" in index
    assert "no goal" in index
    assert "not read" in index


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("p/harbour/index.html", "No confirmed contribution has arrived yet."),
        ("p/harbour/index.html", "it opens on 1 Dec 2025."),
        ("p/seed/index.html", "Ended below goal"),
        ("p/lantern/index.html", "Last read on 19 Nov 2025."),
        ("p/bounty/index.html", "it asks for no certain sum."),
        ("p/never/index.html", "its sources have not answered yet."),
        ("p/never/index.html", "has not delivered this project yet"),
        ("p/maktaba/index.html", "EUR"),
        ("p/well/index.html", "A goal set in this report\N{RIGHT SINGLE QUOTATION MARK}s configuration"),
        ("p/well/index.html", "In the founder\N{RIGHT SINGLE QUOTATION MARK}s words"),
        ("p/solar/index.html", "own definition did not hold."),
        ("verify/index.html", "output 2 holds 1000000 sat, expected 999000 sat"),
        ("verify/index.html", "headers are not checked yet"),
        ("verify/index.html", "nobody outside can see its invoices"),
        ("method/index.html", "PaidOver"),
        ("data/index.html", "data/snapshots/runs/2025-11.jsonl.bz2"),
        ("about/index.html", "never shown as zero"),
        ("health/index.html", "closed (auth-required: &lt;b&gt;members&lt;/b&gt; only)"),
    ],
)
def test_pages_say_what_is(files: dict[str, bytes], path: str, words: str) -> None:
    assert words in files[path].decode()


def test_below_five_confirmed_rows_there_are_no_charts(files: dict[str, bytes]) -> None:
    assert b"<figure" not in files["p/bounty/index.html"]
    assert files["p/well/index.html"].count(b"<figure") == 7


def test_charts_of_their_own_bring_both_palettes_and_their_ground(files: dict[str, bytes]) -> None:
    svg = files["p/well/c1.svg"].decode()
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" data-project="well" width="700" ')
    assert "--s1:#12436d" in svg
    assert "--s1:#8ab8e6" in svg
    assert ".chart:root{background:var(--bg);}" in svg
    assert svg.count("<svg") == 1


def test_unknown_is_never_zero(report: Report, files: dict[str, bytes]) -> None:
    unknown = {figure.id for figure in report.all_figures() if figure.value is None}
    assert "never/raised" in unknown
    for path, data in files.items():
        if path.endswith(".html"):
            stated = [element.attributes for element in read_page(data.decode()).stating]
            named = {f"{each.get('data-figure', '')} {each.get('data-figures', '')}" for each in stated}
            assert not unknown & {name for names in named for name in names.split()}, path


def test_a_missing_rate_is_not_available_and_never_zero(files: dict[str, bytes]) -> None:
    ledger = files["p/maktaba/ledger/index.html"].decode()  # all of it came on days without a rate
    assert ledger.count('<span class="unknown">n/a</span>') == 10
    assert "today" not in ledger
    page = files["p/maktaba/index.html"].decode()
    assert '<td class="num half" data-label="At receipt"><span class="unknown">n/a</span></td>' in page
    assert '<data value="10" data-figure="rows_without_rate@EUR">10</data>' in page
    for path, data in files.items():
        if path.endswith(".html"):
            assert not re.search(rb'<data value="[^"]*" data-receipt [^>]*>EUR.0\.00<', data), path
    [row, *_] = csv.DictReader(files["p/maktaba/ledger/ledger.csv"].decode().splitlines())
    assert (row["at_receipt_EUR"], row["rate_by_EUR"]) == ("", "")


def test_long_ledgers_are_paged_by_month(content: pages.Content) -> None:
    it = fair()
    for day in range(1, 29):
        for number in range(30):
            it.pay("bounty", f"2025-08-{day:02d}", 1000 + number, id=f"bounty/{day}/{number}")
    files = dict(pages.render(it.report(), content))
    sheets = {path for path in files if path.startswith("p/bounty/ledger/") and path.endswith(".html")}
    assert sheets == {
        "p/bounty/ledger/index.html",
        "p/bounty/ledger/2025-08/index.html",
        *(f"p/bounty/ledger/2025-08-{part}/index.html" for part in range(2, 8)),
    }
    rows = [
        re.findall(r'<td data-row><a [^>]*title="([^"]+)', files[path].decode()) for path in sorted(sheets)
    ]
    assert [len(found) for found in sorted(rows, key=len)] == [1, *[120] * 7]
    assert len({name for found in rows for name in found}) == 841
    tables = {path for path in files if path.startswith("p/bounty/ledger/") and path.endswith(".csv")}
    assert len(tables) == 2
    assert "p/bounty/ledger/2025-08.csv" in tables
    assert len([row for row in ledger_rows(files) if row["project"] == "bounty"]) == 841
    parts = json.loads(files["data/ledger.json"])["entries"]
    assert {part["path"]: part["rows"] for part in parts}["p/bounty/ledger/2025-08.csv"] == 840
    for page in ("2025-08", "2025-08-7"):
        assert b'href="../2025-08.csv"' in files[f"p/bounty/ledger/{page}/index.html"]


def test_definitions_are_anchored(files: dict[str, bytes], report: Report) -> None:
    method = files["method/index.html"].decode()
    for name in {figure.name.partition("@")[0] for figure in report.all_figures()}:
        assert f'id="{name}"' in method, name
    for kind in (
        "payment",
        "refund",
        "investment",
        "fee",
        "claim",
        "penalty",
        "release",
        "recovery",
        "unclassified",
    ):
        assert f'<th scope="row">{kind}</th>' in method


def test_links_to_explorers_name_the_network(content: pages.Content) -> None:
    it = fair()
    it.network = "signet"
    hrefs = [
        attributes["href"]
        for _, attributes in Elements(
            dict(pages.render(it.report(), content))["p/well/index.html"].decode()
        ).found
        if attributes.get("href", "").startswith("https://mempool")
    ]
    assert hrefs
    assert {urlsplit(href).path.rpartition("/")[0] for href in hrefs} == {"/signet/tx"}


def test_a_report_without_projects_is_still_a_site(content: pages.Content) -> None:
    files = dict(pages.render(Fair().report(), content))
    index = files["index.html"].decode()
    assert "No project is in this report yet." in index
    assert "No project has been found yet." in index
    assert "Nothing from Nostr or Bitcoin has been read" in files["verify/index.html"].decode()


def test_slugs_and_titles_of_found_projects_make_working_pages(content: pages.Content) -> None:
    it = Fair()
    slug = "angor1" + "q" * 39
    it.configure("x" * 64, btcpay={"source": "pay", "store": "S"}, title=slug)
    files = dict(pages.render(it.report(), content))
    assert f"p/{'x' * 64}/index.html" in files
    assert slug in files["index.html"].decode()
