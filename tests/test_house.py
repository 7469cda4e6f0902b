"""The code stays easy to move into: lengths and names, by the numbers that `make house` prints."""

import ast
import re

from tools.house import LONG_MODULE, LONGEST_FUNCTION, MEDIAN_MODULE, survey, table
from tools.rooms import ROOT

HOUSE = survey()
#: The share of functions of at most 25 lines, in percent, and how many class names may mean two things.
SHORT_FUNCTIONS, SHARED_NAMES = 96, 5


def test_modules_are_about_one_thing() -> None:
    print(*table(HOUSE), sep="\n")
    assert {name: lines for name, lines in HOUSE.modules.items() if lines > LONG_MODULE} == {}
    assert HOUSE.middle <= MEDIAN_MODULE


def test_functions_do_one_thing() -> None:
    assert {name: lines for name, lines in HOUSE.functions.items() if lines > LONGEST_FUNCTION} == {}
    assert HOUSE.short_share >= SHORT_FUNCTIONS


def test_a_class_name_means_one_thing_or_is_argued() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text().partition("## Names with two meanings\n")[2]
    argued = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert sorted(argued) == sorted(HOUSE.shared_names)
    assert len(argued) <= SHARED_NAMES


def test_a_loop_names_what_it_goes_through() -> None:
    loops = [
        (path.name, node.target)
        for path in (ROOT / "generator").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension)
    ]
    assert len(loops) > 1_000
    unnamed = [
        name for name, target in loops if "one" in {getattr(part, "id", "") for part in ast.walk(target)}
    ]
    assert unnamed == []
