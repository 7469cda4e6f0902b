"""What the maintainer writes, and templates, read from disk as values.

The default templates travel inside the wheel; in a checkout they are the
repository's own `templates/`. A file of the same name in `content/theme/`, or in
a `templates/` of the site's own, takes the place of a default one.
"""

import codecs
import errno
import os
from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from stat import S_ISREG
from typing import Final

import msgspec

from generator.errors import ConfigError, Problem
from generator.pictures import PictureRefused, made_anew
from generator.report.statements.edition import Edition, decode_edition
from generator.static_files import LARGEST, file_fault, is_picture
from generator.themes import theme_fault, with_theme

#: Where templates of a site's own lie; the first is Sunlit's own folder in a checkout of it.
THEME_FOLDERS: Final = ("templates", "content/theme")
NOTES: Final = "content/notes.yaml"
#: Bytes of a file that the configuration names: ten years of rates in a hundred currencies are half of it.
LARGEST_NAMED: Final = 32 * 2**20
#: Bytes that most files have fewer of.
_SMALL: Final = 2**16


def default_templates() -> dict[str, bytes]:
    """Return the templates that Sunlit ships, by relative path."""
    return _tree(_shipped("templates"))


def default_pages() -> dict[str, str]:
    """Return the content pages that Sunlit ships, by name without ``.md``."""
    return _pages(_shipped("content/pages"))


def theme(root: Path) -> dict[str, bytes]:
    """Return the templates of a site's own, by name: those that are not byte for byte Sunlit's.

    Raise `ConfigError` for one that is no text, or no part of a theme.
    """
    found: dict[str, bytes] = {}
    for own in themes(root).values():
        found |= own
    return found


def themes(root: Path) -> dict[str, dict[str, bytes]]:
    """Return the same by the folder that each stands in, the one that wins last; raise as `theme` does."""
    shipped, found = default_templates(), dict[str, dict[str, bytes]]()
    for place in THEME_FOLDERS:
        folder = root / place
        tree = _tree(folder) if folder.is_dir() else {}
        own = {name: data for name, data in tree.items() if shipped.get(name) != data}
        if fault := theme_fault(own):
            raise ConfigError(Problem(file=f"{place}/{fault[0]}", path="", message=fault[1], code="template"))
        for name, data in own.items():
            text_of(f"{place}/{name}", data, "template")
        found[place] = own
    return found


def theme_file(root: Path, name: str) -> str | None:
    """Return the path of the file that a template of a site's own would stand in, None if there is none."""
    return next(
        (f"{place}/{name}" for place in reversed(THEME_FOLDERS) if (root / place / name).is_file()), None
    )


def templates(root: Path) -> dict[str, bytes]:
    """Return the templates of a site: Sunlit's, some replaced by its own; raise as `theme` does."""
    return with_theme(default_templates(), theme(root))


def pages(root: Path) -> dict[str, str]:
    """Return the Markdown pages of a site, by name; raise `ConfigError` for one that is no text."""
    own = root / "content" / "pages"
    return default_pages() | (_pages(own) if own.is_dir() else {})


def editions(folder: Path) -> dict[str, Edition]:
    """Return the editions of a site by month; raise `ConfigError` for a file that is none."""
    found: dict[str, Edition] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            edition = found[path.stem] = decode_edition(plain_bytes(path))
            why = "" if edition.month == path.stem else f"it is the edition of {edition.month}"
        except (msgspec.MsgspecError, ValueError) as error:
            why = str(error)
        if why:
            file = f"{folder.parent.name}/{folder.name}/{path.name}"
            message = f"{why}; restore the file from git, or take it away to have it made again"
            raise ConfigError(Problem(file=file, path="", message=message, code="edition"))
    return found


def notes(root: Path) -> str:
    """Return the text of the file with the maintainer's notes, empty if there is none."""
    path = root / NOTES
    try:
        return text_of(NOTES, plain_bytes(path), "note")
    except FileNotFoundError:
        return ""


def static_files(root: Path) -> dict[str, bytes]:
    """Return the pictures, made anew, and files that pages may show; raise `ConfigError` for every fault."""
    folder = root / "content/static"
    found, problems = _tree(folder, most=LARGEST) if folder.is_dir() else {}, list[Problem]()
    for path, data in found.items():
        fault = file_fault(path, data)
        try:
            if not fault and is_picture(path):
                found[path] = made_anew(data, path.rpartition(".")[2])
        except PictureRefused as error:
            fault = str(error)
        if fault:
            file = f"content/static/{path}"
            problems.append(Problem(file=file, path="", message=f"this file {fault}", code="static"))
    if problems:
        raise ConfigError(*problems)
    return found


def plain_bytes(path: Path, most: int = LARGEST_NAMED) -> bytes:
    """Read a file; raise `OSError` for what is none and may never end, and for more than `most` bytes."""
    if not S_ISREG((status := path.stat()).st_mode):
        raise OSError(errno.EINVAL, "it is no plain file")
    if status.st_size > most:
        raise OSError(errno.EFBIG, f"it is longer than {most} bytes")
    return path.read_bytes()


def refuse_foreign(root: Path) -> None:
    """Raise `ConfigError` naming what beside `config.yaml` is published and no file of the repository.

    What stands there is published: a link could show what the machine that builds keeps for itself.
    """
    tops = [root / name for name in ("content", "templates", "languages") if os.path.lexists(root / name)]
    problems = tuple(_foreign(tops, root, root.resolve(), frozenset(), straight=True))
    if problems:
        raise ConfigError(*problems)


def _foreign(
    items: Iterable[Path], root: Path, home: Path, above: frozenset[Path], *, straight: bool
) -> Iterator[Problem]:
    """Yield what is wrong with the items of a folder, which is `straight` where no link leads to it."""
    for item in sorted(items):
        if straight and S_ISREG(item.lstat().st_mode) and item.name.isprintable():
            continue  # a file of its own, where it stands
        place = item.relative_to(root)
        real = Path(os.path.realpath(item))  # which raises for nothing, not for loops
        if why := _why_foreign(item, place, real, home, above):
            file = str(place) if str(place).isprintable() else ascii(str(place))
            yield Problem(file=file, path="", message=why, code="link")
        elif item.is_dir():
            kept = straight and real == home / place
            yield from _foreign(item.iterdir(), root, home, above | {real}, straight=kept)


def _why_foreign(item: Path, place: Path, real: Path, home: Path, above: frozenset[Path]) -> str:
    """Return what is wrong with an item that is found at `real`, below the folders `above`."""
    if not item.name.isprintable():
        return "has a name that cannot be shown: rename it"
    if not real.is_relative_to(home):
        return f"leads to {real}, outside of this repository: put a copy there instead of a link"
    if real != home / place and _is_hidden(real.relative_to(home)):
        return f"leads to {real}, which is not for publishing: put a copy there instead of a link"
    if not real.exists():
        return "leads to nothing: take the link away"
    if real in above:
        return f"leads back to {real}: take the link away"
    return "" if item.is_dir() or item.is_file() else "is no file: take it away"


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _shipped(name: str) -> Traversable:
    inside = files("generator").joinpath("_shipped", *name.split("/"))
    if inside.is_dir():
        return inside
    return Path(__file__).parent.parent.joinpath(*name.split("/"))


def _tree(folder: Traversable, prefix: str = "", most: int = LARGEST_NAMED) -> dict[str, bytes]:
    """Read the files of a folder by their paths in it, one byte more than `most` of each."""
    found: dict[str, bytes] = {}
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.name.startswith("."):
            continue
        if item.is_dir():
            found |= _tree(item, f"{prefix}{item.name}/", most)
        else:
            with item.open("rb") as file:
                begin = file.read(_SMALL)  # of what is asked for, Python makes room for all
                rest = file.read(most + 1 - _SMALL) if len(begin) == _SMALL else b""
                found[prefix + item.name] = begin + rest
    return found


def _pages(folder: Traversable) -> dict[str, str]:
    found = _tree(folder)
    if other := next((name for name in found if not name.endswith(".md")), None):
        message = "is no page: its name must end with .md; pictures and files belong into content/static"
        raise ConfigError(
            Problem(file=f"content/pages/{other}", path="", message=f"this file {message}", code="page")
        )
    return {
        name.removesuffix(".md"): text_of(f"content/pages/{name}", data, "page")
        for name, data in found.items()
    }


def text_of(file: str, data: bytes, code: str) -> str:
    """Return the text of a file; raise `ConfigError` with its line where it is no UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode()) + 1
        wide = data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        what = (
            "it is UTF-16, which some editors call Unicode"
            if wide
            else "a letter here was saved in another way"
        )
        message = f"not UTF-8 text: {what}; save the file as UTF-8"
        problem = Problem(file=file, line=line, column=column, path="", message=message, code=code)
        raise ConfigError(problem) from None
