"""Makes one picture of anybody's small, in a process of its own: `python -I -m` it, bytes in, WebP out.

What unpacks a stranger's picture may be led astray by it, so it runs without secrets, with bounds on memory
and time, and its parent judges what comes out by `generator.webp`. A word on standard error says why nothing
came out.
"""

import io
import sys
from contextlib import suppress
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError, WebPImagePlugin  # noqa: F401 -- or all are loaded

from generator.webp import MOST_BYTES, MOST_HEIGHT, MOST_WIDTH

#: What is read; SVG, PDF and films are not.
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
#: Pixels of what is read: a camera's 24 million.
MOST_PIXELS: Final = 25_000_000
#: Bytes of memory, and seconds of the processor.
MEMORY: Final = 1 << 30
TIME_S: Final = 10
#: What this process ends with when it says why nothing came out.
REFUSED: Final = 3
_QUALITIES: Final = (80, 65, 50, 35, 20, 10)
_WHITE: Final = (255, 255, 255, 255)


def made_small(data: bytes) -> bytes:
    """Return the picture as WebP; raise `ValueError` with a phrase for one that cannot be taken."""
    Image.MAX_IMAGE_PIXELS = None  # it is asked here, before a pixel is unpacked
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as found:
            width, height = found.size
            if width * height > MOST_PIXELS:
                msg = f"it has {width} x {height} pixels, at most {MOST_PIXELS} are taken"
                raise ValueError(msg)
            found.draft("RGB", (2 * MOST_WIDTH, 2 * MOST_HEIGHT))  # a JPEG is unpacked at half size and less
            small = ImageOps.contain(
                ImageOps.exif_transpose(found).convert("RGBA"), (MOST_WIDTH, MOST_HEIGHT)
            )
    except UnidentifiedImageError:
        msg = f"it is none of {', '.join(FORMATS)}"
        raise ValueError(msg) from None
    except (OSError, SyntaxError, MemoryError, EOFError, OverflowError) as error:
        msg = f"it is damaged ({type(error).__name__})"
        raise ValueError(msg) from error
    ground = Image.new("RGBA", small.size, _WHITE)
    ground.alpha_composite(small)
    return _packed(ground.convert("RGB"))


def _packed(picture: Image.Image) -> bytes:
    for quality in _QUALITIES:
        with io.BytesIO() as file:
            picture.save(file, "WEBP", quality=quality, method=6)
            if file.tell() <= MOST_BYTES:
                return file.getvalue()
    msg = f"it cannot be made smaller than {MOST_BYTES} bytes"
    raise ValueError(msg)


def main() -> int:
    """Read a picture from standard input; return 0 once a small one is written, else `REFUSED`."""
    _limit()
    try:
        sys.stdout.buffer.write(made_small(sys.stdin.buffer.read()))
    except ValueError as error:
        sys.stderr.write(str(error))
        return REFUSED
    return 0


def _limit() -> None:
    """Set what the system can hold this process to; on Windows the caller's patience is all there is."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 -- not there on Windows

    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, TIME_S)):
        with suppress(ValueError, OSError):  # a system that has other bounds of its own
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    sys.exit(main())
