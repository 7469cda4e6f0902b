"""Pages, pictures and notes of the maintainer's: what is written, and what becomes of it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from generator import inputs, pages
from generator.catalogues import languages
from generator.errors import ConfigError
from generator.language import ENGLISH
from generator.pages.own_links import OwnLinks
from generator.pages.page import Content
from generator.pages.prose import prose
from generator.pictures import LONGEST_SIDE, PictureRefused, made_anew
from generator.report import Report
from generator.report.annotations import annotations
from generator.static_files import LARGEST, file_fault, name_fault, picture_size
from generator.wording import plain
from tests.support.paths import ROOT

LINKS = {"name": "page", "path": "page/index.html", "names": ("other", "donors/2026", "page")}
STATIC = {"well.png": (30, 20), "budget.pdf": None}
#: As docs/pages.md lists it: what is written → what stands on the page, and what `check` says of it.
FEATURES: dict[str, tuple[str, str, str]] = {
    "heading": ("## Our rules", '<h2 id="our-rules">Our rules</h2>', ""),
    "same heading again": ("## A\n\n## A", '<h2 id="a-2">A</h2>', ""),
    "sixth level": ("###### Small", '<h6 id="small">Small</h6>', ""),
    "later title": ("text\n\n# Later", '<h2 id="later">Later</h2>', ""),
    "underlined": ("Under\n---", '<h2 id="under">Under</h2>', ""),
    "emphasis": ("*word*", "<em>word</em>", ""),
    "strong": ("**word**", "<strong>word</strong>", ""),
    "code": ("`word`", "<code>word</code>", ""),
    "fenced": ("```\na < b\n```", "<pre><code>a &lt; b\n</code></pre>", ""),
    "indented": ("    a < b", "<pre><code>a &lt; b\n</code></pre>", ""),
    "quotation": ("> word", "<blockquote>\n<p>word</p>\n</blockquote>", ""),
    "list": ("- word", "<li>word</li>", ""),
    "numbers": ("1. word", "<ol>\n<li>word</li>", ""),
    "numbers from three": ("3. word", '<ol start="3">', ""),
    "list in list": ("- a\n    - b", "<ul>\n<li>b</li>\n</ul>", ""),
    "line across": ("a\n\n---\n\nb", "<hr>", ""),
    "line break": ("a  \nb", "a<br>\nb", ""),
    "escaped": (r"\*word\*", "<p>*word*</p>", ""),
    "entity": ("&copy;", "<p>©</p>", ""),
    "link": ("[word](https://example.org/a?b=c)", 'href="https://example.org/a?b=c"', ""),
    "named link": ("[word][n]\n\n[n]: https://example.org", 'href="https://example.org"', ""),
    "link in brackets": ("<https://example.org>", 'href="https://example.org"', ""),
    "page": ("[word](other.md#our-rules)", 'href="../other/index.html#our-rules"', ""),
    "page below": ("[word](donors/2026.md)", 'href="../donors/2026/index.html"', ""),
    "no page": ("[word](nobody.md)", "<a>word</a>", "no page of content/pages"),
    "page outside": ("[word](../../config.md)", "<a>word</a>", "no page of content/pages"),
    "page of the report": ("[word](../health/index.html)", 'href="../health/index.html"', ""),
    "file": ("[word](../static/budget.pdf)", 'href="../static/budget.pdf"', ""),
    "no file": ("[word](../static/nobody.pdf)", "<a>word</a>", "there is no content/static/nobody.pdf"),
    "picture": (
        '![A "well" <b>](../static/well.png)',
        '<img src="../static/well.png" alt="A &quot;well&quot; b" width="30" height="20" loading="lazy">',
        "",
    ),
    "remote picture": ("![A well](https://x.example/a.png)", "<p>A well</p>", "who reads the report"),
    "picture of no kind": ("![A](../static/budget.pdf)", "<p>A</p>", "a picture stands in content/static"),
    "script in a link": ("[word](javascript:alert)", "word", ""),
    "table": ("|a|b|\n|-|-:|\n|c|d|", '<td class="num">d</td>', ""),
    "footnote": (
        "word[^1]\n\n[^1]: text",
        '<sup id="fnref-1"><a href="#fn-1">1</a></sup>',
        "",
    ),
    "note of the footnote": ("word[^1]\n\n[^1]: text", '<li id="fn-1">', ""),
    "simple tag": ("<b onclick=x style=y>word</b>", "<b>word</b>", ""),
    "frame": ("a <iframe src=x></iframe>", "<p>a </p>", "the tag <iframe> is not shown"),
    "comment": ("a <!-- b --> c", "<p>a  c</p>", ""),
    "bare address": ("https://example.org", "<p>https://example.org</p>", ""),
    "strikethrough": ("~~word~~", "<p>~~word~~</p>", ""),
    "task": ("- [ ] word", "<li>[ ] word</li>", ""),
    "formula": ("$x^2$", "<p>$x^2$</p>", ""),
    "emoji by name": (":smile:", "<p>:smile:</p>", ""),
}


@pytest.mark.parametrize("name", FEATURES)
def test_markdown_becomes_what_the_documentation_says(name: str) -> None:
    text, wanted, said = FEATURES[name]
    made = prose(text, OwnLinks(**LINKS, static=STATIC))
    print(made)
    assert wanted in made.html
    assert [why for _, why in made.faults if said in why] if said else made.faults == ()


def test_the_documentation_lists_as_many_features() -> None:
    table = (ROOT / "docs/pages.md").read_text().partition("\n## Markdown\n")[2].partition("\n## ")[0]
    assert len(re.findall(r"^\| (?!you write)", table, re.MULTILINE)) >= 35
    assert len(FEATURES) >= 40


def test_no_heading_takes_an_id_of_the_page_or_of_the_method() -> None:
    ids = re.findall(
        r' id="([^"]*)"', prose("## Main\n\n## Title\n\n## ???", OwnLinks(**LINKS, static={})).html
    )
    assert ids == ["main-2", "title-2", "part"]
    assert 'id="own-raised"' in prose("## Raised", OwnLinks(**LINKS, static={}), prefix="own-").html


@pytest.mark.parametrize(
    "text",
    [
        '<img src="../static/well.png" alt="<h2>x onerror=alert(1)</h2>">',
        "<img alt='\"><script>alert(1)</script>' src=x>",
        "![<script>alert(1)</script>](../static/well.png)",
        '[a](<other.md#"onclick=x>)',
        '<h2><img alt="</h2><script>alert(1)</script>"></h2>',
        '<sup id="x onclick=alert(1)">a</sup><td class="demo">b</td><ol start="1000000 sats"><li>c</ol>',
    ],
)
def test_nothing_that_runs_comes_through(text: str) -> None:
    html = prose(text, OwnLinks(**LINKS, static=STATIC)).html
    tags = re.sub(r'"[^"]*"', '""', html)
    print(html)
    assert not re.search(r"<script|<[^>]* on\w+=|class=\"demo|1000000", html if "<script" in html else tags)
    assert html.count("<") == html.count(">")


def own_site(content: Content, report: Report, texts: dict[str, str], notes: str = "") -> dict[str, bytes]:
    """Return the files of a site with own texts."""
    own = Content(templates=content.templates, pages=texts, notes=notes, states=content.states)
    return dict(pages.render(report, own))


@pytest.fixture(scope="module")
def site(content: Content, report: Report) -> dict[str, bytes]:
    texts = {
        "about": "# About us\n\nSee [news](news/first.md).",
        "contact": "---\norder: 2\ntitle: 'Write to us: now'\n---\nBy letter.",
        "team": "---\norder: 1\n---\n# The team\n\nWe.",
        "news/first": "---\ndate: 2025-11-02\nproject: well\n---\n# First water\n\nIt flows.",
        "news/second": "---\ndate: 2025-11-05\nproject: well\ntitle: A pump\n---\nIt pumps.",
        "news/else": "---\ndate: 2025-11-05\nproject: nobody\n---\n# Nobody\n\nNo.",
    }
    notes = (
        "- {day: 2025-11-03, text: We moved <b>house</b>., label: moved, project: well}\n"
        "- {day: 2025-11-04, text: For all.}\n"
    )
    return own_site(content, report, texts, notes)


def test_front_matter_decides_title_order_and_place(site: dict[str, bytes]) -> None:
    nav = site["index.html"].decode().partition('<nav aria-label="Main">')[2].partition("</nav>")[0]
    assert re.findall(r'href="(\w+)/index.html"', nav)[-3:] == ["team", "contact", "about"]
    assert "Write to us: now" in nav
    assert "First water" not in nav
    page = site["news/first/index.html"].decode()
    assert '<time datetime="2025-11-02">' in page
    assert 'href="../../p/well/index.html"' in page
    assert "nobody" not in site["news/else/index.html"].decode()
    assert "../news/first/index.html" in site["about/index.html"].decode()


def test_updates_stand_on_the_page_of_their_project_the_newest_first(site: dict[str, bytes]) -> None:
    page = site["p/well/index.html"].decode()
    assert page.index("A pump") < page.index("First water")
    assert 'href="../../news/first/index.html"' in page
    assert all(b"A pump" in site[path] for path in ("feed.atom", "feed.json", "p/well/feed.atom"))
    assert not any(
        b"A pump" in data for path, data in site.items() if path.startswith("p/") and "well" not in path
    )


def test_notes_are_said_as_words_of_the_makers(site: dict[str, bytes]) -> None:
    page = site["p/well/index.html"].decode()
    assert 'id="note-well-2025-11-03"' in page
    assert '<p data-said="content">We moved &lt;b&gt;house&lt;/b&gt;.</p>' in page
    assert "For all." not in page
    assert "For all." in site["index.html"].decode()
    assert site["data/inputs/notes.yaml"].startswith(b"- {day")


def test_notes_are_marked_on_the_chart_of_their_project(site: dict[str, bytes]) -> None:
    marked = [path for path, data in site.items() if path.endswith(".svg") and b'class="noted"' in data]
    assert "p/well/c1.svg" in marked
    assert not any(path.startswith("p/") and not path.startswith("p/well/") for path in marked)
    drawing = site["p/well/c1.svg"].decode()
    assert drawing.count('class="noted"') == 1
    assert re.search(r"<text[^>]*>moved</text>", drawing)


def test_wrong_front_matter_and_collisions_end_a_build_with_every_problem(
    content: Content, report: Report
) -> None:
    texts = {"about": "---\ntitel: x\n---\na", "p/well": "a", "a b": "a", "team": "---\ndate: soon\n---\na"}
    with pytest.raises(ConfigError) as raised:
        own_site(content, report, texts)
    told = str(raised.value)
    assert "content/pages/about.md:2:1: unknown key 'titel', did you mean 'title'?" in told
    assert "content/pages/p/well.md:1:1: this is a place of the report itself" in told
    assert "content/pages/a b.md:1:1: the page has a name with other signs" in told
    assert "content/pages/team.md:2:1: date must be a day such as 2027-03-31" in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {day: 2027-02-30, text: x}", "1:4: [0].day: '2027-02-30' is no such day"),
        ("- {day: 2027-03-01}", "1:3: text must be a text of 1 to 500 letters"),
        ("- {text: x}", "1:3: the note has no day"),
        ("- {day: 2027-03-02, until: 2027-03-01, text: x}", "until is before day"),
        ("- {day: 2027-03-01, text: x, label: 5 BTC}", "a label has no digits"),
        ("- {day: 2027-03-01, text: x, label: ½}", "a label has no digits"),
        ("- {day: 2027-03-01, text: x, labl: y}", "unknown key 'labl', did you mean 'label'?"),
        ("- {day: 2027-03-01, text: x, project: A}", "project must be the slug"),
        ("- {day: 2027-03-01 10:00:00, text: x}", "day must be a day"),
        ("day: 2027-03-01", "expected a list"),
        ("- x", "expected a note"),
        ("- {day: 2027-03-01, text: " + "x" * 501 + "}", "text must be a text of 1 to 500 letters"),
        ("\n".join(["- {day: 2027-03-01, text: x}"] * 501), "at most 500 notes"),
        ("a: &a [x, x]\nb: &b [" + "*a, " * 9_000 + "]", "15000 values"),
        ("[" * 99, "nested more than 40 deep"),
        ("x" * 300_000, "longer than 250000 letters"),
    ],
)
def test_notes_that_are_wrong_are_told_with_their_place(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        annotations(text)
    assert str(raised.value).startswith("content/notes.yaml:")
    assert said in str(raised.value)


def test_notes_say_themselves_in_each_language_and_else_in_the_first() -> None:
    [both, one] = annotations(
        "- {day: 2027-03-02, text: {en: We moved., de: Umgezogen.}, label: {en: moved, de: Umzug}}\n"
        "- {day: 2027-03-01, text: Only so.}",
        ["en", "de"],
    )
    german = languages({}, ["en", "de"])["de"]
    assert [plain(part, language) for language in (ENGLISH, german) for part in (both.text, both.label)] == [
        *("We moved.", "moved"),
        *("Umgezogen.", "Umzug"),
    ]
    assert one.text.of("de") == ("en", "Only so.")
    assert (plain(one.label), plain(one.label, german)) == ("note", "Notiz")


def test_pages_and_charts_say_notes_in_their_language(content: Content, report: Report) -> None:
    found = languages({}, ["en", "de"])
    config = report.config.model_copy(
        update={"site": report.config.site.model_copy(update={"languages": ("en", "de")})}
    )
    own = replace(
        content,
        languages=found,
        notes="- {day: 2025-11-03, text: {en: We moved., de: Umgezogen.}, label: {en: moved, de: Umzug}, "
        "project: well}\n- {day: 2025-11-02, text: Only so., project: well}",
    )
    site = dict(pages.render(replace(report, config=config), own))
    english, german = (site[f"{folder}p/well/index.html"].decode() for folder in ("", "de/"))
    assert '<p data-said="content">We moved.</p>' in english
    assert '<p data-said="content">Umgezogen.</p>' in german
    assert '<p data-said="content" lang="en" dir="auto">Only so.</p>' in german
    assert re.search(r"<text[^>]*>Umzug</text>", german)
    assert not re.search(r"<text[^>]*>Umzug</text>", english)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{de: Umgezogen.}", "give it in en too, the first language of the site"),
        (
            "{en: Moved., fr: x}",
            "the site has no language fr, so nobody would see this: add it to site.languages",
        ),
        ("{en: Moved., german: x}", "'german' is no code of a language, such as de"),
        ("{en: Moved., de: ''}", "de must be a text of 1 to 500 letters"),
        ("{}", "give it in en too"),
    ],
)
def test_languages_of_a_note_that_nobody_would_see_are_told(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        annotations(f"- {{day: 2027-03-01, text: {text}}}", ["en", "de"])
    assert said in str(raised.value)


def test_two_notes_of_a_day_have_ids_of_their_own() -> None:
    found = annotations(
        "- {day: 2027-03-01, text: a}\n- {day: 2027-03-01, text: b}\n- {day: 2027-03-02, text: c}"
    )
    assert [(note.id, note.day, plain(note.label)) for note in found] == [
        ("note/all/2027-03-02", date(2027, 3, 2), "note"),
        ("note/all/2027-03-01/2", date(2027, 3, 1), "note"),
        ("note/all/2027-03-01", date(2027, 3, 1), "note"),
    ]
    assert annotations("") == ()


def drawn(kind: str, size: tuple[int, int] = (40, 30), **more: object) -> bytes:
    """Return a picture as a file."""
    made = BytesIO()
    Image.new("RGB", size, "red").save(made, kind, **more)
    return made.getvalue()


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")])
def test_a_picture_is_made_anew_and_loses_what_else_it_held(kind: str, suffix: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "somebody at home"
    exif[0x0112] = 6  # shown turned by a quarter
    given = drawn(kind, exif=exif)
    assert b"somebody at home" in given
    made = made_anew(given, suffix)
    assert b"somebody" not in made
    assert picture_size(made) == (30, 40)
    assert made == made_anew(given, suffix)
    assert file_fault(f"a.{suffix}", made) == ""
    large = made_anew(drawn(kind, (4_000, 100)), suffix)
    assert picture_size(large) == (LONGEST_SIDE, 40)


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: drawn("PNG", (8_000, 5_000)), "has 8000 by 5000 pixels"),
        (lambda: drawn("PNG")[:60], "cannot be read as a picture"),
        (
            lambda: drawn("PNG", save_all=True, append_images=[Image.new("RGB", (40, 30), "blue")]),
            "is an animation",
        ),
        (lambda: drawn("JPEG"), "cannot be read as a picture"),
    ],
    ids=["40 megapixels", "cut off", "animation", "wrong type"],
)
def test_a_picture_that_cannot_be_published_is_refused_with_the_reason(
    draw: Callable[[], bytes], said: str
) -> None:
    with pytest.raises(PictureRefused, match=said):
        made_anew(draw(), "png")


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("a.svg", b"<svg/>", "is of a kind that is not published"),
        ("a.html", b"", "is of a kind that is not published"),
        ("a.PNG", b"", "is of a kind that is not published"),
        ("a.png", b"GIF89a", "is no .png file by what it holds"),
        ("a.pdf", b"<html>", "is no .pdf file by what it holds"),
        ("a.csv", b"\xff", "is not UTF-8 text"),
        ("a b.csv", b"", "other signs than letters"),
        ("a\u202eb.csv", b"", "other signs than letters"),
        ("..csv", b"", "other signs than letters"),
        ("\uff41.csv", b"", "letters that look like others"),
        ("a/b/c/d.csv", b"", "below three folders"),
        ("a" * 101 + ".csv", b"", "over 100 letters"),
        ("a.csv", b"x" * (LARGEST + 1), "is larger than"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_published_is_refused_with_the_reason(
    path: str, data: bytes, said: str
) -> None:
    assert said in file_fault(path, data)


def test_names_of_any_script_may_stand() -> None:
    assert name_fault("brunnen-größe/水.v2") == ""


def test_everything_wrong_in_static_is_told_at_once_with_its_file(tmp_path: Path) -> None:
    folder = tmp_path / "content/static/more"
    folder.mkdir(parents=True)
    (folder / "a.gif").write_bytes(b"GIF89a")
    (folder / "b.png").write_bytes(drawn("PNG")[:60])
    (folder / "c.png").write_bytes(drawn("PNG"))
    with pytest.raises(ConfigError) as raised:
        inputs.static_files(tmp_path)
    assert [problem.file for problem in raised.value.problems] == [
        "content/static/more/a.gif",
        "content/static/more/b.png",
    ]
    (folder / "a.gif").unlink()
    (folder / "b.png").unlink()
    assert [*inputs.static_files(tmp_path)] == ["more/c.png"]


def test_what_is_no_page_is_refused_among_pages(tmp_path: Path) -> None:
    (tmp_path / "content/pages").mkdir(parents=True)
    (tmp_path / "content/pages/about.txt").write_text("x")
    with pytest.raises(ConfigError, match=r"content/pages/about\.txt:1:1: this file is no page"):
        inputs.pages(tmp_path)


@pytest.fixture(scope="module")
def bilingual(content: Content, report: Report) -> dict[str, bytes]:
    """Return the files of a site in English and German, of which a page and an update are in both."""
    site = report.config.site.model_copy(update={"languages": ("en", "de")})
    texts = {
        "about": "# About us\n\nSee [news](news/first.md).",
        "about.de": "# Wer wir sind\n\nSiehe [Neues](news/first.md).",
        "team": "# The team\n\nWe.",
        "method": "By hand.",
        "method.de": "Von Hand.",
        "news/first": "---\ndate: 2025-11-02\nproject: well\n---\n# First water\n\nIt flows.",
        "news/first.de": "---\ntitle: Das erste Wasser\n---\nEs fließt.",
    }
    own = Content(
        templates=content.templates, pages=texts, states=content.states, languages=languages({}, ["en", "de"])
    )
    config = report.config.model_copy(update={"site": site})
    return dict(pages.render(replace(report, config=config), own))


def test_a_page_stands_in_each_language_that_it_is_written_in(bilingual: dict[str, bytes]) -> None:
    english, german = (bilingual[path].decode() for path in ("about/index.html", "de/about/index.html"))
    assert '<h1 id="title" data-said="content">About us</h1>' in english
    assert '<h1 id="title" data-said="content">Wer wir sind</h1>' in german
    assert "<title>Wer wir sind · " in german
    assert '<meta name="description" content="Demodaten: Wer wir sind" data-said="content">' in german
    assert 'href="../news/first/index.html">Neues</a>' in german, "which is the German one"
    assert "About us" not in german
    assert 'hreflang="en" href="../../about/index.html"' in german
    assert 'hreflang="x-default" href="https://watershed.example/funding/about/"' in german
    assert "Von Hand." in bilingual["de/method/index.html"].decode()
    assert "data/inputs/pages/about.de.md" in bilingual
    assert not any(path.startswith("about.de") for path in bilingual)


def test_a_page_that_nobody_translated_says_in_which_language_it_is(bilingual: dict[str, bytes]) -> None:
    german = bilingual["de/team/index.html"].decode()
    assert '<h1 id="title" data-said="content" lang="en" dir="auto">The team</h1>' in german
    assert '<div class="prose" data-said="content"><div lang="en" dir="auto"><p>We.</p></div></div>' in german
    assert re.search(
        r'team/index.html" aria-current="page" lang="en" dir="auto" data-said="source">The team</a>', german
    )
    assert 'dir="auto"' not in bilingual["team/index.html"].decode()


def test_an_update_in_two_languages_is_one(bilingual: dict[str, bytes]) -> None:
    english, german = (bilingual[path].decode() for path in ("p/well/index.html", "de/p/well/index.html"))
    assert english.count("First water") == german.count("Das erste Wasser") == 1
    assert "First water" not in german
    feed = bilingual["feed.atom"].decode()
    assert feed.count(": First water</title>") == 1
    assert "Wasser" not in feed


@pytest.mark.parametrize(
    ("texts", "codes", "said"),
    [
        ({"a": "x", "a.fr": "y"}, ("en", "de"), "a.fr.md:1:1: the site has no language fr, so nobody would"),
        ({"a": "x", "a.en": "y"}, ("en", "de"), "a.en.md:1:1: en is the first language of the site"),
        ({"a.de": "y"}, ("en", "de"), "a.de.md:1:1: there is no a.md: write the page in the first"),
        ({"a": " ", "a.de": "y"}, ("en", "de"), "a.de.md:1:1: there is no a.md"),
        (
            {"a": "x", "a.de": "---\norder: 1\n---\ny"},
            ("en", "de"),
            "a.de.md:1:1: order, date and project of a page stand in a.md: take them out here",
        ),
        (
            {"a": "x", "a.de": "[y](nobody.md)"},
            ("en", "de"),
            "a.de.md:1:1: nobody.md: no page of content/pages",
        ),
    ],
)
def test_a_translation_that_nobody_would_see_is_told(
    texts: dict[str, str], codes: tuple[str, ...], said: str
) -> None:
    [problem] = pages.text_faults(texts, codes=codes)
    assert f"content/pages/{said}" in str(problem)
