"""C5: are stages claimed when they open? One row a stage: hollow is planned, filled is claimed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from generator.charts.chart import Chart, Column, drawn
from generator.charts.labels import Spot
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates
from generator.report.model import ProjectReport, StageRow
from generator.wording import Form, Shown, Words, day_text, days_text, value_of

#: Rows drawn at most, around today; the table has them all.
MOST_ROWS: Final = 12
_ROW: Final = 44
_TOP: Final = 56
_PAD: Final = 0.05
_LEAST_DAYS: Final = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One opening day and what became of it."""

    stage: StageRow
    first: date | None  #: day of the first claim

    @property
    def name(self) -> str:
        """Return the stage's number, or its day where each investor has dates of his own."""
        return f"Stage {self.stage.number}" if self.stage.number else day_text(self.stage.opens_on)

    def result(self, today: date) -> str:
        """Return what became of it, in words."""
        days = ((self.first or today) - self.stage.opens_on).days
        rest = " in part" if value_of(self.stage.locked) else ""
        if self.first:
            return f"claimed{rest} {days_text(days)} after" if days else f"claimed{rest} on its day"
        if self.stage.locked.value == 0:
            return "left before a claim"
        if days < 0:
            return f"opens in {days_text(-days)}"
        return f"no claim seen in {days_text(days)}" if days else "opens today"

    def brief(self, today: date) -> str:
        """Return the same for a drawing without much room."""
        days = ((self.first or today) - self.stage.opens_on).days
        if self.first:
            return f"{days_text(days)} after" if days else "same day"
        if self.stage.locked.value == 0:
            return "left"
        return f"in {days_text(-days)}" if days < 0 else "no claim"


def lines(project: ProjectReport) -> tuple[Line, ...]:
    """Return one line for each opening day, in order."""
    return tuple(
        Line(stage=row, first=min((claim.at.date() for claim in row.claims), default=None))
        for row in project.stages
    )


def stages(project: ProjectReport, as_of: datetime) -> Chart | None:
    """Return the timeline of a project's stages; None without any."""
    rows, today = lines(project), as_of.date()
    if not rows:
        return None
    shown = _around(rows, today)
    cut = (
        f"Drawn are {len(shown)} of {len(rows)} opening days, those around today."
        if len(shown) < len(rows)
        else ""
    )
    return Chart(
        id="c5",
        name="Stages, planned and claimed",
        finding=_finding(rows, today),
        question="Are stages claimed when they open? The day each opened, and the day of its first claim.",
        alt=_alt(rows, today),
        note=cut,
        columns=(
            Column(name="Stage"),
            Column(name="Opens"),
            Column(name="Funded, sats", numeric=True),
            Column(name="Claimed, sats", numeric=True),
            Column(name="Left before, sats", numeric=True),
            Column(name="Locked, sats", numeric=True),
            Column(name="First claim"),
            Column(name="Result"),
        ),
        rows=tuple(_row(line, today) for line in rows),
        rows_name=f"{len(rows)} opening days" if len(rows) > 1 else "1 opening day",
        figures=tuple(
            one
            for row in rows
            for one in (row.stage.funded, row.stage.claimed, row.stage.left, row.stage.locked)
        ),
        drawings=drawn(lambda width: _draw(shown, today, width)),
    )


def _row(line: Line, today: date) -> tuple[Words, ...]:
    stage = line.stage
    amounts = tuple(
        (Shown(one, unit=False) if one.value is not None else "not known",)
        for one in (stage.funded, stage.claimed, stage.left, stage.locked)
    )
    name = f"{stage.number}" if stage.number else "own dates"
    first = day_text(line.first) if line.first else "none"
    return ((name,), (day_text(stage.opens_on),), *amounts, (first,), (line.result(today),))


def _around(rows: tuple[Line, ...], today: date) -> tuple[Line, ...]:
    behind = sum(row.stage.opens_on <= today for row in rows)
    start = max(0, min(behind - MOST_ROWS // 2, len(rows) - MOST_ROWS))
    return rows[start : start + MOST_ROWS]


def _finding(rows: tuple[Line, ...], today: date) -> Words:
    due = [row for row in rows if row.stage.opens_on <= today]
    claimed = sum(row.first is not None for row in due)
    ahead = next((row for row in rows if row.stage.opens_on > today), None)
    following = f"; the next opens on {day_text(ahead.stage.opens_on)}" if ahead else "; none is ahead"
    if not due:
        return ("No stage has opened yet", following)
    total = "The one open stage" if len(due) == 1 else f"{claimed} of {len(due)} open stages"
    if len(due) == 1:
        return (f"{total} {'saw a claim' if claimed else 'saw no claim yet'}", following)
    return (f"{total} saw a claim", following)


def _alt(rows: tuple[Line, ...], today: date) -> Words:
    late = [(row.first - row.stage.opens_on).days for row in rows if row.first]
    wait = f", after at most {days_text(max(late))}" if late else ""
    passed = sum(row.stage.opens_on <= today for row in rows)
    claimed = f"{len(late)} of them saw a claim{wait}."
    return (f"Timeline of {len(rows)} opening days: {passed} have passed and {claimed}",)


def _draw(rows: tuple[Line, ...], today: date, width: Width) -> Plot:
    days = [day for row in rows for day in (row.stage.opens_on, row.first) if day] + [today]
    span = max((max(days) - min(days)).days, _LEAST_DAYS)
    xlim = (min(days).toordinal() - span * _PAD, max(days).toordinal() + span * _PAD)
    left = 112.0 if width.narrow else 160.0
    plot = Plot(
        xlim, (len(rows), 0), width=width, height=_ROW * len(rows) + _TOP + 30, margin=(left, _TOP, 12, 30)
    )
    _key(plot)
    base, top = plot.at(xlim[0], len(rows))[1], plot.at(xlim[0], 0)[1]
    now = plot.at(today.toordinal(), 0)[0]
    plot.line("now", (today.toordinal(),) * 2, (0, len(rows)))
    plot.labels.block((now, base), (now, top))
    spots = [Spot(now, top + 6, ha) for ha in ("center", "right", "left")]
    plot.say("strong", day_text(today, year=False), spots, must=True)
    for number, row in enumerate(rows):
        _line(plot, number, row, today)
    plot.line("axis", xlim, (len(rows),) * 2)
    dates(plot)
    return plot


def _key(plot: Plot) -> None:
    y = plot.height - 14
    for x, kind, words in ((8, "planned", "opens"), (84, "claimed", "first claim by the founder")):
        plot.mark_pixel(kind, x, y)
        plot.text("quiet", words, x + 12, y - 0.36 * plot.width.text)


def _line(plot: Plot, number: int, row: Line, today: date) -> None:
    y, text = number + 0.5, plot.width.text
    opens = row.stage.opens_on.toordinal()
    x, middle = plot.at(opens, y)
    if number:
        plot.line("grid", plot.xlim, (number, number))
    plot.text("strong", row.name, 0, middle + 3)
    amount = Shown(row.stage.funded, Form.SHORT)
    plot.text("quiet", amount.text, 0, middle - 13, figure=row.stage.funded.id)
    end = x
    if row.first:
        plot.line("wait", (opens, row.first.toordinal()), (y, y))
        end = plot.at(row.first.toordinal(), y)[0]
    plot.diamond("planned", opens, y, size=10)
    if row.first:
        plot.dot("claimed", row.first.toordinal(), y, size=11)
    drop = middle - 0.36 * text
    spots = [
        Spot(end + 11, drop),
        Spot(x - 11, drop, "right"),
        Spot(end + 11, drop + 14),
        Spot(x - 11, drop + 14, "right"),
    ]
    words = row.brief(today) if plot.width.narrow else row.result(today)
    if plot.say("label halo", words, spots, clear=True) is None:
        plot.say("label halo", row.brief(today), spots)
