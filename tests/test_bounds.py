"""docs/bounds.md states the bounds that the code has."""

import re
from importlib import import_module

import pytest

from tests.support.paths import ROOT

TEXT = (ROOT / "docs" / "bounds.md").read_text()
ROWS = re.findall(
    r"^\| (.+?) \| ([\d,]+) \| `(generator/[\w/]+)\.py:(\w+)`(?:, `([a-z_]+)`)?", TEXT, re.MULTILINE
)


def test_the_table_has_rows() -> None:
    assert len(ROWS) == len(re.findall(r"^\| .*\| `generator/", TEXT, re.MULTILINE)) > 30


@pytest.mark.parametrize(("what", "bound", "module", "name", "field"), ROWS, ids=[row[0] for row in ROWS])
def test_a_stated_bound_is_the_one_of_the_code(
    what: str, bound: str, module: str, name: str, field: str
) -> None:
    found = getattr(import_module(module.replace("/", ".")), name)
    if isinstance(found, type):
        found = found()  # limits by default
    assert (getattr(found, field) if field else found) == int(bound.replace(",", "")), what
