"""What was changed about a project: edits of its terms, and sums of the past that were restated."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from generator.charts.chart import Chart
from generator.pages.lists import ROWS
from generator.pages.page import Page
from generator.report.history.edits import goal_figures
from generator.report.model import Edit, Figure, ProjectReport, Report, Restatement
from generator.snapshot import Stage
from generator.wording import MONTHS, Words

#: What a monthly sum is called at the start of a sentence.
NAMES: Final = {
    "raised": "Raised",
    "refunded": "Refunded",
    "claimed": "Claimed by the founder",
    "penalty": "Moved into the penalty time lock",
    "released": "Released from the penalty time lock",
    "recovered": "Recovered by investors",
    "unclassified": "Unclassified spends",
    "fee": "Angor fee",
}
#: Letters shown of what was cut from or put into a text, and of what stands around it.
MOST: Final = 600
AROUND: Final = 60
_DOTS: Final = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A text before or after an edit: what changed, and a few letters around it."""

    head: str
    changed: str
    tail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One edit as a reader sees it; which pair is filled depends on the term."""

    edit: Edit
    goals: tuple[Figure | None, Figure | None] | None = None
    days: tuple[date | None, date | None] | None = None
    waits: tuple[int | None, int | None] | None = None
    stages: tuple[tuple[Stage, ...], tuple[Stage, ...]] | None = None
    texts: tuple[Part, Part] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """One restatement as a reader sees it."""

    restated: Restatement
    name: str
    month: str


def has_page(report: Report, project: ProjectReport) -> bool:
    """Tell whether a project has this page: always, but among very many only where something changed."""
    return bool(project.edits or project.restatements) or len(report.projects) <= ROWS


def page(report: Report, project: ProjectReport, chart: Chart | None) -> Page:
    """Return the page of a project's changes; it says so where there were none."""
    return Page(
        path=f"p/{project.slug}/changes/index.html",
        template="changes.html",
        title=f"Changes of {project.title}",
        section="projects",
        description="Edits of goal, dates, stages and words, and sums of the past that were restated.",
        values={
            "project": project,
            "status": status(project),
            "chart": chart,
            "edits": [row_of(edit) for edit in reversed(project.edits)],
            "sums": [sum_of(one) for one in reversed(project.restatements)],
            "own_goal": report.config.angor.discover != "all" and project.goal_by == "config",
        },
    )


def status(project: ProjectReport) -> Words:
    """Return the first sentence: how many terms and sums were changed, since when."""
    if project.first_seen_at is None:
        return ("No source has told this project's terms yet, so none can have changed.",)
    edits, sums = len(project.edits), len(project.restatements)
    if not edits and not sums:
        return ("Neither its terms nor a sum of a past month was changed in that time.",)
    terms = "one edit" if edits == 1 else f"{edits or 'no'} edits"
    figures = "one restated sum" if sums == 1 else f"{sums or 'no'} restated sums"
    return (f"There were {terms} of its terms and {figures} of past months in that time.",)


def row_of(edit: Edit) -> Row:
    """Return an edit with what changed, by the kind of its term."""
    if edit.term == "goal":
        return Row(edit=edit, goals=goal_figures(edit))
    if edit.term == "stages":
        return Row(edit=edit, stages=(_stages(edit.before), _stages(edit.after)))
    if edit.term == "penalty_days":
        return Row(edit=edit, waits=(_whole(edit.before), _whole(edit.after)))
    if edit.term.endswith("_at"):
        return Row(edit=edit, days=(_day(edit.before), _day(edit.after)))
    before, after = str(edit.before or ""), str(edit.after or "")
    if edit.term == "description":
        return Row(edit=edit, texts=parts(before, after))
    return Row(edit=edit, texts=(_whole_text(before), _whole_text(after)))


def sum_of(one: Restatement) -> Sum:
    """Return a restatement with the words for its sum and month."""
    currency = one.sum.partition("@")[2]
    name = f"Value at receipt of contributions, in {currency}," if currency else NAMES[one.sum]
    return Sum(restated=one, name=name, month=f"{MONTHS[int(one.month[5:]) - 1]} {one.month[:4]}")


def parts(before: str, after: str) -> tuple[Part, Part]:
    """Return where two texts differ: one stretch between what they begin and end with alike."""
    most = min(len(before), len(after))
    start = next((at for at in range(most) if before[at] != after[at]), most)
    most -= start
    end = next((at for at in range(most) if before[-1 - at] != after[-1 - at]), most)
    return _part(before, start, end), _part(after, start, end)


def _part(text: str, start: int, end: int) -> Part:
    stop = len(text) - end
    changed, tail = text[start:stop], text[stop : stop + AROUND]
    return Part(
        head=(_DOTS if start > AROUND else "") + text[max(0, start - AROUND) : start],
        changed=changed if len(changed) <= MOST else changed[:MOST] + _DOTS,
        tail=tail + (_DOTS if end > AROUND else ""),
    )


def _whole_text(text: str) -> Part:
    return Part(head=text if len(text) <= MOST else text[:MOST] + _DOTS, changed="", tail="")


def _stages(term: object) -> tuple[Stage, ...]:
    return tuple(one for one in term if isinstance(one, Stage)) if isinstance(term, tuple) else ()


def _whole(term: object) -> int | None:
    return term if isinstance(term, int) else None


def _day(term: object) -> date | None:
    return term.date() if isinstance(term, datetime) else None
