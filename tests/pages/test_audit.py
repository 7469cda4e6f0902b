"""The audit of our own pages, and that it notices what is wrong."""

import re
from dataclasses import replace
from html import unescape

import pytest

from generator.report.figures.bounds import Bound
from generator.report.ledger_rows import short_id
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import audit
from generator.verify.page_reader import read_page
from generator.verify.plain_text import BARE


def test_every_number_of_every_page_is_a_figure(files: dict[str, bytes], known: KnownNumbers) -> None:
    numbers = 0
    for path, data in files.items():
        if path.endswith(".html"):
            found = audit(data.decode(), known)
            assert found.problems == [], path
            numbers += found.numbers
    print(f"{numbers} numbers of {sum(path.endswith('.html') for path in files)} pages compared")
    assert numbers > 1000


def test_charts_of_their_own_state_the_same(files: dict[str, bytes], known: KnownNumbers) -> None:
    numbers = 0
    for path, data in files.items():
        if path.endswith(".svg") and path.startswith("p/"):
            found = audit(data.decode(), known)
            assert found.problems == [], path
            numbers += found.numbers
    assert numbers > 50


OF_WELL = '<html data-project="well">'
NAMED = {"data-entry", "data-count", "data-receipt"}
WRONG = [
    (
        "another value",
        r'<data value="\d+" data-figure="raised">',
        '<data value="1" data-figure="raised">',
    ),
    ("another figure", r'data-figure="raised"', 'data-figure="locked"'),
    ("another project", r'data-project="well"', 'data-project="seed"'),
    ("no such figure", r'data-figure="raised"', 'data-figure="rised"'),
    ("another text", r'(data-figure="raised">)\d+', r"\g<1>9"),
    ("a bare amount", r"<h1", "<p>1 000 000 sats</p><h1"),
    ("a bare percentage", r"<h1", "<p>78 %</p><h1"),
    ("a bare currency", r"<h1", "<p>EUR 12</p><h1"),
    ("a bare amount in a label", r"<h1", '<p aria-label="12 BTC"></p><h1'),
    ("a nameless number", r"<h1", '<data value="1">1</data><h1'),
    ("a row that is not", r"<h1", '<data value="1" data-entry="none">0.001</data><h1'),
    ("another share", r'(data-figure="progress">)[\d.]+', r"\g<1>99.99"),
    ("another label", r'(<text class="strong halo" data-figure="raised"[^>]*>)[^<]*', r"\g<1>99 M sats"),
    ("another alternative text", r"(<desc [^>]*>[^<]*rose steadily to )[\d.]+", r"\g<1>1"),
    ("an amount too many", r"(<desc [^>]*>)", r"\g<1>7 M sats, "),
]


@pytest.mark.parametrize(
    ("pattern", "instead"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_it_notices(files: dict[str, bytes], known: KnownNumbers, pattern: str, instead: str) -> None:
    html, count = re.subn(pattern, instead, files["p/well/index.html"].decode(), count=1)
    assert count == 1
    assert audit(html, known).problems


ROW = r"(<tr id=[^\n]*?<td data-row>(?:<a [^>]*>)?)([^<]+)"
WRONG_ROWS = [
    ("another id", ROW, r"\g<1>other"),
    ("an id with more", ROW, r"\g<1>\g<2><span hidden>0</span>"),
    ("another whole id", r'(<td data-row><a [^>]*title=")[^"]+', r"\g<1>other"),
    (
        "the id of no row",
        r'(<td data-row><a [^>]*title=")[^"]+(">)[^<]+',
        rf"\g<1>other\g<2>{short_id('other')}",
    ),
    ("no id", "<td data-row>", "<td>"),
    (
        "money that left without its sign",
        '<data value="-(\\d+)" data-entry>\N{MINUS SIGN}',
        r'<data value="\1" data-entry>',
    ),
    ("two ids", "<td data-row>", "<td data-row>x</td><td data-row>"),
    ("a row in a row", r"<td data-row>", "<td><table><tr><td>x</table></td><td data-row>"),
    ("another amount", r'(<data value="\d+)(" data-entry>)', r"\g<1>9\g<2>"),
    ("another text of an amount", r"( data-entry>)", r"\g<1>9"),
    ("another value at receipt", r'(<data value="[\d.]+)(" data-receipt )', r"\g<1>9\g<2>"),
    ("another currency", r'( data-receipt data-currency=")EUR', r"\g<1>USD"),
    ("a number outside of rows", r"<h1", '<data value="1" data-entry>0.001</data><h1'),
]


@pytest.mark.parametrize(
    ("pattern", "instead"), [case[1:] for case in WRONG_ROWS], ids=[case[0] for case in WRONG_ROWS]
)
def test_it_notices_in_a_ledger(
    files: dict[str, bytes], known: KnownNumbers, pattern: str, instead: str
) -> None:
    before = files["p/well/ledger/index.html"].decode()
    assert audit(before, known).problems == []
    html, count = re.subn(pattern, instead, before, count=1)
    assert count == 1
    assert audit(html, known).problems


@pytest.mark.parametrize(
    ("pattern", "instead"),
    [
        (r'(<data value="\d+" data-entry=":\d+">)\d', r"\g<1>9"),
        (r'(<data value="\d+" data-entry=":)\d+', r"\g<1>99"),
    ],
    ids=["another amount", "another part"],
)
def test_it_notices_in_the_parts_of_a_transaction(
    files: dict[str, bytes], known: KnownNumbers, pattern: str, instead: str
) -> None:
    before = files["p/solar/ledger/index.html"].decode()
    assert audit(before, known).problems == []
    html, count = re.subn(pattern, instead, before, count=1)
    assert count == 1
    assert audit(html, known).problems


@pytest.mark.parametrize(
    ("link", "named"),
    [
        ('<a href="https://mempool.space/tx/{id}">{short}</a>', "{id}"),
        ('<a href="#tx-00ff" title="{id}">{short}</a>', "{id}"),
        ('<a href="https://mempool.space/tx/{other}">{short}</a>', ""),
        ('<a href="https://mempool.space/tx/{id}">{id}</a>', ""),
        ('<a href="https://mempool.space/tx/{id}" title="{other}">{short}</a>', ""),
        ('<a href="https://mempool.space/tx/{id}">{short}</a><a href="https://x.example/{id}"></a>', ""),
        ('<a href="#{id}">{short}</a>', ""),
    ],
)
def test_the_id_of_a_row_is_whole_in_its_address_or_its_title(link: str, named: str) -> None:
    ids = {"id": "00ff" * 16, "other": "ff00" * 16, "short": short_id("00ff" * 16)}
    html = f'<tr><td><data value="5" data-entry>5</data></td><td data-row>{link.format(**ids)}</td></tr>'
    [element] = read_page(f"<table>{html}</table>").stating
    assert element.attributes["data-entry"] == named.format(**ids)


def test_each_number_of_a_row_has_the_id_that_the_row_shows(files: dict[str, bytes]) -> None:
    html = files["p/well/ledger/index.html"].decode()
    rows = re.findall(r"<tr id=\"(?:tx|row)-.*", html)
    assert len(rows) > 3
    for row in rows:
        [(whole, shown)] = re.findall(r'<td data-row><a [^>]*title="([^"]+)">([^<]+)', row)
        assert short_id(unescape(whole)) == shown
        stating = read_page(f"<table>{row}</table>").stating
        assert len(stating) >= 2
        for element in stating:
            [named] = [value for name, value in element.attributes.items() if name in NAMED]
            assert named.partition(unescape(whole))[:2] == ("", unescape(whole))
            assert re.fullmatch(r"([:/]\d+)?", named.removeprefix(unescape(whole)))


def test_it_notices_a_missing_at_least(files: dict[str, bytes], known: KnownNumbers) -> None:
    html = files["p/solar/index.html"].decode()
    assert audit(html, known).problems == []
    assert audit(html.replace("≥\N{NARROW NO-BREAK SPACE}", "", 1), known).problems


def test_the_title_of_a_number_has_all_its_digits(files: dict[str, bytes], known: KnownNumbers) -> None:
    html = files["p/well/index.html"].decode()
    found = re.search(r'<data [^>]*data-figure="raised" title="([^"]+)">[^<]+</data>', html)
    assert found
    assert "." in found[1]
    for title, wrong in ((found[1], False), (found[1].replace(".", ".1"), True), ("1 BTC", True)):
        assert bool(audit(OF_WELL + found[0].replace(found[1], title), known).problems) is wrong


def test_at_most_stands_where_a_figure_says_so_and_nowhere_else(
    files: dict[str, bytes], known: KnownNumbers
) -> None:
    locked = known.figures["well/locked"]
    bounded = replace(known, figures={**known.figures, locked.id: replace(locked, bound=Bound.AT_MOST)})
    number = re.search(r'<data [^>]*data-figure="locked">.*?</data>', files["p/well/index.html"].decode())
    assert number
    marked = re.sub(r"(<data [^>]*>)", r"\1at most ", number[0])
    assert [bool(audit(OF_WELL + number[0], facts).problems) for facts in (known, bounded)] == [False, True]
    assert [bool(audit(OF_WELL + marked, facts).problems) for facts in (known, bounded)] == [True, False]


@pytest.mark.parametrize(
    "text",
    [
        "62 431 870",
        "62\u202f431\u202f870",
        "1,234",
        "5 sats",
        "0.5 BTC",
        "12 %",
        "12%",
        "€5",
        "EUR 5",
        "3 k",
        "40 USD",
    ],
)
def test_what_looks_like_an_amount(text: str) -> None:
    assert BARE.search(f"about {text} or so")


@pytest.mark.parametrize(
    "text",
    [
        "22 Nov 2025, 06:10 UTC",
        "block 977412",
        "2 of 5 stages",
        "in 70 days",
        "2025-W07",
        "stage 3",
        "BIP-340",
    ],
)
def test_what_does_not(text: str) -> None:
    assert not BARE.search(text)
