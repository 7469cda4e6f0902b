"""What a PDF says and where: its text in pieces, as Chromium places them."""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader

#: Points by which the lines of one head of a table may differ in height.
_HEAD = 40.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text, in points from the lower left corner of its page."""

    page: int
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed document."""

    pages: int
    width: float
    pieces: Sequence[Piece]

    @property
    def text(self) -> str:
        """All its text without spaces, with compatible letters made one."""
        return squeezed("".join(piece.text for piece in self.pieces))

    def columns(self, names: Sequence[str]) -> int:
        """Return how many of these heads stand beside one another, from the first to the right."""
        return max(
            (self._beside(start, names) for start in self.pieces if begins(names[0], start)), default=0
        )

    def _beside(self, start: Piece, names: Sequence[str]) -> int:
        found, last = 1, start
        for name in names[1:]:
            beside = (
                piece
                for piece in self.pieces
                if piece.page == start.page
                and last.x < piece.x < self.width
                and abs(piece.y - start.y) < _HEAD
                and begins(name, piece)
            )
            piece = min(beside, key=lambda piece: (abs(piece.y - start.y), piece.x), default=None)
            if piece is None:
                return found
            found, last = found + 1, piece
        return found


def begins(name: str, piece: Piece) -> bool:
    """Tell whether a piece is the name of a column, or its first line."""
    return bool(squeezed(piece.text)) and squeezed(name).startswith(squeezed(piece.text))


def squeezed(text: str) -> str:
    """Return a text without spaces, with ligatures taken apart."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def read_pdf(data: bytes) -> Printed:
    """Return what a PDF says."""
    reader = PdfReader(io.BytesIO(data))
    pieces = [piece for number, page in enumerate(reader.pages) for piece in _pieces(number, page)]
    return Printed(len(reader.pages), float(reader.pages[0].mediabox.width), pieces)


def _pieces(number: int, page: Any) -> Iterator[Piece]:  # noqa: ANN401 -- a page of pypdf
    found: list[Piece] = []

    def take(text: str, matrix: list[float], own: list[float], *_: object) -> None:
        if text.strip():
            x = own[4] * matrix[0] + own[5] * matrix[2] + matrix[4]
            y = own[4] * matrix[1] + own[5] * matrix[3] + matrix[5]
            found.append(Piece(number, x, y, text))

    page.extract_text(visitor_text=take)
    return iter(found)
