"""The code stays easy to move into: lengths and names, by the numbers that `make house` prints."""

import re

import pytest

from tools.house import LONG_MODULE, LONGEST_FUNCTION, MEDIAN_MODULE, House, survey, table
from tools.rooms import ROOT

#: The share of functions of at most 25 lines, in percent, and how many class names may mean two things.
SHORT_FUNCTIONS, SHARED_NAMES = 96, 5


@pytest.fixture(scope="module")
def house() -> House:
    return survey()


def test_modules_are_about_one_thing(house: House) -> None:
    print(*table(house), sep="\n")
    assert {name: lines for name, lines in house.modules.items() if lines > LONG_MODULE} == {}
    assert house.middle <= MEDIAN_MODULE


def test_functions_do_one_thing(house: House) -> None:
    assert {name: lines for name, lines in house.functions.items() if lines > LONGEST_FUNCTION} == {}
    assert house.short_share >= SHORT_FUNCTIONS


def test_a_class_name_means_one_thing_or_is_argued(house: House) -> None:
    text = (ROOT / "docs" / "glossary.md").read_text().partition("## Names with two meanings\n")[2]
    argued = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert sorted(argued) == sorted(house.shared_names)
    assert len(argued) <= SHARED_NAMES


def test_a_loop_names_what_it_goes_through(house: House) -> None:
    assert len(house.loops) > 1_000
    assert [place for place, names in house.loops if "one" in names] == []
