"""Reads an SVG body back: paths as points, bars as rectangles, texts with their anchors."""

import re
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
    """Return the points of each line of the paths of a class; H and V repeat the other coordinate."""
    every = re.findall(rf'<path class="{kind}" d="([^"]*)"/>', body)
    return [points(line) for d in every for line in re.findall("M[^M]*", d)]


def points(d: str) -> list[Point]:
    """Return the points of a path without curves."""
    found: list[Point] = []
    for letter, numbers in re.findall(r"([MLHVZ])([^MLHVZ]*)", d):
        values = [float(number) for number in numbers.split()]
        match letter:
            case "H":
                found.append((values[0], found[-1][1]))
            case "V":
                found.append((found[-1][0], values[0]))
            case "M" | "L":
                found.append((values[0], values[1]))
            case _:
                pass
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
