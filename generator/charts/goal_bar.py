"""How much of its goal a project has: one bar with the goal and an even pace as ticks."""

from typing import Final

from generator.charts.chart import Chart, Table, drawn
from generator.charts.labels import Anchor
from generator.charts.plot import Plot, Width
from generator.report import Figure, ProjectReport, ProjectStatus
from generator.report.figures.pace import EVEN, TOWARDS
from generator.sentence import Sentence, say
from generator.wording import Form, Shown, form_below

_HEIGHT: Final = 62
_BAR: Final = (22.0, 36.0)  #: pixels from below
_TICK: Final = 5  #: pixels that a tick stands out of the bar
_BASE, _ABOVE = 4, 47  #: baselines of the labels


def goal_bar(project: ProjectReport) -> Chart | None:
    """Draw the bar; None without a goal, or where what came is not known in its unit."""
    goal, came = project.figures["goal"], project.figures.get(TOWARDS.name)
    if goal.value is None or came is None or came.value is None or not project.figures["progress"].value:
        return None
    even = project.figures.get(EVEN.name)
    shown = tuple(figure for figure in (came, goal, even) if figure)
    return Chart(
        id="goal",
        name=say("Share of the goal"),
        finding=(),
        question="",
        alt=(_alt(project, came, goal, even),),
        table=Table.of("row", (), ()),
        figures=shown,
        drawings=drawn(lambda width: _draw(project, came, goal, even, width)),
    )


def _alt(project: ProjectReport, came: Figure, goal: Figure, even: Figure | None) -> Sentence:
    parts = {
        "came": Shown(came, form_below(came, goal)),
        "goal": Shown(goal, Form.SHORT),
        "share": Shown(project.figures["progress"], Form.SHORT),
    }
    if even is None:
        return say("{came} of {goal}, {share}.", **parts)
    return say(
        "{came} of {goal}, {share}; an even pace would be at {even}.", **parts, even=Shown(even, Form.SHORT)
    )


def _draw(project: ProjectReport, came: Figure, goal: Figure, even: Figure | None, width: Width) -> Plot:
    asked, got = float(goal.value or 1), float(came.value or 0)
    plot = Plot((0, max(asked, got)), (0, _HEIGHT), width=width, height=_HEIGHT, margin=(1, 0, 1, 0))
    plot.rectangle("track", plot.xlim, _BAR)
    if got:
        ended = project.status is ProjectStatus.ENDED
        plot.rectangle("bar-quiet" if ended else "bar", (0, got), _BAR)
    if got > asked:
        plot.line("over", (asked, asked), _BAR)
    plot.line("mark", (asked, asked), (_BAR[0] - _TICK, _BAR[1] + _TICK))
    edge, at = plot.at(plot.xlim[1], 0)[0], plot.at(asked, 0)[0]
    plot.text("strong", Shown(came, form_below(came, goal)), 1, _BASE, figure=came.id)
    places = [Anchor(at, _BASE, "right"), Anchor(edge, _BASE, "right"), Anchor(at, _ABOVE, "left")]
    plot.label("", say("goal {goal}", goal=Shown(goal, Form.SHORT)), places, figure=goal.id, must=True)
    if even is not None and even.value not in (0, "0"):
        _mark_even(plot, even)
    return plot


def _mark_even(plot: Plot, even: Figure) -> None:
    value = float(even.value or 0)
    plot.line("mark", (value, value), (_BAR[0], _BAR[1] + _TICK))
    x = plot.at(value, 0)[0]
    words = say("even pace: {even}", even=Shown(even, Form.SHORT))
    places = [Anchor(x, _ABOVE, "right"), Anchor(x, _ABOVE, "center"), Anchor(x, _ABOVE, "left")]
    plot.label("quiet", words, places, figure=even.id)
