"""Hostile text in every field a source can fill: it stays text."""

import json
import re
from html.parser import HTMLParser

import msgspec
import pytest

from generator import pages
from generator.ledger import Entry
from generator.pages.clean import quoted, safe_link
from generator.snapshot import Finding, Project, Record, Result
from generator.text_bounds import STRANGERS
from generator.text_format import clean
from tests.support.fair import fair
from tests.support.own_prose import own_prose

HOSTILE = (
    "<script>alert(1)</script>",
    "</title></head><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<svg onload=alert(1)><use href=data:x>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1)) [y](vbscript:x) [z](data:text/html,x) [w](//evil.example/)",
    "![pixel](https://evil.example/pixel.gif)",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<iframe src=https://evil.example></iframe><object data=x></object><embed src=x>",
    "<base href=https://evil.example/><form action=https://evil.example><input></form>",
    "<link rel=stylesheet href=https://evil.example/x.css><style>*{display:none}</style>",
    "<p style='position:fixed' class='demo' id='main'>x</p>",
    "{{ 7 * 7 }}{% for x in y %}${7*7}#{7*7}",
    "\u202egnp.exe\u2066 \u0000\u0008\u001b[31m\u009b",
    "$\\frac{1}{2}$ & <b>1 000 000 sats</b> 78 %",
    "<!--><script>alert(1)</script>-->",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "]]><![CDATA[<script>alert(1)</script>",
)
FIELDS = ("title", "tagline", "description", "website", "identifier", "address", "founder_key", "event_id")
DANGEROUS = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "img",
    "form",
    "base",
    "input",
    "math",
    "mglyph",
    "noscript",
}


class Judge(HTMLParser):
    """Reads a page as a browser would and notes what could run, fetch or deceive."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DANGEROUS:
            self.faults.append(tag)
        for name, value in attrs:
            link = (value or "").strip().lower()
            bad = name in {"href", "src", "action", "data"} and re.match(
                r"(?!https?:)[a-z][a-z0-9+.\s-]*:|//", link
            )
            if name.startswith("on") or name in {"style", "srcset"} or bad:
                self.faults.append(f"{tag} {name}={value}")


def faults(html: str) -> list[str]:
    """Return what could run, fetch or deceive in a page."""
    judge = Judge()
    judge.feed(html)
    judge.close()
    hidden = re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", html)
    return judge.faults + [f"hidden {mark!r}" for mark in hidden]


def hostile(record: Record, text: str) -> Record:
    """Return a record with a text in every field that a source fills freely."""
    match record:
        case Project():
            return msgspec.structs.replace(record, **dict.fromkeys(FIELDS, text), kind=text)
        case Entry() if record.source != "angor":
            return msgspec.structs.replace(record, id=record.id + text, rail=text, group=text)
        case Finding():
            return msgspec.structs.replace(record, subject=text, reason=text, check=text)
        case _:
            return record


@pytest.mark.proof(1)
@pytest.mark.parametrize("text", HOSTILE)
def test_every_field_of_a_source_stays_text(content: pages.Content, text: str) -> None:
    it = fair()
    it.records = [hostile(record, text) for record in it.records]
    it.find("well", "stage-scripts", text, Result.FAILED, text)
    files = dict(pages.render(it.report(), content))
    judged = 0
    for path, data in files.items():
        if path.endswith((".html", ".svg")) and path != "favicon.svg":
            html = data.decode()
            if path.endswith(".svg"):
                html = re.sub(r"<style>.*?</style>", "", html, count=1, flags=re.DOTALL)
            html, blocks = re.subn(
                r'<script type="application/ld\+json">([^<>]*)</script>',
                lambda block: str(json.loads(block[1]) and ""),
                html,
            )
            assert blocks <= 1, path
            assert faults(html) == [], path
            judged += 1
    print(f"{judged} files with {text!r} in {len(FIELDS)} fields, rows and findings")


def test_the_judge_sees_what_would_run() -> None:
    seen = [text for text in HOSTILE if faults(f'<div title="{text}">{text}</div>')]
    assert len(seen) == 13


def test_descriptions_keep_their_meaning() -> None:
    html = quoted(
        "# Head\n\n**bold** [plans](https://example.org/a?b=1&c=2)\n\n- one\n- two\n\n![x](https://t.example/p.gif)"
    )
    assert "<strong>bold</strong>" in html
    assert '<a href="https://example.org/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">plans</a>' in html
    assert "<li>one</li>" in html
    assert "<h1" not in html
    assert "<img" not in html
    assert "Head" in html


def test_a_long_description_is_cut_and_says_so() -> None:
    html = quoted("word " * STRANGERS.letters)
    assert len(html) < STRANGERS.letters + 200
    assert "(cut here)" in html


def test_deep_nesting_is_survived() -> None:
    assert quoted("> " * 3000 + "deep")
    assert "deep" in quoted("<div>" * 1500 + "deep")


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text", ["[", "![x](", "[a](b ", "*a_ ", "`", "<", "<!--", "> ", "|-", "a\n: ", "&#", "https://"]
)
def test_no_text_keeps_the_renderer_busy(text: str) -> None:
    assert quoted(text * STRANGERS.letters)


def test_the_maintainer_may_use_headings_tables_and_links_inside() -> None:
    html = own_prose(
        "## Rules\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[in](../method/index.html#raised) [bad](javascript:x)"
    )
    assert '<h2 id="rules">Rules</h2>' in html
    assert "<td>1</td>" in html
    assert 'href="../method/index.html#raised"' in html
    assert "javascript" not in html


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org/", False),
        ("https://", False),
        ("https://exa mple.org/", False),
        ('https://example.org/"onclick=x', False),
        ("https://[::1", False),
        ("https://bank.example@evil.example/", False),
        ("/path", False),
        ("", False),
    ],
)
def test_only_the_web_is_linked(url: str, *, kept: bool) -> None:
    assert safe_link(url) == (url if kept else "")


def test_bidi_and_control_characters_leave_arabic_alone() -> None:
    assert clean("مكتبة\u202e متنقلة\x00\u2069") == "مكتبة متنقلة"
    assert clean("a\tb\nc\u200f") == "a\tb\nc\u200f"
