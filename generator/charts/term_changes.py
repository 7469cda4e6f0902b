"""T1: when were the terms changed? A strip of events on the time axis, a row for each term."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from generator.charts.chart import Chart, Column, drawn
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates
from generator.report.history.edits import goal_figures
from generator.report.model import Edit, Figure, ProjectReport, Restatement
from generator.wording import Said, Shown, Words, day_text, shortened

RESTATED: Final = "sums of the past"
_ROW: Final = 30
_TOP: Final = 34
_BOTTOM: Final = 30
_LEAST_DAYS: Final = 28
_PAD: Final = 0.04
_CUT: Final = 60  #: letters of a text that its table shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One event: the row it stands in, its day, and what it changed from and to."""

    row: str
    day: date
    before: Words
    after: Words


def marks(project: ProjectReport) -> tuple[Mark, ...]:
    """Return every edit and every restatement, oldest first."""
    found = [_of_edit(edit) for edit in project.edits] + [_of_sum(one) for one in project.restatements]
    return tuple(sorted(found, key=lambda mark: mark.day))


def terms(project: ProjectReport, as_of: datetime) -> Chart | None:
    """Return the strip of a project's changes; None where nothing was ever changed."""
    found = marks(project)
    if not found:
        return None
    rows = sorted({mark.row for mark in found}, key=lambda row: (row == RESTATED, row))
    first = (project.first_seen_at or as_of).date()
    edits, sums = len(project.edits), len(project.restatements)
    return Chart(
        id="t1",
        name="Changes of terms and of sums",
        finding=(_finding(edits, sums, found[-1].day),),
        question="When were the terms changed? A mark is a run that saw something else than the one before.",
        alt=(_alt(len(found), (first, as_of.date(), found[-1].day)),),
        note="",
        columns=(Column(name="Seen"), Column(name="What"), Column(name="Before"), Column(name="After")),
        rows=tuple(((day_text(mark.day),), (mark.row,), mark.before, mark.after) for mark in found),
        rows_name="1 event" if len(found) == 1 else f"{len(found)} events",
        figures=tuple(dict.fromkeys(_figures(project))),
        drawings=drawn(lambda width: _draw(found, rows, (first, as_of.date()), width)),
    )


def _of_edit(edit: Edit) -> Mark:
    before, after = goal_figures(edit)
    said = [_said(edit.before), _said(edit.after)]
    if edit.term == "goal":
        said = [(Shown(one),) if one else ("no goal",) for one in (before, after)]
    return Mark(row=edit.word, day=edit.seen_after.at.date(), before=said[0], after=said[1])


def _of_sum(one: Restatement) -> Mark:
    name: Words = (f"{one.sum.replace('_', ' ')} of {one.month}: ",)
    return Mark(
        row=RESTATED,
        day=one.seen_after.at.date(),
        before=(*name, Shown(one.before)),
        after=(*name, Shown(one.after)),
    )


def _said(term: object) -> Words:
    match term:
        case None | "" | ():
            return ("not said",)
        case datetime():
            return (day_text(term.date()),)
        case tuple():
            return ("1 stage" if len(term) == 1 else f"{len(term)} stages",)
        case int():
            return (f"{term} days",)
        case _:
            text = str(term)
            return (Said(shortened(text, _CUT)),)


def _figures(project: ProjectReport) -> list[Figure]:
    goals = [goal for edit in project.edits for goal in goal_figures(edit) if goal]
    return goals + [figure for one in project.restatements for figure in (one.before, one.after)]


def _finding(edits: int, sums: int, last: date) -> str:
    parts = ([f"{edits} {'term was' if edits == 1 else 'terms were'} changed"] if edits else []) + (
        [f"{sums} {'sum of the past was' if sums == 1 else 'sums of the past were'} restated"] if sums else []
    )
    return f"{' and '.join(parts)}, last on {day_text(last)}"


def _alt(events: int, days: tuple[date, date, date]) -> str:
    first, today, last = map(day_text, days)
    count = "one event" if events == 1 else f"{events} events"
    return f"Strip of {count} between {first} and {today}; the last is of {last}."


def _draw(found: Sequence[Mark], rows: Sequence[str], span: tuple[date, date], width: Width) -> Plot:
    days = max((span[1] - span[0]).days, _LEAST_DAYS)
    left = 118.0 if width.narrow else 176.0
    xlim = (span[1].toordinal() - days * (1 + _PAD), span[1].toordinal() + days * _PAD)
    height = _ROW * len(rows) + _TOP + _BOTTOM
    plot = Plot(xlim, (len(rows), 0), width=width, height=height, margin=(left, _TOP, 12, _BOTTOM))
    _key(plot)
    for number, row in enumerate(rows):
        middle = plot.at(xlim[0], number + 0.5)[1]
        plot.line("grid", xlim, (number, number))
        plot.text("quiet", row, 0, middle - 0.36 * width.text)
        for day in sorted({mark.day for mark in found if mark.row == row}):
            if row == RESTATED:
                plot.diamond("planned", day.toordinal(), number + 0.5, size=12)
            else:
                plot.dot("dot", day.toordinal(), number + 0.5, size=12)
    plot.line("axis", xlim, (len(rows),) * 2)
    dates(plot)
    return plot


def _key(plot: Plot) -> None:
    y = plot.height - 14
    for x, kind, words in ((8, "dot", "a term"), (96, "planned", "a sum of the past")):
        plot.mark_pixel(kind, x, y)
        plot.text("quiet", words, x + 12, y - 0.36 * plot.width.text)
