"""What the chart of funding draws: days as ordinals, amounts as figures."""

from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from generator.report.model import Figure, Point
from generator.wording import value_of

#: Points that a line has at most; longer series are drawn by the last point of each week, then month.
MOST_POINTS: Final = 400
#: Stages that are marked on the axis; C5 has them all.
MOST_STAGES: Final = 12
HEADROOM: Final = 1.12

Opening: TypeAlias = tuple[date, str, bool]  #: opening day, name, whether anything was claimed


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """What is drawn and said. Days are ordinals; a contribution stands at the end of its UTC day."""

    points: tuple[Point, ...]
    raised: Figure
    goal: Figure | None  #: in msat, else none is drawn
    progress: Figure | None
    start: int
    today: int
    end: int
    deadline: date | None
    gaps: tuple[tuple[date, date], ...]
    stages: tuple[Opening, ...]

    @property
    def top(self) -> float:
        """Return the upper end of the scale, msat."""
        return max(value_of(self.goal), value_of(self.raised), 1) * HEADROOM

    @property
    def has_way_left(self) -> bool:
        """Tell whether there is a way left to a goal, and time for it."""
        below = self.goal is not None and value_of(self.raised) < value_of(self.goal)
        return below and self.raised.complete and self.deadline is not None and self.end > self.today

    def parts(self) -> list[tuple[list[float], list[float]]]:
        """Return the line in parts: it stops where nobody looked, and goes on after that."""
        edges = [self.start]
        for first, last in self.gaps:
            edges += [max(first.toordinal(), self.start), min(last.toordinal() + 1, self.today)]
        edges.append(self.today)
        found = []
        for begin, end in zip(edges[::2], edges[1::2], strict=True):
            inside = [point for point in self.points if begin < point.day.toordinal() + 1 <= end]
            before = [point for point in self.points if point.day.toordinal() + 1 <= begin]
            level = float(value_of(before[-1].figure)) if before else 0.0
            xs = [float(begin), *(point.day.toordinal() + 1.0 for point in inside), float(end)]
            ys = [level, *(float(value_of(point.figure)) for point in inside)]
            if begin < end:
                found.append((xs, [*ys, ys[-1]]))
        return found


def stages_in(stages: tuple[Opening, ...], start: int, end: int) -> tuple[Opening, ...]:
    """Return the stages that are marked: those on the axis, none where they would crowd each other."""
    found = tuple(stage for stage in stages if start <= stage[0].toordinal() <= end)
    return found if len(found) <= MOST_STAGES else ()


def thinned(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return at most `MOST_POINTS` points, each exact; what is left out lies between them."""
    for name in ("%G-%V", "%Y-%m", "%Y"):
        if len(points) <= MOST_POINTS:
            return points
        points = last_of(points, name)
    return points


def last_of(points: tuple[Point, ...], name: str) -> tuple[Point, ...]:
    """Return the last point of each span, named by a format of dates that is the same in any locale."""
    return tuple({point.day.strftime(name): point for point in points}.values())
