"""What templates are given, as `docs/themes.md` lists it: `python -m tests.support.view_model` writes it."""

import re
from collections import defaultdict

from generator import inputs, pages
from generator.pages.list_units import list_units
from generator.pages.page import Content
from generator.pages.site import PROJECT_PAGES, SECTIONS
from generator.report import Report
from tests.support.fair import FROZEN, fair
from tests.support.paths import ROOT

PAGE = ROOT / "docs/themes.md"
_PART = re.compile(r"(?<=<!-- values -->\n).*?(?=<!-- end -->)", re.DOTALL)


def values(report: Report, content: Content) -> dict[str, list[str]]:
    """Return by template the names of the values that pages hand to it."""
    made = [page for maker in PROJECT_PAGES for project in report.projects for page in maker(report, project)]
    made += [page for section in SECTIONS.values() for page in section.pages(report, content)]
    made += [unit.value.page for unit in list_units(report)]
    made += [pages.own_pages.page(text) for text in pages.own_texts.own_texts(content, ["en"])]
    found = defaultdict[str, set[str]](set)
    for page in made:
        found[page.template] |= page.values.keys()
    return {name: sorted(names) for name, names in sorted(found.items())}


def written(told: dict[str, list[str]]) -> str:
    """Return the page with a table of these."""
    rows = [f"| `{name}` | {', '.join(f'`{value}`' for value in some)} |" for name, some in told.items()]
    table = "\n".join(["| template | values of its own |", "|---|---|", *rows]) + "\n"
    return _PART.sub(lambda _: table, PAGE.read_text())


def main() -> None:
    """Write the page anew."""
    content = Content(templates=inputs.templates(ROOT), pages=inputs.pages(ROOT))
    PAGE.write_text(written(values(fair(frozen=FROZEN).report(), content)))


if __name__ == "__main__":
    main()
