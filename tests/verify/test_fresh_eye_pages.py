"""Pages of a publisher's own templates that verification once took: no number in them was another one.

Each forgery changes a page of the site and leaves its figures as they are: what they are called, whose they
are, what is shown of them, and where links lead.
"""

import re
from collections.abc import Mapping

import pytest

from generator.verify.figure_check import check_figures
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import audit
from generator.verify.page_texts import KnownTexts
from generator.verify.published_site import Installation, PublishedSite
from generator.verify.site_copy import SiteCopy
from generator.verify.step_table import STEPS
from generator.verify.steps import results_of
from tests.verify.original import Original, text_checks

INDEX, OWN, STATEMENTS = "index.html", "p/solar-roof/index.html", "statements/index.html"
COUNT = r'(<data value="\d+" data-figure="contributions">)(\d+)(</data>)'
BOUND = r'(<data [^>]*>)(<span class="bound">At least )</span>'
HEAD, TITLE = "</head>", "<h1 "

#: Ways in which a browser shows, or reads aloud, less of a number than its text has.
HIDDEN = (
    *("<b hidden>{}</b>", '<span class="unseen">{}</span>', '<b style="display:none">{}</b>'),
    *("<noscript>{}</noscript>", "<select><option></option><option>{}</option></select>"),
    *("<datalist><option>{}</option></datalist>", "<title>{}</title>", "<progress>{}</progress>"),
    *("<meter>{}</meter>", "<svg><desc>{}</desc></svg>", "<svg><symbol>{}</symbol></svg>"),
    *("<svg><defs><text>{}</text></defs></svg>", "<textarea hidden>{}</textarea>", "<s>{}</s>"),
    *("<ruby><rp>{}</rp></ruby>", "<b popover>{}</b>", "<b inert>{}</b>", "<del>{}</del>"),
    *('<b aria-hidden="true">{}</b>', '<b aria-label="At most">{}</b>', "<video>{}</video>"),
)
#: Name → path, a text of the page, what stands there instead.
LIES = {
    "the sum of all as one project's": (OWN, COUNT, "{all}"),
    "a figure under another head": (STATEMENTS, r'data-label="In"', 'data-label="Out"'),
    "figures of a row that is another project's": (
        INDEX,
        r'data-figure="(solar-roof)/(?!towards_goal|goal)(\w+)"',
        r'data-figure="makers-hall/\2"',
    ),
    "elements that nobody knows": (OWN, COUNT, r"<x-a>\g<0></x-a><x-a>\g<0></x-a>"),
    "buttons side by side": (OWN, COUNT, r"<button>\g<0></button><button>\g<0></button>"),
    "a number to the power": (OWN, COUNT, r"<math><msup><mtext>\g<0></mtext><mi>x</mi></msup></math>"),
    "a thousand after a number": (OWN, COUNT, r"\g<0> thousand"),
    "millions after a number": (OWN, COUNT, r"\g<0> Mio."),
    "hundred before a number": (OWN, COUNT, r"one hundred and \g<0>"),
    "another bound before a number": (OWN, COUNT, r"at most \g<0>"),
    "another coin after a number": (INDEX, r"<small>\sBTC</small>", "<small> ETH</small>"),
    "another currency after a number": (INDEX, r"<small>\sBTC</small>", "<small> ¥</small>"),
    "a number that is struck out": (OWN, COUNT, r"<s>\g<0></s>"),
    "a number that is read as another": (OWN, COUNT, r'<span aria-labelledby="raised">\g<0></span>'),
    "digits of Braille": (OWN, TITLE, "<p>⠁⠃⠉ raised</p><h1 "),
    "a list counted down": (OWN, TITLE, "<ol reversed><li>given</li></ol><h1 "),
    "a mark of another picture": (
        INDEX,
        r'class="st (\w+)">(.*?)href="#i-\w+"',
        r'class="st \1">\2href="#i-x"',
    ),
    "a mark of another word": (INDEX, r'class="st proven">(.*?)</svg>', r'class="st bad">\1</svg>'),
    "other words of a founder": (OWN, r'(data-said="source">)(<p>)?\w+ ', r"\1\2Never "),
    "another address of a founder": (OWN, r'href="https://solar-roof.example', 'href="https://other.example'),
    "a link to another judge": (
        OWN,
        r'href="../../verify/index.html"',
        'href="https://other.example/verify"',
    ),
    "another language elsewhere": (INDEX, r'href="method/index.html"', 'href="https://other.example/"'),
    "an address for another coin": (OWN, TITLE, '<a href="ethereum:0xabc">Pay</a><h1 '),
    "an address for another program": (OWN, TITLE, '<a href="keyauth:abc">Pay</a><h1 '),
    "a link that tells on its reader": (OWN, TITLE, '<a href="./" ping="https://other.example">Go</a><h1 '),
    "a canonical page elsewhere": (OWN, HEAD, '<link rel="canonical" href="https://other.example/"></head>'),
    "structured data with two values": (OWN, r'("propertyID":"[^"]*/raised",)', r'\1"value":1,'),
}
#: What is not read, and named: it may be honest.
UNREAD = {
    "another page in previews": '<meta property="og:url" content="https://other.example/"></head>',
    "another picture in previews": '<meta property="og:image" content="https://other.example/a.png"></head>',
    "a picture of other sizes": '<img src="picture.webp" srcset="../makers-hall/picture.webp"></head>',
}
STYLES = (
    *(
        "data{scale:-1 1}",
        ".bound{display:none}",
        "@media print{.bound{font-size:0}}",
        "li{list-style:decimal}",
    ),
    *("data{text-decoration:line-through}", "data{-webkit-box-reflect:below}", "i{b:'}[dir=x]{';scale:-1 1}"),
    '.value::before{content:"+\\2009"}',
)


def told(files: Mapping[str, bytes], path: str, text: str, known: KnownNumbers) -> list[str]:
    """Return what is red about one page that its publisher's templates made."""
    copy = SiteCopy(subject="site", files={**files, path: text.encode()}, listed=True)
    found = [problem for check in text_checks(copy, files) for problem in check.problems]
    return [*found, *audit(text, known).problems]


def changed(files: Mapping[str, bytes], path: str, pattern: str, instead: str) -> str:
    page = files[path].decode()
    sum_of_all = re.search(r'<data [^>]*data-figure="all/contributions">[^<]*</data>', files[INDEX].decode())
    assert sum_of_all
    instead = instead.replace("{all}", sum_of_all[0])
    text = re.sub(pattern, instead, page, count=1, flags=re.DOTALL)
    assert text != page, "nothing is forged"
    return text


@pytest.mark.proof(12)
@pytest.mark.parametrize("name", LIES)
def test_a_page_that_says_another_thing_of_its_numbers(
    name: str, site: PublishedSite, known: KnownNumbers
) -> None:
    path, pattern, instead = LIES[name]
    found = told(site.copy.files, path, changed(site.copy.files, path, pattern, instead), known)
    print(name, found)
    assert found


@pytest.mark.proof(6)
@pytest.mark.parametrize("way", HIDDEN)
def test_the_bound_of_a_number_is_shown_as_it_is_read(way: str) -> None:
    page = '<p><data value="1" data-figure="all/raised">{}1 M</data> sats</p>'
    ours = KnownTexts()
    ours.learn(page.format('<span class="bound">At least </span>'))
    plain = page.format("<b>At least </b>")
    for text, red in ((plain, False), (page.format(way.format("At least ")), True)):
        assert bool([*ours.forbidden_in_page(text), *ours.unread_in_page(text)]) is red


@pytest.mark.parametrize("name", UNREAD)
def test_what_others_are_told_of_a_page_is_named(name: str, site: PublishedSite) -> None:
    text = changed(site.copy.files, OWN, HEAD, UNREAD[name])
    copy = SiteCopy(subject="site", files={**site.copy.files, OWN: text.encode()}, listed=True)
    [check] = [check for check in text_checks(copy, site.copy.files) if check.name == "page-unread"]
    assert check.wanted


@pytest.mark.parametrize("style", STYLES)
def test_what_is_ours_for_an_arrow_is_not_ours_for_a_number(style: str, site: PublishedSite) -> None:
    ours = KnownTexts()
    sheet = site.copy.files["style.css"].decode()
    ours.learn_style(sheet)
    assert list(ours.unknown_in_style(sheet + "h2{color:red}")) == []
    assert list(ours.unknown_in_style(sheet + style))


def test_links_that_lead_away_are_named(site: PublishedSite) -> None:
    """A publisher may link what he likes in his own templates; a reader of the verdict sees where to."""
    text = changed(site.copy.files, OWN, TITLE, '<a href="https://wells.example/">Our house</a><h1 ')
    copy = SiteCopy(subject="site", files={**site.copy.files, OWN: text.encode()}, listed=True)
    checks = {check.name: check for check in text_checks(copy, site.copy.files)}
    assert checks["page-texts"].problems == ()
    assert "https://wells.example/" in checks["page-links"].reason
    assert not checks["page-links"].wanted


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "pattern", "instead", "check"),
    [
        ("today.json", r'"network":', '"network":"main","network":', "data-shapes"),
        ("manifest.json", r'"demo":', '"demo":false,"demo":', "data-shapes"),
        ("data/recipe.json", r'"sunlit":', '"sunlit":"9.9.9","sunlit":', "data-shapes"),
        ("feed.json", r'("content_text":\s*")', r"\1Raised 1\\u0030 BTC. ", "page-texts"),
        ("feed.json", r'"items":', '"items":[],"items":', "page-texts"),
    ],
)
def test_data_of_another_version_that_two_programs_read_otherwise(
    path: str, pattern: str, instead: str, check: str, original: Original, installation: Installation
) -> None:
    files = dict(original.copy.files)
    recipe = files["data/recipe.json"].decode()
    files["data/recipe.json"] = re.sub(r'"sunlit": "[^"]*"', '"sunlit": "9.9.9"', recipe).encode()
    before = files[path].decode()
    files[path] = re.sub(pattern, instead, before, count=1).encode()
    assert files[path].decode() != before, "nothing is forged"
    copy = SiteCopy(subject="site", files=files, listed=True)
    [step] = [step for step in STEPS if check in step.checks]
    found = {each.name: each for each in results_of(step, PublishedSite.read(copy, installation))}
    assert any(path in problem for problem in found[check].problems)


def test_a_list_for_crawlers_that_names_another_host(site: PublishedSite) -> None:
    made = {**site.copy.files, "sitemap.xml": b"<url><loc>https://wells.example/p/</loc></url>"}
    files = {**made, "sitemap.xml": made["sitemap.xml"].replace(b"wells", b"other")}
    copy = SiteCopy(subject="site", files=files, listed=True)
    [problem] = [problem for check in text_checks(copy, made) for problem in check.problems]
    assert "https://other.example" in problem


def test_a_table_of_a_chart_lists_a_figure_once(site: PublishedSite) -> None:
    path = "p/solar-roof/c1.csv"
    data = site.copy.files[path]
    files = {**site.copy.files, path: data + data.splitlines(keepends=True)[-1]}
    copy = SiteCopy(subject="site", files=files, listed=True)
    told = {check.name: check for check in check_figures(copy, site.report_or_reason, site.languages)}
    assert told["chart-data"].problems == (f"{path}: a figure stands in it twice",)
