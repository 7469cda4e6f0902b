"""Languages: catalogues are whole, pages say everything in them, and what exists once is found from all."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from lxml import etree, html

from generator import pages
from generator.catalogues import (
    CATALOGUE,
    every_language,
    languages,
    own_catalogues,
    parsed,
    shipped_codes,
)
from generator.config.source_settings import BTCPayServer
from generator.errors import ConfigError
from generator.language import ENGLISH, Language
from generator.pages.language_links import led
from generator.pages.search_files import search_files
from generator.recorded_words import recognised
from generator.report import Report
from generator.sentence import say, say_count
from generator.sources.btcpay.greenfield.refusals import VIEW_INVOICES, refusal
from generator.sources.http import HttpAnswer
from generator.text_format import age_text, day_text, time_text
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import audit
from generator.wording import Form, Quoted, Shown, plain, shown_in
from tools import messages as gathering
from tools.messages import LANGUAGES, updated

#: Gathered once; nobody changes them.
messages = cache(gathering.messages)
#: What of a message a translation has as often: placeholders of either kind, and tags.
_KEPT = re.compile(r"\{\w+\}|%\(\w+\)s|</?\w+[^>]*>")


@pytest.fixture(scope="module")
def german() -> Language:
    return languages({}, ["de"])["de"]


@pytest.fixture(scope="module")
def both(report: Report, content: pages.Content, german: Language) -> dict[str, bytes]:
    site = report.config.site.model_copy(update={"languages": ("en", "de")})
    config = report.config.model_copy(update={"site": site})
    content = replace(content, languages={"en": ENGLISH, "de": german})
    return dict(pages.render(replace(report, config=config), content))


@pytest.mark.parametrize("code", shipped_codes())
def test_a_catalogue_has_the_messages_that_there_are(code: str) -> None:
    path = LANGUAGES / CATALOGUE.format(code=code)
    is_new = updated(path.read_bytes(), code, messages()) == path.read_bytes()
    assert is_new, "run `make messages`"  # to show how they differ takes pytest minutes


@pytest.mark.parametrize("code", shipped_codes())
def test_every_message_is_translated(code: str) -> None:
    language = languages({}, [code])[code]
    missing = []
    for message in messages():
        text = message.id if isinstance(message.id, str) else message.id[0]
        key = f"{message.context}\x04{text}" if message.context else text
        if text and key not in language.messages:
            missing.append(text)
    assert missing == [], f"write these in {CATALOGUE.format(code=code)}"


@pytest.mark.parametrize("code", shipped_codes())
def test_a_translation_keeps_placeholders_and_tags(code: str) -> None:
    language = languages({}, [code])[code]
    wrong = []
    for message in messages():
        text, many = (message.id, message.id) if isinstance(message.id, str) else message.id
        said = language.messages.get(text, (many,))[-1]
        if text and Counter(_KEPT.findall(said)) != Counter(_KEPT.findall(many)):
            wrong.append((text, said))
    assert wrong == []


def test_english_writes_days_and_ages_as_the_terminal_does() -> None:
    day, at = date(2026, 5, 4), datetime(2026, 5, 4, 6, 10, tzinfo=UTC)
    assert ENGLISH.day(day) == day_text(day)
    assert ENGLISH.day(day, year=False) == day_text(day, year=False)
    assert ENGLISH.time(at) == time_text(at)
    for hours in (0, 1, 5, 47, 48, 24 * 9):
        span = timedelta(hours=hours)
        assert plain((say("{age}", age=span),)) == age_text(span)


def test_german_writes_days_numbers_and_counts_as_germans_do(german: Language, report: Report) -> None:
    assert german.name == "Deutsch"
    assert german.day(date(2026, 3, 4)) == "4. März 2026"
    assert german.day(date(2026, 3, 4), year=False) == "4. März"
    assert german.month(date(2026, 3, 4)) == "März 2026"
    assert german.digits("1 234.50") == "1 234,50"
    assert plain(say("{age}", age=timedelta(days=9)), german) == "9 Tage"
    progress = replace(report.projects[0].figures["progress"], value="12.5")
    assert Shown(progress, Form.EXACT).said(german).startswith("12,5")


def test_a_sentence_says_its_values_in_the_order_of_a_language(report: Report) -> None:
    raised, goal = (report.projects[0].figures[name] for name in ("raised", "goal"))
    backwards = Language(code="xx", messages={"{a} of {b}, {who}": ("{who}: {b} hat {a}",)}, decimal=",")
    sentence = say("{a} of {b}, {who}", a=Shown(raised), b=Shown(goal), who=Quoted("Well"))
    assert shown_in(sentence) == (raised.id, goal.id)
    assert shown_in(sentence, backwards) == (goal.id, raised.id)
    assert plain(sentence, backwards).startswith("Well: ")
    assert plain(say_count("{count} row", "{count} rows", 2)) == "2 rows"
    with pytest.raises(TypeError, match="language"):
        str(sentence)


def test_a_further_language_has_each_page_and_no_file(both: dict[str, bytes]) -> None:
    html = {path for path in both if path.endswith(".html") and not path.startswith(("de/", "embed/"))} - {
        "404.html"
    }
    assert {path for path in both if path.startswith("de/")} == {f"de/{path}" for path in html}
    for path in html:
        assert b'<html lang="en"' in both[path]
        assert b'<html lang="de"' in both[f"de/{path}"]


def test_every_link_of_every_language_leads_to_what_is_there(both: dict[str, bytes]) -> None:
    count = 0
    for path, data in both.items():
        if not path.endswith(".html") or path == "404.html":
            continue
        for way in re.findall(r' (?:href|src)="([^"#:]+)[^":]*"', data.decode()):
            target = (Path("/top") / path).parent.joinpath(way).as_posix()
            parts: list[str] = []
            for part in target.split("/")[2:]:
                parts = parts[:-1] if part == ".." else [*parts, part]
            found = "/".join(parts)
            assert {found, f"{found}index.html"} & {*both, "manifest.json"}, (path, way)
            count += 1
    assert count > 500


def test_ways_from_a_folder() -> None:
    ways = {
        "../well/index.html#x": "../well/index.html#x",
        "../pump/index.html": "../../../p/pump/index.html",
        "data.csv": "../../../p/well/data.csv",
        "../../a.svg": "../../../a.svg",
        "#y": "#y",
        "https://x.org/": "https://x.org/",
    }
    for way, expected in ways.items():
        page = led(f'<a href="{way}">', "p/well/index.html", "de/", lambda path: path == "p/pump/index.html")
        assert page == f'<a href="{expected}">'


def test_a_language_without_a_catalogue_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ConfigError, match=r"no catalogue for 'fr'; Sunlit has en, de"):
        languages({}, ["en", "fr"])


def test_a_third_language_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "languages" / CATALOGUE.format(code="fr")
    file.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
    file.write_text(head + 'msgid "no goal"\nmsgstr "sans but"\n')
    french = every_language(own_catalogues(tmp_path))["fr"]
    assert plain(say("no goal"), french) == "sans but"
    assert plain(say("not in it"), french) == "not in it"
    assert french.day(date(2026, 5, 4)) == "4 mai 2026"
    assert french.untranslated == len([text for text in messages() if text.id]) - 1


def test_a_catalogue_of_ones_own_says_some_messages_of_a_shipped_language_otherwise() -> None:
    head = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    own = f'{head}msgid "no goal"\nmsgstr "ohne Grenze"\n'.encode()
    german = languages({"de": own}, ["de"])["de"]
    assert plain(say("no goal"), german) == "ohne Grenze"
    assert plain(say("Projects"), german) == "Projekte"
    assert german.untranslated == 0
    with pytest.raises(ConfigError, match=r"rule of Sunlit's own catalogue: plural=\(n != 1\)"):
        languages({"de": own.replace(b"(n != 1)", b"(n > 1)")}, ["de"])


def test_english_is_no_catalogue(tmp_path: Path) -> None:
    file = tmp_path / "languages" / CATALOGUE.format(code="en")
    file.parent.mkdir(parents=True)
    file.write_text("")
    with pytest.raises(ConfigError, match=r"languages/en/LC_MESSAGES/sunlit\.po.*English is what messages"):
        own_catalogues(tmp_path)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("nplurals=2; plural=n", "leads 2 to a form that there is not"),
        ("nplurals=2; plural=1/n", "cannot be followed"),
        ("nplurals=2; plural=exec(n)", "cannot be followed"),
        ("nplurals=2; plural=" + "(" * 99 + "n" + ")" * 99, "cannot be followed"),
        ("nplurals=2; plural=(n != 1)" + " || 0" * 200, "more than 500 letters"),
    ],
)
def test_a_rule_of_plurals_that_leads_nowhere_is_refused(rule: str, said: str) -> None:
    data = f'msgid ""\nmsgstr ""\n"Plural-Forms: {rule};\\n"\n'.encode()
    with pytest.raises(ConfigError, match=said):
        parsed("fr", data, file="languages/fr.po")


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("goal {goal}", "but"),
        ("goal {goal}", "but {but}"),
        ("goal {goal}", "but {goal} {"),
        ("<strong>Frozen</strong>", "fige"),
        ("Frozen", "<script>fige</script>"),
        ("%(count)s pages of %(name)s", "%(count)s pages"),
        ("Frozen", "fige <b"),
    ],
)
def test_a_translation_with_other_slots_or_tags_is_refused_with_its_line(text: str, translation: str) -> None:
    head = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
    data = f'{head}msgid "no goal"\nmsgstr "sans but"\n\nmsgid "{text}"\nmsgstr "{translation}"\n'
    with pytest.raises(ConfigError, match="placeholders and tags") as caught:
        parsed("fr", data.encode(), file="languages/fr.po")
    [problem] = caught.value.problems
    assert (problem.file, problem.line) == ("languages/fr.po", 8)


def test_a_translation_that_states_another_number_is_refused_with_its_line() -> None:
    head = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n\n'
    good = f'{head}msgid "within 28 days"\nmsgstr "en \u0662\u0668 jours"\n'
    assert parsed("fr", good.encode(), file="languages/fr.po").messages
    bad = f'{good}\nmsgid "no goal"\nmsgstr "\u0661\u0662 BTC"\n'
    with pytest.raises(ConfigError, match=r"languages/fr.po:8:1: .*states 12, which its message does not"):
        parsed("fr", bad.encode(), file="languages/fr.po")


@pytest.mark.parametrize(
    ("text", "form", "said"),
    [
        ("Raised, sats", "In Euro", "names EUR"),
        ("Raised, sats", "Mio. Satoshis", "names a million"),
        ("Raised, sats", "Kilo-Sats", "names a thousand sats"),
        ("At most", "Mindestens", "'mindestens' is said for 'at least' and for 'at most'"),
    ],
)
def test_words_that_make_another_amount_are_refused(text: str, form: str, said: str) -> None:
    head = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    honest = f'{head}msgid "at least"\nmsgstr "mindestens"\n\n'
    assert parsed("de", honest.encode(), file="languages/de.po").messages
    bad = f'{honest}msgid "{text}"\nmsgstr "{form}"\n'
    with pytest.raises(ConfigError, match=said):
        parsed("de", bad.encode(), file="languages/de.po")


def test_a_page_of_a_language_from_right_to_left_says_so(report: Report, content: pages.Content) -> None:
    hebrew = parsed("he", b'msgid ""\nmsgstr ""\n"Language: he\\n"\n', file="languages/he.po")
    assert hebrew.rtl
    site = report.config.site.model_copy(update={"languages": ("en", "he")})
    config = report.config.model_copy(update={"site": site})
    content = replace(content, languages={"en": ENGLISH, "he": hebrew})
    made = dict(pages.render(replace(report, config=config), content))
    assert b'<html lang="he" dir="rtl">' in made["he/index.html"]
    assert b'dir="rtl"' not in made["index.html"]


def test_a_damaged_catalogue_is_refused_with_its_name() -> None:
    with pytest.raises(ConfigError, match=r"languages/fr\.po"):
        parsed("fr", b'msgid "\xff"\n', file="languages/fr.po")


def test_numbers_of_german_pages_are_the_figures(
    both: dict[str, bytes], report: Report, german: Language
) -> None:
    known = KnownNumbers.of(report).said_in(german)
    found = {path: audit(data.decode(), known) for path, data in both.items() if path.startswith("de/")}
    assert {path: said.problems for path, said in found.items() if said.problems} == {}, "charts too"
    assert sum(said.numbers for said in found.values()) > 500
    [path] = [path for path in found if path == "de/index.html"]
    assert audit(both[path].decode(), KnownNumbers.of(report)).problems  # they are not written as in English


#: What a server of BTCPay may answer: status, body, and German that is said of it.
REFUSED = [
    (401, b"", "nimmt den API-Schlüssel in KEY nicht an (401)"),
    (403, b"", "wies den API-Schlüssel in KEY ab (403): Ihm fehlt btcpay.store.canviewinvoices"),
    (422, b'[{"path": "take"}]', "wies take ab (422); ist der Server neuer als Sunlit?"),
    (422, b"", "wies die Frage ab (422)"),
    (404, b"", "antwortete 404; https://pay.example zeigt hier keine Greenfield-API"),
    (400, b"", "antwortete 400; erwartet war 200; sehen Sie in das Protokoll"),
    *(
        (404, b'{"code": "%s"}' % code.encode(), f"antwortete 404 {code}; ")
        for code in ("app-not-found", "invoice-not-found", "generic-error", "unsupported-in-v2")
    ),
]


@pytest.mark.parametrize(("status", "body", "said"), REFUSED)
def test_a_refusal_of_btcpay_is_said_in_german(status: int, body: bytes, said: str, german: Language) -> None:
    server = BTCPayServer(id="pay", url="https://pay.example", token_env="KEY", stores=("Store",))
    answer = HttpAnswer(
        source="btcpay-1", subject="invoices of store 4f", host="pay.example", status=status, content=body
    )
    told = plain(recognised(refusal(answer, server, VIEW_INVOICES).message), german)
    print(told)
    assert told.startswith("Rechnungen des Stores 4f: pay.example ")
    assert said in told
    assert not re.search(r"\b(the|is|with|again|expected|store id|key)\b", told)


def test_counts_in_recorded_texts_are_said_by_the_rule_of_the_language(german: Language) -> None:
    for text, said in {
        "refunds are not fully known: 1 closed refund whose payouts BTCPay does not show": (
            "1 geschlossene Rückzahlung"
        ),
        "refunds are not fully known: 3 closed refunds whose payouts BTCPay does not show": (
            "3 geschlossene Rückzahlungen"
        ),
        "1 590 sat promised over 30 days ago may already be paid by hand": "1 590 sat, vor über 30 Tagen",
        "3 payments": "3 Zahlungen",
        "many payments": "many payments",
    }.items():
        assert said in plain(recognised(text), german)


def test_each_page_names_itself_in_every_language_and_so_does_the_sitemap(
    both: dict[str, bytes], report: Report
) -> None:
    site = report.config.site.model_copy(update={"languages": ("en", "de")})
    config = report.config.model_copy(update={"site": site})
    sitemap = search_files(replace(report, config=config, demo=False), both)["sitemap.xml"]
    listed = {
        entry.findtext("{*}loc"): {
            link.get("hreflang"): link.get("href") for link in entry.iterfind("{*}link")
        }
        for entry in etree.fromstring(sitemap)
    }
    assert len(listed) > 50
    for path, data in both.items():
        if not path.endswith("index.html"):
            continue
        page = html.fromstring(data)
        [canonical] = page.xpath("//link[@rel='canonical']/@href")
        named = {
            link.get("hreflang"): link.get("href")
            for link in page.xpath("//link[@rel='alternate' and @hreflang]")
        }
        assert named == listed[canonical], path
        assert named.keys() == {"en", "de", "x-default"}, path
        assert named["x-default"] == named["en"], path
        assert canonical in named.values(), path
        assert all(listed[other] == named for other in named.values()), "each names the others back"


def test_what_stands_in_one_language_leads_to_the_front_page_of_the_others(both: dict[str, bytes]) -> None:
    [link] = html.fromstring(both["404.html"]).xpath("//p[@class='languages']/a")
    assert (link.get("hreflang"), link.get("href")) == ("de", "/funding/de/index.html")
    for path, data in both.items():
        if path.endswith("index.html"):
            [link] = html.fromstring(data).xpath("//p[@class='languages']/a")
            assert link.text.strip() == ("English" if path.startswith("de/") else "Deutsch"), path
