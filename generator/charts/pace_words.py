"""What the small multiples of pace say: how projects stand, one by one and counted."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from generator.charts.chart import sentences
from generator.report import ProjectReport, ProjectStatus
from generator.report.portfolio.project_order import time_gone
from generator.sentence import Sentence, counting, say, say_count
from generator.text_format import clean, shortened
from generator.wording import Form, Quoted, Shown, Words, joined

_NAMED: Final = 3  #: projects that the alternative text names
#: What counts of a standing are called: for one project, for several; and below a title.
STATES: Final = {
    ProjectStatus.REACHED: (
        counting("one project reached its goal", "{count} reached their goals"),
        say("reached"),
    ),
    ProjectStatus.ON_PACE: (counting("one project is on pace", "{count} are on pace"), say("on pace")),
    ProjectStatus.BEHIND: (
        counting("one project is behind pace", "{count} are behind pace"),
        say("behind pace"),
    ),
    ProjectStatus.OPEN: (
        counting("one project has no last day", "{count} have no last day"),
        say("no last day"),
    ),
    ProjectStatus.UPCOMING: (
        counting("one project has not begun", "{count} have not begun"),
        say("not begun"),
    ),
    ProjectStatus.ENDED: (
        counting("one project ended below its goal", "{count} ended below their goals"),
        say("ended below"),
    ),
    ProjectStatus.UNKNOWN: (
        counting("one project cannot be judged", "{count} cannot be judged"),
        say("not known"),
    ),
}


def note(shown: int, found: int) -> Words:
    """Say what the lines are, and how many projects are drawn."""
    legend = say("Upper line: the goal. Dashed: an even pace. Projects without a goal are not drawn.")
    if shown == found:
        return (legend,)
    cut = say("Drawn are {drawn} of {count} projects; the list above has them all.", drawn=shown, count=found)
    return sentences(cut, legend)


def finding(found: Sequence[ProjectReport], today: date) -> Words:
    """Say how many of those with days left are behind; where none has, how all stand."""
    running = [
        project
        for project in found
        if time_gone(project, today) is not None
        and project.status is not ProjectStatus.UPCOMING
        and (project.ends_at is None or project.ends_at.date() > today)
    ]
    behind = sum(project.status is ProjectStatus.BEHIND for project in running)
    if not running:
        return (say("Of all projects with a goal, {counts}", counts=_counts(found)),)
    return (_behind(behind, len(running)),)


def _behind(behind: int, running: int) -> Sentence:
    if running == 1:
        if behind:
            return say("The one project with a running deadline is behind pace")
        return say("The one project with a running deadline is not behind pace")
    if not behind:
        return say("None of the {count} projects with a running deadline is behind pace", count=running)
    if behind == running == 2:  # noqa: PLR2004 -- what "both" means
        return say("Both projects with a running deadline are behind pace")
    if behind == running:
        return say("All {count} projects with a running deadline are behind pace", count=behind)
    return say_count(
        "One of the {all} projects with a running deadline is behind pace",
        "{count} of the {all} projects with a running deadline are behind pace",
        behind,
        all=running,
    )


def _counts(found: Sequence[ProjectReport]) -> Words:
    counts = Counter(project.status for project in found)
    phrases = ((how_many(counts[status]),) for status, (how_many, _) in STATES.items() if counts[status])
    return joined(phrases)


def alt(found: Sequence[ProjectReport]) -> Words:
    """Name those furthest behind, and say how all stand."""
    named = joined(
        (
            say(
                "{project} is at {share}",
                project=Quoted(shortened(clean(project.title), 40)),
                share=Shown(project.figures["progress"], Form.SHORT),
            ),
        )
        for project in found[:_NAMED]
    )
    text = say(
        "Small multiples of the share of each goal over time, furthest behind first: {projects}. "
        "Of all, {counts}.",
        projects=named,
        counts=_counts(found),
    )
    return (text,)
