"""Pictures of others, made anew: nothing of the file that was given is published, only what it shows."""

import warnings
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

#: Pixels of one that is read; more would take a gigabyte of memory.
MOST_PIXELS: Final = 30_000_000
#: Pixels of the longer side of one that is published.
LONGEST_SIDE: Final = 1_600
_FORMATS: Final = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP"}


class PictureRefused(Exception):
    """A picture that cannot be published; its text follows the file's name."""


def made_anew(data: bytes, suffix: str) -> bytes:
    """Return a picture decoded and encoded again, in its own format, without what else its file held.

    Where it was taken and by whom goes; turned as its file says it is shown. Raise `PictureRefused`.
    """
    kind = _FORMATS[suffix]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its sizes are looked at here
            picture = Image.open(BytesIO(data), formats=[kind])
            if picture.width * picture.height > MOST_PIXELS:
                msg = f"has {picture.width} by {picture.height} pixels, over {MOST_PIXELS}: make it smaller"
                raise PictureRefused(msg)
            if getattr(picture, "n_frames", 1) > 1:
                msg = "is an animation: save one picture of it"
                raise PictureRefused(msg)
            shown = ImageOps.exif_transpose(picture)
    except (UnidentifiedImageError, OSError, ValueError, ArithmeticError, SyntaxError, EOFError) as error:
        msg = f"cannot be read as a picture ({str(error)[:80] or type(error).__name__}): save it anew"
        raise PictureRefused(msg) from error
    shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    has_alpha = shown.mode in {"RGBA", "LA", "PA"} or "transparency" in shown.info
    plain = shown.convert("RGBA" if has_alpha and kind != "JPEG" else "RGB")
    made = BytesIO()
    bare = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    bare.save(made, kind, **({"optimize": True} if kind == "PNG" else {"quality": 85}))
    return made.getvalue()
