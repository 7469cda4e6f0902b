"""What went wrong with our reading: what is open, what it changes on the pages, and what was solved."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby

import msgspec

from generator.pages.state_marks import StateMark, freshness
from generator.recorded_words import recognised
from generator.report import Failure, Health, ProjectReport, Report
from generator.report.census import Standing
from generator.report.days import DAY, day_of
from generator.report.health.coverage import missing_ranges
from generator.report.portfolio.network_totals import read_projects
from generator.report.source_names import RATES
from generator.sentence import Sentence, say, say_count
from generator.snapshot import Outcome
from generator.wording import Quoted, Words


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """Something that could not be read for a while."""

    since: date
    until: date | None  #: the last of its days; None while it lasts
    mark: StateMark
    subject: str  #: name of a source or title of a project
    cause: str  #: what the source said, empty where nobody asked
    tries: Sentence | None  #: how often it was asked in vain
    last_try: datetime | None
    effect: Sentence  #: what that did to the numbers

    @property
    def days(self) -> int:
        """How many days it lasted; one for less."""
        return ((self.until or self.since) - self.since).days + 1


def open_incidents(report: Report) -> list[Incident]:
    """Return what lasts, the oldest first: sources without an answer, projects that are not read."""
    sources = [_open(health, report) for health in report.health if _is_open(health)]
    return sorted([*sources, *_unread(report)], key=lambda each: (each.since, each.subject))


def solved_incidents(report: Report) -> list[Incident]:
    """Return what is over, the latest first."""
    found = [each for health in report.health for each in (*_lost(health), *_same_day(health))]
    return sorted(found, key=lambda each: (each.until, each.since, each.subject), reverse=True)


def effects(report: Report) -> list[Sentence]:
    """Return what readers see elsewhere of what is open; nothing while all is well."""
    stale = [health.state for health in report.health if health.state.stale]
    found = []
    if report.census.unread or any(_is_unknown(project) for project in report.projects):
        found.append(
            say(
                "Sums over all projects say “at least” (≥), because a project is not in them or only in part."
            )
        )
    if any(state.name != RATES and state.data_at for state in stale):
        found.append(
            say(
                "Pages of projects whose source is silent say when it was last read: their sums say “at "
                "least” (≥) since, their balances are as of then."
            )
        )
    if any(state.name == RATES for state in stale):
        found.append(say("Values in currencies are not available for the days whose rates are not read."))
    return found


def status(report: Report) -> Words:
    """Say whether all is read; else how many projects are, and what is not, by name."""
    if not report.health:
        return (say("No source is configured."),)
    missing = list(_missing(report))
    stale = [health.state for health in report.health if health.state.stale]
    if not missing and not stale:
        return (say("Everything is read."),)
    read, every = (report.figures[name].value for name in ("projects_read", "projects"))
    words: list[Sentence] = []
    if isinstance(read, int) and isinstance(every, int) and every:  # unknown while the network's list is
        words.append(_read_count(read, every))
    words += missing[:3]
    for state in stale:
        name = Quoted(recognised(state.label))
        if state.data_at is None:
            words.append(say("{source} never answered.", source=name))
        else:
            words.append(say("{source} was last read on {day}.", source=name, day=state.data_at.date()))
    return tuple(part for at, word in enumerate(words) for part in ((" ", word) if at else (word,)))


def _read_count(read: int, every: int) -> Sentence:
    return say_count(
        "{read} of {count} project is read.", "{read} of {count} projects are read.", every, read=read
    )


def _missing(report: Report) -> Iterator[Sentence]:
    """Yield what is not read of projects, those with a page first."""
    read = {project.slug for project in read_projects(report.projects, report.census)}
    for project in report.projects:
        if _is_unknown(project):
            yield say("{title} is not read yet.", title=Quoted(project.title))
        elif project.slug not in read:
            yield say("{title} is not read to its end.", title=Quoted(project.title))
    for row in report.census.of(Standing.UNREAD, Standing.UNKNOWN_TERMS):
        if not row.slug:
            yield say("{title} is not read yet.", title=Quoted(row.name))


def _is_unknown(project: ProjectReport) -> bool:
    return project.figures["raised"].value is None


def _is_open(health: Health) -> bool:
    state = health.state
    return not state.closed and (state.stale or state.outcome not in (Outcome.OK, None))


def _open(health: Health, report: Report) -> Incident:
    state = health.state
    failures = [each for each in health.failures if state.data_at is None or each.at > state.data_at]
    begun = min((day_of(each.at) for each in failures), default=None)
    since = begun or (day_of(state.data_at) + DAY if state.data_at else day_of(report.as_of))
    if not state.stale:
        effect = say("Its last answer is still fresh, so no number changes.")
    elif state.name == RATES:
        effect = say("Amounts of satoshis are not touched.")
    elif state.data_at is None:
        effect = say("What only it knows is not known here, and never zero.")
    else:
        effect = say("The pages keep what it said on {day}, and say so.", day=state.data_at.date())
    return Incident(
        since=since,
        until=None,
        mark=freshness(state, last_run=True),
        subject=state.label,
        cause=state.message,
        tries=_tries(failures),
        last_try=max((each.at for each in failures), default=None),
        effect=effect,
    )


def _tries(failures: Sequence[Failure]) -> Sentence | None:
    if not failures:
        return None
    return say_count("Asked once in vain", "Asked {count} times in vain", len(failures))


def _unread(report: Report) -> Iterator[Incident]:
    titles = {project.slug: project.title for project in report.projects}
    for row in report.census.unread:
        if row.slug in titles:
            yield Incident(
                since=row.since,
                until=None,
                mark=StateMark(say("Not read"), "unchecked", "bad"),
                subject=titles[row.slug],
                cause=row.reason,
                tries=None,
                last_try=None,
                effect=say("Sums over all projects leave it out and say “at least”."),
            )


def _lost(health: Health) -> Iterator[Incident]:
    """Yield stretches of days without an answer that an answer ended."""
    for first, last in missing_ranges(health):
        if health.state.data_at is None or last > day_of(health.state.data_at):
            continue
        failures = [each for each in health.failures if first <= day_of(each.at) <= last]
        if health.state.name == RATES:
            effect = say("Amounts of satoshis were not touched; rates of those days were read later.")
        else:
            effect = say(
                "The pages kept the numbers of before and said so; what came meanwhile was read on {day}.",
                day=last + DAY,
            )
        yield _solved(health, first, last, failures, effect)


def _same_day(health: Health) -> Iterator[Incident]:
    """Yield failures on days that brought an answer too."""
    lost = missing_ranges(health)
    done = [
        each
        for each in health.failures
        if health.state.data_at is not None
        and each.at < health.state.data_at
        and not any(first <= day_of(each.at) <= last for first, last in lost)
    ]
    effect = say("Another run of that day was answered; no number changed.")
    for day, group in groupby(done, key=lambda each: day_of(each.at)):
        yield _solved(health, day, day, list(group), effect)


def _solved(
    health: Health, first: date, last: date, failures: Sequence[Failure], effect: Sentence
) -> Incident:
    return Incident(
        since=first,
        until=last,
        mark=StateMark(say("Solved"), "reached", "ok"),
        subject=health.state.label,
        cause=failures[0].message if failures else "",
        tries=_tries(failures) or say("Nobody looked"),
        last_try=None,
        effect=effect,
    )
