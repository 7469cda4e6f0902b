"""Long series with fewer points, each of them exact: what is left out lies between them."""

from typing import Final

from generator.report import Point

#: Points that a line has at most; longer series are drawn by the last point of each week, then month.
MOST_POINTS: Final = 400
#: Rows of a table that names each day; longer ones name the last day of each month.
MOST_ROWS: Final = 31


def for_line(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return at most `MOST_POINTS` points."""
    for name in ("%G-%V", "%Y-%m", "%Y"):
        if len(points) <= MOST_POINTS:
            return points
        points = _last_of(points, name)
    return points


def for_table(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return the points that a table names, by day or by month."""
    return points if len(points) <= MOST_ROWS else _last_of(points, "%Y-%m")


def _last_of(points: tuple[Point, ...], name: str) -> tuple[Point, ...]:
    """Return the last point of each span, named by a format of dates that is the same in any locale."""
    return tuple({point.day.strftime(name): point for point in points}.values())
