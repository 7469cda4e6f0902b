"""Every file of a whole site is of a declared kind, and each kind is what it is said to be."""

import pytest

from generator.manifest import complete
from generator.origin import Origin
from generator.pages import files as page_files
from generator.pages.file_kinds import FILE_KINDS, kind_of, of_no_kind
from tests.support.paths import ROOT
from tests.support.whole_job import Done, site_of


def test_every_file_of_a_site_is_of_one_kind(done: Done) -> None:
    files = complete(done.files, done.report)
    assert of_no_kind(files) == []
    print(f"{len(files)} files")
    for path in files:
        assert sum(kind.path.fullmatch(path) is not None for kind in FILE_KINDS) == 1, path
    assert {kind_of(path) for path in files} == set(FILE_KINDS), "a kind that no site has"


def test_words_are_the_log_the_inputs_and_the_recipe_alone(done: Done) -> None:
    words = {path for path in done.files if kind_of(path).origin is not Origin.DERIVED}
    given = {
        path
        for path in done.files
        if path.startswith(("data/snapshots/", page_files.INPUTS, page_files.STATIC))
    }
    assert words == given | {page_files.RECIPE}


def test_a_file_without_a_kind_fails_the_build(done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(_: object) -> dict[str, bytes]:
        return {"style.css": b"", "donate.exe": b""}

    monkeypatch.setattr(page_files, "style_files", careless)
    with pytest.raises(LookupError, match=r"donate\.exe: of no kind that is declared"):
        site_of(done.report, done.log)


@pytest.mark.parametrize(
    "path", ["donate.html", "p/x/donate.html", "index.html.exe", "data/ledger.xlsx", "p/x/c1.png", "a.css"]
)
def test_other_files_are_of_no_kind(path: str) -> None:
    assert of_no_kind([path]) == [path]
    assert (ROOT / "docs" / "checks.md").read_text().count("`file-kinds`") == 1
