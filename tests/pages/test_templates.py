"""Templates are there to be read and changed: short lines, and nothing in them that nobody uses."""

import re

import pytest

from generator.pages import Content
from generator.pages.icons import with_used_icons
from generator.pages.template_blocks import VIEW_MODEL
from generator.report import Report
from tests.support import view_model
from tests.support.paths import ROOT

TEMPLATES = {
    path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "templates").glob("*.html"))
}
ALL = "\n".join(TEMPLATES.values())
PAGES = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "generator/pages").glob("*.py"))
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_line_is_longer_than_120_characters(name: str) -> None:
    long = [number for number, line in enumerate(TEMPLATES[name].splitlines(), 1) if len(line) > 120]
    assert long == []


def test_every_macro_is_called() -> None:
    macros = re.findall(r"{% macro (\w+)\(", ALL)
    assert len(macros) > 20
    assert [name for name in macros if len(re.findall(rf"\b{name}\(", ALL)) == 1] == []


def test_every_template_is_used() -> None:
    for name in TEMPLATES:
        assert f'"{name}"' in PAGES or re.search(rf'{{% (?:extends|import|include) "{name}"', ALL), name


def test_every_symbol_is_shown_by_some_state() -> None:
    for name in re.findall(r'<symbol id="i-(\w+)"', ALL):
        assert f'"{name}"' in ALL + PAGES, name


def test_a_page_has_the_shapes_of_the_icons_that_it_uses(files: dict[str, bytes]) -> None:
    found = set()
    for path, data in files.items():
        if path.endswith(".html"):
            shapes = re.findall(r'<symbol id="([^"]+)"', data.decode())
            used = set(re.findall(r'<use href="#([^"]+)"', data.decode()))
            assert sorted(shapes) == sorted(used), path
            found |= used
    assert len(found) > 5


def test_a_page_without_sprite_stays_as_it_is() -> None:
    for html in ("<p>a</p>", '<svg class="sprite">', '<svg class="sprite"></svg><p>a</p>'):
        assert with_used_icons(html) == html


def test_what_templates_are_given_is_documented(report: Report, content: Content) -> None:
    told = view_model.values(report, content)
    assert told
    assert view_model.written(told) == view_model.PAGE.read_text(), "run `make reference`"
    assert f"## What templates are given: view model {VIEW_MODEL}\n" in view_model.PAGE.read_text()
