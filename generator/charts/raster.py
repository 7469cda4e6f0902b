"""Marks as pixels: for previews elsewhere, which show no SVG.

Areas are drawn several times larger and made smaller, so that edges are smooth. Text is set by the bundled
font, letters of right-to-left scripts too; no setting, system font or cache of fonts is read.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import matplotlib as mpl
import msgspec
from matplotlib.ft2font import FT2Font, LoadFlags
from PIL import Image, ImageColor, ImageDraw

from generator.charts.labels import Pixel
from generator.charts.marks import CircleMark, LineMark, Mark, StepMark, TextMark
from generator.png import Picture

_FINE: Final = 2  #: how many times larger areas are drawn
_STEPS: Final = 4  #: from the colour of a letter to white
_DPI: Final = 72  #: so that a point is a pixel
_SUBPIXELS: Final = 64  #: in which a font measures
_ALIGN: Final = {"left": 0.0, "center": 0.5, "right": 1.0}


class Brush(msgspec.Struct, frozen=True, kw_only=True):
    """How a kind of mark looks."""

    colour: str  #: ``#12436d``
    line: float = 0  #: width of a line; areas have none
    size: float = 0  #: of text
    bold: bool = False


def picture(marks: Sequence[Mark], *, width: int, height: int, brushes: Mapping[str, Brush]) -> Picture:
    """Return a drawing as a picture with a palette; text stands above everything else."""
    fine = Image.new("RGB", (width * _FINE, height * _FINE), "#fff")
    draw = ImageDraw.Draw(fine)
    for mark in marks:
        if not isinstance(mark, TextMark):
            _area(draw, mark, brushes[mark.kind], height)
    whole = fine.reduce(_FINE)
    for mark in marks:
        if isinstance(mark, TextMark):
            _text(whole, mark, brushes[mark.kind])
    colours = _palette(tuple(brushes.values()))
    indexed = whole.quantize(palette=colours, dither=Image.Dither.NONE)
    last = max(colour for colour, count in enumerate(indexed.histogram()) if count)
    palette = bytes(indexed.getpalette() or ())[: 3 * (last + 1)]
    return Picture(width=width, height=height, pixels=indexed.tobytes(), palette=palette)


@lru_cache
def _palette(brushes: tuple[Brush, ...]) -> Image.Image:
    """Return the colours of brushes, and steps from those of lines and letters to white, for their edges.

    So few colours make a file a third as large. They are the same for all pictures: one that changed
    by a word keeps the colours of the rest.
    """
    flat = dict.fromkeys(ImageColor.getrgb(brush.colour) for brush in brushes)
    thin = dict.fromkeys(ImageColor.getrgb(brush.colour) for brush in brushes if brush.line or brush.size)
    edges = (
        tuple(255 - (255 - part) * step // _STEPS for part in colour)
        for colour in thin
        for step in range(1, _STEPS)
    )
    colours = list(dict.fromkeys((*flat, *edges)))
    found = Image.new("P", (1, 1))
    found.putpalette([part for colour in colours for part in colour])
    return found


@lru_cache(maxsize=512)  # a title is measured for each picture, also for one that was drawn before
def room(words: str, brush: Brush) -> float:
    """Return how many pixels a line of text takes."""
    return _set(words, brush).get_width_height()[0] / _SUBPIXELS


def drawable(words: str) -> str:
    """Return a text without the letters that the font does not have, such as emoji."""
    known = _font(bold=False).get_char_index
    return " ".join("".join(letter if known(ord(letter)) else " " for letter in words).split())


def _area(draw: ImageDraw.ImageDraw, mark: Mark, brush: Brush, height: int) -> None:
    match mark:
        case CircleMark(middle=(x, y), radius=radius):
            low, high = _fine((x - radius, y + radius), height), _fine((x + radius, y - radius), height)
            draw.ellipse((*low, *high), fill=brush.colour)
        case LineMark(lines=lines) if brush.line:
            for line in lines:
                points = [_fine(point, height) for point in line]
                draw.line(points, fill=brush.colour, width=round(brush.line * _FINE))
        case LineMark(lines=lines):
            for line in lines:
                draw.polygon([_fine(point, height) for point in line], fill=brush.colour)
        case StepMark() | TextMark():
            msg = f"{type(mark).__name__} is no area"
            raise TypeError(msg)


def _fine(point: Pixel, height: int) -> tuple[float, float]:
    return point[0] * _FINE, (height - point[1]) * _FINE


def _text(whole: Image.Image, mark: TextMark, brush: Brush) -> None:
    font = _set(mark.words, brush)
    font.draw_glyphs_to_bitmap(antialiased=True)
    shape = Image.fromarray(font.get_image())
    beside, _ = font.get_bitmap_offset()
    left = mark.anchor.x + beside / _SUBPIXELS - _ALIGN[mark.anchor.side] * shape.width
    above = font.get_width_height()[1] - font.get_descent()
    base = int(above / _SUBPIXELS + 1)  # the row on which letters stand, as FT2Font draws them
    whole.paste(brush.colour, (round(left), round(whole.height - mark.anchor.y) - base), shape)


def _set(words: str, brush: Brush) -> FT2Font:
    font = _font(bold=brush.bold)
    font.set_size(brush.size, _DPI)
    font.set_text(words, 0.0, flags=LoadFlags.NO_HINTING)
    return font


@lru_cache
def _font(*, bold: bool) -> FT2Font:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FT2Font(f"{mpl.get_data_path()}/fonts/ttf/{name}")
