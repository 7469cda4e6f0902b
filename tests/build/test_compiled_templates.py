"""Templates are compiled once for many processes; what cannot be used is compiled again, without a word."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import Environment

from generator.build.compiled_templates import compiled_templates
from generator.language import ENGLISH
from generator.pages import environment
from generator.pages.numbers import Numbers

SOURCES = {"a.html": b'{% include "b.html" %}{{ 1 + x }}', "b.html": b"<p>"}


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path]:
    """Let compiled modules stand in a folder that is empty; return what finds the templates there."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return lambda: next(tmp_path.rglob("templates.bin"))


def compiled(code: str, monkeypatch: pytest.MonkeyPatch, *, sandboxed: bool = False) -> list[str | None]:
    """Render in what is a new process as far as templates go; return the names of those it compiled."""
    made: list[str | None] = []
    compile_ = Environment._compile

    def spied(self: Environment, source: str, filename: str) -> object:
        made.append(filename)
        return compile_(self, source, filename)

    with monkeypatch.context() as patch:
        patch.setattr(Environment, "_compile", spied)
        fresh = {each: environment._Compiled() for each in (False, True)}
        patch.setattr(environment, "_COMPILED", fresh)
        with compiled_templates(code):
            env = environment.environment(SOURCES, lambda: Numbers({}), ENGLISH, sandboxed=sandboxed)
            assert env.get_template("a.html").render(x=2) == "<p>3"
    return sorted(made, key=str)


EVERY = ["templates/a.html", "templates/b.html"]


@pytest.mark.parametrize("sandboxed", [False, True])
def test_the_next_process_compiles_nothing(
    sandboxed: bool,  # noqa: FBT001 -- a parameter of the test
    kept: Callable[[], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert compiled("x", monkeypatch, sandboxed=sandboxed) == EVERY
    before = kept().read_bytes()
    assert compiled("x", monkeypatch, sandboxed=sandboxed) == []
    assert kept().read_bytes() == before
    assert compiled("x", monkeypatch, sandboxed=not sandboxed) == EVERY, "a sandbox has code of its own"


def test_other_code_and_another_text_are_compiled(
    kept: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert compiled("x", monkeypatch) == EVERY
    monkeypatch.setitem(SOURCES, "b.html", b"{# another #}<p>")
    assert compiled("x", monkeypatch) == ["templates/b.html"]
    assert compiled("y", monkeypatch) == EVERY
    assert kept().stat().st_size


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[:-3] + b"x" + data[-2:],
        lambda _: b"",
        lambda data: data[65:],
    ],
)
def test_what_is_damaged_is_not_run(
    damage: Callable[[bytes], bytes], kept: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled("x", monkeypatch)
    kept().write_bytes(damage(kept().read_bytes()))
    assert compiled("x", monkeypatch) == EVERY
    assert compiled("x", monkeypatch) == []


@pytest.mark.usefixtures("kept")
def test_who_wants_no_compiled_modules_gets_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert compiled("x", monkeypatch) == compiled("x", monkeypatch) == EVERY
    assert not list(tmp_path.rglob("templates.bin*"))


def test_a_folder_that_takes_no_file_fails_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "file"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert compiled("x", monkeypatch) == compiled("x", monkeypatch) == EVERY
