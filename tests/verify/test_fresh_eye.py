"""Lies about money that verification once took, each found by somebody who had not built it."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from generator import pages, report, store
from generator.cli import Exit, run
from generator.cli.commands.verify import exit_code
from generator.errors import ConfigError
from generator.pages import Content
from generator.pages.file_kinds import of_kinds
from generator.pages.verify_limits import LIMITS
from generator.report.figures.bounds import Bound
from generator.report.files.figure_shorthand import contradictions, definitions
from generator.snapshot import Binding, Line, Run
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import audit
from generator.verify.page_reader import read_page
from generator.verify.page_texts import KnownTexts
from generator.verify.published_site import Installation
from generator.verify.results import at_age
from generator.verify.site_copy import SiteCopy
from generator.verify.steps import verify
from tests.verify.forger import lines_of, log_of, site_of
from tests.verify.original import Original, Quiet, served, write


@pytest.mark.proof(5)
@pytest.mark.parametrize(
    "name",
    [
        *("verify", "p/solar-roof", "p/nobody", "Health", "projects/2", "Projects/nobody", "Method", "p"),
        *("data/snapshots", "404.html", "style.css", "index.html/x", "a/b/c/d"),
    ],
)
def test_no_text_of_the_maintainers_stands_in_place_of_a_page_of_ours(
    name: str, original: Original, installation: Installation
) -> None:
    built = report.build(store.load(original.log), original.config, demo=True)
    texts = {name: "Everything is proven."}
    content = Content(templates=installation.content.templates, pages=texts)
    with pytest.raises(ConfigError, match=f"content/pages/{name}.md"):
        dict(pages.render(built, content))
    assert [problem.file for problem in pages.text_faults(texts)] == [f"content/pages/{name}.md"]


def test_whatever_a_site_publishes_is_taken(original: Original) -> None:
    """Derived from the kinds of files, and a maker of ours that uses a folder of the maintainer's fails."""
    for path in original.copy.files.keys() - {"about/index.html", "method/index.html"}:
        name = path.removesuffix("/index.html")
        assert [problem.file for problem in pages.text_faults({name: "x"})] == [f"content/pages/{name}.md"]
    with pytest.raises(LookupError, match=r"donors/index\.html: of no kind"):
        of_kinds({"donors/index.html": b""})
    assert list(pages.text_faults({"donors": "x", "donors/2026": "x", "method": "x", "verify": " "})) == []


def test_two_texts_whose_names_differ_in_case_are_refused() -> None:
    [problem] = pages.text_faults({"about": "x", "About": "x"})
    assert problem.file == "content/pages/about.md"
    assert "differs from About.md in case alone" in problem.message


def test_a_site_of_the_future_is_never_all_that_holds(original: Original, installation: Installation) -> None:
    real = replace(verify(original.copy, installation), demo=False)
    assert exit_code(at_age(real, timedelta(hours=-1))) is Exit.DONE, "clocks differ"
    assert exit_code(at_age(real, timedelta(days=-23_000))) is Exit.INCOMPLETE
    told = at_age(real, timedelta(days=-23_000)).checks[-1]
    assert (told.name, told.step) == ("clock", "log")


def test_a_project_that_the_configuration_dropped_is_named(
    original: Original, installation: Installation
) -> None:
    """Its money is on no page, and nothing of what is shown says so."""
    config = original.config.model_copy(update={"projects": original.config.projects[1:]})
    dropped = original.config.projects[0]
    lines = [
        Line(
            run=line.run,
            record=replace(line.record, bound="") if isinstance(line.record, Run) else line.record,
        )
        for line in lines_of(original.copy)
        if not (isinstance(line.record, Binding) and line.record.project == dropped.slug)
    ]
    copy = SiteCopy(subject="site", files=site_of(log_of(lines), config), listed=True)
    outcome = verify(copy, installation)
    assert outcome.failed == ()
    [told] = [check for check in outcome.checks if check.name == "projects-unlisted"]
    assert f"angor:{dropped.angor}" in told.reason


class Janus(Quiet):
    """Shows a browser another first page than the command."""

    def do_GET(self) -> None:  # noqa: N802 -- the name that the library calls
        if self.path in ("/", "/index.html") and "Mozilla" in self.headers.get("User-Agent", ""):
            self.path = "/lie.html"
        super().do_GET()


@pytest.mark.slow
def test_a_server_with_another_face_for_browsers_is_a_limit(
    original: Original, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(original, tmp_path / "site")
    (folder / "lie.html").write_text("<p>1,000 BTC raised</p>")
    with served(folder, Janus) as address:
        shown = httpx.get(f"{address}/", headers={"User-Agent": "Mozilla/5.0"}, trust_env=False).text
        assert run(["verify", address]) == Exit.DONE
    assert "1,000 BTC raised" in shown
    assert "Everything holds" in capsys.readouterr().out
    assert "another-face" in LIMITS


PAGE = """<!doctype html><html lang="en" data-project="well"><head><link rel="stylesheet" href="style.css">
</head><body><main><p>Words.</p></main></body></html>"""
SPEAKS = 'main::before{content:"999 BTC raised"}'
#: What a publisher's theme puts on a page beside the text that is read of it.
UNSEEN = {
    "a comment that begins in a string": f'<style>i[b="/*"]{{}}{SPEAKS}i[b="*/"]{{}}</style>',
    "a comment that begins in a name": f"<style>i{{font-family:'/*'}}{SPEAKS}i{{font-family:'*/'}}</style>",
    "a string that ends two lines later": (
        f'<svg><style>i[b="\\&#13;\n/*"]{{}}{SPEAKS}i[b="*/"]{{}}</style></svg>'
    ),
    "a comment that ends with its style": f"<style>/*</style><style>{SPEAKS}</style>",
    "a comment that ends with its attribute": f'<i style="b:/*"></i><style>{SPEAKS}</style>',
    "a comment in an element of a style": f"<svg><style><g>/*</g>{SPEAKS}<g>*/</g></style></svg>",
    "a style in a style": "<svg><style><style></style>main::before{content:'\\4d BTC'}</style></svg>",
    "letters of another coding": (
        f'<style>@charset "iso-2022-jp";i{{}}\x1b$B/*\x1b(B{SPEAKS}\x1b$B*/\x1b(B</style>'
    ),
    "a number in German words": "<p>Bisher kamen zwanzigtausend BTC.</p>",
    "digits from right to left": "<p>&#x202e;<b>Backwards</b></p>",
    "a bound from right to left": "<p>&rlm;<b>At least</b></p>",
    "a line from right to left": '<p dir="rtl">At least</p>',
    "a style from right to left": "<style>p{direction:rtl}</style>",
    "digits upside down": "<style>data{-webkit-transform:rotate(180deg)}</style>",
    "digits on a path": "<style>data{offset-path:circle();offset-rotate:180deg}</style>",
    "a picture that is an input": '<input type="image" src="static/raised.png">',
    "data as a style sheet": '<link rel="stylesheet" href="data/recipe.json">',
    "a style sheet from elsewhere": '<link rel="canonical stylesheet" href="https://example.com/a.css">',
    "a second address": '<a src="index.html" href="bitcoin:bc1qforger">Pay</a>',
    "an address behind a control": '<a href="&#1;bitcoin:bc1qforger">Pay</a>',
    "an address under a prefix": '<svg><a xl:href="bitcoin:bc1qforger"><text>Pay</text></a></svg>',
    "an address of a button": '<button formaction="javascript:alert()">Pay</button>',
    "a script under a prefix": '<svg><h:script xmlns:h="http://www.w3.org/1999/xhtml">go()</h:script></svg>',
    "a second page in a drawing": '<svg><html data-project="other"></html></svg>',
}


@pytest.mark.parametrize("way", UNSEEN)
def test_a_theme_has_no_way_past_the_reader(way: str) -> None:
    """A publisher's own templates make such pages again byte for byte, so only the reader can tell."""
    ours = KnownTexts()
    ours.learn(PAGE)
    for page, found in ((PAGE, False), (PAGE.replace("<p>", f"{UNSEEN[way]}<p>"), True)):
        told = [*ours.unknown_numbers(page), *ours.forbidden_in_page(page), *ours.unread_in_page(page)]
        assert bool(told) is found


def test_figures_without_a_slug_are_of_the_project_that_the_page_names() -> None:
    """Neither a second `html` nor a second attribute makes them another project's, as in a browser."""
    figure = '<data data-figure="raised" value="1">1</data>'
    for before in ('<html data-project="other">', '<svg><html data-project="other"></html></svg>'):
        [stated] = read_page(PAGE.replace("<p>", f"{before}{figure}<p>")).stating
        assert stated.attributes["data-figure"] == "well/raised"
    doubled = PAGE.replace('"well"', '"well" DATA-PROJECT="other"').replace("<p>", f"{figure}<p>")
    [stated] = read_page(doubled).stating
    assert stated.attributes["data-figure"] == "well/raised"


@pytest.mark.parametrize("text", ["<b>{}</b><b>{}</b>", "<b>{}</b><b></b><b>{}</b>", "<b>{}<!-- -->{}</b>"])
def test_a_number_of_a_sentence_stands_in_no_pieces(text: str, original: Original) -> None:
    """A style sheet shows boxes of a line in another order: 21 of what is 12."""
    built = report.build(store.load(original.log), original.config, demo=True)
    known = KnownNumbers.of(built)
    figure = next(
        each for each in known.figures.values() if len(f"{each.value}") == 2 and each.bound is Bound.EXACT
    )
    said = f"{figure.value}"
    for page in (said, text.format(said[:1], said[1:])):
        told = audit(f'<p data-figure="{figure.id}">Now {page} in all</p>', known).problems
        assert [problem.rpartition("stands in")[1] for problem in told] == ["stands in"] * (page != said)


def test_a_definition_is_there_once_and_in_the_unit_of_its_figures(original: Original) -> None:
    """A site of another version has other bytes, so that nothing else tells."""
    figures = report.build(store.load(original.log), original.config, demo=True).all_figures()
    raised = next(each for each in definitions() if each.name == "raised")
    own = [each for each in figures if each.name == "raised"]
    assert list(contradictions(definitions(), own)) == []
    assert list(contradictions([raised, replace(raised, formula="lies")], own)) == ["raised is defined twice"]
    told = list(contradictions([replace(raised, unit="BTC")], own))
    assert len(told) == len(own) > 1
    assert all(text.endswith("is defined in BTC, the log gives msat") for text in told)
