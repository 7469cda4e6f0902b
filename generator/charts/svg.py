"""A renderer on matplotlib's public `RendererBase` that writes small SVG for a style sheet.

An artist's gid is its class and its url is the id of the figure it shows. No
colour, font, id or style is written, so the bytes depend on neither fonts nor
settings and pass a content policy without ``unsafe-inline``.
"""

from collections.abc import Iterable
from html import escape
from typing import Any, Final

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Transform

_MOVE, _LINE, _CLOSE, _STOP = (int(code) for code in (Path.MOVETO, Path.LINETO, Path.CLOSEPOLY, Path.STOP))
_LETTERS: Final = {_MOVE: "M", _LINE: "L", int(Path.CURVE3): "Q", int(Path.CURVE4): "C"}
_ANCHORS: Final = {"left": "", "center": ' text-anchor="middle"', "right": ' text-anchor="end"'}


class ThemedSvg(RendererBase):
    """Collects SVG elements, in drawing order; sizes are pixels."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.marks: list[str] = []
        self._size = (width, height)
        self._kinds: list[str | None] = []

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return the size of the drawing."""
        return self._size

    def get_text_width_height_descent(
        self, s: str, prop: object, ismath: object
    ) -> tuple[float, float, float]:
        """Return nothing: text hangs on its anchor in the reader's font, which nobody can measure here."""
        del s, prop, ismath
        return 0, 0, 0

    def open_group(self, s: str, gid: str | None = None) -> None:
        """Remember the class of what follows."""
        del s
        self._kinds.append(gid)

    def close_group(self, s: str) -> None:
        """Forget it."""
        del s
        self._kinds.pop()

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: object = None,  # noqa: N803 -- matplotlib's own name
    ) -> None:
        """Write a path, straight steps as H and V; simplifying would slant them."""
        del rgbFace
        clean = path.cleaned(transform, remove_nans=True, simplify=False)
        points = (np.asarray(clean.vertices) * (1, -1) + (0, self._size[1])).round(2).tolist()
        codes = np.asarray(clean.codes).tolist()
        self._mark("path", gc, f'd="{_path_text(zip(codes, points, strict=True))}"/>')

    def draw_text(  # noqa: PLR0913, PLR0917 -- matplotlib's own signature
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: object,
        angle: float,
        ismath: Any = False,  # noqa: ANN401, FBT002 -- matplotlib's own signature
        mtext: Text | None = None,
    ) -> None:
        """Write one line of text on its anchor."""
        del prop
        if angle or ismath or mtext is None:
            msg = f"turned, mathematical or many-lined text: {s!r}"
            raise NotImplementedError(msg)
        anchor = _ANCHORS[str(mtext.get_horizontalalignment())]
        self._mark("text", gc, f'x="{_number(x)}" y="{_number(y)}"{anchor}>{escape(s)}</text>')

    def _mark(self, tag: str, gc: GraphicsContextBase, rest: str) -> None:
        kind = self._kinds[-1] if self._kinds else None
        if kind is None:
            msg = "every artist needs a gid: it is the class that the style sheet knows"
            raise ValueError(msg)
        figure = gc.get_url()
        source = f' data-figure="{escape(figure)}"' if figure else ""
        self.marks.append(f'<{tag} class="{kind}"{source} {rest}')


def _path_text(steps: Iterable[tuple[int, list[float]]]) -> str:
    words: list[str] = []
    before, at = _STOP, [0.0, 0.0]
    for code, point in steps:
        if code == _CLOSE:
            words.append("Z")
        elif code == _LINE and point[0] == at[0]:
            words.append(f"V{point[1]:g}")
        elif code == _LINE and point[1] == at[1]:
            words.append(f"H{point[0]:g}")
        elif code != _STOP:
            more = code == before and code not in (_MOVE, _LINE)
            words.append(f"{' ' if more else _LETTERS[code]}{point[0]:g} {point[1]:g}")
        before, at = code, point
    return "".join(words)


def _number(value: float) -> str:
    return f"{round(float(value), 2):g}"
