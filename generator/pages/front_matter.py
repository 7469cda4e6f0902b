"""What a page of the maintainer's says of itself between two lines of three hyphens: title, order, date."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from generator.config.hints import hint, quoted
from generator.config.yaml_reader import read_yaml
from generator.errors import Problem

#: A first line of hyphens and then a key, as other generators want it.
_BEGIN: Final = re.compile(r"---[ \t]*\r?\n(?=[ \t]*[\w\"'-]+[ \t]*:)")
_END: Final = re.compile(r"^---[ \t]*\r?$\n?", re.MULTILINE)
#: Letters of it.
LONGEST: Final = 2_000
LONGEST_TITLE: Final = 200
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LAST_ORDER: Final = 9_999


class FrontMatter(NamedTuple):
    """What a page says of itself; empty or None where it says nothing."""

    title: str = ""
    order: int | None = None  #: places it in the navigation, before those without one
    day: date | None = None
    project: str = ""  #: slug of the project that the page is an update of


class OwnFile(NamedTuple):
    """A page of the maintainer's, taken apart."""

    front: FrontMatter
    body: str
    first_line: int  #: of the body, from 1
    problems: tuple[Problem, ...]


def taken_apart(file: str, text: str) -> OwnFile:
    """Return front matter and body of a page; what is wrong with the first is told, and left out."""
    text = text.removeprefix("\ufeff")
    begin = _BEGIN.match(text)
    if begin is None:
        return OwnFile(FrontMatter(), text, 1, ())
    end = _END.search(text, begin.end(), begin.end() + LONGEST)
    if end is None:
        message = f"the front matter has no end: close it with a line --- after at most {LONGEST} letters"
        return OwnFile(FrontMatter(), text, 1, (_problem(file, message),))
    front, problems = _read(file, text[begin.end() : end.start()])
    return OwnFile(front, text[end.end() :], text.count("\n", 0, end.end()) + 1, tuple(problems))


def _read(file: str, text: str) -> tuple[FrontMatter, list[Problem]]:
    document = read_yaml(text, file)
    problems = [*document.problems]
    found: dict[str, Any] = {}
    values = document.value
    if not problems and not isinstance(values, dict):
        problems.append(_problem(file, "the front matter has no keys: write them as title: About us"))
    for key, value in values.items() if isinstance(values, dict) else ():
        if key not in _KEYS:
            message = f"unknown key {quoted(key)}{hint(key, _KEYS)}; allowed: {', '.join(_KEYS)}"
            problems.append(document.problem((key,), message, "page"))
            continue
        known, expected = _KEYS[key]
        if (read := known(document.written.get((key,), value) if key == "title" else value)) is None:
            problems.append(document.problem((key,), f"{key} must be {expected}", "page"))
        else:
            found["day" if key == "date" else key] = read
    front = FrontMatter(**found)
    if front.project and front.day is None and not problems:
        message = "a page with a project is an update of it: give its day as well, such as date: 2027-03-31"
        problems.append(document.problem(("project",), message, "page"))
    return front, [replace(problem, line=problem.line + 1) for problem in problems]


def _title(value: object) -> str | None:
    return value.strip() if isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_TITLE else None


def _order(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= _LAST_ORDER else None


def _date(value: object) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _project(value: object) -> str | None:
    return value if isinstance(value, str) and _SLUG.fullmatch(value) else None


#: By key, who reads its value (None for a wrong one), and what it must be.
_KEYS: Final[Mapping[str, tuple[Callable[[object], Any], str]]] = {
    "title": (_title, f"a text of 1 to {LONGEST_TITLE} letters"),
    "order": (_order, f"a whole number from 0 to {_LAST_ORDER}; the smallest comes first"),
    "date": (_date, "a day such as 2027-03-31"),
    "project": (_project, "the slug of a project, such as village-well"),
}


def _problem(file: str, message: str) -> Problem:
    return Problem(file=file, path="", message=message, code="page")


def problems_of(files: Mapping[str, OwnFile]) -> Iterator[Problem]:
    """Yield what is wrong with the front matter of pages."""
    for file in files.values():
        yield from file.problems
