"""What the owner of the story's report wrote: a page, an update, notes on charts."""

from datetime import date
from typing import Final

from generator.sandbox.pictures import drawn

#: By path below ``content/``.
PAGES: Final = {
    "pages/who-we-are.md": """---
title: Who we are
order: 1
---
Commons Workshop is a dozen people in a town that nobody has heard of, because it was invented
for this report.

![The hall in which we work](../static/hall.png)

| who | what |
|---|---|
| Ada | keeps the books |
| Bo | answers letters |

We take no money for this report.[^1]

[^1]: Nobody here could: everything in it was made up.
""",
    "pages/who-we-are.de.md": """---
title: Wer wir sind
---
Commons Workshop ist ein Dutzend Leute in einer Stadt, von der niemand gehört hat, denn sie wurde
für diesen Bericht erfunden.

![Die Halle, in der wir arbeiten](../static/hall.png)

| wer | was |
|---|---|
| Ada | führt die Bücher |
| Bo | beantwortet Briefe |

Für diesen Bericht nehmen wir kein Geld.[^1]

[^1]: Hier könnte es auch niemand: Alles darin ist ausgedacht.
""",
    "pages/well-is-dug.de.md": """# Der Brunnen ist gegraben

Seit Dienstag steht Wasser darin. Die Pumpe kommt, wenn der Boden aufgetaut ist.
""",
    "pages/well-is-dug.md": """---
title: The well is dug
date: 2026-01-22
project: garden
---
Water stands in it since Tuesday. The pump comes when the ground has thawed.
""",
}
STATIC: Final = {"static/hall.png": drawn("makers-hall")}


def notes(*, down: date, until: date, raised: date) -> str:
    """Return the notes of the report: on the days of the server's outage, and on the goal that rose."""
    return f"""- day: {down}
  until: {until}
  text: The server moved to another house; nothing of Harbour Radio could be read in these days.
  label: server moved
  project: harbour
- day: {raised}
  text: The well became deeper than planned, so the garden asks for more.
  label: goal raised
  project: garden
"""
