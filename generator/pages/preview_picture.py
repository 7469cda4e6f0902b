"""The picture that other sites show for a project's address: 1200 x 630 pixels, with the day it is of."""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final

from generator.charts.labels import Anchor
from generator.charts.landscape import HEIGHT as LAND_HEIGHT
from generator.charts.landscape import landscape
from generator.charts.marks import CircleMark, LineMark, Mark, TextMark
from generator.charts.raster import Brush, drawable, picture, room
from generator.language import ENGLISH, Language
from generator.pages.preview import ProjectPreview
from generator.report import ProjectReport, Report
from generator.sentence import say
from generator.text_format import clean, shortened
from generator.wording import Shown, Word, Words, plain, said

WIDTH, HEIGHT = 1_200, 630
#: The drawn landscape stands on the right; text ends before it.
_LAND: Final = 800
_LEFT: Final = 64
_RIGHT: Final = 736
_FOOT: Final = 60  #: height of the line at the bottom
_SCALE: Final = HEIGHT / LAND_HEIGHT
_LINES: Final = 2  #: of a title
_FULL: Final = Decimal(100)
#: Sizes of a line, largest first.
_AMOUNT: Final = ("amount", "amount-small")
_OF: Final = ("of", "of-small", "of-least")

BRUSHES: Final = {
    "ground": Brush(colour="#ffffff"),
    "sky": Brush(colour="#f6f5f1"),
    "sun": Brush(colour="#f46a25"),
    "far": Brush(colour="#e4e2dc"),
    "mid": Brush(colour="#dedcd5"),
    "near": Brush(colour="#c3c1ba"),
    "furrow": Brush(colour="#ffffff", line=4),
    "rays": Brush(colour="#1a1a1a", line=3),
    "track": Brush(colour="#e4e2dc"),
    "done": Brush(colour="#12436d"),
    "goal": Brush(colour="#1a1a1a"),
    "foot": Brush(colour="#f6f5f1"),
    "demo": Brush(colour="#fff3cf"),
    "site": Brush(colour="#1a1a1a", size=26),
    "title": Brush(colour="#1a1a1a", size=46, bold=True),
    "amount": Brush(colour="#1a1a1a", size=76, bold=True),
    "amount-small": Brush(colour="#1a1a1a", size=58, bold=True),
    "of": Brush(colour="#595959", size=30),
    "of-small": Brush(colour="#595959", size=24),
    "of-least": Brush(colour="#595959", size=19),
    "state": Brush(colour="#1a1a1a", size=34, bold=True),
    "quiet": Brush(colour="#595959", size=26),
    "note": Brush(colour="#1a1a1a", size=24),
}


def preview_path(slug: str) -> str:
    """Return where the picture stands."""
    return f"p/{slug}/preview.png"


def preview_file(report: Report, project: ProjectReport, language: Language = ENGLISH) -> dict[str, bytes]:
    """Return the picture of a project that has extras, by its path."""
    if not project.has_extras:
        return {}
    return {preview_path(project.slug): _drawn(tuple(preview_marks(report, project, language)))}


@lru_cache(maxsize=64)  # whoever looks at several sites of a project draws it once
def _drawn(marks: tuple[Mark, ...]) -> bytes:
    return picture(marks, width=WIDTH, height=HEIGHT, brushes=BRUSHES).png()


def preview_marks(report: Report, project: ProjectReport, language: Language = ENGLISH) -> Iterator[Mark]:
    """Yield what is drawn, in pixels from below left; each number names its figure."""
    preview = ProjectPreview.of(report, project)
    yield from _land(project.slug)
    yield _rectangle("ground", 0, 0, _LAND, HEIGHT)
    yield from _brand()
    yield _text("site", _fitting(report.title, "site", _RIGHT - 120), 120, 544)
    for number, line in enumerate(title_lines(preview.title, project.slug)):
        yield _text("title", line, _LEFT, 466 - 56 * number)
    yield from _amount(preview, language)
    yield from _line("state", _state(preview), (_LEFT, 140), language)
    yield _text("quiet", plain(preview.evidence, language), _LEFT, 98)
    yield _rectangle("demo" if preview.world else "foot", 0, 0, WIDTH, _FOOT)
    foot = filter(None, (plain(preview.as_of, language), plain(preview.world, language)))
    yield _text("note", " · ".join(foot), _LEFT, 20)


def title_lines(title: str, slug: str) -> list[str]:
    """Break a title into two lines at most; what does not fit ends in an ellipsis.

    The slug stands for a title of which the font has no letter.
    """
    words = (drawable(shortened(clean(title))) or slug).split()
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if room(longer, BRUSHES["title"]) <= _RIGHT - _LEFT or not lines[-1]:
            lines[-1] = longer
        elif len(lines) < _LINES:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]}…"
            break
    return [_fitting(line, "title", _RIGHT - _LEFT) for line in lines]


def _fitting(words: str, kind: str, width: float) -> str:
    """Return a line cut to what fits into a width: by whole words, one that is too long by letters."""
    words = drawable(shortened(clean(words)))
    if room(words, BRUSHES[kind]) <= width:
        return words
    while words and room(f"{words}…", BRUSHES[kind]) > width:
        words = words.rpartition(" ")[0] or words[:-1]
    return f"{words.rstrip('… ')}…"


def _amount(preview: ProjectPreview, language: Language) -> Iterator[Mark]:
    """Yield what came, what was asked for, and the bar between them."""
    if preview.amount is None:
        unknown = say("Not known yet")
        yield from _line(_largest(_AMOUNT, unknown, language), unknown, (_LEFT, 306), language)
        return
    yield from _line(_largest(_AMOUNT, preview.amount, language), preview.amount, (_LEFT, 306), language)
    rest = preview.sats or preview.rest
    words = (_asked(preview), " · ", rest) if rest else (_asked(preview),)
    yield from _line(_largest(_OF, words, language), words, (_LEFT, 256), language)
    if preview.goal is None or preview.share is None:
        return
    share = Decimal(preview.share.figure.value or 0)
    width = (_RIGHT - _LEFT) / float(max(share, _FULL))
    done, goal = _LEFT + width * float(share), _LEFT + width * float(_FULL)
    yield _rectangle("track", _LEFT, 198, _RIGHT, 230)
    yield _rectangle("done", _LEFT, 198, done, 230)
    if share > _FULL:
        yield _rectangle("ground", goal - 6, 198, goal + 4, 230)
    yield _rectangle("goal", goal - 3, 186, goal + 1, 242)


def _asked(preview: ProjectPreview) -> Word:
    """Say what was asked for, and in which period; only that it was raised where nothing was."""
    if preview.goal is None:
        return say("raised")
    if preview.period:
        return say("{period}, of {goal}", period=preview.period, goal=preview.goal)
    return say("raised of {goal}", goal=preview.goal)


def _largest(kinds: tuple[str, ...], words: Word | Words, language: Language) -> str:
    """Return the largest size in which a line stays beside the picture, else the least."""
    *larger, least = kinds
    texts = [plain(word, language) for word in said(words, language)]
    fits = (kind for kind in larger if sum(room(text, BRUSHES[kind]) for text in texts) <= _RIGHT - _LEFT)
    return next(fits, least)


def _state(preview: ProjectPreview) -> Words:
    if preview.share is None:
        return (preview.state,) if preview.state else ()
    return (preview.share, " · ", preview.state)


def _line(kind: str, words: Word | Words, at: tuple[float, float], language: Language) -> Iterator[Mark]:
    """Yield a line piece by piece, so that each number names its figure."""
    x, y = at
    for word in said(words, language):
        figure = word.figure.id if isinstance(word, Shown) else ""
        mark = TextMark(kind, plain(word, language), Anchor(x, y), figure)
        yield mark
        x += room(mark.words, BRUSHES[kind])


def _text(kind: str, words: str, x: float, y: float) -> TextMark:
    return TextMark(kind, words, Anchor(x, y), "")


def _rectangle(kind: str, x0: float, y0: float, x1: float, y1: float) -> Mark:
    return LineMark(kind, (((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)),))


def _land(slug: str) -> Iterator[Mark]:
    """Yield the project's landscape, of which the part with the sun is seen."""
    marks = landscape(slug)
    sun = next(mark.middle[0] for mark in marks if isinstance(mark, CircleMark))
    left = min(max(sun - 63, 0), 320 - (WIDTH - _LAND) / _SCALE)
    for mark in marks:
        match mark:
            case LineMark(kind=kind, lines=lines):
                moved = tuple(
                    tuple((_LAND + (x - left) * _SCALE, y * _SCALE) for x, y in line) for line in lines
                )
                yield LineMark(kind, moved)
            case CircleMark(kind=kind, middle=(x, y), radius=radius):
                middle = (_LAND + (x - left) * _SCALE, y * _SCALE)
                yield CircleMark(kind, middle, radius * _SCALE)
            case _:
                pass


def _brand() -> Iterator[Mark]:
    """Yield the rising sun beside the site's name."""
    yield CircleMark("sun", (84, 550), 13)
    yield _rectangle("ground", 64, 530, 104, 550)
    yield LineMark("rays", (((65, 546), (103, 546)), ((84, 570), (84, 577))))
    yield LineMark("rays", (((66, 566), (71, 561)), ((102, 566), (97, 561))))
