"""What a small picture of a project says elsewhere: on the card to embed and in link previews."""

from collections.abc import Iterable
from typing import Self

import msgspec

from generator.pages.period_words import period_label
from generator.pages.state_marks import STATUSES, contradicted, source_states
from generator.report import Figure, ProjectReport, ProjectStatus, Report, SourceState
from generator.report.figures.figure import MSAT
from generator.report.figures.pace import TOWARDS
from generator.sentence import Sentence, say, say_count
from generator.wording import Form, Shown, Word, Words, form_below

#: States in which the days that are left matter.
_RUNNING = (ProjectStatus.ON_PACE, ProjectStatus.BEHIND)


class ProjectPreview(msgspec.Struct, frozen=True, kw_only=True):
    """One project in six short lines; each number is a figure."""

    title: str
    amount: Shown | None  #: what came, in the goal's unit; None where it is not known
    period: Word  #: in which it came, of a goal that begins anew; else empty
    goal: Shown | None
    share: Shown | None  #: of the goal
    rest: Word  #: all that came, in satoshis unless the amount says it, and from how many contributions
    sats: Word  #: the same without their count, where the amount does not say it; else empty
    state: Word  #: empty where it would say once more that nothing is known
    left: Word  #: days, while a deadline runs; else empty
    evidence: Word
    as_of: Sentence
    world: Word  #: what must be said of money that is none, else empty

    @classmethod
    def of(cls, report: Report, project: ProjectReport) -> Self:
        """Take what a preview says out of a project's report."""
        raised, goal = in_goal_unit(project)
        progress = project.figures["progress"]
        return cls(
            title=project.title,
            amount=None
            if raised.value is None
            else Shown(raised, form_below(raised, goal) if goal else Form.SHORT),
            goal=Shown(goal, Form.SHORT) if goal and goal.value is not None else None,
            share=None if progress.value is None else Shown(progress, Form.SHORT),
            period=_period(project, raised),
            rest=_rest(project, raised),
            sats=_sats(project, raised),
            state="" if _says_nothing(project) else STATUSES[project.status].word,
            left=_left(project),
            evidence=_evidence(project),
            as_of=as_of([source for source, _ in source_states(report, project)["sources"]], project),
            world=world(report),
        )

    @property
    def summary(self) -> Words:
        """What a search result says: amount, goal and share, the state, how sure it is."""
        state: Words = (". ", self.state) if self.state else ()
        sure: Words = (". ", self.evidence) if self.evidence else (".",)
        return (self.headline, *state, *sure)

    @property
    def headline(self) -> Sentence:
        """The amount with its goal and share, as one line."""
        if self.amount is None:
            return say("What was raised is not known")
        if self.goal is None:
            return say("{amount} raised", amount=self.amount)
        if self.share is None:
            return say("{amount} raised of {goal}", amount=self.amount, goal=self.goal)
        numbers = {"amount": self.amount, "goal": self.goal, "share": self.share}
        if self.period:
            return say("{period}: {amount} raised of {goal}, {share}", period=self.period, **numbers)
        return say("{amount} raised of {goal}, {share}", **numbers)


def in_goal_unit(project: ProjectReport) -> tuple[Figure, Figure | None]:
    """Return what came and what was asked for, in the goal's unit; where that is not told, all that came."""
    towards = project.figures.get(TOWARDS.name)
    if towards is None or towards.value is None:
        return project.figures["raised"], None
    return towards, project.figures["goal"]


def world(report: Report) -> Word:
    """Return what must be said of money that is none; empty of bitcoin."""
    if report.network == "main":
        return say("Demo data. All of it is invented.") if report.demo else ""
    if report.demo:
        return say("Demo data. Test network {network}.", network=report.network)
    return say("Test network {network}. Its coins are worth nothing.", network=report.network)


def _says_nothing(project: ProjectReport) -> bool:
    return project.status is ProjectStatus.UNKNOWN and project.figures["raised"].value is None


def _period(project: ProjectReport, raised: Figure) -> Word:
    """Return the period in which `raised` came; empty where it is all that came."""
    rule = project.terms.periods.rule
    if rule is None or raised is project.figures["raised"]:
        return ""
    return period_label(rule, running=not project.terms.ended)


def _rest(project: ProjectReport, raised: Figure) -> Word:
    count, sats = project.figures["contributions"], project.figures["raised"]
    if not count.value or sats.value is None:
        return ""
    number, amount = int(count.value), _sats(project, raised)
    if not amount:
        return say_count("{count} contribution", "{count} contributions", number, count=Shown(count))
    return say_count(
        "{amount} from {count} contribution",
        "{amount} from {count} contributions",
        number,
        count=Shown(count),
        amount=amount,
    )


def _sats(project: ProjectReport, raised: Figure) -> Word:
    sats = Shown(project.figures["raised"], Form.SHORT)
    if _period(project, raised):
        return say("{amount} in all", amount=sats)
    return sats if raised.unit != MSAT else ""


def _left(project: ProjectReport) -> Word:
    if project.status not in _RUNNING or project.ends_at is None or project.today is None:
        return ""
    return say_count("{count} day left", "{count} days left", (project.ends_at.date() - project.today).days)


def _evidence(project: ProjectReport) -> Word:
    if contradicted(project):
        return say("A check of its own definition failed.")
    match project.figures["raised"].verification:
        case "proven":
            return say("Proven from public data.")
        case "reported" if project.figures["proven"].value:
            return say("Proven in part, the rest is reported by a server.")
        case "reported":
            return say("Reported by a server, not proven.")
        case _:
            return ""


def as_of(sources: Iterable[SourceState], project: ProjectReport) -> Sentence:
    """Return of which day a project's numbers are: its last change, or the last reading of a stale source."""
    stale = [source.data_at for source in sources if source.stale]
    read = [at for at in stale if at is not None]
    if len(read) < len(stale) or (not stale and project.changed_at is None):
        return say("Not read yet")
    if stale:
        return say("Stale: last read on {day}", day=min(read).date())
    assert project.changed_at is not None  # noqa: S101 -- as above
    return say("As of {day}", day=project.changed_at.date())
