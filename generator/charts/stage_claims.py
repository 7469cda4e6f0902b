"""C5: are stages claimed when they open? One row a stage: hollow is planned, filled is claimed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from generator.charts import stage_months
from generator.charts.chart import Chart, Column, Table, drawn, numeric
from generator.charts.labels import Anchor
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates
from generator.report import Figure, ProjectReport, Report, StageRow
from generator.text_format import day_text, days_text
from generator.wording import Form, Shown, Word, Words, value_of

#: Openings that are drawn each; more are drawn by month, and the table has them all.
MOST_ROWS: Final = 12
_ROW: Final = 44
_TOP: Final = 56
_BOTTOM: Final = 30
_PAD: Final = 0.05
_LEAST_DAYS: Final = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLine:
    """One opening day and what became of it."""

    stage: StageRow
    claimed_on: date | None  #: day of the first claim

    @property
    def name(self) -> str:
        """The stage's number, or its day where each investor has dates of their own."""
        return f"Stage {self.stage.number}" if self.stage.number else day_text(self.stage.opens_on)

    @property
    def amounts(self) -> tuple[Figure, Figure, Figure, Figure]:
        """What was funded, claimed, left before a claim, and is still locked."""
        return (self.stage.funded, self.stage.claimed, self.stage.left, self.stage.locked)

    @property
    def wait(self) -> int:
        """The days from the opening to the first claim; none before it."""
        return ((self.claimed_on or self.stage.opens_on) - self.stage.opens_on).days

    def result(self, until: date) -> str:
        """Say what became of it by a day, in words that stay true until something happens."""
        if self.claimed_on:
            rest = " in part" if value_of(self.stage.locked) else ""
            return f"claimed{rest} {days_text(self.wait)} after" if self.wait else f"claimed{rest} on its day"
        if self.stage.locked.value == 0:
            return "left before a claim"
        return "no claim seen" if self.stage.opens_on <= until else "still to open"

    def brief(self, until: date) -> str:
        """Say the same for a drawing without much room."""
        if self.claimed_on:
            return f"{days_text(self.wait)} after" if self.wait else "same day"
        if self.stage.locked.value == 0:
            return "left"
        return "no claim" if self.stage.opens_on <= until else "to open"


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
        name="Stages, planned and claimed",
        finding=_finding(found, until),
        question="Are stages claimed when they open? "
        + (
            "Satoshis in the stages of each month, by what became of them."
            if many
            else "The day each opened, and the day of its first claim."
        ),
        alt=_alt(found, until),
        note=_note(len(every)) if many else "",
        table=_table(found, until),
        figures=tuple(figure for line in found for figure in line.amounts),
        drawings=drawn(
            lambda width: stage_months.draw(every, until, width) if many else _draw(found, until, width)
        ),
    )


def _table(found: tuple[StageLine, ...], until: date) -> Table:
    amounts = (numeric(f"{name}, sats") for name in ("Funded", "Claimed", "Left before", "Locked"))
    columns: tuple[str | Column, ...] = ("Stage", "Opens", *amounts, "First claim", "Result")
    return Table.of("opening day", columns, (_cells(line, until) for line in found))


def _cells(line: StageLine, until: date) -> Iterator[Word]:
    yield str(line.stage.number) if line.stage.number else "own dates"
    yield day_text(line.stage.opens_on)
    for figure in line.amounts:
        yield Shown(figure, unit=False) if figure.value is not None else "not known"
    yield day_text(line.claimed_on) if line.claimed_on else "none"
    yield line.result(until)


def _note(months: int) -> str:
    most, narrow = stage_months.MOST, stage_months.MOST_NARROW
    if months > most:
        return f"Drawn are the last {most} of {months} months, on phones the last {narrow}."
    return f"On phones the last {narrow} of {months} months are drawn." if months > narrow else ""


def _finding(found: tuple[StageLine, ...], until: date) -> Words:
    due = [line for line in found if line.stage.opens_on <= until]
    claimed = sum(line.claimed_on is not None for line in due)
    ahead = next((line for line in found if line.stage.opens_on > until), None)
    following = f"; the next opens on {day_text(ahead.stage.opens_on)}" if ahead else "; none is ahead"
    if not due:
        return ("No stage has opened yet", following)
    if len(due) == 1:
        return (f"The one open stage {'saw a claim' if claimed else 'saw no claim yet'}", following)
    return (f"{claimed} of {len(due)} open stages saw a claim", following)


def _alt(found: tuple[StageLine, ...], until: date) -> Words:
    waits = [line.wait for line in found if line.claimed_on]
    longest = f", after at most {days_text(max(waits))}" if waits else ""
    passed = sum(line.stage.opens_on <= until for line in found)
    claimed = f"{len(waits)} of them saw a claim{longest}."
    return (f"Timeline of {len(found)} opening days: {passed} have passed and {claimed}",)


def _draw(shown: tuple[StageLine, ...], until: date, width: Width) -> Plot:
    days = [day for line in shown for day in (line.stage.opens_on, line.claimed_on) if day] + [until]
    span = max((max(days) - min(days)).days, _LEAST_DAYS)
    xlim = (min(days).toordinal() - span * _PAD, max(days).toordinal() + span * _PAD)
    margin = (112.0 if width.narrow else 160.0, _TOP, 12, _BOTTOM)
    height = _ROW * len(shown) + _TOP + _BOTTOM
    plot = Plot(xlim, (len(shown), 0), width=width, height=height, margin=margin)
    plot.key((8, "planned", "opens"), (84, "claimed", "first claim by the founder"))
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
    plot.label("strong", day_text(until, year=False), anchors, must=True)


def _draw_line(plot: Plot, number: int, line: StageLine) -> None:
    y, opens = number + 0.5, line.stage.opens_on.toordinal()
    middle = plot.at(opens, y)[1]
    if number:
        plot.line("grid", plot.xlim, (number, number))
    plot.text("strong", line.name, 0, middle + 3)
    funded = Shown(line.stage.funded, Form.SHORT)
    plot.text("quiet", funded.text, 0, middle - 13, figure=funded.figure.id)
    if line.claimed_on:
        plot.line("wait", (opens, line.claimed_on.toordinal()), (y, y))
    plot.diamond("planned", opens, y, size=10)
    if line.claimed_on:
        plot.dot("claimed", line.claimed_on.toordinal(), y, size=11)


def _label_result(plot: Plot, number: int, line: StageLine, until: date) -> None:
    left, middle = plot.at(line.stage.opens_on.toordinal(), number + 0.5)
    right = plot.at((line.claimed_on or line.stage.opens_on).toordinal(), 0)[0]
    y = middle - plot.width.drop
    anchors = [
        Anchor(right + 11, y),
        Anchor(left - 11, y, "right"),
        Anchor(right + 11, y + 14),
        Anchor(left - 11, y + 14, "right"),
    ]
    words = line.brief(until) if plot.width.narrow else line.result(until)
    if plot.label("label halo", words, anchors, clear=True) is None:
        plot.label("label halo", line.brief(until), anchors)
