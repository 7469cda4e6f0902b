"""C5: are stages claimed when they open? One row a stage: hollow is planned, filled is claimed."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import msgspec

from generator.charts import stage_months
from generator.charts.chart import Chart, Column, Table, drawn, numeric, on_day
from generator.charts.labels import Anchor
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates
from generator.language import counted_days
from generator.report import Figure, ProjectReport, Report, StageRow
from generator.sentence import Sentence, counting, say
from generator.wording import Form, Shown, Word, Words, value_of

#: Openings that are drawn each; more are drawn by month, and the table has them all.
MOST_ROWS: Final = 12
_ROW: Final = 44
_TOP: Final = 56
_BOTTOM: Final = 30
_PAD: Final = 0.05
_LEAST_DAYS: Final = 28


class StageLine(msgspec.Struct, frozen=True, kw_only=True):
    """One opening day and what became of it."""

    stage: StageRow
    claimed_on: date | None  #: day of the first claim

    @property
    def name(self) -> Sentence:
        """The stage's number, or its day where each investor has dates of their own."""
        number = self.stage.number
        return say("Stage {number}", number=number) if number else on_day(self.stage.opens_on)

    @property
    def amounts(self) -> tuple[Figure, Figure, Figure, Figure]:
        """What was funded, claimed, left before a claim, and is still locked."""
        return (self.stage.funded, self.stage.claimed, self.stage.left, self.stage.locked)

    @property
    def wait(self) -> int:
        """The days from the opening to the first claim; none before it."""
        return ((self.claimed_on or self.stage.opens_on) - self.stage.opens_on).days

    def result(self, until: date) -> Sentence:
        """Say what became of it by a day, in words that stay true until something happens."""
        if self.claimed_on:
            return self._claim()
        if self.stage.locked.value == 0:
            return say("left before a claim")
        return say("no claim seen") if self.stage.opens_on <= until else say("still to open")

    def _claim(self) -> Sentence:
        if value_of(self.stage.locked):
            if self.wait:
                return say("claimed in part {days} after", days=counted_days(self.wait))
            return say("claimed in part on its day")
        if self.wait:
            return say("claimed {days} after", days=counted_days(self.wait))
        return say("claimed on its day")

    def brief(self, until: date) -> Sentence:
        """Say the same for a drawing without much room."""
        if self.claimed_on:
            return say("{days} after", days=counted_days(self.wait)) if self.wait else say("same day")
        if self.stage.locked.value == 0:
            return say("left")
        return say("no claim") if self.stage.opens_on <= until else say("to open")


def lines(project: ProjectReport) -> tuple[StageLine, ...]:
    """Return one line for each opening day, in order."""
    return tuple(
        StageLine(stage=stage, claimed_on=min((claim.at.date() for claim in stage.claims), default=None))
        for stage in project.stages
    )


def chart(_report: Report, project: ProjectReport) -> Chart | None:
    """Draw the timeline of a project's stages; None without any."""
    found, until = lines(project), project.shown_until
    if not found:
        return None
    many = len(found) > MOST_ROWS
    every = stage_months.months(project.stages, until) if many else []
    return Chart(
        id="c5",
        name=say("Stages, planned and claimed"),
        finding=_finding(found, until),
        question=say(
            "Are stages claimed when they open? Satoshis in the stages of each month, by what became of them."
        )
        if many
        else say("Are stages claimed when they open? The day each opened, and the day of its first claim."),
        alt=_alt(found, until),
        note=_note(len(every)) if many else "",
        table=_table(found, until),
        figures=tuple(figure for line in found for figure in line.amounts),
        drawings=drawn(
            lambda width: stage_months.draw(every, until, width) if many else _draw(found, until, width)
        ),
    )


def _table(found: tuple[StageLine, ...], until: date) -> Table:
    amounts = (say("Funded, sats"), say("Claimed, sats"), say("Left before, sats"), say("Locked, sats"))
    columns: tuple[Sentence | Column, ...] = (
        say("Stage"),
        say("Opens"),
        *map(numeric, amounts),
        say("First claim"),
        say("Result"),
    )
    return Table.of(
        counting("{count} opening day", "{count} opening days"),
        columns,
        (_cells(line, until) for line in found),
    )


def _cells(line: StageLine, until: date) -> Iterator[Word]:
    yield str(line.stage.number) if line.stage.number else say("own dates")
    yield on_day(line.stage.opens_on)
    for figure in line.amounts:
        yield Shown(figure, unit=False)
    yield on_day(line.claimed_on) if line.claimed_on else say("none")
    yield line.result(until)


def _note(months: int) -> Words:
    most, narrow = stage_months.MOST, stage_months.MOST_NARROW
    if months > most:
        text = say(
            "Drawn are the last {drawn} of {count} months, on phones the last {narrow}.",
            drawn=most,
            count=months,
            narrow=narrow,
        )
        return (text,)
    if months > narrow:
        return (say("On phones the last {narrow} of {count} months are drawn.", narrow=narrow, count=months),)
    return ()


def _finding(found: tuple[StageLine, ...], until: date) -> Words:
    due = [line for line in found if line.stage.opens_on <= until]
    claimed = sum(line.claimed_on is not None for line in due)
    ahead = next((line for line in found if line.stage.opens_on > until), None)
    if not due:
        state = say("No stage has opened yet")
    elif len(due) == 1:
        state = (
            say("The one open stage saw a claim") if claimed else say("The one open stage saw no claim yet")
        )
    else:
        state = say("{claimed} of {count} open stages saw a claim", claimed=claimed, count=len(due))
    if ahead is None:
        return (say("{stages}; none is ahead", stages=state),)
    return (say("{stages}; the next opens on {day}", stages=state, day=ahead.stage.opens_on),)


def _alt(found: tuple[StageLine, ...], until: date) -> Words:
    waits = [line.wait for line in found if line.claimed_on]
    passed = sum(line.stage.opens_on <= until for line in found)
    begin = say("Timeline of {count} opening days: {passed} have passed", count=len(found), passed=passed)
    if not passed:
        first, last = found[0].stage.opens_on, found[-1].stage.opens_on
        text = say(
            "Timeline of {count} opening days from {first} to {last}, all still to come.",
            count=len(found),
            first=first,
            last=last,
        )
        return (text,)
    if not waits:
        return (say("{days} and none of them saw a claim.", days=begin),)
    text = say(
        "{days} and {claimed} of them saw a claim, after at most {wait}.",
        days=begin,
        claimed=len(waits),
        wait=counted_days(max(waits)),
    )
    return (text,)


def _draw(shown: tuple[StageLine, ...], until: date, width: Width) -> Plot:
    days = [day for line in shown for day in (line.stage.opens_on, line.claimed_on) if day] + [until]
    span = max((max(days) - min(days)).days, _LEAST_DAYS)
    xlim = (min(days).toordinal() - span * _PAD, max(days).toordinal() + span * _PAD)
    margin = (112.0 if width.narrow else 160.0, _TOP, 12, _BOTTOM)
    height = _ROW * len(shown) + _TOP + _BOTTOM
    plot = Plot(xlim, (len(shown), 0), width=width, height=height, margin=margin)
    plot.key(("planned", say("opens")), ("claimed", say("first claim by the founder")))
    _draw_until(plot, until)
    for number, line in enumerate(shown):
        _draw_line(plot, number, line)
        _label_result(plot, number, line, until)
    plot.line("axis", xlim, (len(shown),) * 2)
    dates(plot)
    return plot


def _draw_until(plot: Plot, until: date) -> None:
    rows = plot.ylim[0]
    base, top = plot.at(until.toordinal(), rows), plot.at(until.toordinal(), 0)
    plot.line("now", (until.toordinal(),) * 2, (0, rows))
    plot.labels.keep_off(base, top)
    anchors = [Anchor(top[0], top[1] + 6, side) for side in ("center", "right", "left")]
    plot.label("strong", plot.width.language.day(until, year=False), anchors, must=True)


def _draw_line(plot: Plot, number: int, line: StageLine) -> None:
    y, opens = number + 0.5, line.stage.opens_on.toordinal()
    middle = plot.at(opens, y)[1]
    if number:
        plot.line("grid", plot.xlim, (number, number))
    plot.text("strong", line.name, 0, middle + 3)
    funded = Shown(line.stage.funded, Form.SHORT)
    plot.text("quiet", funded, 0, middle - 13, figure=funded.figure.id)
    if line.claimed_on:
        plot.line("wait", (opens, line.claimed_on.toordinal()), (y, y))
    plot.diamond("planned", opens, y, size=10)
    if line.claimed_on:
        plot.dot("claimed", line.claimed_on.toordinal(), y, size=11)


def _label_result(plot: Plot, number: int, line: StageLine, until: date) -> None:
    left, middle = plot.at(line.stage.opens_on.toordinal(), number + 0.5)
    right = plot.at((line.claimed_on or line.stage.opens_on).toordinal(), 0)[0]
    y, today = middle - plot.width.drop, plot.at(until.toordinal(), 0)[0]
    anchors = [
        Anchor(right + 11, y),
        Anchor(left - 11, y, "right"),
        Anchor(right + 11, y + 14),
        Anchor(left - 11, y + 14, "right"),
        Anchor(min(left, today) - 11, y, "right"),
    ]
    words = line.brief(until) if plot.width.narrow else line.result(until)
    if plot.label("label halo", words, anchors, clear=True):
        return
    if plot.label("label halo", line.brief(until), anchors, clear=True) is None:
        plot.label("label halo", line.brief(until), anchors)
