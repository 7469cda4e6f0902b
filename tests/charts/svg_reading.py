"""Reads an SVG body back: paths as points, bars as rectangles, texts with their anchors."""

import re
from decimal import Decimal
from typing import NamedTuple

Point = tuple[float, float]


class Label(NamedTuple):
    """One text with its classes and the figure it names."""

    kind: str
    figure: str
    x: float
    y: float
    anchor: str
    words: str


def paths(body: str, kind: str) -> list[list[Point]]:
    """Return the points of each line of the paths of a class."""
    every = re.findall(rf'<path class="{kind}" d="([^"]*)"/>', body)
    return [points(line) for d in every for line in re.findall("M[^M]*", d)]


def points(d: str) -> list[Point]:
    """Return the points of a path without curves, whose steps are told from where the last one ended."""
    assert re.fullmatch(r"(?:[Ml][\d.-]+ [\d.-]+|[hv][\d.-]+|Z)+", d), d
    x = y = Decimal(0)  # hundredths add up exactly
    found: list[Point] = []
    for letter, numbers in re.findall(r"([Mlhv])([^MlhvZ]*)", d):
        values = [Decimal(number) for number in numbers.split()]
        match letter:
            case "M":
                x, y = values
            case "l":
                x, y = x + values[0], y + values[1]
            case "h":
                x += values[0]
            case _:
                y += values[0]
        found.append((float(x), float(y)))
    return found


def bars(body: str, kind: str) -> list[tuple[float, float, float, float]]:
    """Return left, top, right, bottom of each rectangle of a class."""
    found = []
    for corners in paths(body, kind):
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        found.append((min(xs), min(ys), max(xs), max(ys)))
    return found


def labels(body: str) -> list[Label]:
    """Return every text."""
    place = r' x="([^"]*)" y="([^"]*)"(?: text-anchor="([^"]*)")?'
    pattern = rf'<text class="([^"]*)"(?: data-figure="([^"]*)")?{place}>([^<]*)<'
    return [
        Label(kind, figure, float(x), float(y), anchor, words)
        for kind, figure, x, y, anchor, words in re.findall(pattern, body)
    ]
