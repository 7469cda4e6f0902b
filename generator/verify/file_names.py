"""Names of files that mean the same file to everyone: on any disk, behind any server, in any terminal."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from generator.next_site import is_inside

_LONGEST: Final = 1000  #: letters of a path
_HIDDEN: Final = frozenset(
    {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
)  #: categories of what no terminal shows


def odd_name(path: str) -> str:
    """Return why a path is the name of no file of a site; empty when it may be one."""
    if not is_inside(path):
        return "leads out of the site, or is no path"
    if len(path) > _LONGEST:
        return f"has more than {_LONGEST} letters"
    if any(unicodedata.category(letter) in _HIDDEN for letter in path):
        return "has letters that cannot be shown"
    if unicodedata.normalize("NFKC", path) != path:
        return "has letters that look like others"
    if any(part != part.strip(" ").rstrip(".") for part in path.split("/")):
        return "has a part that begins or ends with a space, or ends with a dot"
    return ""


def name_problems(paths: Iterable[str]) -> Iterator[str]:
    """Yield each name that is odd, and each that differs from another one in case alone."""
    alike: dict[str, str] = {}
    for path in sorted(set(paths)):
        shown = repr(path[:200])
        if why := odd_name(path):
            yield f"{shown} {why}"
        other = alike.setdefault(unicodedata.normalize("NFKC", path).casefold(), path)
        if other != path:
            yield f"{shown} differs from {other[:200]!r} in case alone, and some disks hold only one of them"
