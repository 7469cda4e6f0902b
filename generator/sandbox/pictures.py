"""Pictures of projects, drawn here and served as a founder's own web page would serve them."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PIL import Image, ImageDraw
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.sandbox.listening import listening

#: The lasting name under which they are served; see `World.hosts`.
HOST: Final = "http://pictures.sandbox.test"
_SIZE: Final = (1280, 640)
_SUN: Final = (1010, 60, 1150, 200)
Shape = tuple[str, str, tuple[int, ...]]  #: how it is drawn, its colour, and its coordinates


def _rows(colour: str, xs: range, top: int, bottom: int, width: int, lean: int = 0) -> tuple[Shape, ...]:
    """Return upright pieces beside one another, all leaning the same way."""
    return tuple(
        ("polygon", colour, (x + lean, top, x + lean + width, top, x + width, bottom, x, bottom)) for x in xs
    )


#: slug → from the farthest to the nearest shape
SCENES: Final[dict[str, tuple[Shape, ...]]] = {
    "solar-roof": (
        ("rectangle", "#cfe3ee", (0, 0, *_SIZE)),
        ("ellipse", "#f2b64b", _SUN),
        ("polygon", "#7fa36b", (0, 470, 420, 380, 860, 450, 1280, 390, 1280, 640, 0, 640)),
        ("rectangle", "#b5533c", (250, 360, 980, 580)),
        ("polygon", "#5b4636", (200, 370, 330, 200, 1030, 200, 1030, 370)),
        *_rows("#1d3557", range(270, 960, 115), 225, 345, 95, lean=60),
        *_rows("#f4e9d0", range(300, 940, 110), 420, 500, 60),
        ("polygon", "#4d7345", (0, 580, 640, 560, 1280, 585, 1280, 640, 0, 640)),
    ),
    "garden": (
        ("rectangle", "#dcebf1", (0, 0, *_SIZE)),
        ("ellipse", "#f2c14e", _SUN),
        ("polygon", "#9dbb7d", (0, 330, 380, 250, 800, 320, 1280, 260, 1280, 640, 0, 640)),
        ("polygon", "#6b4f3a", (0, 430, 1280, 400, 1280, 640, 0, 640)),
        *_rows("#3f7d3a", range(60, 1200, 150), 420, 640, 70, lean=30),
        ("rectangle", "#8d6748", (140, 250, 300, 400)),
        ("polygon", "#5b4636", (115, 260, 220, 180, 325, 260)),
    ),
    "makers-hall": (
        ("rectangle", "#e4e0d6", (0, 0, *_SIZE)),
        ("polygon", "#8a8f98", (120, 300, 120, 180, 320, 300, 320, 180, 520, 300, 520, 180, 720, 300)),
        ("rectangle", "#a24a38", (120, 300, 1160, 590)),
        *_rows("#f2d39b", range(180, 1100, 130), 350, 450, 80),
        ("rectangle", "#3a3f47", (560, 460, 700, 590)),
        ("rectangle", "#77797c", (0, 590, 1280, 640)),
    ),
}


def address_of(slug: str) -> str:
    """Return where a project's picture is, empty of one that has none."""
    return f"{HOST}/{slug}.png" if slug in SCENES else ""


def drawn(slug: str) -> bytes:
    """Return a picture as a PNG file."""
    picture = Image.new("RGB", _SIZE)
    brush = ImageDraw.Draw(picture)
    for kind, colour, places in SCENES[slug]:
        getattr(brush, kind)(places, fill=colour)
    with io.BytesIO() as file:
        picture.save(file, "PNG")
        return file.getvalue()


@contextmanager
def serve_pictures() -> Iterator[str]:
    """Serve every picture on loopback while the block runs; give the base address."""

    async def answer(request: Request) -> Response:
        slug = request.path_params["slug"]
        if slug not in SCENES:
            return Response(status_code=404)
        return Response(drawn(slug), media_type="image/png")

    with listening(Starlette(routes=[Route("/{slug}.png", answer)]), name="pictures") as url:
        yield url
