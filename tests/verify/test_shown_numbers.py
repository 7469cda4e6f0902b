"""The sixth forgery: a page states another number, in any way that a browser would show.

Each page here says that another version of Sunlit made it, so that its bytes cannot be compared.
"""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from time import process_time

import pytest

from generator.cli import Exit, run
from generator.verify import page_audit, page_passages
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import audit
from generator.verify.plain_text import as_seen
from generator.verify.published_site import Installation, PublishedSite
from generator.verify.rebuild_check import check_rebuild
from generator.verify.site_copy import SiteCopy
from tests.verify.forger import rehashed
from tests.verify.original import Original, text_checks, write

FIGURE = re.compile(r'<data value="(\d+)" data-figure="all/raised">([^<]*)</data>')
END = "</main>"

#: Name → what stands in the place of the figure on the first page.
INSTEAD = {
    "digits alone": "123",
    "split by tags": "1<b>2</b>3",
    "split by an empty comment": "1<!-- -->23",
    "entities": "&#49;&#x32;3",
    "zero-width space": "1\u200b2\u200b3",
    "soft hyphen": "1&shy;23",
    "word joiner in an entity": "1&#x2060;23",
    "Arabic-Indic digits": "\u0661\u0662\u0663",
    "full-width digits": "\uff11\uff12\uff13",
    "mathematical digits": "\U0001d7cf\U0001d7d0\U0001d7d1",
    "superscript digits": "\u00b9\u00b2\u00b3",
    "circled digits": "\u2460\u2461",
    "Roman numerals": "\u2168",
    "fractions": "\u00bd",
    "Bengali digits": "\u09e7\u09e8\u09e9",
    "number words": "nine thousand BTC",
    "a broken comment": "<!-- --!>123<!-- -->",
    "a comment that is none": "<!-->123<!-- -->",
    "CDATA in HTML": "<svg><text><![CDATA[123]]></text></svg>",
    "noscript": "<noscript>123</noscript>",
    "details": "<details open><summary>123</summary></details>",
    "code": "<code>123</code>",
    "a hash": '<span class="hash">123</span>',
    "the id of a row": "<b data-row>123</b>",
    "a quotation": '<span data-said="source">123 BTC</span>',
    "a tick": '<span class="tick">123</span>',
    "a date": "<time>123</time>",
    "a date that is none": "<time>31 Feb 2026</time>",
    "a date of other words": '<time datetime="2026-02-01">1 Feb</time>, <time>2 Feb 2026</time>',
    "an unknown element": "<x-number>123</x-number>",
    "an input": '<input value="123">',
    "a meter": '<meter value="123" max="200"></meter>',
    "a text field": "<textarea>123</textarea>",
    "a plain text": "<xmp>123</xmp>",
    "letters for digits": "IOO BTC",
    "Chinese numerals": "\u4e5d\u5343 BTC",
    "a picture of a number": "\U0001f4af BTC",
    "a counted list": '<ol><li style="counter-set:list-item 123">BTC</li></ol>',
    "digits in pieces": '<data value="{value}" data-figure="all/raised">{pieces}</data>',
    "a ruby": "<ruby>a<rt>123</rt></ruby>",
    "a list that begins late": '<ol start="123"><li>sat</li></ol>',
    "a picture from data": '<img src="data:image/svg+xml,%3Csvg/%3E">',
    "a frame": '<iframe srcdoc="123"></iframe>',
    "a script": "<script>document.write(123)</script>",
    "an event": '<p onclick="this.textContent=123">n/a</p>',
    "a template": '<template shadowrootmode="open">123</template>',
    "MathML": "<math><mn>123</mn></math>",
    "drawn text": '<svg viewBox="0 0 9 9"><text>1<tspan>23</tspan></text></svg>',
    "a drawing's title": "<svg><title>123</title></svg>",
    "a drawing's description": "<svg><desc>123</desc></svg>",
    "foreign content": "<svg><foreignObject><p>123</p></foreignObject></svg>",
    "alternative text": '<i role="img" alt="123"></i>',
    "a label": '<i aria-label="123"></i>',
    "a described value": '<i role="meter" aria-valuetext="123"></i>',
    "a tooltip": '<i title="123">all</i>',
    "an inline style": "<p style=\"content:'123'\">all</p>",
    "a hidden original": "<span hidden>{figure}</span>123",
    "a deleted original": "<del>{figure}</del> 123",
    "a figure with other text": '<data value="{value}" data-figure="all/raised">123</data>',
    "a figure with more text": '<data value="{value}" data-figure="all/raised">{text}<i>9</i></data>',
    "a figure with hidden letters": '<data value="{value}" data-figure="all/raised">1\u200b{text}</data>',
    "a figure said twice": '{figure}<data value="{value}" data-figure="all/raised">123</data>',
    "a figure inside a figure": '<data value="{value}" data-figure="all/raised">{text}{figure}</data>',
    "digits before a figure": "9{figure}",
    "digits after a figure": "{figure}9",
    "digits after a figure and nothing": "{figure}" + "\u200b" * 40 + "9",
    "a decimal after a figure": "{figure}.9",
    "digits in a tag after a figure": "{figure}<b><i>9</i></b>",
    "a bound before a figure": "≥{figure}",
    "a minus before a figure": "\u2212{figure}",
    "another unit after a figure": "{figure} BTC",
    "another unit after nothing": "{figure}" + "\u200b" * 40 + " \n<i>B</i>TC",
    "a percentage of a figure": "{figure}<b>%</b>",
    "a per mille of a figure": "{figure}‰",
    "a currency before a figure": "EUR {figure}",
    "another figure under its label": '<data value="0" data-figure="all/fee">0</data>',
    "another figure's name": '<data value="{value}" data-figure="all/fee">{text}</data>',
    "no figure's name": '<data value="{value}">{text}</data>',
    "text turned round": "\u202e{figure}\u202c",
    "a drawing that turns round": (
        "<svg><text direction=rtl unicode-bidi=bidi-override>{figure}</text></svg>"
    ),
    "a drawing upside down": '<svg><text transform="rotate(180)">{figure}</text></svg>',
    "a drawing in a mirror": '<svg><g transform="scale(-1 1)"><text>{figure}</text></g></svg>',
    "letters of a drawing in another order": '<svg><text x="30 20 10 0">{figure}</text></svg>',
    "letters of a drawing moved": '<svg><text dx="30 -20 -20">{figure}</text></svg>',
    "a style upside down": '<p style="transform:rotate(180deg)">{figure}</p>',
    "a style that turns": '<p style="rotate:.5turn">{figure}</p>',
    "a style in a mirror": '<p style="scale:-1 1">{figure}</p>',
    "a script in an address with a tab": '<a href="java&#9;script:alert(123)">{figure}</a>',
    "an address to pay to": '{figure} <a href="bitcoin:bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq">Give</a>',
    "an address to pay to by Lightning": '{figure} <a href="LIGHTNING:lnurl1dp68gurn8ghj7">Give</a>',
    "an element that turns round": "<bdo dir=rtl>{figure}</bdo>",
}

#: Name → what stands in a page or file in addition: path, a text there, what stands in its place.
ELSEWHERE = {
    "style.css": ("style.css", r"\Z", ".value::after{content:'123'}"),
    "style.css, in escapes": ("style.css", r"\Z", r".value::after{\\63 ontent:'\\31 23'}"),
    "style.css, in a variable": ("style.css", r"\Z", ":root{--n:'123'} b::before{content:var(--n)}"),
    "style.css, a counter": ("style.css", r"\Z", "b{counter-reset:n 123} b::after{content:counter(n)}"),
    "style.css counts on": ("style.css", r"\Z", "li{counter-increment:list-item 123}"),
    "style.css runs digits backwards": ("style.css", r"\Z", ".value{letter-spacing:-2ch}"),
    "style.css turns pieces round": ("style.css", r"\Z", "data{display:flex;flex-direction:row-reverse}"),
    "style.css hides the first line": ("style.css", r"\Z", ".value::first-line{font-size:0}"),
    "style.css, a list": ("style.css", r"\Z", "li{list-style:'123 '}"),
    "style.css turns digits round": ("style.css", r"\Z", ".value{direction:rtl;unicode-bidi:bidi-override}"),
    "style.css hides the first digit": ("style.css", r"\Z", ".value::first-letter{font-size:0}"),
    "a style in the page": ("index.html", "</head>", "<style>dd::after{content:'123'}</style></head>"),
    "a style in a drawing": ("p/solar-roof/c1.svg", "</style>", "text::after{content:'1'}</style>"),
    "the head of a column": ("index.html", "Raised, sats</th>", "Raised, BTC</th>"),
    "the head of a column, on phones": (
        "index.html",
        'data-label="Raised, sats"',
        'data-label="Dollars raised"',
    ),
    "the title": ("index.html", "</title>", " 123 BTC</title>"),
    "the description": ("index.html", r'name="description" content="', r"\g<0>123 BTC "),
    "Open Graph": ("index.html", "</head>", '<meta property="og:title" content="123 BTC"></head>'),
    "structured data": (
        "index.html",
        "</head>",
        '<script type="application/ld+json">{"amount":123}</script></head>',
    ),
    "another page at once": ("index.html", "</head>", '<meta http-equiv="refresh" content="0;url=x"></head>'),
    "another base": ("index.html", "<head>", '<head><base href="https://x.example/">'),
    "a tooltip of everything": ("index.html", "<body>", '<body title="123 BTC">'),
    "text behind the end": ("index.html", "</html>", "</html>123"),
    "a chart's text": ("p/solar-roof/c1.svg", "</svg>", '<text x="9">123</text></svg>'),
    "a chart's title": ("p/solar-roof/c1.svg", "</title>", " 123</title>"),
    "an entity of a chart": ("p/solar-roof/c1.svg", r"\A", '<!DOCTYPE svg [<!ENTITY n "123">]>'),
    "the calendar": ("stages/stages.ics", r"opens\b", "opens, 123 BTC in it"),
    "the calendar, folded": ("stages/stages.ics", r"opens\b", "opens, 12\r\n 3 BTC in it"),
    "the icon": ("favicon.svg", "</svg>", "<text>123</text></svg>"),
    "another encoding": ("index.html", "utf-8", "utf-7"),
    "a style from elsewhere": (
        "index.html",
        "</head>",
        '<link rel="stylesheet" href="//x.example/s"></head>',
    ),
    "a style from data": ("index.html", "</head>", '<link rel="stylesheet" href="data:text/css,b"></head>'),
    "a script where words are free": ("method/index.html", END, f"<script>alert(123)</script>{END}"),
    "a page that is not listed": ("index.html", END, f'<a href="donate.html">Donate</a>{END}'),
}


def problems(site: PublishedSite, known: KnownNumbers, files: dict[str, bytes]) -> list[str]:
    """Return what is red about pages whose bytes nobody compares."""
    copy = SiteCopy(subject="site", files=files, listed=True)
    found = [problem for check in text_checks(copy, site.copy.files) for problem in check.problems]
    changed = [
        path for path in files if files[path] != site.copy.files.get(path) and path.endswith(("html", "svg"))
    ]
    for path in changed:
        found += (f"{path}: {problem}" for problem in audit(files[path].decode(), known).problems)
    return found


@pytest.mark.proof(20)
@pytest.mark.parametrize("name", INSTEAD)
def test_another_number_in_the_place_of_a_figure(name: str, site: PublishedSite, known: KnownNumbers) -> None:
    page = site.copy.files["index.html"].decode()
    figure = FIGURE.search(page)
    assert figure
    instead = INSTEAD[name]
    pieces = "".join(f'<b style="float:right">{digit}</b>' for digit in figure[2])
    parts = {"figure": figure[0], "value": figure[1], "text": figure[2], "pieces": pieces}
    for word, text in parts.items():
        instead = instead.replace(f"{{{word}}}", text)
    forged = page.replace(figure[0], instead, 1)
    assert forged != page
    found = problems(site, known, {**site.copy.files, "index.html": forged.encode()})
    print(name, found)
    assert found
    assert all(problem.startswith("index.html") for problem in found)


@pytest.mark.proof(12)
@pytest.mark.parametrize("name", ELSEWHERE)
def test_another_number_elsewhere(name: str, site: PublishedSite, known: KnownNumbers) -> None:
    path, pattern, instead = ELSEWHERE[name]
    text, count = re.subn(pattern, instead, site.copy.files[path].decode(), count=1)
    assert count == 1
    found = problems(site, known, {**site.copy.files, path: text.encode()})
    print(name, found)
    assert found
    assert all(problem.startswith(path) for problem in found)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("feed.xml", "<feed><title>123&#48; BTC raised</title></feed>"),
        ("feed.atom", "<summary><![CDATA[ 1,230 sats ]]></summary>"),
        ("more/page.html", "<!doctype html><p>123456 raised"),
        ("more/drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg'><text>123456</text></svg>"),
        ("robots.txt", "Raised: 123 BTC"),
        ("p/ghost/index.html", "<!doctype html><p>Raised by all</p>"),
    ],
)
def test_another_number_in_a_file_that_is_added(
    path: str, text: str, site: PublishedSite, known: KnownNumbers
) -> None:
    assert any(
        problem.startswith(path)
        for problem in problems(site, known, {**site.copy.files, path: text.encode()})
    )


def test_a_project_whose_page_is_taken_away(site: PublishedSite, known: KnownNumbers) -> None:
    files = {path: data for path, data in site.copy.files.items() if path != "p/solar-roof/index.html"}
    assert problems(site, known, files) == ["p/solar-roof/index.html is missing"]


def test_an_honest_page_of_another_version_is_not_called_wrong(
    site: PublishedSite, known: KnownNumbers
) -> None:
    files = dict(site.copy.files)
    page = files["index.html"].decode()
    raised = FIGURE.search(page)
    assert raised
    page = page.replace("<h1", f"<p>So far backers gave {raised[0]} sats, see below.</p><h1", 1)
    page = page.replace("Raised, sats</th>", "Satoshis so far</th>")
    files["index.html"] = page.replace("Where the money came from", "How we are doing").encode()
    files["method/index.html"] += b"<p>At most 7 days, of 546.</p>"
    files["style.css"] += b".new{color:red}"
    assert problems(site, known, files) == []
    copy = SiteCopy(subject="site", files=files, listed=True)
    told = {check.name: check for check in text_checks(copy, site.copy.files)}
    assert told["page-unread"].wanted
    assert "546" in told["page-unread"].reason


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("index.html", '<img src="logo.png">'),
        ("index.html", '<svg><use href="drawing.svg#x"/></svg>'),
        ("index.html", '<audio src="a.ogg"></audio>'),
        ("style.css", "@font-face{font-family:n;src:url(n.woff2)}"),
        ("logo.png", "\0"),
    ],
)
def test_what_nobody_can_read_is_never_a_success(path: str, text: str, site: PublishedSite) -> None:
    files = {**site.copy.files, path: site.copy.files.get(path, b"") + text.encode()}
    files |= {"logo.png": b"\xff", "drawing.svg": b"<svg/>", "a.ogg": b""}
    copy = SiteCopy(subject="site", files=files, listed=True)
    told = {check.name: check for check in text_checks(copy, site.copy.files)}
    assert path in told["page-unread"].reason
    assert told["page-unread"].wanted


@pytest.mark.slow
def test_the_sixth_forgery_ends_with_5_and_honest_words_with_6(
    original: Original, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = dict(original.copy.files)
    recipe = files["data/recipe.json"].decode()
    files["data/recipe.json"] = re.sub(r'"sunlit": "[^"]*"', '"sunlit": "9.9.9"', recipe).encode()
    page = files["index.html"].decode()
    for words, code in (("Welcome.", Exit.INCOMPLETE), ("1<b>2</b>3", Exit.MISMATCH)):
        forged = page.replace("<h1", f"<p>{words}</p><h1", 1).encode()
        copy = replace(original.copy, files=rehashed({**files, "index.html": forged}))
        assert run(["verify", str(write(replace(original, copy=copy), tmp_path / code.name))]) == code
        assert "same-bytes was not checked: made by Sunlit 9.9.9" in capsys.readouterr().out


def test_changed_templates_keep_the_list_of_pages(original: Original, installation: Installation) -> None:
    content = replace(installation.content, templates={**installation.content.templates, "mine.html": b""})
    other = replace(installation, content=content)
    files = {**original.copy.files, "more/index.html": b"<!doctype html><p>Welcome."}
    del files["p/solar-roof/c1.svg"]
    site = PublishedSite.read(SiteCopy(subject="site", files=files, listed=True), other)
    told = {check.name: check for check in check_rebuild(site)}
    assert "templates of its own (mine.html)" in told["same-bytes"].reason
    assert told["page-texts"].problems == (
        "more/index.html is not part of the site",
        "p/solar-roof/c1.svg is missing",
    )


@pytest.mark.slow
@pytest.mark.proof(3)
@pytest.mark.parametrize(
    "text",
    [
        "1",
        "1.",
        "1 000 ",
        "1 BTC ",
        "1<b>2</b>",
        "<data value=1>1</data>",
        "<data value=1>1",
        "<b title=1>",
        "\u200b1",
        "\u00b9",
        "&#49;",
        "<!--1",
        "<style>content:'1'",
        "<style>a",
        "<style>/*",
        "<style>\\",
        "<svg><title>1",
        "EUR ",
        "nine ",
        "<time>1</time>",
        "<dt>1<dd>",
        '<p data-figures="all/raised">1 sat ',
    ],
)
def test_reading_a_page_takes_time_in_proportion_to_its_length(
    text: str, site: PublishedSite, known: KnownNumbers
) -> None:
    """Ten times the length takes about ten times the time of the processor; the square would be a hundred."""
    page = site.copy.files["index.html"].decode()

    def taken(times: int) -> float:
        forged = page.replace("</head>", text * times + "</head>" if "style" in text else "</head>", 1)
        forged = forged.replace(END, f"<p>{text * times}</p>{END}", 1)
        before = process_time()
        problems(site, known, {**site.copy.files, "index.html": forged.encode()})
        return process_time() - before

    taken(0)  # what is imported and made once
    base, small, large = taken(0), taken(1_000), taken(10_000)
    print(text, base, small, large)
    assert large - base < 40 * max(small - base, 0.02)


def test_numbers_that_stand_in_numbers_cost_no_square(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = KnownNumbers(figures={}, rows={}, parts={}, declarations={})

    def letters(count: int) -> int:
        """Return how many letters are looked at in a page of so many numbers inside of another."""
        looked = Counter[str]()

        def counted(text: str) -> str:
            looked["letters"] += len(text)
            return as_seen(text)

        for module in (page_audit, page_passages):
            monkeypatch.setattr(module, "as_seen", counted)
        inner = '\N{FIGURE SPACE}9 sat<data data-figure="all/raised">7</data>'
        audit(f'<p><data data-figure="all/raised">{inner * count}</data></p>', nothing)
        return looked["letters"]

    assert letters(400) < 2.1 * letters(200)
