"""Writes `docs/figures.md`, the list of every figure, from the definitions in the code: `make figures`."""

from collections.abc import Iterable, Iterator

from generator.report.catalogue import FAMILIES, OF_EARLIER_RUNS, OF_TODAY, SINGLE
from generator.report.figures.figure import FigureDefinition
from tools.rooms import ROOT

LIST = ROOT / "docs" / "figures.md"
OPENING = """# Every figure

`make figures` writes this page from the definitions in the code (`generator/report/catalogue.py`).
[How the numbers are made](numbers.md) gives the reasons. A project's figure has the id `<slug>/<name>`,
the portfolio's `all/<name>`. Amounts are integers of millisatoshis (`msat`), percentages and values in a
currency decimal text.
"""


def written() -> str:
    """Return the whole page."""
    parts = [
        OPENING,
        *_table("One of each", "Of a project, of the portfolio, or of both.", SINGLE),
        *_table("Families", "One for each of what stands after the `@`.", FAMILIES),
        *_table(
            "Of today", "In `today.json` alone: what moves with the clock or the rate of the day.", OF_TODAY
        ),
        *_table(
            "Of earlier runs", "What one run had said, where a later one says otherwise.", OF_EARLIER_RUNS
        ),
    ]
    return "\n".join(parts)


def _table(title: str, text: str, definitions: Iterable[FigureDefinition]) -> Iterator[str]:
    yield f"## {title}\n\n{text}\n\n| figure | unit | what it is |\n|---|---|---|"
    for definition in definitions:
        name = definition.name + (f"@{definition.by}" if definition.by else "")
        yield f"| `{name}` | {definition.unit or 'currency'} | {definition.meaning or definition.formula} |"
    yield ""


if __name__ == "__main__":
    LIST.write_text(written())
