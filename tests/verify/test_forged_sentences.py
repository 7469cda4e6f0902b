"""Forged words, marks, dates and links of pages of another version, or of templates of a publisher's own."""

import re

import pytest

from generator.verify.inner_links import moved_links
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import audit
from generator.verify.page_passages import InnerLink
from generator.verify.page_texts import KnownTexts
from generator.verify.plain_text import BARE, SPOKEN, UNIT_AFTER
from generator.verify.published_site import PublishedSite
from generator.verify.site_copy import SiteCopy
from tests.support.growth import LINEAR, growth
from tests.verify.original import text_checks

INDEX, OWN = "index.html", "p/makers-hall/index.html"
EVIDENCE = '<p class="evidence">'
UNIT = r'(data-figure="all/locked">[^<]*</data>(?:<small>)?\s)sats'
CSP = r'<meta http-equiv="Content-Security-Policy"[^>]*>'
LOOK = '<svg aria-hidden="true"><use href="#i-proven"/></svg>'
MARK = f'<span class="st proven">{LOOK}<strong>proven:</strong></span>'


def said(words: str) -> tuple[str, str, str]:
    return INDEX, EVIDENCE, f'<p class="note">{words}</p>{EVIDENCE}'


#: Name → path, a text of the page, what stands there instead.
FORGED = {
    **{
        f"the unit {unit} behind a figure": (INDEX, UNIT, rf"\1{unit}")
        for unit in ("Bitcoin", "Euro", "Dollar", "SATS", "btc", "mBTC", "Prozent", "Franken", "ARS", "₿")
    },
    "the height of a block as money": said("So far 2752 Bitcoin came in from many backers."),
    "the height of a block, quoted, as money": said("So far <code>2752</code> Bitcoin came in."),
    "a year as money": said("2026 Euro came in today."),
    "teens": said("So far fifteen bitcoins came in from many generous backers of ours."),
    "teens of German": said("dreizehn Bitcoin"),
    "a compound of German": said("hundertfünf Bitcoin kamen"),
    "a sharp s": said("dreißig Euro"),
    "two letters s": said("dreissig Franken"),
    "fifty per cent": said("fünfzig Prozent"),
    "ninety per cent": said("ninety per cent of it"),
    "fresh sources": (INDEX, "4 of 4 sources are fresh", "2 of 4 sources are fresh"),
    "the year of a date": ("health/index.html", 'datetime="2026', 'datetime="2027'),
    "a mark of a sentence": (INDEX, rf"({EVIDENCE})<span class=.st reported.>.*?</span>", rf"\1{MARK}"),
    "the title of a project": (
        INDEX,
        'href="p/makers-hall/index.html"><bdi',
        'href="p/solar-roof/index.html"><bdi',
    ),
    "a download of another project": (OWN, 'href="figures.json"', 'href="../solar-roof/figures.json"'),
    "rows of another project": (
        OWN,
        'href="ledger/index.html">',
        'href="../solar-roof/ledger/index.html">',
    ),
    "an entry of the menu": (INDEX, 'href="verify/index.html"', 'href="about/index.html"'),
    "the language of a page": (INDEX, '<html lang="en"', '<html lang="de"'),
    "no language": (INDEX, '<html lang="en"', "<html"),
}


def changed(site: PublishedSite, path: str, pattern: str, instead: str) -> str:
    text = re.sub(pattern, instead, site.copy.files[path].decode(), count=1, flags=re.DOTALL)
    assert text.encode() != site.copy.files[path], "nothing is forged"
    return text


def problems(site: PublishedSite, known: KnownNumbers, path: str, text: str) -> list[str]:
    copy = SiteCopy(subject="site", files={**site.copy.files, path: text.encode()}, listed=True)
    found = [problem for check in text_checks(copy, site.copy.files) for problem in check.problems]
    return [*found, *audit(text, known).problems]


@pytest.mark.parametrize("name", FORGED)
def test_what_a_forged_page_says_or_leads_to(name: str, site: PublishedSite, known: KnownNumbers) -> None:
    path, pattern, instead = FORGED[name]
    found = problems(site, known, path, changed(site, path, pattern, instead))
    print(name, found)
    assert found


def test_digits_of_a_sentence_that_stand_elsewhere() -> None:
    ours = KnownTexts()
    ours.learn("<p>Of these, 2 reached their goals.<p>6 projects<p>2 von 4 Quellen frisch<p>within 36 hours")
    for sentence in ("Of these, 6 reached their goals.", "4 von 4 Quellen frisch", "4 von 2 Quellen frisch"):
        [problem] = ours.unknown_numbers(f"<p>{sentence}")
        assert sentence.translate(dict.fromkeys(b"0123456789", "#")) in problem
    for honest in ("2 reached their goals.", "6 projects, of these 2 reached them", "2 projects"):
        assert list(ours.unknown_numbers(f"<p>{honest}")) == []
    assert list(ours.unknown_numbers("<svg><text>Of these, 6 reached their goals.</text></svg>")) == []


def test_a_row_that_stands_twice_on_a_page(site: PublishedSite, known: KnownNumbers) -> None:
    path = "p/makers-hall/ledger/index.html"
    text = changed(site, path, r'(<tr id="tx-(?:(?!</tr>).)*</tr>)', r"\1\1")
    [problem] = audit(text, known).problems
    assert "stands on it 2 times" in problem
    pages = {name: data.decode() for name, data in site.copy.files.items() if name.endswith(".html")}
    assert not [each for page in pages.values() for each in audit(page, known).problems if "times" in each]


def test_what_a_browser_is_not_told_is_named(site: PublishedSite) -> None:
    files = {**site.copy.files, INDEX: changed(site, INDEX, CSP, "").encode()}
    copy = SiteCopy(subject="site", files=files, listed=True)
    [check] = [check for check in text_checks(copy, site.copy.files) if check.name == "page-unread"]
    assert "index.html: without <meta content-security-policy>" in check.reason
    assert check.wanted


HONEST = {
    "what belongs to the network": said("4 Bitcoin addresses on 2 Bitcoin networks."),
    "a mark of another word": (INDEX, "<strong>proven in part:", "<strong>partly proven:"),
    "another sentence beside a mark": (INDEX, rf"({EVIDENCE})<span.*?</p>", rf"\1{MARK} so far.</p>"),
    "another page of the menu": (INDEX, 'href="about/index.html"', 'href="p/index.html"'),
    "another page of the project": (
        INDEX,
        'href="p/makers-hall/index.html"><bdi',
        'href="p/makers-hall/ledger/index.html"><bdi',
    ),
    "an explanation elsewhere": (OWN, r"verify/index.html(.>What proven)", r"glossary/index.html\1"),
    "the chart of another number": (OWN, r"\./c2\.csv", "./c3.csv"),
    "an entry of the menu in a sentence": said('<a href="method/index.html">Verify</a>'),
    "a date to the second": (INDEX, 'datetime="2026-02-28"', 'datetime="2026-02-28T00:00:00Z"'),
    "another sentence": (INDEX, "4 of 4 sources are fresh", "All sources are fresh"),
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_page_of_another_version(name: str, site: PublishedSite, known: KnownNumbers) -> None:
    path, pattern, instead = HONEST[name]
    text = changed(site, path, pattern, instead)
    files = {**site.copy.files, path: text.encode(), "p/index.html": site.copy.files[INDEX]}
    copy = SiteCopy(subject="site", files=files, listed=True)
    found = [problem for check in text_checks(copy, files | site.copy.files) for problem in check.problems]
    assert [*found, *audit(text, known).problems] == []


def test_links_are_compared_as_a_browser_resolves_them() -> None:
    def link(address: str) -> InnerLink:
        return InnerLink(label="Wells", address=address, names=True, in_navigation=False)

    for address in ("../wells/", "../wells/index.html#sums", "../roof/../wells/index.html?x", "../%77ells/"):
        assert not list(
            moved_links("p/roof/index.html", [link("../wells/")], [link(address)], in_project=True)
        )
    [problem] = moved_links("p/roof/index.html", [link("../wells/")], [link("./")], in_project=True)
    assert problem == "leads with 'Wells' to 'p/roof/index.html', and ours does not"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1",
            "1.",
            "1 ",
            "1,000",
            "ein",
            "und",
            "zehn",
            "zehn ",
            "hundert",
            "sechs-",
            "nine of ",
            "I",
            "|",
            "l ",
        ),
        *("一", "一 ", "per ", "per cent ", "5 bitcoin adresse ", "one bitcoin-", "k", "µ", "\u202f"),
    ],
)
def test_hostile_text_takes_no_square(text: str) -> None:
    def look(letters: int) -> None:
        hostile = text * (letters // len(text))
        for pattern in (BARE, SPOKEN, UNIT_AFTER):
            for _ in pattern.finditer(hostile):
                pass

    assert growth(look, 8_000) < LINEAR
