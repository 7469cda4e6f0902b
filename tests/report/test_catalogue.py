"""The catalogue names every figure that a report publishes, each once, with the formula it carries."""

import re
from collections import Counter
from typing import TYPE_CHECKING

from generator.report.catalogue import FAMILIES, OF_EARLIER_RUNS, SINGLE
from generator.report.figures.definitions import SUM_OF_PROJECTS
from tests.support.fair import fair

if TYPE_CHECKING:
    from generator.report import Figure
    from tests.support.village import Village


def place(name: str) -> tuple[str, int]:
    """Return what tells definitions apart: a name, and how many parts stand after an ``@``."""
    return name.partition("@")[0], name.count("@")


DEFINITIONS = (*SINGLE, *FAMILIES, *OF_EARLIER_RUNS)
BY_PLACE = {place(definition.name_of(definition.by)): definition for definition in DEFINITIONS}


def test_each_definition_has_a_place_of_its_own() -> None:
    assert len(BY_PLACE) == len(DEFINITIONS)


def test_a_family_whose_formula_has_words_to_fill_in_says_what_it_means() -> None:
    assert [family.name for family in FAMILIES if "{" in family.formula and not family.meaning] == []


def test_every_figure_of_two_reports_is_in_the_catalogue(full: "Village") -> None:
    found = [*full.report().all_figures(), *fair().report().all_figures()]
    assert len(found) > 500
    seen: Counter[str] = Counter()
    for figure in found:
        definition = BY_PLACE[place(figure.name)]
        seen[definition.name] += 1
        assert follows(figure, definition.formula), figure
        assert definition.unit in ("", figure.unit), figure
    print(f"{len(found)} figures of {len(seen)} names, in a catalogue of {len(DEFINITIONS)}")


def follows(figure: "Figure", formula: str) -> bool:
    """Tell whether a figure carries a formula, with any words filled in."""
    pattern = re.sub(r"\\{\w+\\}", ".+", re.escape(formula))
    return figure.formula == SUM_OF_PROJECTS or re.fullmatch(pattern, figure.formula) is not None
