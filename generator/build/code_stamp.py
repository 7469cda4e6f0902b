"""What besides its inputs decides about the bytes of a site: our code, Python and the libraries."""

import sys
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

from generator.units.key import digest

#: Libraries whose version decides about the bytes of a site.
LIBRARIES: Final = ("jinja2", "markdown", "markupsafe", "matplotlib", "msgspec", "nh3")


def libraries() -> dict[str, str]:
    """Return the installed versions of what decides about bytes."""
    return {name: version(name) for name in LIBRARIES}


def code_stamp(versions: Mapping[str, str]) -> str:
    """Return the hash of Sunlit's code, the version of Python and those of the libraries."""
    top = Path(__file__).parents[1]
    files = sorted((path.relative_to(top).as_posix(), path) for path in top.rglob("*.py"))
    code = sha256()
    for name, path in files:
        code.update(f"{name}\0{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest(code.hexdigest(), sys.version, sorted(versions.items()))
