"""Where text may stand: rooms taken, lines to keep off, and the first anchor that is free.

Fonts are the reader's, so nothing is measured: each letter gets the room of a
wide font, and what fits then fits everywhere.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

Side: TypeAlias = Literal["left", "center", "right"]  #: which end of a line stands on its anchor
Pixel: TypeAlias = tuple[float, float]  #: from the left and from below

#: Room of a letter in parts of the text size: DejaVu Sans is wider than system fonts, this is wider still.
LETTER: Final = 0.62
BOLD: Final = 0.71
#: From one baseline to the next, in parts of the text size.
LINE: Final = 1.3
_ABOVE: Final = 0.86  #: of the text size, above the baseline
_BELOW: Final = 0.26
_Room: TypeAlias = tuple[float, float, float, float]
_ALIGN: Final[dict[Side, float]] = {"left": 0.0, "center": 0.5, "right": 1.0}


class Anchor(NamedTuple):
    """Where a line of text hangs: pixel from the left, of the baseline from below, and which end."""

    x: float
    y: float
    side: Side = "left"


class Box(NamedTuple):
    """A room in pixels, from the left and from below."""

    x0: float
    y0: float
    x1: float
    y1: float


class Labels:
    """The rooms of one drawing."""

    def __init__(self, *, width: float, height: float, size: float) -> None:
        self._frame = Box(0, 0, width, height)
        self._size = size
        self._taken: list[_Room] = []
        self._lines: list[_Room] = []
        self._steps: list[tuple[Sequence[float], Sequence[float]]] = []  #: places of stepped lines

    def room(self, words: str, anchor: Anchor, *, bold: bool = False) -> Box:
        """Return the room of a text in the widest font we allow for; the anchor is its first line's."""
        return Box(*self._room_at(anchor, *self._extent(words, bold=bold)))

    def take(self, words: str, anchor: Anchor, *, bold: bool = False) -> None:
        """Take the room of a text that stands where it stands."""
        self._taken.append(self.room(words, anchor, bold=bold))

    def keep_off(self, start: Pixel, end: Pixel) -> None:
        """Keep text off a straight line between two pixels, where there is a choice."""
        (ax, ay), (bx, by) = start, end
        self._lines.append((min(ax, bx) - 2, min(ay, by) - 2, max(ax, bx) + 2, max(ay, by) + 2))

    def keep_off_steps(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        """Keep text off a line that holds each height until the next x, which lies to the right."""
        self._steps.append((xs, ys))

    def place(
        self,
        words: str,
        anchors: Iterable[Anchor],
        *,
        bold: bool = False,
        must: bool = False,
        clear: bool = False,
    ) -> Anchor | None:
        """Return the first anchor off every text and line, else off every text, and take its room.

        With `must` a text is never left out: it takes its first anchor inside the
        frame. With `clear` it never stands on a line.
        """
        extent = self._extent(words, bold=bold)
        inside: tuple[Anchor, _Room] | None = None
        free: tuple[Anchor, _Room] | None = None
        for anchor in anchors:
            room = self._room_at(anchor, *extent)
            if not self._holds(room):
                continue
            inside = inside or (anchor, room)
            if _meets_any(room, self._taken):
                continue
            free = free or (anchor, room)
            if not _meets_any(room, self._lines) and not any(
                _meets_steps(room, *line) for line in self._steps
            ):
                return self._taking(anchor, room)
        choice = (None if clear else free) or (inside if must else None)
        return choice and self._taking(*choice)

    def _extent(self, words: str, *, bold: bool) -> tuple[float, float]:
        """Return the length of a text, and how far it reaches below its first baseline."""
        lines = words.split("\n")
        length = max(map(len, lines)) * self._size * (BOLD if bold else LETTER)
        return length, (_BELOW + LINE * (len(lines) - 1)) * self._size

    def _room_at(self, anchor: Anchor, length: float, below: float) -> _Room:
        x, y, side = anchor
        x0 = x - length * _ALIGN[side]
        return x0, y - below, x0 + length, y + _ABOVE * self._size

    def _taking(self, anchor: Anchor, room: _Room) -> Anchor:
        self._taken.append(room)
        return anchor

    def _holds(self, room: _Room) -> bool:
        left, low, right, high = room
        x0, y0, x1, y1 = self._frame
        return x0 <= left and right <= x1 and y0 <= low and high <= y1


def _meets_any(room: _Room, others: Iterable[_Room]) -> bool:
    left, low, right, high = room
    for x0, y0, x1, y1 in others:  # noqa: SIM110 -- a generator costs more than the few there are
        if left < x1 and x0 < right and low < y1 and y0 < high:
            return True
    return False


def _meets_steps(room: _Room, xs: Sequence[float], ys: Sequence[float]) -> bool:
    """Tell whether a room comes within two pixels of a stepped line; steps beside it are not looked at."""
    left, low, right, high = room
    first = max(bisect_right(xs, left - 2) - 1, 0)
    last = min(bisect_left(xs, right + 2), len(xs) - 1)
    beside = ys[first : last + 1]
    if max(beside) + 2 <= low or high <= min(beside) - 2:
        return False
    for at in range(first, last):
        y, next_y = ys[at], ys[at + 1]
        if low < y + 2 and y - 2 < high:
            return True
        if xs[at + 1] - 2 < right and low < max(y, next_y) + 2 and min(y, next_y) - 2 < high:
            return True
    return False
