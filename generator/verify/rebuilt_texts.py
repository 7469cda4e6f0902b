"""Files with other bytes than the ones made here of the same log: whether they state the same numbers."""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Final
from urllib.parse import unquote, urlsplit

from generator.manifest import MANIFEST
from generator.verify.dated_items import dated_items
from generator.verify.page_labels import names_of
from generator.verify.page_reader import read_page
from generator.verify.page_texts import KnownTexts
from generator.verify.results import CheckResult, checked, unchecked
from generator.verify.site_copy import LOG, SiteCopy
from generator.verify.strict_json import read_json
from generator.verify.warning_texts import lacks_warning, warning_in

TEXTS: Final = "page-texts"
UNREAD: Final = "page-unread"
LINKS: Final = "page-links"
#: Pages that explain in words of their own version, which may hold numbers that are no figures.
EXPLAINING: Final = frozenset({"method/index.html", "verify/index.html"})
#: Kinds of files that a step of its own reads.
_DATA: Final = (".csv", ".json", ".jsonl")
#: What shows no text that could be read.
PICTURES: Final = (".png", ".webp", ".jpg", ".jpeg")
_PROJECT_PAGE: Final = re.compile(r"p/[^/]+/index\.html")
#: In each language: what a site is about, where outages stand, and what nobody can tell from it alone.
_NEVER_LACKING: Final = re.compile(
    r"(?:[a-z]{2}(?:-[A-Za-z]{2})?/)?(?:(?:health|verify|p/[^/]+)/)?index\.html"
)
#: What others show of a project, outside of its folder.
_ELSEWHERE: Final = re.compile(r"(?:badge|embed)/([^/]+?)(?:/[^/]+|\.html|\.json)")
#: What another reader of XML would take for more than its text, or in another coding.
_DECLARED: Final = re.compile(r'<!(?!\[CDATA\[)|<\?(?!xml version="1\.0" encoding="(?i:utf-8)"\?>)')
_TAG: Final = re.compile(r"<[^<>]*>")


#: With the host that it names.
_ADDRESS: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/\"'<>]*")


def _folder(path: str) -> str:
    return path.split("/", 2)[1]


def _project(path: str) -> str:
    """Return of which project a file is; empty for one of none, and for the style of cards."""
    elsewhere = _ELSEWHERE.fullmatch(path)
    return _folder(path) if path.startswith("p/") else elsewhere[1] if elsewhere else ""


def _is_read_elsewhere(path: str, ours: bytes | None) -> bool:
    if path.startswith(LOG):
        return False  # the log as it is published is no data of these kinds
    return (ours is not None and path.rpartition("/")[2] != "feed.json") or path.endswith(".csv")


class RebuiltTexts:
    """Takes the files that differ, one after another, and says what they state that ours do not.

    `again` makes all files once more, for what has no counterpart; with `same_paths` there must be none.
    """

    def __init__(
        self, copy: SiteCopy, again: Callable[[], Iterable[tuple[str, bytes]]], *, same_paths: bool
    ) -> None:
        self._copy = copy
        self._again = again
        self._same_paths = same_paths
        self.made: set[str] = (
            set()
        )  #: paths of all files that are made here, before the first is taken that is not
        self._problems: dict[str, list[str]] = {}  #: by path
        self._unread: dict[str, list[str]] = {}
        self._outside: set[str] = set()

    def take(self, path: str, ours: bytes | None) -> None:
        """Look at a file of the copy, or at its lack, beside the one that is made here, if there is one."""
        if path == MANIFEST or path in self._copy.unread:
            return
        problems = self._problems.setdefault(path, [])
        there = path in self._copy.files
        if not there and (self._same_paths or _NEVER_LACKING.fullmatch(path)):
            problems.append(f"{path} is missing")
        elif ours is None and (self._same_paths or not {_project(path)} <= {"", *self._projects}):
            problems.append(f"{path} is not part of the site")
        if there and path.endswith(PICTURES):
            self._unread.setdefault(path, []).append(f"{path}: a picture, whose numbers are not read")
        elif there and not (path.endswith(_DATA) and _is_read_elsewhere(path, ours)):
            text = self._copy.files[path].decode(errors="replace")
            texts = _Texts(self._copy, path, self._known(path, ours), text, has_ours=ours is not None)
            found = [f"{path} {problem}" for problem in texts.unknown()]
            unread = self._unread.setdefault(path, [])
            (unread if path in EXPLAINING else problems).extend(found)
            problems += (f"{path} {problem}" for problem in texts.forbidden())
            unread += (f"{path}: {thing}" for thing in texts.unread())
            if path.endswith(".html"):
                if ours is not None and lacks_warning(text, ours.decode()):
                    said = f"{path} does not say {warning_in(ours.decode())[:90]!r}"
                    (problems if self._same_paths else unread).append(said)
                self._outside.update(texts.known.outside(text))
                strange = set(texts.known.unknown_quotes(text))
                strange -= self._all.quotes if strange else set()
                problems += (
                    f"{path} says {quote[:90]!r} as somebody's words, which ours do not"
                    for quote in sorted(strange)
                )

    def results(self) -> Iterator[CheckResult]:
        """Yield what was found, in the order of paths."""
        problems = (problem for path in sorted(self._problems) for problem in self._problems[path])
        yield checked(TEXTS, problems, len(self._copy.files))
        if self._outside:
            such = ", ".join(sorted(self._outside)[:5])
            reason = f"pages lead to {len(self._outside)} addresses that ours do not, such as {such}"
            yield unchecked(LINKS, reason)
        unread = [thing for path in sorted(self._unread) for thing in self._unread[path]]
        if unread:
            more = f", and {len(unread) - 5} more" if len(unread) > 5 else ""  # noqa: PLR2004 -- shown below
            yield unchecked(UNREAD, f"cannot be compared: {'; '.join(unread[:5])}{more}", wanted=True)

    @cached_property
    def _projects(self) -> set[str]:
        return {_folder(path) for path in self.made if _PROJECT_PAGE.fullmatch(path)}

    @cached_property
    def _all(self) -> KnownTexts:
        known = KnownTexts()
        for path, data in self._again():
            if path.endswith((".html", ".svg")):
                known.learn(data.decode())
        return known

    def _known(self, path: str, ours: bytes | None) -> KnownTexts:
        if ours is None:
            return self._all
        known = KnownTexts()
        text = ours.decode()
        if path.endswith((".html", ".svg")):
            known.learn(text)
        elif path.endswith(".css"):
            known.learn_style(text)
        else:
            known.learn_lines(_lines_of(path, text))
            known.relations.learn(dated_items(path, text))
            known.other |= _addresses(text)
        return known


@dataclass(frozen=True, slots=True)
class _Texts:
    """Reads a file by its kind, against ours of the same path, else against all of ours."""

    copy: SiteCopy
    path: str
    known: KnownTexts
    text: str
    has_ours: bool

    def unknown(self) -> Iterator[str]:
        """Yield each number that a file states and ours does not."""
        path, text, known = self.path, self.text, self.known
        if path.endswith((".html", ".svg")):
            yield from known.unknown_numbers(text)
        elif path.endswith(".css"):
            yield from known.unknown_in_style(text)
        elif self.has_ours:
            yield from known.unknown_in_lines(_lines_of(path, text))
        else:
            yield from known.amounts(_lines_of(path, text))

    def forbidden(self) -> Iterator[str]:
        """Yield what no file of a report has, whichever version made it."""
        path, text, known = self.path, self.text, self.known
        is_page = path.endswith((".html", ".svg"))
        if "\N{REPLACEMENT CHARACTER}" in text and (is_page or path.endswith(".css") or self.has_ours):
            yield "is not UTF-8 text"
        if is_page:
            yield from known.forbidden_in_page(text)
            yield from known.moved_links(path, text) if self.has_ours else ()
            yield from self._dead_links(known.unknown_links(text))
        elif self.has_ours and not path.endswith(".css"):
            strange = sorted(_addresses(text) - known.other)
            yield from (f"names {host[:90]!r}, which ours does not" for host in strange)
        if path.endswith(".svg") and ("<!" in text or "<?" in text):
            yield "declares what no drawing of a report declares"
        if path.endswith((".atom", ".xml")) and _DECLARED.search(text):
            yield "declares what no feed or list of a report declares"
        yield from known.relations.contradictions(dated_items(path, text))
        if is_page and (own := _ELSEWHERE.fullmatch(path)):
            names = {slug for element in read_page(text).stating for slug, _ in names_of(element)}
            yield from (f"states figures of {slug[:90]!r}" for slug in sorted(names - {own[1]}))

    def unread(self) -> Iterator[str]:
        """Yield what a file may show that is not read."""
        path, text, known = self.path, self.text, self.known
        if path.endswith((".html", ".svg")):
            yield from known.unread_in_page(text)
            yield from known.missing_policies(text)
        elif path.endswith(".css"):
            yield from known.unread_in_style(text)
        elif not self.has_ours:
            yield "a kind of file that this version does not write"

    def _dead_links(self, links: Iterator[str]) -> Iterator[str]:
        for link in links:
            target = urlsplit(link)
            inside = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), unquote(target.path)))
            wanted = f"{inside}/index.html" if target.path.endswith("/") else inside
            there = wanted in self.copy.files or wanted in self.copy.unread
            if not target.scheme and not target.netloc and target.path and not there:
                yield f"links to {link[:90]!r}, which the manifest does not list"


def _addresses(text: str) -> set[str]:
    return set(_ADDRESS.findall(unescape(text.replace("\\/", "/"))))


def _lines_of(path: str, text: str) -> list[str]:
    """Return the lines of a text, of JSON each text and number."""
    if not path.endswith(".json"):
        return _lines(text)
    try:
        ahead = [read_json(text)]
    except (ValueError, RecursionError) as error:
        return [f"1 BTC: no JSON that all read alike ({error})"]
    found: list[str] = []
    while ahead:
        value = ahead.pop()
        if isinstance(value, dict | list):
            ahead += [*value, *value.values()] if isinstance(value, dict) else value
        elif value is not None:
            found += _lines(str(value))
    return found


def _lines(text: str) -> list[str]:
    """Return the lines of a calendar, a feed or a text as a reader of it shows them."""
    unfolded = re.sub(r"\r?\n[ \t]|<!\[CDATA\[|\]\]>", "", text)
    return unescape(_TAG.sub(" ", unfolded)).splitlines()
