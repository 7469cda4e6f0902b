"""docs/threats.md has everybody who may try something; each row has a control and a test, or says so.

That the places it names are there is asserted for all pages in test_docs.py.
"""

import re

import pytest

from generator.pages.verify_limits import LIMITS
from tests.support.paths import ROOT

TEXT = (ROOT / "docs" / "threats.md").read_text()
ACTORS = (
    "A relay",
    "A founder",
    "A stranger",
    "A merchant",
    "A payer",
    "An indexer",
    "A BTCPay server",
    "A template author",
    "A publisher",
    "A visitor",
    "A CI runner",
    "A webhook sender",
)
CONTROL = re.compile(r"`(?:generator/[\w/]+\.py:[\w.]+|\.github/[\w/.]+(?::[\w.]+)?|requirements\.lock)`")
TEST = re.compile(r"`tests/[\w/]+\.py:test_\w+`")
LIMIT = re.compile(r"^limit `([\w-]+)`")
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


def rows(actor: str) -> list[list[str]]:
    """Return the cells of each row of somebody's tables, without their headings."""
    part = TEXT.partition(f"\n## {actor}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if row[1:] != ["control", "test"]]


ROWS = [(actor, *row) for actor in ACTORS for row in rows(actor)]


def test_everybody_has_a_section_of_at_least_five_rows() -> None:
    assert tuple(HEADING.findall(TEXT)) == ACTORS
    assert {actor: len(rows(actor)) for actor in ACTORS if len(rows(actor)) < 5} == {}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[1]}")
def test_a_row_has_a_control_and_a_test_or_says_that_there_is_none(row: tuple[str, ...]) -> None:
    _, _, control, test = row
    if control.startswith("not held"):
        assert len(control) > len("not held: ") + 20, "say why"
        assert test == "none"
    elif limit := LIMIT.match(control):
        assert limit[1] in LIMITS
        assert TEST.search(test)
    else:
        assert CONTROL.search(control)
        assert TEST.search(test)


def test_every_limit_is_somebodys_chance() -> None:
    assert {limit[1] for row in ROWS if (limit := LIMIT.match(row[2]))} == set(LIMITS)
