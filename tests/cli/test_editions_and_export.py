"""`build` freezes the month that is due, once; `edition` makes none twice; `export` writes three forms."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from generator.cli import Exit, run
from tests.support.made_demo import made_demo


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder in which a demo was built, entered."""
    made = made_demo(tmp_path_factory)
    folder = shutil.copytree(made, tmp_path_factory.mktemp("editions") / "demo", symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder


def test_a_month_is_frozen_once(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [path] = (site / ".sunlit/demo/editions").glob("*.json")
    assert path.name == "2026-01.json"
    before = path.read_bytes()
    assert run(["edition", "--demo"]) == Exit.DONE
    assert "frozen" not in capsys.readouterr().err
    assert path.read_bytes() == before
    page = (site / "output/report/2026-01/index.html").read_text()
    assert sha256(before).hexdigest() in page
    assert (site / "output/report/2026-01/edition.json").read_bytes() == before


def test_a_file_that_is_no_edition_is_told_with_its_name(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = site / ".sunlit/demo/editions/2026-01.json"
    before = path.read_bytes()
    path.write_bytes(before.replace(b'"month"', b'"mouth"'))
    try:
        assert run(["render", "--demo"]) == Exit.WRONG_USE
        assert "editions/2026-01.json" in capsys.readouterr().err
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize("form", ["csv", "beancount", "sqlite"])
def test_the_report_is_exported(site: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    place = site / "out" / form
    assert run(["export", "--demo", "--format", form, "--output", str(place)]) == Exit.DONE
    assert str(place) in capsys.readouterr().out
    if form == "csv":
        assert (place / "entries.csv").read_bytes().startswith(b"source,id,project,")
    elif form == "beancount":
        assert b"balance Assets:" in place.read_bytes()
    else:
        with closing(sqlite3.connect(place)) as database:
            [raised] = database.execute("SELECT SUM(amount_msat) FROM figure_raised").fetchone()
            [stated] = database.execute("SELECT value_int FROM figures WHERE id = 'all/raised'").fetchone()
        assert raised == stated > 0


def test_a_folder_is_no_file_to_export_to(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "--demo", "--format", "sqlite", "--output", str(site)]) == Exit.WRONG_USE
    assert "is a folder" in capsys.readouterr().err


def test_check_names_a_file_that_is_no_edition(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.yaml").write_bytes((site / ".sunlit/demo/config.yaml").read_bytes())
    editions = tmp_path / "content/editions"
    editions.mkdir(parents=True)
    (editions / "2026-01.json").write_text("{}\n")
    monkeypatch.chdir(tmp_path)
    assert run(["check", "--no-secrets"]) == Exit.WRONG_USE
    assert "content/editions/2026-01.json" in capsys.readouterr().out
