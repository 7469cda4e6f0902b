"""What was changed about a project: edits of its terms, and sums of the past that were restated."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

import msgspec

from generator.charts import term_changes
from generator.pages.list_pages import ROWS
from generator.pages.page import Page
from generator.pages.state_marks import source_states
from generator.report import Edit, Figure, ProjectReport, Report, Restatement
from generator.report.history.edits import edited_goals
from generator.report.history.restatements import SUM_NAMES
from generator.sentence import CalendarMonth, Sentence, Text, say, say_count
from generator.snapshot import Stage

#: Rows named of one restatement.
MOST_ROWS: Final = 50
#: Letters shown of what was cut from or put into a text, and of what stands around it.
MOST: Final = 600
AROUND: Final = 60
_DOTS: Final = "…"


class Excerpt(msgspec.Struct, frozen=True, kw_only=True):
    """A text before or after an edit: what changed, and a few letters around it."""

    head: str
    changed: str
    tail: str


class EditRow(msgspec.Struct, frozen=True, kw_only=True):
    """One edit as a reader sees it; which pair is filled depends on the term."""

    edit: Edit
    goals: tuple[Figure | None, Figure | None] | None = None
    days: tuple[date | None, date | None] | None = None
    waits: tuple[int | None, int | None] | None = None
    stages: tuple[tuple[Stage, ...], tuple[Stage, ...]] | None = None
    texts: tuple[Excerpt, Excerpt] | None = None


class SumRow(msgspec.Struct, frozen=True, kw_only=True):
    """One restatement as a reader sees it."""

    restated: Restatement
    name: Text
    month: CalendarMonth
    ids: tuple[str, ...]  #: of the rows that changed
    cut: bool  #: whether there are more of them


def has_page(report: Report, project: ProjectReport) -> bool:
    """Tell whether a project has this page: always, but among very many only where something changed."""
    return bool(project.edits or project.restatements) or report.project_count <= ROWS


def pages(report: Report, project: ProjectReport) -> Iterator[Page]:
    """Yield the page of a project's changes; it says so where there were none."""
    if not has_page(report, project):
        return
    chart = term_changes.chart(report, project)
    yield Page(
        path=f"p/{project.slug}/changes/index.html",
        template="changes.html",
        title=say("Changes of {title}", title=project.title),
        section="projects",
        description=say("Edits of goal, dates, stages and words, and sums of the past that were restated."),
        values={
            "project": project,
            **source_states(report, project),
            "status": status(project),
            "chart": chart,
            "edits": [edit_row(edit) for edit in reversed(project.edits)],
            "sums": [sum_row(restated) for restated in reversed(project.restatements)],
            "own_goal": report.config.angor.discover != "all" and project.goal_by == "config",
        },
        charts=(chart,) if chart else (),
        folder=f"p/{project.slug}",
    )


def status(project: ProjectReport) -> Sentence:
    """Return the first sentence: how many terms and sums were changed since it was first seen."""
    if project.first_seen_at is None:
        return say("No source has told this project's terms yet, so none can have changed.")
    if not project.edits and not project.restatements:
        return say("Neither its terms nor a sum of a past month was changed in that time.")
    edits = say_count("one edit", "{count} edits", len(project.edits)) if project.edits else say("no edits")
    sums = say("no restated sums")
    if project.restatements:
        sums = say_count("one restated sum", "{count} restated sums", len(project.restatements))
    return say(
        "This report saw {edits} of its terms and {sums} of past months in that time.",
        edits=edits,
        sums=sums,
    )


def edit_row(edit: Edit) -> EditRow:
    """Fill the pair that fits the kind of the term."""
    if edit.term == "goal":
        return EditRow(edit=edit, goals=edited_goals(edit))
    if edit.term == "stages":
        return EditRow(edit=edit, stages=(_stages(edit.before), _stages(edit.after)))
    if edit.term == "penalty_days":
        return EditRow(edit=edit, waits=(_whole(edit.before), _whole(edit.after)))
    if edit.term.endswith("_at"):
        return EditRow(edit=edit, days=(_day(edit.before), _day(edit.after)))
    before, after = str(edit.before or ""), str(edit.after or "")
    if edit.term == "description":
        return EditRow(edit=edit, texts=excerpts(before, after))
    return EditRow(edit=edit, texts=(_whole_text(before), _whole_text(after)))


def sum_row(restated: Restatement) -> SumRow:
    """Name the sum and the month of a restatement."""
    currency = restated.sum.partition("@")[2]
    name = (
        say("Value at receipt of contributions, in {currency},", currency=currency)
        if currency
        else SUM_NAMES[restated.sum]
    )
    month = CalendarMonth.of(restated.month)
    rows = restated.rows
    return SumRow(restated=restated, name=name, month=month, ids=rows[:MOST_ROWS], cut=len(rows) > MOST_ROWS)


def excerpts(before: str, after: str) -> tuple[Excerpt, Excerpt]:
    """Return where two texts differ: one stretch between what they begin and end with alike."""
    most = min(len(before), len(after))
    start = next((at for at in range(most) if before[at] != after[at]), most)
    most -= start
    end = next((at for at in range(most) if before[-1 - at] != after[-1 - at]), most)
    return _excerpt(before, start, end), _excerpt(after, start, end)


def _excerpt(text: str, start: int, end: int) -> Excerpt:
    stop = len(text) - end
    changed, tail = text[start:stop], text[stop : stop + AROUND]
    return Excerpt(
        head=(_DOTS if start > AROUND else "") + text[max(0, start - AROUND) : start],
        changed=changed if len(changed) <= MOST else changed[:MOST] + _DOTS,
        tail=tail + (_DOTS if end > AROUND else ""),
    )


def _whole_text(text: str) -> Excerpt:
    return Excerpt(head=text if len(text) <= MOST else text[:MOST] + _DOTS, changed="", tail="")


def _stages(term: object) -> tuple[Stage, ...]:
    return tuple(stage for stage in term if isinstance(stage, Stage)) if isinstance(term, tuple) else ()


def _whole(term: object) -> int | None:
    return term if isinstance(term, int) else None


def _day(term: object) -> date | None:
    return term.date() if isinstance(term, datetime) else None
