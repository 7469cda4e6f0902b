"""Each input of a site changed in turn: a build from what the last one left gives what a clean one gives."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from types import UnionType
from typing import Any, Final, get_args, get_origin

import msgspec
import pytest
from pydantic import BaseModel

from generator.build import code_stamp
from generator.cli import Exit
from generator.cli.site_inputs import code_stamp as stamped
from generator.config import Config
from generator.inputs import default_pages, default_templates
from generator.snapshot import Line, Rate, Record, Run, run_id
from tests.build.built_site import assert_as_clean, built, configured, install, tree, write_lines, write_log
from tests.build.other_inputs import CONFIGS, MORE, PAGES
from tests.support.proving import drawn, in_full
from tests.verify.bench import Bench
from tests.verify.forger import Lines
from tests.verify.forgeries import Forgery
from tests.verify.forgery_table import TABLE, Row, rows

pytestmark = pytest.mark.usefixtures("site", "unwatched")
#: Type of record, whose, and field: all that can be changed in a log.
FORGED: Final = [row for row in rows(TABLE.read_text()) if row[0] != "published file"]


def test_each_type_of_record_is_changed() -> None:
    assert {row[0] for row in FORGED} == {str(kind.__struct_config__.tag) for kind in get_args(Record)}


@pytest.mark.proof(5)
@pytest.mark.parametrize("row", FORGED, ids=" ".join)
def test_another_record(row: Row, judge: Bench) -> None:
    ways = [found for found in judge.forgeries if isinstance(found, Forgery) and found.of == row]
    assert ways
    for forgery in drawn(ways, in_full(1, len(ways)), " ".join(row)):
        write_log(judge.log(forgery))
        assert_as_clean()


def test_no_project(judge: Bench) -> None:
    write_lines([line for line in judge.lines if isinstance(line.record, Run)])
    assert_as_clean()


def keys(model: type[BaseModel], above: str = "") -> Iterator[str]:
    """Yield the names of all values that a configuration may hold."""
    for name, field in model.model_fields.items():
        inner = _models(field.annotation)
        yield from keys(inner[0], f"{above}{name}.") if inner else [f"{above}{name}"]


def _models(kind: Any) -> list[type[BaseModel]]:  # noqa: ANN401 -- a type
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    inner = get_args(kind) if get_origin(kind) is not None or isinstance(kind, UnionType) else ()
    return [found for part in inner for found in _models(part)]


def test_each_key_of_the_configuration_is_changed() -> None:
    assert set(CONFIGS) == set(keys(Config))


@pytest.mark.proof(4)
@pytest.mark.parametrize("name", CONFIGS)
def test_another_configuration(name: str, judge: Bench) -> None:
    before = Path("config.yaml").read_text()
    Path("config.yaml").write_text(configured(judge, CONFIGS[name]))
    assert Path("config.yaml").read_text() != before
    assert_as_clean()
    Path("config.yaml").write_text(before)
    assert_as_clean(expected=Exit.DONE)


@pytest.mark.proof(3)
@pytest.mark.parametrize("name", sorted(default_templates()))
def test_another_template(name: str) -> None:
    path = Path("templates", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(default_templates()[name] + MORE[name.rpartition(".")[2]])
    assert_as_clean(expected=Exit.DONE)
    path.unlink()
    assert_as_clean(expected=Exit.DONE)


def test_a_template_of_ones_own_that_another_includes() -> None:
    Path("templates").mkdir()
    page = default_templates()["page.html"].decode()
    Path("templates/page.html").write_text(page + "{% set name = 'mine' ~ '.html' %}{% include name %}")
    for text in ("<p>mine</p>", "<p>other</p>"):
        Path("templates/mine.html").write_text(text)
        assert_as_clean(expected=Exit.DONE)


TEXTS: Final[Mapping[str, Callable[[], object]]] = {
    **{f"{name} changed": lambda name=name: write(name, "# Another text\n") for name in default_pages()},
    "added": lambda: write("more", "# More\n"),
    "another text": lambda: write("news", "# News\n\nThere are others.\n"),
    "another title": lambda: write("news", "# Other news\n\nThere are some.\n"),
    "removed": (PAGES / "news.md").unlink,
    "renamed": lambda: (PAGES / "news.md").rename(PAGES / "a-story.md"),
    "emptied": lambda: write("news", ""),
    "hostile": lambda: write("news", "# <b>News\n\n<script>alert(1)</script>\n[x](javascript:x)\n"),
    "one too many for the navigation": lambda: [write(f"more-{n}", f"# More {n}\n") for n in range(9)],
}


def write(name: str, text: str) -> None:
    (PAGES / f"{name}.md").write_text(text)


@pytest.mark.proof(3)
@pytest.mark.parametrize("name", TEXTS)
def test_another_page_of_ones_own(name: str) -> None:
    PAGES.mkdir(parents=True)
    write("news", "# News\n\nThere are some.\n")
    before = built().files
    TEXTS[name]()
    assert assert_as_clean().files != before


NOTE: Final = "- {day: 2026-01-20, text: We moved house., project: makers-hall}\n"
#: What is written below content/ at first, and then.
BESIDE: Final[Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]]] = {
    "a note": ({}, {"notes.yaml": NOTE}),
    "another note": ({"notes.yaml": NOTE}, {"notes.yaml": NOTE.replace("house", "again")}),
    "a note of all": ({"notes.yaml": NOTE}, {"notes.yaml": NOTE.replace(", project: makers-hall", "")}),
    "a file": ({"pages/a.md": "[plan](../static/plan.txt)"}, {"static/plan.txt": "First a well."}),
    "another file": ({"static/plan.txt": "First a well."}, {"static/plan.txt": "First a pump."}),
    "an update": ({}, {"pages/a.md": "---\ndate: 2026-01-20\nproject: makers-hall\n---\n# New\n\nIt is."}),
    "another order": ({"pages/a.md": "# A\n\na"}, {"pages/a.md": "---\norder: 1\n---\n# A\n\na"}),
    "a theme": (
        {},
        {"theme/base.html": '{% extends "sunlit/base.html" %}{% block after %}<hr>{% endblock %}'},
    ),
}


@pytest.mark.proof(3)
@pytest.mark.parametrize("name", BESIDE)
def test_another_thing_beside_pages(name: str) -> None:
    def put(files: Mapping[str, str]) -> None:
        for path, text in files.items():
            file = Path("content", path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    first, then = BESIDE[name]
    put(first)
    before = built().files
    put(then)
    assert assert_as_clean().files != before


@pytest.mark.proof(1)
@pytest.mark.parametrize("name", code_stamp.LIBRARIES)
def test_another_version_of_a_library(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree("output")
    install(monkeypatch, {name: "999"})
    assert assert_as_clean(expected=Exit.DONE).files != before


def test_another_version_of_sunlit(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file of the code counts, by its name and its bytes."""
    monkeypatch.setattr(code_stamp, "__file__", str(site / "code/build/code_stamp.py"))
    code = site / "code/pages/page.py"
    code.parent.mkdir(parents=True)
    stamps = [stamped(code_stamp.code_rows({}), {})]
    for edit in (
        lambda: code.write_text("x = 1"),
        lambda: code.write_text("x = 2"),
        lambda: code.rename(code.with_name("other.py")),
        lambda: (site / "code/more.py").write_text(""),
    ):
        edit()
        stamps.append(stamped(code_stamp.code_rows({}), {}))
    assert len(set(stamps)) == len(stamps)


def later(lines: Lines, **ago: float) -> Lines:
    """Return a log with one more run, which saw the same and the rate of its day."""
    last = max((line.record for line in lines if isinstance(line.record, Run)), key=lambda run: run.id)
    at = last.at + timedelta(**ago)
    run = msgspec.structs.replace(last, id=run_id(at, "later"), at=at)
    rate = next(line.record for line in lines if isinstance(line.record, Rate))
    day = msgspec.structs.replace(rate, id=f"{rate.currency}/{at:%Y-%m-%d}", day=f"{at:%Y-%m-%d}", at=at)
    return [*lines, Line(run=run.id, record=day), Line(run=run.id, record=run)]


@pytest.mark.parametrize("ago", [{"hours": 1}, {"days": 1}, {"days": 28}, {"days": 400}], ids=str)
def test_another_time(ago: dict[str, float], judge: Bench) -> None:
    """A run of the same day, the next one, the next month, another year."""
    before = tree("output")
    write_lines(later(judge.lines, **ago))
    assert assert_as_clean().files != before


def test_the_demo_in_place_of_the_site_and_back() -> None:
    before = tree("output")
    assert assert_as_clean("--demo", expected=Exit.DONE).files != before
    assert_as_clean("--demo", expected=Exit.DONE)
    assert assert_as_clean(expected=Exit.DONE).files == before
