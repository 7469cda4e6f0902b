"""How many contributions there are is one sentence, in the number and order of each language."""

from dataclasses import replace
from datetime import date

import pytest

from generator.catalogues import languages
from generator.pages.contribution_words import contributions
from generator.report import Report
from generator.report.census import CensusRow, Standing
from generator.report.figures.bounds import Bound
from generator.wording import plain


@pytest.mark.parametrize(
    ("code", "number", "keys", "said"),
    [
        ("en", 1, 0, "1 contribution"),
        ("en", 28, 1, "28 contributions, 1 investor key"),
        ("de", 1, 2, "1 Beitrag, 2 Anlegerschlüssel"),
        ("de", 28, 0, "28 Beiträge"),
    ],
)
def test_numbers_of_contributions_and_keys(
    code: str, number: int, keys: int, said: str, report: Report
) -> None:
    figures = report.projects[0].figures
    some = [
        replace(figures[name], value=value, bound=Bound.EXACT)
        for name, value in (("contributions", number), ("investor_keys", keys))
    ]
    found = contributions(*some)
    assert found is not None
    assert plain(found, languages({}, ["en", code])[code]) == said


def test_what_an_address_lists_at_most_is_part_of_the_sentence(report: Report) -> None:
    figures = report.projects[0].figures
    count = replace(figures["contributions"], value=3, bound=Bound.AT_LEAST)
    most = replace(figures["raised"], name="raised_at_most", value=5_000_000, bound=Bound.AT_MOST)
    row = CensusRow(
        identifier="angor1q",
        slug="well",
        standing=Standing.UNREAD,
        cause=None,
        reason="",
        since=date(2025, 11, 1),
        at_most=most,
        accepted="",
    )
    found = contributions(count, None, row)
    assert found is not None
    assert plain(found).replace("\u202f", " ") == (
        "≥ 3 contributions; with all that its address lists at most 5 000 sats"
    )


def test_an_unknown_number_says_nothing(report: Report) -> None:
    assert contributions(replace(report.projects[0].figures["contributions"], value=None)) is None
