"""A maintainer's own pages beyond the bounds: named with file and line, and never the end of a build."""

import re
from pathlib import Path

import pytest

from generator import inputs, pages
from generator.cli import Exit, run
from generator.text_bounds import OWN
from tests.support.hostile_texts import TEXTS
from tests.support.own_prose import own_prose
from tests.support.paths import ROOT

CONFIG = "version: 1\nsite: {title: Example}\nnetwork: main\nprojects: []\n"


def own_page(folder: Path, data: bytes) -> None:
    (folder / "content/pages").mkdir(parents=True)
    (folder / "content/pages/about.md").write_bytes(data)
    (folder / "config.yaml").write_text(CONFIG)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"# About\n\n" + b"1. " * 500, "content/pages/about.md:3:1: the page nests lists or quotes"),
        (b"a" * (OWN.letters + 1), "content/pages/about.md:1:1: the page has more than 50000 letters"),
        (
            b"# About\n\n" + b"a|" * 500 + b"\n" + b"-|" * 500 + b"\n" + b"|\n" * 100,
            "content/pages/about.md:3:1: the page has a table of more than 20000 cells",
        ),
        (
            b"# About\n\n" + b"[ " * 999 + b"x" * 47_000,  # took 19 s
            "content/pages/about.md:3:1: the page has brackets over more than 1000000 letters",
        ),
        (
            b"---\ntitle: &a [x]\nb: [*a, *a]\n---\n# About\n",
            "content/pages/about.md:3:1: unknown key 'b'; allowed: title, order, date, project",
        ),
        (
            b"---\ntitle: About\n"
            + b"a: &a [x]\nb: &b [*a, *a]\n" * 1
            + b"c: &c ["
            + b"*b, " * 900
            + b"]\n---\n",
            "content/pages/about.md:1:1: the front matter has no end",
        ),
        (
            b"---\ntitle: " + b"[" * 99 + b"\n---\n# About\n",
            "content/pages/about.md:2:48: this file cannot be read: nested more than 40",
        ),
        (
            b"---\ndate: 31 March\norder: first\nproject: A b\n---\n# About\n",
            "content/pages/about.md:2:1: date must be a day such as 2027-03-31",
        ),
        (
            b"# About\n\n\xff",
            "content/pages/about.md:3:1: not UTF-8 text: a letter here was saved in another way",
        ),
    ],
)
def test_check_names_file_and_line(
    data: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own_page(tmp_path, data)
    assert run(["check", "-c", str(tmp_path / "config.yaml")]) == Exit.WRONG_USE
    assert said in capsys.readouterr().out


@pytest.mark.slow
def test_every_text_as_a_page_is_made_and_named_where_it_is_beyond() -> None:
    texts = {re.sub(r"\W+", "-", name): text for name, text in TEXTS.items()}
    faults = {Path(problem.file).stem for problem in pages.text_faults(texts)}
    for name, text in texts.items():
        html = own_prose(text)
        assert name not in faults or not {"<ul", "<ol", "<blockquote", "<table"} & {*html.split(">")}, name
    assert {"numbered-lists", "lists", "a-long-line"} <= faults
    print(f"{len(faults)} of {len(TEXTS)} stand as plain text")


def test_our_own_pages_are_within_the_bounds() -> None:
    assert list(pages.text_faults(inputs.pages(ROOT))) == []
