"""A page of a project names it once, and its figures without it."""

from generator.pages.own_figures import whole_names, with_own_names
from generator.verify.page_reader import read_page

PAGE = (
    '<html lang="en"><p title="data-figure=&quot;well/x&quot;">'
    'words data-figure="well/raised" of a stranger, '
    '<data value="1" data-figure="well/raised">1</data> '
    '<b data-figures="well/goal all/rate@EUR big-well/raised">2</b></p>'
)


def test_own_figures_lose_the_slug_and_are_read_with_it() -> None:
    short = with_own_names(PAGE, "p/well/ledger/index.html")

    assert short.startswith('<html lang="en" data-project="well">')
    assert '<data value="1" data-figure="raised">' in short
    assert '<b data-figures="goal all/rate@EUR big-well/raised">' in short
    assert "well/x&quot;" in short
    assert 'words data-figure="well/raised" of a stranger' in short
    assert [element.names for element in read_page(short).stating] == [
        element.names for element in read_page(PAGE).stating
    ]


def test_a_chart_of_its_own_names_its_project_as_a_page_does() -> None:
    chart = '<svg xmlns="http://www.w3.org/2000/svg"><text data-figure="well/raised">1</text></svg>'
    short = with_own_names(chart, "p/well/c1.svg")

    assert short.startswith('<svg xmlns="http://www.w3.org/2000/svg" data-project="well"><text ')
    assert 'data-figure="raised"' in short
    assert [each.names for each in read_page(short).stating] == [
        each.names for each in read_page(chart).stating
    ]


def test_other_pages_name_figures_whole() -> None:
    for path in ("index.html", "projects/2/index.html", "p/index.html", "embed/well.html"):
        assert with_own_names(PAGE, path) == PAGE
    assert whole_names("raised all/raised", "well") == "well/raised all/raised"
