"""Every word of a page stands in the catalogues: in a language of one letter no other is left."""

import re
from collections import defaultdict
from dataclasses import replace
from typing import Final

import pytest

from generator import pages
from generator.language import DateForms, Language
from generator.report import Report
from generator.sentence import AtStart, say
from generator.text_format import shortened
from generator.verify.page_reader import read_page
from generator.wording import plain
from tests.support.respelled import respelled

LETTER: Final = "ж"
#: Addresses, files, the title of this report, and what markup says to programs.
_NAMES: Final = re.compile(
    r"https?:\S+|(\w|[/-])+\.(jsonl\.bz2|json|csv|atom|ics|html|svg)|[0-9a-f]{16,}"
    r"|Watershed Commons|no-referrer|noindex|website|image/png|summary_large_image|CC-BY"
    r"|(wss://)?(\w+\.)*example\.(org|net)"
)
#: Units, names and codes, which are the same in every language.
SAME: Final = frozenset(
    {"sat", "sats", "BTC", "EUR", "USD", "UTC", "CSV", "SVG", "JSON", "ICS", "ISO", "SHA", "Sunlit", "Angor"}
    | {"csv", "mempool"}  # providers of rates, as the configuration names them
    | {"BTCPay", "btcpay", "Bitcoin", "Nostr", "Lightning", "regtest", "HTML", "Markdown", "oEmbed"}
)


def language() -> Language:
    months = (LETTER * 3,) * 12
    found = respelled(lambda _: LETTER)
    return Language(code="en", messages=found, dates=DateForms(months=months, month_names=months))


def words(html: str, titles: re.Pattern[str]) -> set[str]:
    page = read_page(html)
    texts = [part.text for passage in page.passages for part in passage if not part.quoted]
    texts += re.findall("<title>(.*?)</title>", html, re.DOTALL)
    texts = [_NAMES.sub(" ", titles.sub(" ", text)) for text in (*texts, *page.spoken)]
    return {word for text in texts for word in re.findall(r"[A-Za-z]{2,}", text)} - SAME


def test_a_sentence_begins_large_however_deep_its_first_words_stand() -> None:
    inner = say("{what} whose day is not known", what=say("refunds are hidden: {count}", count="2"))
    assert plain(say("{reason}.", reason=AtStart(inner))) == "Refunds are hidden: 2 whose day is not known."


@pytest.fixture(scope="module")
def said(report: Report, content: pages.Content) -> dict[str, set[str]]:
    """Return by template what of a page's words is in no catalogue."""
    content = replace(content, languages={"en": language()}, pages={})
    found = defaultdict(set)
    told = {title for project in report.projects for title in (project.title, shortened(project.title, 40))}
    titles = re.compile("|".join(re.escape(title) for title in sorted(told, key=len, reverse=True)))
    for path, data in pages.render(report, content):
        if path.endswith(".html"):
            found[re.sub(r"^(p|embed)/[^/]+", r"\1/…", path)] |= words(data.decode(), titles)
    return found


def test_every_word_is_in_the_catalogues(said: dict[str, set[str]]) -> None:
    for path, left in said.items():
        print(f"{path}: {' '.join(sorted(left))}")
    assert {path: left for path, left in said.items() if left} == {}
