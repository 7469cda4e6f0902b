"""Goals that begin anew: when each of their periods begins, and to which one a moment belongs; pure.

A period is named by its first day, UTC: ``2026-03-28``. What is before the first one has the
empty name.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final, NamedTuple

import msgspec
from msgspec import Meta

from generator.number_bounds import Moment

HOUR, DAY, MONTH, YEAR = "hour", "day", "month", "year"
NEVER: Final = "never"  #: the unit of a goal that began anew once, and does so no more
UNITS: Final = (HOUR, DAY, MONTH, YEAR)
_FIXED: Final = {HOUR: timedelta(hours=1), DAY: timedelta(days=1)}
_MONTHS: Final = {MONTH: 1, YEAR: 12}
_FIRST_YEAR: Final = 2009  #: bitcoin's
MOST_EVERY: Final = 10_000  #: units of a period
_FAR: Final = datetime.max.replace(tzinfo=UTC)


class Recurrence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a goal begins anew; raise `ValueError` for what has no name, or too many periods."""

    start: Moment  #: aware UTC, of the first period, not before bitcoin
    every: Annotated[int, Meta(ge=1, le=MOST_EVERY)] = 1
    unit: str  #: hour, day, month or year; never
    since: Moment | None = None  #: when it took the place of an earlier one, which stays for what was before

    def __post_init__(self) -> None:
        if self.unit not in (*UNITS, NEVER):
            msg = f"a goal that begins anew every {self.unit!r}, expected {', '.join((*UNITS, NEVER))}"
            raise ValueError(msg)
        if self.unit == HOUR and self.start.year < _FIRST_YEAR:
            msg = f"hourly periods since {self.start:%Y}: they cannot begin before {_FIRST_YEAR}"
            raise ValueError(msg)

    @property
    def has_days(self) -> bool:
        """Whether each period has a first day of its own, the only name that may be published."""
        return self.unit != HOUR or self.every * _FIXED[HOUR] >= _FIXED[DAY]

    def starts(self, until: datetime) -> Iterator[datetime]:
        """Yield when each period up to a moment begins; the first also when it is still to come.

        Each is stepped from the one before, as BTCPay Server does (CrowdfundPlugin.cs, 2.4.1): a day
        that a month does not have becomes its last, and stays there (31 Jan, 28 Feb, 28 Mar).
        """
        at = self.start
        yield at
        while (at := self.after(at)) <= until and at != _FAR:
            yield at

    def after(self, start: datetime) -> datetime:
        """Return when the period that begins at `start` ends."""
        if self.unit == NEVER:
            return _FAR
        try:
            if self.unit in _FIXED:
                return start + self.every * _FIXED[self.unit]
            year, month = divmod(start.year * 12 + start.month - 1 + self.every * _MONTHS[self.unit], 12)
            return start.replace(
                year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1])
            )
        except (OverflowError, ValueError):  # later than any calendar
            return _FAR


class Period(NamedTuple):
    """One stretch of time for which a goal is set."""

    start: datetime
    end: datetime

    @property
    def name(self) -> str:
        """Its first day, UTC: ``2026-03-28``."""
        return self.start.date().isoformat()


class Periods:
    """Every period of a goal up to a moment, whatever rules it had one after another."""

    def __init__(self, rules: Sequence[Recurrence], until: datetime) -> None:
        """Take the rules oldest first; the last is the one of today."""
        self._rule = rules[-1] if rules else None
        starts: dict[str, datetime] = {}
        ends: datetime | None = None  # of the last one
        for rule in rules:
            if rule.since is not None:
                starts = {name: start for name, start in starts.items() if start <= rule.since}
            ends = (rule.since or rule.start) if rule.unit == NEVER or not rule.has_days else None
            for start in rule.starts(until) if ends is None else ():
                if rule.since is None or start > rule.since:
                    starts.setdefault(start.date().isoformat(), start)
        self._starts = [start for start in starts.values() if ends is None or start < ends]
        self._ends = ends
        self._names = ["", *(start.date().isoformat() for start in self._starts)]

    @property
    def all(self) -> tuple[Period, ...]:
        """All of them, oldest first; the last is the current one if there `is` any."""
        last = self._ends or (self._rule.after(self._starts[-1]) if self._rule and self._starts else _FAR)
        return tuple(map(Period, self._starts, [*self._starts[1:], last]))

    @property
    def current(self) -> Period | None:
        """The one that runs, or the first where it is still to come; None where there is none any more."""
        return self.all[-1] if self._starts and self._ends is None else None

    def name_at(self, at: datetime) -> str:
        """Name the period that a moment belongs to; empty before the first and after the last."""
        if self._ends is not None and at >= self._ends:
            return ""
        return self._names[bisect_right(self._starts, at)]

    def name_on(self, day: date) -> str:
        """Name the period of a whole day: of its end, as a period's first day is its own."""
        return self.name_at(datetime.combine(day, time.max, UTC))


def with_rule(rules: Sequence[Recurrence], now: Recurrence | None, at: datetime) -> tuple[Recurrence, ...]:
    """Return the rules after a source said `now`: what is over by then is not cut anew.

    A new rule holds from the beginning of the period that runs, so that none is told twice.
    """
    last = rules[-1] if rules else None
    if last is None:
        return (now,) if now else ()
    said = now or Recurrence(start=last.start, unit=NEVER)
    if msgspec.structs.replace(last, since=None) == said or (now is None and last.unit == NEVER):
        return tuple(rules)
    begun = [period.start for period in Periods(rules, at).all if period.start <= at]
    running = last.since if last.unit == NEVER else begun[-1] if begun else None
    if running is None or (last.since is not None and running <= last.since):
        earlier = rules[:-1]  # it closed no period
    else:
        earlier = () if len(rules) == 1 and len(begun) == 1 else rules
    since = running if earlier else None
    if not earlier and said.unit == NEVER:
        return ()
    return (*earlier, msgspec.structs.replace(said, since=since))
