"""What a small picture of a project says elsewhere: on the card to embed and in link previews."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from generator.pages.state_marks import STATUSES, contradicted, source_states
from generator.report import Figure, ProjectReport, ProjectStatus, Report, SourceState
from generator.report.figures.figure import MSAT
from generator.report.figures.pace import TOWARDS
from generator.text_format import counted, day_text
from generator.wording import Form, Shown, Words

#: States in which the days that are left matter.
_RUNNING = (ProjectStatus.ON_PACE, ProjectStatus.BEHIND)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPreview:
    """One project in six short lines; each number is a figure."""

    title: str
    amount: Shown | None  #: what came, in the goal's unit; None where it is not known
    goal: Figure | None
    progress: Figure  #: may have no value
    rest: Words  #: the same in satoshis where the goal is in a currency, and from how many contributions
    state: str
    left: str  #: days, while a deadline runs; else empty
    evidence: str
    as_of: str
    world: str  #: what must be said of money that is none, else empty

    @classmethod
    def of(cls, report: Report, project: ProjectReport) -> Self:
        """Take what a preview says out of a project's report."""
        raised, goal = in_goal_unit(project)
        return cls(
            title=project.title,
            amount=None if raised.value is None else Shown(raised, Form.CUT if goal else Form.SHORT),
            goal=goal if goal and goal.value is not None else None,
            progress=project.figures["progress"],
            rest=_rest(project, raised),
            state=STATUSES[project.status].word,
            left=_left(project),
            evidence=_evidence(project),
            as_of=_as_of([source for source, _ in source_states(report, project)["sources"]], project),
            world=world(report),
        )

    @property
    def headline(self) -> Words:
        """The amount with its goal and share, as one line."""
        if self.amount is None:
            return ("What was raised is not known",)
        of: Words = (" raised",) if self.goal is None else (" raised of ", Shown(self.goal, Form.SHORT))
        share: Words = () if self.progress.value is None else (", ", Shown(self.progress, Form.SHORT))
        return (self.amount, *of, *share)


def in_goal_unit(project: ProjectReport) -> tuple[Figure, Figure | None]:
    """Return what came and what was asked for, in the goal's unit; where that is not told, all that came."""
    towards = project.figures.get(TOWARDS.name)
    if towards is None or towards.value is None:
        return project.figures["raised"], None
    return towards, project.figures["goal"]


def world(report: Report) -> str:
    """Return what must be said of money that is none; empty of bitcoin."""
    if report.network == "main":
        return "Demo data. All of it is invented." if report.demo else ""
    test = f"Test network {report.network}."
    return f"Demo data. {test}" if report.demo else f"{test} Its coins are worth nothing."


def _rest(project: ProjectReport, raised: Figure) -> Words:
    count, sats = project.figures["contributions"], project.figures["raised"]
    if not count.value or sats.value is None:
        return ()
    noun = "contribution" if count.value == 1 else "contributions"
    return (*(() if raised.unit == MSAT else (Shown(sats, Form.SHORT), " from ")), Shown(count), f" {noun}")


def _left(project: ProjectReport) -> str:
    if project.status not in _RUNNING or project.ends_at is None or project.today is None:
        return ""
    return f"{counted((project.ends_at.date() - project.today).days, 'day')} left"


def _evidence(project: ProjectReport) -> str:
    if contradicted(project):
        return "A check of its own definition failed."
    match project.figures["raised"].verification:
        case "proven":
            return "Proven from public data."
        case "reported" if project.figures["proven"].value:
            return "Proven in part, the rest is reported by a server."
        case "reported":
            return "Reported by a server, not proven."
        case _:
            return ""


def _as_of(sources: Iterable[SourceState], project: ProjectReport) -> str:
    stale = [source.data_at for source in sources if source.stale]
    if stale:
        read = [at for at in stale if at is not None]
        return (
            f"Stale: last read on {day_text(min(read).date())}" if len(read) == len(stale) else "Not read yet"
        )
    return f"As of {day_text(project.changed_at.date())}" if project.changed_at else "Not read yet"
