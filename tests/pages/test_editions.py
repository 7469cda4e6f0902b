"""Editions and statements are found where a reader looks for them, and lead to one another."""

import re

from tests.support.fair import FROZEN


def links(files: dict[str, bytes], path: str) -> set[str]:
    """Return where a page leads, as paths of the site."""
    folder = path.split("/")[:-1]
    found = set()
    for link in re.findall(r'href="([^":#]+)', files[path].decode()):
        up = link.count("../")
        found.add("/".join((*folder[: len(folder) - up], link[3 * up :])))
    return found & files.keys()


def test_the_first_page_and_that_of_a_project_lead_to_both(files: dict[str, bytes]) -> None:
    last = f"report/{FROZEN[-1]}/index.html"
    assert links(files, "index.html") >= {last, "report/index.html", "statements/index.html"}
    assert links(files, "p/well/index.html") >= {last, "p/well/statements/index.html"}
    assert links(files, "p/well/statements/index.html") >= {"report/index.html", "statements/index.html"}
    assert "p/never/statements/index.html" not in files


def test_statements_lead_to_the_edition_of_each_month_that_has_one(files: dict[str, bytes]) -> None:
    found = links(files, "statements/index.html")
    assert {path for path in found if re.match(r"report/\d", path)} == {
        f"report/{month}/index.html" for month in FROZEN
    }


def test_an_edition_leads_to_its_neighbours_and_to_statements_of_its_projects(
    files: dict[str, bytes],
) -> None:
    pages = [f"report/{month}/index.html" for month in FROZEN]
    for number, path in enumerate(pages):
        found = links(files, path)
        assert found & set(pages) - {path} == {
            *pages[max(number - 1, 0) : number],
            *pages[number + 1 : number + 2],
        }
        assert {"p/well/index.html", "p/well/statements/index.html", "report/index.html"} <= found
        directions = re.findall(r'rel="(prev|next)"', files[path].decode())
        assert directions == ["prev", "next"][not number : 2 - (number == len(pages) - 1)]


def test_what_was_restated_stands_beside_what_was_frozen(files: dict[str, bytes]) -> None:
    page = files["report/2025-05/index.html"].decode()
    assert "p/well/changes/index.html" in page
    assert "Nothing was restated." not in page
    assert "Nothing was restated." in files["report/2025-10/index.html"].decode()
