"""T1: when were the terms changed? A strip of events on the time axis, a row for each term."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from generator.charts.chart import Chart, Table, drawn, on_day
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates
from generator.language import counted_days
from generator.report import Edit, Figure, ProjectReport, Report, Restatement
from generator.report.history.edits import Term, edited_goals
from generator.report.history.restatements import SUM_NAMES
from generator.sentence import CalendarMonth, Sentence, counting, say, say_count
from generator.text_format import shortened
from generator.wording import Quoted, Shown, Words, joined

RESTATED: Final = say("sums of the past")
_ROW: Final = 30
_TOP: Final = 34
_BOTTOM: Final = 30
_LEAST_DAYS: Final = 28
_PAD: Final = 0.04
_CUT: Final = 60  #: letters of a text that its table shows


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One event: the row it stands in, its day, and what it changed from and to."""

    row: Sentence
    day: date
    before: Words
    after: Words


def marks(project: ProjectReport) -> tuple[Mark, ...]:
    """Return every edit and every restatement, oldest first."""
    found = [_of_edit(edit) for edit in project.edits] + [
        _of_sum(restated) for restated in project.restatements
    ]
    return tuple(sorted(found, key=lambda mark: mark.day))


def chart(_report: Report, project: ProjectReport) -> Chart | None:
    """Draw the strip of a project's changes; None where nothing was ever changed."""
    found = marks(project)
    if not found:
        return None
    rows = sorted({mark.row for mark in found}, key=lambda row: (row == RESTATED, row.text))
    until, last = project.shown_until, found[-1].day
    first = project.first_seen_at.date() if project.first_seen_at else until
    return Chart(
        id="t1",
        name=say("Changes of terms and of sums"),
        finding=_finding(len(project.edits), len(project.restatements), last),
        question=say(
            "When were the terms changed? A mark is a run that saw something else than the one before."
        ),
        alt=(
            say_count(
                "Strip of {count} event between {first} and {until}; it is of {last}.",
                "Strip of {count} events between {first} and {until}; the last is of {last}.",
                len(found),
                first=first,
                until=until,
                last=last,
            ),
        ),
        table=Table.of(
            counting("{count} event", "{count} events"),
            (say("Seen"), say("What"), say("Before"), say("After")),
            ((on_day(mark.day), mark.row, mark.before, mark.after) for mark in found),
        ),
        figures=tuple(dict.fromkeys(_figures(project))),
        drawings=drawn(lambda width: _draw(found, rows, (first, until), width)),
    )


def _of_edit(edit: Edit) -> Mark:
    before, after = _words(edit.before), _words(edit.after)
    if edit.term == "goal":
        before, after = ((Shown(goal) if goal else say("no goal"),) for goal in edited_goals(edit))
    return Mark(row=edit.word, day=edit.seen_after.at.date(), before=before, after=after)


def _of_sum(restated: Restatement) -> Mark:
    name, month = SUM_NAMES[restated.sum.partition("@")[0]], CalendarMonth.of(restated.month)
    return Mark(
        row=RESTATED,
        day=restated.seen_after.at.date(),
        before=(say("{sum} of {month}: {amount}", sum=name, month=month, amount=Shown(restated.before)),),
        after=(say("{sum} of {month}: {amount}", sum=name, month=month, amount=Shown(restated.after)),),
    )


def _words(term: Term) -> Words:
    match term:
        case None | "" | ():
            return (say("not said"),)
        case datetime():
            return (term.date(),)
        case tuple():
            return (say_count("{count} stage", "{count} stages", len(term)),)
        case int():
            return (counted_days(term),)
        case _:
            return (Quoted(shortened(str(term), _CUT)),)


def _figures(project: ProjectReport) -> list[Figure]:
    goals = [goal for edit in project.edits for goal in edited_goals(edit) if goal]
    return goals + [
        figure for restated in project.restatements for figure in (restated.before, restated.after)
    ]


def _finding(edits: int, sums: int, last: date) -> Words:
    changed = say_count("{count} term was changed", "{count} terms were changed", edits)
    restated = say_count(
        "{count} sum of the past was restated", "{count} sums of the past were restated", sums
    )
    parts = [(said,) for said, count in ((changed, edits), (restated, sums)) if count]
    return (say("{changes}, last on {day}", changes=joined(parts), day=last),)


def _draw(found: Sequence[Mark], rows: Sequence[Sentence], span: tuple[date, date], width: Width) -> Plot:
    days = max((span[1] - span[0]).days, _LEAST_DAYS)
    left = 118.0 if width.narrow else 176.0
    xlim = (span[1].toordinal() - days * (1 + _PAD), span[1].toordinal() + days * _PAD)
    height = _ROW * len(rows) + _TOP + _BOTTOM
    plot = Plot(xlim, (len(rows), 0), width=width, height=height, margin=(left, _TOP, 12, _BOTTOM))
    plot.key(("dot", say("a term")), ("planned", say("a sum of the past")))
    for number, row in enumerate(rows):
        middle = plot.at(xlim[0], number + 0.5)[1]
        plot.line("grid", xlim, (number, number))
        plot.text("quiet", row, 2, middle - width.drop)
        for day in sorted({mark.day for mark in found if mark.row == row}):
            if row == RESTATED:
                plot.diamond("planned", day.toordinal(), number + 0.5, size=12)
            else:
                plot.dot("dot", day.toordinal(), number + 0.5, size=12)
    plot.line("axis", xlim, (len(rows),) * 2)
    dates(plot)
    return plot
