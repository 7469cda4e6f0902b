"""What besides its inputs decides about the bytes of a site: our code, Python and the libraries."""

import platform
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from generator.file_rows import FileRow, FileRows, rows_below

#: Libraries whose version decides about the bytes of a site.
LIBRARIES: Final = ("babel", "jinja2", "markdown", "markupsafe", "matplotlib", "msgspec", "nh3", "pillow")
#: How the folders end that say which version of a library is installed.
_INFO: Final = (".dist-info", ".egg-info")


def libraries() -> dict[str, str]:
    """Return the installed versions of what decides about bytes."""
    from importlib.metadata import version  # noqa: PLC0415 -- as long to import as a site is looked over

    return {name: version(name) for name in LIBRARIES}


def installed() -> list[str]:
    """Return name and version of everything that is installed, without opening a file."""
    folders = [Path(folder) for folder in dict.fromkeys(sys.path)]
    return [
        name
        for folder in folders
        if folder.is_dir()
        for name in sorted(path.name for path in folder.iterdir())
        if name.endswith(_INFO)
    ]


def code_rows(known: Mapping[str, FileRow]) -> FileRows:
    """Look over Sunlit's code, and the templates and texts that it ships."""
    top = Path(__file__).parents[1]
    rows = rows_below(top, known, "code/")
    if not (top / "_shipped").is_dir():  # a checkout
        rows |= rows_below(top.parent / "templates", known, "code/templates/")
        rows |= rows_below(top.parent / "content/pages", known, "code/content/pages/")
    return rows


def versions_here() -> dict[str, str]:
    """Return by name the version of each thing that decides about bytes, on any machine."""
    rows = rows_below(Path(__file__).parents[1], {})
    code = [(path, row.sha256) for path, row in sorted(rows.items()) if row and path.endswith(".py")]
    told = sha256(repr(code).encode()).hexdigest()
    return {"Sunlit": told, "Python": platform.python_version(), **libraries()}
