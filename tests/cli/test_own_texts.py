"""A maintainer's own pages beyond the bounds: named with file and line, and never the end of a build."""

from pathlib import Path

import pytest

from generator import inputs, pages
from generator.cli import Exit, run
from generator.pages.clean import prose
from generator.text_bounds import OWN
from tests.support.hostile_texts import TEXTS
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
            "content/pages/about.md:1:1: front matter is not read",
        ),
        (b"# About\n\n\xff", "content/pages/about.md:3:1: not UTF-8 text (invalid start byte)"),
    ],
)
def test_check_names_file_and_line(
    data: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own_page(tmp_path, data)
    assert run(["check", "-c", str(tmp_path / "config.yaml")]) == Exit.WRONG_USE
    assert said in capsys.readouterr().out


def test_every_text_as_a_page_is_made_and_named_where_it_is_beyond() -> None:
    faults = {Path(problem.file).stem for problem in pages.text_faults(TEXTS)}
    for name, text in TEXTS.items():
        html = prose(text)
        assert name not in faults or not {"<ul", "<ol", "<blockquote", "<table"} & {*html.split(">")}, name
    assert {"numbered lists", "lists", "a long line"} <= faults
    print(f"{len(faults)} of {len(TEXTS)} stand as plain text")


def test_our_own_pages_are_within_the_bounds() -> None:
    assert list(pages.text_faults(inputs.pages(ROOT))) == []
