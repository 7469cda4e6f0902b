"""Sites that others made with Sunlit: what they leave out, and what stands there that nobody could read."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from generator import pages, report, store
from generator.catalogues import every_language
from generator.manifest import complete
from generator.verify.published_site import Installation
from generator.verify.rebuilt_texts import RebuiltTexts
from generator.verify.results import CheckResult
from generator.verify.site_copy import SiteCopy
from tests.verify.original import Original, judged

Files = dict[str, bytes]


def checks(files: Files, made: Files, *, same_paths: bool = False) -> dict[str, CheckResult]:
    """Return what is said of the texts of files that differ from those made here."""
    copy = SiteCopy(subject="site", files=files, listed=True)
    texts = RebuiltTexts(copy, made.items, same_paths=same_paths)
    texts.made |= made.keys()
    for path in files.keys() | made.keys():
        if files.get(path) != made.get(path):
            texts.take(path, made.get(path))
    return {check.name: check for check in texts.results()}


@pytest.fixture
def honest(original: Original) -> Files:
    files = dict(original.copy.files)
    german = {f"de/{path}": data for path, data in files.items() if path.endswith("/index.html")}
    return files | german


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "verify/index.html",
        "health/index.html",
        "p/makers-hall/index.html",
        "de/verify/index.html",
        "de/health/index.html",
        "de/p/makers-hall/index.html",
    ],
)
def test_a_page_that_no_version_leaves_out(path: str, honest: Files) -> None:
    left = {name: data for name, data in honest.items() if name != path}
    assert checks(left, honest)["page-texts"].problems == (f"{path} is missing",)


def with_text(files: Files, text: str) -> Files:
    page = files["index.html"].decode()
    assert "</main>" in page
    return {**files, "index.html": page.replace("</main>", f"{text}</main>", 1).encode()}


@pytest.mark.parametrize(
    "address",
    [
        "makers@evil.example",
        "LNURL1DP68GURN8GHJ7",
        "lnbcqqqqqqqqqqqqq",
        "bc1qqqqqqqqqqqqqqqqq",
        "npub1qqqqqqqqqqq",
    ],
)
def test_an_address_to_be_copied_is_told(address: str, honest: Files) -> None:
    found = checks(with_text(honest, f"<p>Give to {address} today.</p>"), honest)
    told = [*found["page-texts"].problems, found["page-links"].reason if "page-links" in found else ""]
    print(told)
    assert any(address in text for text in told)


def test_a_drawing_that_ours_has_not_is_told(honest: Files) -> None:
    code = '<svg viewBox="0 0 29 29"><path d="M0 0h7v7h-7z"/></svg>'
    found = checks(with_text(honest, code), honest)
    assert "index.html: <svg> " in found["page-unread"].reason
    assert found["page-unread"].wanted
    assert "page-unread" not in checks(with_text(honest, "<p>Our own words.</p>"), honest)


@pytest.mark.parametrize(
    "path", ["data/schema/more.json", "data/snapshots/more.json", "data/snapshots/a.csv"]
)
def test_a_file_that_no_step_reads_is_told(path: str, honest: Files) -> None:
    found = checks({**honest, path: b'{"raised": "all"}'}, honest)
    assert path in found["page-unread"].reason


@pytest.mark.parametrize("path", ["index.html", "p/makers-hall/index.html", "embed/makers-hall.html"])
def test_a_page_without_the_warning_that_money_is_not_real(path: str, honest: Files) -> None:
    page = honest[path].decode()
    begins = page.index('class="demo"')
    warning = page[page.index(">", begins) + 1 : page.index("</", begins)]
    forged = {**honest, path: page.replace(warning, "Welcome").encode()}
    told = checks(forged, honest, same_paths=True)["page-texts"].problems
    print(told)
    assert any(text.startswith(f"{path} does not say ") for text in told)
    assert f"{path} does not say " in checks(forged, honest)["page-unread"].reason


def german(original: Original, installation: Installation, words: Mapping[str, str]) -> Files:
    """Return a site whose German pages have some words of the publisher's."""
    head = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    own = head + "".join(f'\nmsgid "{text}"\nmsgstr "{form}"\n' for text, form in words.items())
    site = original.config.site.model_copy(update={"languages": ("en", "de")})
    config = original.config.model_copy(update={"site": site})
    catalogues = {"de": own.encode()}
    content = replace(
        installation.content,
        pages={},
        log=store.prefixes(original.log),
        catalogues=catalogues,
        languages=every_language(catalogues),
    )
    built = report.build(store.load(original.log), config, demo=True)
    return complete(dict(pages.render(built, content)), built)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"Projects": "Vorhaben"}, "the publisher's own words are those of pages in de"),
        ({"at most": "etwa"}, "; in de they say “at least” or “at most” otherwise than Sunlit"),
        ({"At least": "Genau"}, "; in de they say “at least” or “at most” otherwise than Sunlit"),
    ],
)
def test_words_of_a_language_that_we_ship(
    words: dict[str, str], says: str, original: Original, installation: Installation
) -> None:
    found = judged(german(original, installation, words), installation)["catalogues"]
    assert found.reason.endswith(says)
    assert found.wanted is says.startswith(";")
