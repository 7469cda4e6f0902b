"""Every page of the site against figures.json: each number is a figure, and no amount stands bare."""

import re
from collections import Counter

import pytest

from generator import manifest
from generator.pages.own_figures import whole_names
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import audit
from generator.verify.structured_data import TYPE
from tests.support import published
from tests.support.whole_job import Done

pytestmark = pytest.mark.proof


FIGURES = ("figures.json", "today.json")


@pytest.fixture(scope="session")
def known(done: Done) -> KnownNumbers:
    return KnownNumbers.of(done.report)


def test_every_number_of_every_page_equals_its_figure(done: Done, known: KnownNumbers) -> None:
    values = {figure["id"]: figure["value"] for figure in published.figures(done.files)}
    frozen = {figure.id for edition in done.report.editions for figure in edition.figures}
    assert frozen <= known.figures.keys()
    assert values == {name: known.figures[name].value for name in known.figures.keys() - frozen}
    pages = {path: data.decode() for path, data in done.files.items() if path.endswith(".html")}
    found = {path: audit(html, known) for path, html in pages.items()}
    compared = sum(audit.numbers for audit in found.values())
    print(f"seed {done.seed}: {len(pages)} pages, {compared} numbers compared")
    assert {path: audit.problems for path, audit in found.items() if audit.problems} == {}
    assert compared > 2_000


def test_a_wrong_number_and_a_bare_amount_fail(done: Done, known: KnownNumbers) -> None:
    page = done.files["index.html"].decode()
    [number, *_] = re.findall(r'<data value="(\d+)" data-figure="all/raised">', page)
    wrong = page.replace(f'value="{number}" data-figure="all/raised"', 'value="1" data-figure="all/raised"')
    assert any("all/raised" in problem for problem in audit(wrong, known).problems)
    bare = page.replace("</main>", "<p>We hold 12 345 678 sats.</p></main>")
    assert any("12 345 678" in problem for problem in audit(bare, known).problems)
    unknown = page.replace("all/raised", "all/razed")
    assert any("all/razed" in problem for problem in audit(unknown, known).problems)


def test_the_main_pages_state_the_headlines(done: Done) -> None:
    for path in ("index.html", *(f"p/{project.slug}/index.html" for project in done.report.projects)):
        slug = path.split("/")[1] if "/" in path else "all"
        page = done.files[path].decode()
        named = Counter(whole_names(name, slug) for name in re.findall(r'data-figure="([^"]+)"', page))
        for name in ("raised", "locked", "with_founder", "returned"):
            value = next(f.value for f in done.report.all_figures() if f.id == f"{slug}/{name}")
            if value:
                assert named[f"{slug}/{name}"], (path, name)


def test_links_lead_somewhere(done: Done) -> None:
    files = manifest.complete(done.files, done.report)
    ids = {
        path: set(re.findall(r'\sid="([^"]+)"', data.decode()))
        for path, data in done.files.items()
        if path.endswith(".html")
    }
    broken, followed = [], 0
    for path in ids:
        if path == "404.html":
            continue
        folder = path.split("/")[:-1]
        for link in set(re.findall(r'(?:href|src)="([^"]+)"', done.files[path].decode())):
            if re.match(r"https?:|mailto:|nostr:", link):
                continue
            target, _, anchor = link.partition("#")
            parts = list(folder)
            for part in target.split("/"):
                if part == "..":
                    parts.pop()
                elif part not in {"", "."}:
                    parts.append(part)
            goal = "/".join(parts) if target else path
            followed += 1
            if goal not in files or (anchor and anchor not in ids.get(goal, set())):
                broken.append((path, link))
    print(f"seed {done.seed}: {followed} links followed")
    assert broken == []


def test_no_page_needs_a_script_or_another_host(done: Done) -> None:
    for path, data in done.files.items():
        if path.endswith(".html"):
            html = data.decode()
            scripts = re.findall(r"<script[^>]*>", html)
            assert scripts in ([], [f'<script type="{TYPE}">']), path  # data, which no browser runs
            assert not re.search(r"<[^>]* style=", html), path  # the code of a card to embed is a text
            assert not re.search(r'<(?:img|link|iframe|source)[^>]+(?:src|href)="https?:', html), path
            assert "Demo data" in html, path
