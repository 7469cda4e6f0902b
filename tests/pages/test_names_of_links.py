"""What links and headings say without the page around them, and that `/method/` names figures as pages do."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from html import unescape

from generator.report import Report
from generator.text_format import shortened

#: Pages below a project's own, each about it alone.
ABOUT = ("index.html", "ledger/index.html", "changes/index.html", "share/index.html", "statements/index.html")
#: What tells nobody where it leads.
EMPTY = {"csv", "definition", "here", "how", "json", "link", "more", "none", "rows", "svg", "this"}
#: Of a row of a ledger, which leads to its own row; one transaction may make two.
ID = re.compile("[0-9a-f]{8}(?:…[0-9a-f]{4})?")


def text(html: str) -> str:
    """Return what a screen reader hears of a piece of a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def main(data: bytes) -> str:
    """Return the main part of a page."""
    return data.decode().partition("<main")[2].partition("</main>")[0]


def links(html: str) -> Iterator[tuple[str, str]]:
    """Yield address and words of each link, but of words of trade, which lead to their meaning."""
    for found in re.finditer(r'<a\b(?! class="term")[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL):
        yield found[1], text(found[2])


def test_links_make_sense_alone(files: Mapping[str, bytes]) -> None:
    heard = 0
    for path, data in files.items():
        if not path.endswith(".html"):
            continue
        ways: dict[str, set[str]] = defaultdict(set)
        for address, words in links(main(data)):
            if not ID.fullmatch(words):
                ways[words].add(address)
        heard += len(ways)
        assert {words for words in ways if words.lower() in EMPTY} == set(), path
        assert {words: found for words, found in ways.items() if len(found) > 1} == {}, path
    print(f"{heard} links heard")
    assert heard > 500


def test_headings_name_their_project(files: Mapping[str, bytes], report: Report) -> None:
    for project in report.projects:
        for page in ABOUT:
            data = files.get(f"p/{project.slug}/{page}", b"")
            if data:
                [heading] = re.findall("<h1.*?</h1>", data.decode(), re.DOTALL)
                title = project.title if page == "index.html" else shortened(project.title)
                assert " ".join(title.split()) in text(heading), page


def test_the_method_page_calls_figures_as_pages_do(files: Mapping[str, bytes]) -> None:
    rows = re.findall(r'<dt id="([^"]+)">(.*?)</dt>', main(files["method/index.html"]), re.DOTALL)
    named = {name: [*map(text, re.findall(r'label">(.*?)</span>', words))] for name, words in rows}
    compared = 0
    for path, data in files.items():
        if not path.endswith(".html"):
            continue
        heads = re.findall(
            r'<dt>(.*?)</dt>(?:(?!</div>).)*?method/index.html#([^"]+)"', main(data), re.DOTALL
        )
        sums = re.findall(r'<th scope="row"><a href="[^"]*method/index.html#([^"]+)">(.*?)</a>', main(data))
        for label, name in [*heads, *((label, name) for name, label in sums)]:
            compared += 1
            assert text(label) in named[name], (path, name, label)
    print(f"{compared} labels compared")
    assert compared > 120
