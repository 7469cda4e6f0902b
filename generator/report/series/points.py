"""One place of a series of figures."""

from dataclasses import dataclass
from datetime import date

from generator.report.figures.figure import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A figure of one day or week."""

    day: date  #: the day, or the Monday of a week
    figure: Figure
