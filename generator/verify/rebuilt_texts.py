"""Files with other bytes than the ones made here of the same log: whether they state the same numbers."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from html import unescape
from typing import Final
from urllib.parse import unquote, urlsplit

from generator.pages.files import schema_path
from generator.publish import MANIFEST
from generator.verify.page_texts import KnownTexts
from generator.verify.results import CheckResult, checked, unchecked
from generator.verify.site_copy import LOG, SiteCopy

TEXTS: Final = "page-texts"
UNREAD: Final = "page-unread"
#: Pages that explain in words of their own version, which may hold numbers that are no figures.
EXPLAINING: Final = frozenset({"method/index.html", "verify/index.html"})
#: Kinds of files that a step of its own reads.
_DATA: Final = (".csv", ".json", ".jsonl")
#: What each project has, whichever version made the site.
_PROJECT_PAGE: Final = re.compile(r"p/[^/]+/index\.html")
_TAG: Final = re.compile(r"<[^<>]*>")


def check_texts(copy: SiteCopy, made: Mapping[str, bytes], *, same_paths: bool) -> Iterator[CheckResult]:
    """Yield whether texts state what ours do; with `same_paths` there must be no other file than ours."""
    texts = _Texts(copy, made)
    problems: list[str] = []
    unread: list[str] = []
    projects = {_folder(path) for path in made if _PROJECT_PAGE.fullmatch(path)}
    for path in sorted(copy.files.keys() | made.keys()):
        if copy.files.get(path) == made.get(path) or path == MANIFEST or path in copy.unread:
            continue
        if path in made and path not in copy.files and (same_paths or _PROJECT_PAGE.fullmatch(path)):
            problems.append(f"{path} is missing")
        elif path not in made and (same_paths or (path[:2] == "p/" and _folder(path) not in projects)):
            problems.append(f"{path} is not part of the site")
        if path in copy.files and not (path.endswith(_DATA) and _is_read_elsewhere(path, made)):
            found = [f"{path} {problem}" for problem in texts.unknown(path)]
            (unread if path in EXPLAINING else problems).extend(found)
            problems += (f"{path} {problem}" for problem in texts.forbidden(path))
            unread += (f"{path}: {thing}" for thing in texts.unread(path))
    yield checked(TEXTS, problems, len(copy.files))
    if unread:
        more = f", and {len(unread) - 5} more" if len(unread) > 5 else ""  # noqa: PLR2004 -- shown below
        yield unchecked(UNREAD, f"cannot be compared: {'; '.join(unread[:5])}{more}", wanted=True)


def _folder(path: str) -> str:
    return path.split("/", 2)[1]


def _is_read_elsewhere(path: str, made: Mapping[str, bytes]) -> bool:
    return path in made or path.endswith(".csv") or path.startswith((LOG, schema_path("").rpartition("/")[0]))


class _Texts:
    """Reads files by their kind, each against ours of the same path, else against all of ours."""

    def __init__(self, copy: SiteCopy, made: Mapping[str, bytes]) -> None:
        self._copy = copy
        self._made = made

    @cached_property
    def _all(self) -> KnownTexts:
        known = KnownTexts()
        for path, data in self._made.items():
            if path.endswith((".html", ".svg")):
                known.learn(data.decode())
        return known

    def _known(self, path: str) -> KnownTexts:
        if path not in self._made:
            return self._all
        known = KnownTexts()
        text = self._made[path].decode()
        if path.endswith((".html", ".svg")):
            known.learn(text)
        elif path.endswith(".css"):
            known.learn_style(text)
        else:
            known.learn_lines(_lines(text))
        return known

    def unknown(self, path: str) -> Iterator[str]:
        """Yield each number that a file states and ours does not."""
        text = self._text(path)
        known = self._known(path)
        if path.endswith((".html", ".svg")):
            yield from known.unknown_numbers(text)
        elif path.endswith(".css"):
            yield from known.unknown_in_style(text)
        elif path in self._made:
            yield from known.unknown_in_lines(_lines(text))
        else:
            yield from known.amounts(_lines(text))

    def forbidden(self, path: str) -> Iterator[str]:
        """Yield what no file of a report has, whichever version made it."""
        text = self._text(path)
        is_page = path.endswith((".html", ".svg"))
        if "\N{REPLACEMENT CHARACTER}" in text and (is_page or path.endswith(".css") or path in self._made):
            yield "is not UTF-8 text"
        if is_page:
            known = self._known(path)
            yield from known.forbidden_in_page(text)
            yield from self._dead_links(path, known.unknown_links(text))
        if path.endswith(".svg") and ("<!" in text or "<?" in text):
            yield "declares what no drawing of a report declares"

    def _text(self, path: str) -> str:
        return self._copy.files[path].decode(errors="replace")

    def unread(self, path: str) -> Iterator[str]:
        """Yield what a file may show that is not read."""
        text = self._text(path)
        if path.endswith((".html", ".svg")):
            yield from self._known(path).unread_in_page(text)
        elif path.endswith(".css"):
            yield from self._known(path).unread_in_style(text)
        elif path not in self._made:
            yield "a kind of file that this version does not write"

    def _dead_links(self, path: str, links: Iterator[str]) -> Iterator[str]:
        there = self._copy.files.keys() | self._copy.unread.keys()
        for link in links:
            target = urlsplit(link)
            inside = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(target.path)))
            wanted = f"{inside}/index.html" if target.path.endswith("/") else inside
            if not target.scheme and not target.netloc and target.path and wanted not in there:
                yield f"links to {link[:90]!r}, which the manifest does not list"


def _lines(text: str) -> list[str]:
    """Return the lines of a calendar, a feed or a text as a reader of it shows them."""
    unfolded = re.sub(r"\r?\n[ \t]|<!\[CDATA\[|\]\]>", "", text)
    return unescape(_TAG.sub(" ", unfolded)).splitlines()
