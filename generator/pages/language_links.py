"""Where a page stands in each language, and how a page of a further language leads to what exists once."""

import re
from collections.abc import Callable
from typing import Final, Self

import msgspec

from generator.language import Language

#: A link or source of a page; those that name their language are right already.
_LINK: Final = re.compile(r'(?P<own> hreflang="[^"]*")? (?P<name>href|src)="(?P<way>[^"]*)"')
#: What leads out of the site, into the page itself, or is absolute.
_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]*:|#|/|$")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One language's copy of a page."""

    language: Language
    path: str

    @classmethod
    def of(cls, path: str, language: Language, first: Language) -> Self:
        """Return where the page at `path` of the first language stands in another."""
        return cls(language=language, path=folder_of(language, first) + path)

    def way_from(self, path: str) -> str:
        """Return the relative way here from the page at a path."""
        return "../" * path.count("/") + self.path


def folder_of(language: Language, first: Language) -> str:
    """Return the folder of a language: ``de/``, nothing for the first."""
    return "" if language.code == first.code else f"{language.code}/"


def led(html: str, path: str, folder: str, is_once: Callable[[str], bool]) -> str:
    """Return the page at `path`, as written for the first language, with the ways it has from a folder.

    Pages lead to pages of the same folder, unless `is_once` says of their path that they exist once; files
    stand at the top.
    """
    up = "../" * (path.count("/") + folder.count("/"))

    def way(match: re.Match[str]) -> str:
        to = match["way"]
        if match["own"] or _ELSEWHERE.match(to):
            return match[0]
        target, mark, part = to.partition("#")
        found = _joined(path, target)
        if (found.endswith((".html", "/")) and not is_once(found)) or not found:
            return match[0]
        return f' {match["name"]}="{up}{found}{mark}{part}"'

    return _LINK.sub(way, html)


def _joined(path: str, way: str) -> str:
    """Return the path that a relative way leads to from the page at `path`."""
    parts = path.split("/")[:-1]
    for part in way.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
