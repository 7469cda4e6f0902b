"""Texts made to stop or slow down whoever renders them: each is rendered within bounds, and alone."""

import time
from collections.abc import Callable

import msgspec
import pytest
from jinja2 import UndefinedError

from generator import pages
from generator.pages import clean, site
from generator.pages.page import Page
from generator.report import ProjectReport, Report
from generator.snapshot import Project, Record
from generator.text_bounds import DEPTH, STRANGERS, excess_of, quotation
from generator.wording import plain
from tests.support.fair import FROZEN, fair
from tests.support.hostile_texts import TEXTS

FIELDS = ("title", "tagline", "description", "website")
CPU_S = 2.0  #: that one text may cost, of this process alone


def test_the_corpus_is_large() -> None:
    assert len(TEXTS) >= 60
    print(f"{len(TEXTS)} texts, {sum(map(len, TEXTS.values()))} letters")


def test_every_text_is_rendered_within_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    convert = clean.html_of

    def looked_at(text: str) -> str:
        seen.append(text)
        return convert(text)

    monkeypatch.setattr(clean, "html_of", looked_at)
    costs: dict[str, float] = {}
    for name, text in TEXTS.items():
        began = time.process_time()
        html = clean.quoted(text)
        costs[name] = time.process_time() - began
        assert len(html) < 12 * STRANGERS.letters, name
    assert not [text for text in seen if excess_of(text, STRANGERS)]
    slowest = max(costs, key=costs.__getitem__)
    print(f"{len(seen)} of {len(TEXTS)} reach the library; slowest: {slowest}, {costs[slowest]:.2f} s")
    assert costs[slowest] < CPU_S


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- a\n" + "1. " * 500 + "x", f"nests lists or quotes more than {DEPTH} deep (line 2)"),
        ("a\n\n" + "[" * 101, "has more than 100 opening brackets (line 3)"),
        ("<" * 201, "has more than 200 signs “<” (line 1)"),
        ("a\n" * 1001, "has more than 1000 lines (line 1001)"),
    ],
)
def test_what_goes_beyond_stands_as_plain_text_with_a_note(text: str, fault: str) -> None:
    assert quotation(text).fault == f"{fault}, so it stands as plain text"
    assert not {"<ol", "<ul", "<blockquote"} & set(clean.quoted(text).split(">"))
    it = fair()
    it.records = [_with(record, description=text) for record in it.records]
    notes = [plain(note.text) for note in _project(it.report()).notes]
    assert (
        f"What the project says of itself is bounded here: it {fault}, so it stands as plain text." in notes
    )


def test_a_text_that_is_cut_has_a_note() -> None:
    assert quotation("a" * 10_001).fault == "is cut after 10000 letters"


@pytest.mark.parametrize(
    "text",
    [
        "# Why\n\n**We** need [help](https://x.example).\n\n1. one\n    - two\n        - three\n\n> a\n> > b",
        "```\n" + " " * 60 + "far to the right\n```",
        "> " * DEPTH + "as deep as may be",
    ],
)
def test_texts_that_people_write_are_rendered(text: str) -> None:
    assert quotation(text).fault == ""


#: What has no UTF-8 form is refused where it is read, and no line of a log can hold it.
WRITABLE = sorted(name for name, text in TEXTS.items() if "\ud800" not in text)


@pytest.mark.slow
@pytest.mark.proof(2)
@pytest.mark.parametrize("name", WRITABLE)
def test_a_text_changes_no_page_of_another_project(
    name: str, content: pages.Content, files: dict[str, bytes]
) -> None:
    it = fair(frozen=FROZEN)
    it.records = [_with(record, **dict.fromkeys(FIELDS, TEXTS[name])) for record in it.records]
    began = time.process_time()
    made = dict(pages.render(it.report(), content))
    cost = time.process_time() - began
    others = [path for path in files if path.startswith("p/") and not path.startswith("p/well/")]
    assert [path for path in others if path.endswith(".html") and made[path] != files[path]] == []
    print(f"{name}: {len(others)} files of other projects unchanged, {cost:.1f} s")


def test_a_project_whose_page_cannot_be_made_has_a_short_one(
    report: Report, content: pages.Content, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.pages.site.PROJECT_PAGES", _failing(RecursionError("too deep")))
    told: list[str] = []
    made = dict(pages.render(report, content, fault=told.append))
    assert [text.partition(":")[0] for text in told] == [
        "The pages of well could not be made (RecursionError)"
    ]
    assert b"This page could not be made" in made["p/well/index.html"]
    assert {path for path in files if made.get(path) != files[path]} <= {
        path for path in files if path.startswith(("p/well/", "embed/well."))
    }


def test_a_template_that_cannot_be_used_ends_the_whole(
    report: Report, content: pages.Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.pages.site.PROJECT_PAGES", _failing(UndefinedError("'x' is undefined")))
    with pytest.raises(UndefinedError):
        dict(pages.render(report, content, fault=print))


def _failing(error: Exception) -> tuple[Callable[[Report, ProjectReport], list[Page]], ...]:
    def of_project(report: Report, project: ProjectReport) -> list[Page]:
        if project.slug == "well":
            raise error
        return [page for make in _MAKERS for page in make(report, project)]

    return (of_project,)


_MAKERS = site.PROJECT_PAGES


def _with(record: Record, **fields: str) -> Record:
    if isinstance(record, Project) and record.id == "well":
        return msgspec.structs.replace(record, **fields)
    return record


def _project(report: Report) -> ProjectReport:
    return next(project for project in report.projects if project.slug == "well")
