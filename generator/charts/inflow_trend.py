"""The weeks of a project in its goal's unit, and what is said of their trend."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Self

import msgspec

from generator.report import Figure, Point, ProjectReport
from generator.sentence import say
from generator.wording import Form, Shown, Words, length_of

#: Complete weeks that a comparison needs: the last four, and as many before them.
RECENT: Final = 4
_TRENDS: Final = {"slowing": say("slowing"), "rising": say("rising"), "steady": say("steady")}
_LATELY: Final = 8  #: full weeks that tell whether giving has stopped
WEEK: Final = 7
#: Weeks count as slower or faster beyond three quarters, and four thirds.
_SLOWER: Final = (4, 3)


class Inflow(msgspec.Struct, frozen=True, kw_only=True):
    """The weeks of a project, Mondays first."""

    weeks: tuple[Point, ...]
    silent: frozenset[date]  #: Mondays of weeks in which nobody looked for a day or more
    unknown: frozenset[date]  #: those of them that no later answer covers
    running: bool  #: the last week is not over

    @classmethod
    def of(cls, project: ProjectReport) -> Self:
        """Tell the weeks that are known from those that are not."""
        weeks = _weeks(project)
        silent, unknown = set(), {week.day for week in weeks if week.figure.value is None}
        for week in weeks:
            end = week.day + timedelta(WEEK)
            gaps = [last for first, last in project.gaps if first < end and week.day <= last]
            if gaps:
                silent.add(week.day)
            if any(last >= project.shown_until for last in gaps) and not length_of(week.figure):
                unknown.add(week.day)
        return cls(
            weeks=weeks,
            silent=frozenset(silent),
            unknown=frozenset(unknown),
            running=project.shown_until < weeks[-1].day + timedelta(WEEK),
        )

    @property
    def unit(self) -> str:
        """Millisatoshis, or a currency."""
        return self.weeks[-1].figure.unit

    @property
    def complete(self) -> tuple[Point, ...]:
        """The weeks that are over and known."""
        over = self.weeks[:-1] if self.running else self.weeks
        return tuple(point for point in over if point.day not in self.unknown)


def _weeks(project: ProjectReport) -> tuple[Point, ...]:
    """Return the weeks in the unit of the goal; in satoshis where none has a value in its currency."""
    valued = any(point.figure.value is not None for point in project.goal_weeks)
    return project.goal_weeks if valued else project.weeks


def median(points: Sequence[Point]) -> Figure:
    """Return the lower one of two middle weeks, so that it is a week that was."""
    ordered = sorted(points, key=lambda point: (length_of(point.figure), point.day))
    return ordered[(len(points) - 1) // 2].figure


def _trend(view: Inflow) -> tuple[str, Figure, Figure] | None:
    """Return how the last four complete weeks compare with those before, by their medians."""
    known = view.complete
    if len(known) < 2 * RECENT or not view.running:
        return None
    now, before = median(known[-RECENT:]), median(known[:-RECENT])
    many, few = _SLOWER
    if length_of(now) * many < length_of(before) * few:
        return "slowing", now, before
    return ("rising" if length_of(now) * few > length_of(before) * many else "steady"), now, before


def _empty(points: Sequence[Point]) -> int:
    return sum(not length_of(point.figure) for point in points)


def _has_nearly_stopped(view: Inflow) -> bool:
    """Tell whether three of four of the latest full weeks brought nothing, and most before them something."""
    late, before = view.complete[-_LATELY:], view.complete[:-_LATELY]
    return (
        view.running
        and len(before) >= _LATELY
        and 4 * _empty(late) >= 3 * _LATELY
        and 2 * _empty(before) < len(before)
    )


def finding(view: Inflow) -> Words:
    """Say whether giving has nearly stopped, else how it goes, else which week was the strongest."""
    best = max(view.weeks, key=lambda point: (length_of(point.figure), point.day))
    most = Shown(best.figure, Form.SHORT)
    if _has_nearly_stopped(view):
        empty = _empty(view.complete[-_LATELY:])
        stopped = say(
            "Giving has nearly stopped: {empty} of the last {all} full weeks brought nothing",
            empty=empty,
            all=_LATELY,
        )
        return (stopped,)
    if view.complete and not length_of(median(view.complete)):
        some = sum(length_of(point.figure) > 0 for point in view.weeks)
        text = say(
            "Money came in {some} of {count} weeks; the strongest, from {day}, brought {most}",
            some=some,
            count=len(view.weeks),
            day=best.day,
            most=most,
        )
        return (text,)
    trend = _trend(view)
    if trend is None:
        return (say("The strongest week, from {day}, brought {most}", day=best.day, most=most),)
    word, now, before = trend
    text = say(
        "Inflow is {trend}: a middle week of the last four brought {recent}, before that {earlier}",
        trend=_TRENDS[word],
        recent=Shown(now, Form.SHORT),
        earlier=Shown(before, Form.SHORT),
    )
    return (text,)


def alt(view: Inflow) -> Words:
    """Say the weeks, the strongest of them, their trend and their median."""
    first, last, count = view.weeks[0].day, view.weeks[-1].day, len(view.weeks)
    best = max(view.weeks, key=lambda point: length_of(point.figure))
    begin = say("Bars for {count} weeks from {first} to {last}", count=count, first=first, last=last)
    if length_of(best.figure):
        most = Shown(best.figure, Form.SHORT)
        begin = say("{weeks}, the strongest, from {day}, with {most}", weeks=begin, day=best.day, most=most)
    if not view.complete:
        return (say("{sentence}.", sentence=begin),)
    middle = Shown(median(view.complete), Form.SHORT)
    trend = _trend(view)
    if _has_nearly_stopped(view):
        stopped = say(
            "{weeks}; {empty} of the last {all} full ones brought nothing; the median week brought {median}.",
            weeks=begin,
            empty=_empty(view.complete[-_LATELY:]),
            all=_LATELY,
            median=middle,
        )
        return (stopped,)
    if trend is None:
        return (say("{weeks}; the median week brought {median}.", weeks=begin, median=middle),)
    text = say(
        "{weeks}; the inflow is {trend}, the median week brought {median}.",
        weeks=begin,
        trend=_TRENDS[trend[0]],
        median=middle,
    )
    return (text,)
