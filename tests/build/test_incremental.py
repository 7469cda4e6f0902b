"""A build from a cache makes only what changed, and takes nothing from a cache or site that is damaged."""

import os
import shutil
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from time import sleep
from typing import Any, NoReturn

import msgspec
import pytest

from benchmarks.crowd import CONFIG, lines
from generator import file_rows
from generator import publish as publishing
from generator.build import cache as caching
from generator.build import code_stamp
from generator.build.cache import BuildCache, CachedUnit
from generator.cli import Exit, render_step, run
from generator.cli.site_inputs import SiteInputs
from generator.ledger import Entry
from generator.snapshot import Line
from tests.build.built_site import assert_as_clean, write_lines

LINES = lines(9, runs=3, busy=0.9)
CACHE = Path(".sunlit/cache/site.json")


def tree(folder: str) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in sorted(Path(folder).rglob("*")) if p.is_file()
    }


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        Path("config.yaml").write_text(CONFIG)
        write_lines(LINES)
        assert run(["render"]) == Exit.DONE
    return folder


@pytest.fixture
def site(rendered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Enter a folder in which one build was made before."""
    shutil.copytree(rendered, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("site")
def test_without_news_nothing_is_folded_and_the_same_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    CACHE.unlink()
    assert run(["render", "--summary", "first.md"]) == Exit.DONE
    first, before = capsys.readouterr(), tree("output")
    monkeypatch.setattr(render_step, "render_site", lambda *_, **__: pytest.fail("the site was rendered"))
    assert run(["render", "--summary", "second.md"]) == Exit.DONE
    assert capsys.readouterr() == first
    assert ", unchanged." in first.err
    assert Path("second.md").read_text() == Path("first.md").read_text()
    assert tree("output") == before


@pytest.mark.usefixtures("site")
def test_files_that_were_touched_are_read_once_and_are_no_news(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []
    look = file_rows.look

    def spied(path: str, status: os.stat_result, known: file_rows.FileRow | None) -> file_rows.FileRow | None:
        if known is None or not known.is_of(status):
            read.append(path)
        return look(path, status, known)

    assert run(["render"]) == Exit.DONE  # files written in the tick of the disk's clock that it ended in
    monkeypatch.setattr(render_step, "render_site", lambda *_, **__: pytest.fail("the site was rendered"))
    monkeypatch.setattr(file_rows, "look", spied)
    touched = [path for top in ("output", "content") for path in Path(top).rglob("*") if path.is_file()]
    for path in touched:
        os.utime(path, (1_000_000_000, 1_000_000_000))  # as a checkout or an unpacked archive may have them
    assert run(["render"]) == Exit.DONE
    assert set(map(str, touched)) <= set(read)
    sleep(0.02)
    assert run(["render"]) == Exit.DONE
    read.clear()
    assert run(["render"]) == Exit.DONE
    assert not read


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("top", ["output", "content"])
def test_a_byte_is_seen_that_changed_behind_the_same_size_and_time(top: str) -> None:
    before = tree("output")
    assert run(["render"]) == Exit.DONE
    path = next(path for path in sorted(Path(top).rglob("*")) if path.is_file() and path.stat().st_size)
    status, data = path.stat(), path.read_bytes()
    path.write_bytes(data[:-1] + b" ")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    try:
        code = run(["render"])
    finally:
        path.write_bytes(data)
    assert code == Exit.DONE if top == "output" else code != Exit.DONE
    assert tree("output") == before


@pytest.mark.usefixtures("site")
def test_a_payment_appended_while_a_build_runs_is_in_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    publish = publishing.publish

    def slow(output: Path, files: Iterable[Any], **given: Any) -> publishing.PublishResult:  # noqa: ANN401
        write_lines(with_payment(LINES))
        return publish(output, files, **given)

    Path("config.yaml").write_text(CONFIG.replace("The whole network", "Another"))
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "publish", slow)
        assert run(["render"]) == Exit.DONE
    before = tree("output")
    assert_as_clean(expected=Exit.DONE)
    assert tree("output") != before


@pytest.mark.usefixtures("site")
def test_a_payment_appended_after_the_log_was_read_is_neither_copied_nor_summed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read, before = SiteInputs.read, tree("output")

    def slow(*given: Any) -> SiteInputs:  # noqa: ANN401 -- those of what it stands for
        found = read(*given)
        write_lines(with_payment(LINES))
        return found

    CACHE.unlink()
    Path("output/index.html").write_text("touched")  # or nothing would be read
    with monkeypatch.context() as patch:
        patch.setattr(SiteInputs, "read", slow)
        assert run(["render"]) == Exit.DONE
    assert tree("output") == before
    assert_as_clean(expected=Exit.DONE)
    assert tree("output") != before


@pytest.mark.usefixtures("site")
def test_a_file_that_the_configuration_names_is_missed_when_it_is_gone() -> None:
    Path("rates.csv").write_text("day,currency,rate,source\n")
    text = CONFIG.replace("sources: {", "sources: {rates: {provider: csv, file: rates.csv}, ")
    text += "units: {fiat: [EUR]}\n"
    Path("config.yaml").write_text(text)
    assert run(["render"]) == Exit.PARTLY  # no run asked for its rates yet
    Path("rates.csv").unlink()
    assert run(["render"]) == Exit.WRONG_USE


def with_payment(found: list[Line]) -> list[Line]:
    entry = next(line for line in found if isinstance(line.record, Entry))
    more = msgspec.structs.replace(entry.record, id=f"{'9' * 64}:0", amount_msat=1_000)
    return [*found, Line(run=entry.run, record=more)]


@pytest.mark.usefixtures("site")
@pytest.mark.proof(1)
@pytest.mark.parametrize("name", code_stamp.LIBRARIES)
def test_another_version_of_a_library_makes_every_unit_again(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = units_kept()
    versions = code_stamp.libraries() | {name: "999"}
    monkeypatch.setattr("generator.cli.site_inputs.libraries", lambda: versions)
    monkeypatch.setattr("generator.build.standing_site.installed", lambda: [f"{name}-999.dist-info"])
    assert run(["render"]) == Exit.DONE
    after = units_kept()
    assert before.keys() == after.keys()
    assert not [name for name in after if after[name].key == before[name].key]


def units_kept() -> dict[str, CachedUnit]:
    found = caching.load(CACHE, BuildCache, print)
    assert found is not None
    return found.units


def damaged() -> dict[str, Callable[[bytes], bytes]]:
    def foreign(_data: bytes) -> bytes:
        return sealed(msgspec.json.encode({"site": None, "units": {"p/x": ["", ["p/x/index.html"]]}}))

    def sealed(body: bytes) -> bytes:
        return caching._seal(body).encode() + b"\n" + body

    return {
        "empty": lambda _: b"",
        "truncated": lambda data: data[: len(data) // 2],
        "one byte changed": lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
        "no text": lambda _: bytes(range(256)) * 9,
        "another schema": lambda data: sha256(b"\x09" + data[65:]).hexdigest().encode() + data[64:],
        "a list": lambda _: sealed(msgspec.json.encode([])),
        "of another site": foreign,
    }


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("name", damaged())
def test_a_cache_that_cannot_be_used_is_discarded_with_one_line(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree("output")
    CACHE.write_bytes(damaged()[name](CACHE.read_bytes()))
    assert run(["render"]) == Exit.DONE
    assert tree("output") == before
    assert capsys.readouterr().err.count("is not used, what it held is made again") == (
        name != "of another site"
    )


def test_a_cache_that_names_files_outside_of_the_site_is_not_followed(site: Path) -> None:
    (site / "secret").write_text("not for publishing")
    _, _, body = CACHE.read_bytes().partition(b"\n")
    found = msgspec.json.decode(body)
    name = next(name for name in found["units"] if name.startswith("p/"))
    hashed = caching._seal(b"not for publishing")
    found["site"], found["units"][name][1] = None, ["../secret"]
    found["output"]["../secret"] = [hashed, 18, 0, 0, 0]
    body = msgspec.json.encode(found)
    CACHE.write_bytes(caching._seal(body).encode() + b"\n" + body)
    before = tree("output")
    assert run(["render"]) == Exit.DONE
    assert tree("output") == before


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("how", ["changed", "removed", "added", "linked"])
def test_a_site_that_was_touched_is_made_whole_again(how: str) -> None:
    before = tree("output")
    page = next(Path("output/p").rglob("index.html"))
    match how:
        case "changed":
            page.write_text("touched")
        case "removed":
            page.unlink()
        case "added":
            Path("output/p/more.html").write_text("more")
        case _:
            page.rename("aside")
            page.symlink_to(Path("aside").resolve())
    assert run(["render"]) == Exit.DONE
    assert tree("output") == before
    assert not any(path.is_symlink() for path in Path("output").rglob("*"))


@pytest.mark.usefixtures("site")
def test_a_disk_that_has_no_room_for_the_cache_fails_no_build(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    shutil.rmtree(CACHE.parent)
    monkeypatch.setattr(caching, "replace_unsynced", full)
    assert run(["render"]) == Exit.DONE
    assert "cannot be written (No space left on device)" in capsys.readouterr().err


@pytest.mark.usefixtures("site")
def test_one_payment_makes_its_project_and_what_is_about_all(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    make_units = render_step.make_units

    def spied(units: object, studio: object, **options: Any) -> object:  # noqa: ANN401 -- those of whatever is asked
        for unit, files in make_units(units, studio, **options):  # type: ignore[arg-type]
            made.append(unit.id)
            yield unit, files

    monkeypatch.setattr(render_step, "make_units", spied)
    write_lines(with_payment(LINES))
    assert run(["render"]) == Exit.DONE
    assert sum(name.startswith("p/") for name in made) == 1, made
