"""What the chart of funding draws: days as ordinals, amounts as figures in the unit of the goal."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Final, Self

import msgspec

from generator.charts.scales import LEAST_DAYS
from generator.report import Figure, Point, StageRow
from generator.report.annotations import Annotation
from generator.report.days import DayRange
from generator.wording import Form, form_below, length_of

#: Stages that are marked on the axis; C5 has them all.
MOST_STAGES: Final = 12
#: Notes of the maintainer's that are marked; their list has them all.
MOST_NOTES: Final = 6
HEADROOM: Final = 1.12


class DayAxis(msgspec.Struct, frozen=True, kw_only=True):
    """The days that are drawn, as ordinals; a contribution stands at the end of its UTC day."""

    start: int
    dot: int  #: where the line ends: the end of the last day that is shown
    end: int
    opening: date | None = None
    deadline: date | None = None

    @classmethod
    def of(
        cls, contribution: date, until: date, *, starts: date | None = None, ends: date | None = None
    ) -> Self:
        """Span the first contribution, the project's own days where it has some, and two weeks at least."""
        dot = until.toordinal() + 1
        end = max(dot, ends.toordinal()) if ends else dot
        first = min(starts, contribution) if starts and starts <= until else contribution
        start = min(first.toordinal(), end - LEAST_DAYS)
        return cls(
            start=start,
            dot=dot,
            end=end,
            opening=starts if starts and starts.toordinal() >= start else None,
            deadline=ends if ends and start < ends.toordinal() else None,
        )

    @property
    def last(self) -> date:
        """The last day that is shown."""
        return date.fromordinal(self.dot - 1)

    def gaps(self, found: Iterable[DayRange]) -> tuple[DayRange, ...]:
        """Return the gaps of which a part is drawn, up to the last day that is shown."""
        return tuple(
            (first, min(last, self.last))
            for first, last in found
            if last.toordinal() >= self.start and first <= self.last
        )

    def notes(self, found: Iterable[Annotation]) -> tuple[Annotation, ...]:
        """Return the notes that are marked, the newest of those on the axis."""
        on_axis = (note for note in found if self.start < note.day.toordinal() <= self.dot)
        return tuple(islice(on_axis, MOST_NOTES))

    def stages(self, rows: Iterable[StageRow]) -> tuple[StageRow, ...]:
        """Return the stages that are marked: those on the axis, none where they would crowd each other."""
        found = tuple(row for row in rows if self.start <= row.opens_on.toordinal() <= self.end)
        return found if len(found) <= MOST_STAGES else ()


@dataclass(frozen=True, kw_only=True)
class Funding:
    """What is drawn and said; all amounts are in one unit."""

    points: tuple[Point, ...]
    raised: Figure
    goal: Figure | None = None
    progress: Figure | None = None
    needed: Figure | None = None  #: a day, from now to the last one
    even: Figure | None = None  #: what an even pace would have brought by today
    today: date | None = None
    period: bool = False  #: it is of the period of the goal that runs
    axis: DayAxis
    gaps: tuple[DayRange, ...]
    stages: tuple[StageRow, ...] = ()
    notes: tuple[Annotation, ...] = ()  #: of the maintainer's

    @cached_property
    def ends(self) -> list[int]:
        """The end of each point's day, as an ordinal."""
        return [point.day.toordinal() + 1 for point in self.points]

    @cached_property
    def heights(self) -> list[float]:
        """What was reached at the end of each of these days."""
        return [float(point.figure.value or 0) for point in self.points]

    @cached_property
    def form(self) -> Form:
        """How what is raised is written: beside a goal never as if it were reached, if it is not."""
        return form_below(self.raised, self.goal) if self.goal else Form.SHORT

    @property
    def unit(self) -> str:
        """Millisatoshis, or a currency."""
        return self.raised.unit

    @property
    def top(self) -> float:
        """The upper end of the scale."""
        return max(length_of(self.goal), length_of(self.raised), 1) * HEADROOM

    @property
    def has_way_left(self) -> bool:
        """Whether there is a way left to a goal, and time for it."""
        below = self.goal is not None and length_of(self.raised) < length_of(self.goal)
        has_time = self.axis.deadline is not None and self.axis.end > self.axis.dot
        return below and self.raised.bound.never_more and has_time

    @property
    def even_line(self) -> tuple[int, int] | None:
        """The days between which an even pace reaches the goal; None where the goal has no such days."""
        opening, deadline = self.axis.opening, self.axis.deadline
        if self.goal is None or opening is None or deadline is None or deadline <= opening:
            return None
        return opening.toordinal(), deadline.toordinal()

    def parts(self) -> list[tuple[list[int], list[float]]]:
        """Return the line in parts, as days and amounts: it stops where nobody looked."""
        edges = [self.axis.start]
        for first, last in self.gaps:
            edges += [max(first.toordinal(), self.axis.start), min(last.toordinal() + 1, self.axis.dot)]
        edges.append(self.axis.dot)
        found = []
        for begin, end in zip(edges[::2], edges[1::2], strict=True):
            start, stop = bisect_right(self.ends, begin), bisect_right(self.ends, end)
            xs = [begin, *self.ends[start:stop], end]
            ys = [self.heights[start - 1] if start else 0.0, *self.heights[start:stop]]
            if begin < end:
                found.append((xs, [*ys, ys[-1]]))
        return found
