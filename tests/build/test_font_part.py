"""The part of matplotlib that sets text works without the rest, and beside it."""

from tests.support.loaded_modules import loaded

ALONE = "from generator.build.font_part import import_font_part; import_font_part()"
DRAW = """\
from generator.charts.labels import Anchor
from generator.charts.marks import TextMark
from generator.charts.raster import Brush, picture
texts = ("Well 42", "\u0645\u0643\u062a\u0628\u0629")
marks = [TextMark("note", words, Anchor(5, 9, "left"), "") for words in texts]
drawn = picture(marks, width=120, height=40, brushes={"note": Brush(colour="#123456", size=20, bold=True)})
"""
PLAIN = """\
from matplotlib.figure import Figure
from matplotlib.backends.backend_agg import FigureCanvasAgg
figure = Figure()
FigureCanvasAgg(figure)
figure.text(0.5, 0.5, "Well 42")
figure.canvas.draw()
"""


def told(code: str) -> list[str]:
    """Run code that may have several lines; return the names of modules and what it printed before."""
    return loaded(f"exec({code!r})")


def test_text_is_set_without_the_library_around_it() -> None:
    found = told(f"{ALONE}\n{DRAW}")
    assert "matplotlib.ft2font" in found
    assert "matplotlib" not in found


def test_text_is_set_alike_alone_and_in_the_library() -> None:
    tell = "import hashlib, sys; sys.modules['drawn ' + hashlib.sha256(drawn.png()).hexdigest()] = None"
    alone, whole = told(f"{ALONE}\n{DRAW}\n{tell}"), told(f"{DRAW}\n{tell}")
    assert "matplotlib" in whole
    assert alone[alone.index("drawn") :] == whole[whole.index("drawn") :]


def test_the_library_works_after_its_part_was_imported_alone() -> None:
    assert "matplotlib.figure" in told(f"{ALONE}\n{DRAW}\n{PLAIN}")


def test_nothing_is_imported_anew_where_the_library_is_there() -> None:
    same = "from matplotlib import ft2font; import sys; assert sys.modules['matplotlib.ft2font'] is ft2font"
    assert "matplotlib" in told(f"import matplotlib\n{ALONE}\n{same}\n{DRAW}")
