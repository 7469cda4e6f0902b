"""What the maintainer wrote in Markdown: which texts there are, their titles, and what is wrong with them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import msgspec

from generator.errors import ConfigError, Problem
from generator.language import ENGLISH
from generator.pages.file_kinds import is_free
from generator.pages.front_matter import OwnFile, problems_of, taken_apart
from generator.pages.own_translations import originals, translation_faults, translations
from generator.pages.page import Content
from generator.pages.surroundings import ProjectUpdate
from generator.sentence import Written
from generator.static_files import is_picture, name_fault, picture_size
from generator.units.key import Told, digest

#: Names whose text stands on a page of ours rather than on one of its own.
INSIDE: Final = ("method",)
#: How many texts every page links; more stand in a list, or links would grow with the square of them.
IN_NAVIGATION: Final = 7
#: The section, and folder, of that page.
LIST: Final = "pages"


class Shelf(Told):
    """What stands beside a text: where its links may lead. Each is equal to itself alone."""

    def __init__(self, files: Mapping[str, OwnFile], static: Mapping[str, bytes]) -> None:
        files = originals(files)
        linked = [name for name, file in files.items() if name not in INSIDE and not file.front.project]
        self.names = frozenset(files)  #: of all texts that stand on a page
        #: Sides of each picture, None for other files.
        self.static = {
            path: picture_size(data) if is_picture(path) else None for path, data in static.items()
        }
        self.many = len(linked) > IN_NAVIGATION  #: more texts than the navigation has room for
        self.told = digest(sorted(self.names), self.static, self.many)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnText:
    """One text of the maintainer's; its title is what it says, or its first heading."""

    name: str
    title: Written
    text: Written  #: Markdown
    section: str  #: entry of the navigation it belongs to
    shelf: Shelf
    order: int | None = None
    day: date | None = None
    project: str = ""  #: slug of the project whose page lists it as an update

    @property
    def path(self) -> str:
        """Where its page stands."""
        return f"{self.name}/index.html"


class OwnTexts(msgspec.Struct, frozen=True, kw_only=True):
    """All that the maintainer wrote for pages, read."""

    files: Mapping[str, OwnFile]  #: those that are not empty, by name
    shelf: Shelf
    problems: tuple[Problem, ...]  #: for which no page can be made
    pages: tuple[OwnText, ...]  #: that have pages of their own, in the order of navigation
    method: OwnText  #: stands on the page about the method


def read_texts(texts: Mapping[str, str], static: Mapping[str, bytes], codes: Sequence[str]) -> OwnTexts:
    """Read texts by name; `codes` are of the site's languages, where they are known.

    A problem is one in the place of a page of ours, where it would say whatever it likes, or is front matter
    or a translation that nobody would see.
    """
    return _read(tuple(sorted(texts.items())), tuple(static.items()), tuple(codes))


@lru_cache(maxsize=1)  # navigation, pages, feeds and warnings of one site are made from them
def _read(
    texts: tuple[tuple[str, str], ...], static: tuple[tuple[str, bytes], ...], codes: tuple[str, ...]
) -> OwnTexts:
    files = _files(dict(texts))
    known, others, shelf = originals(files), translations(files), Shelf(files, dict(static))
    first = codes[0] if codes else ENGLISH.code
    found = {name: titled(name, file, shelf, others.get(name, {}), first) for name, file in known.items()}
    method = titled("method", taken_apart(_file("method"), ""), shelf, others.get("method", {}), first)
    pages = (text for name, text in found.items() if name not in INSIDE)
    return OwnTexts(
        files=files,
        shelf=shelf,
        problems=(*_in_our_place(known), *_untold(files, codes), *problems_of(files)),
        pages=tuple(sorted(pages, key=lambda text: (text.order is None, text.order, text.name))),
        method=found.get("method", method),
    )


def own_texts(content: Content, codes: Sequence[str]) -> tuple[OwnText, ...]:
    """Return the texts that have pages of their own, in the order of navigation; empty ones have none.

    `codes` are of the site's languages. Raise `ConfigError` for every problem.
    """
    found = read_texts(content.pages, content.static, codes)
    if found.problems:
        raise ConfigError(*found.problems)
    return found.pages


def method_text(content: Content, codes: Sequence[str]) -> OwnText:
    """Return the text of one's own on the page about the method."""
    return read_texts(content.pages, content.static, codes).method


def linked(texts: Iterable[OwnText]) -> list[OwnText]:
    """Return the texts that every page links: updates stand on the pages of their projects."""
    return [text for text in texts if not text.project]


def updates(texts: Iterable[OwnText]) -> dict[str, tuple[ProjectUpdate, ...]]:
    """Return the updates of each project by its slug, the newest first."""
    found: dict[str, list[ProjectUpdate]] = {}
    for text in texts:
        if text.project and text.day:
            update = ProjectUpdate(day=text.day, title=text.title, path=text.path)
            found.setdefault(text.project, []).append(update)
    return {slug: tuple(sorted(some, key=_by_day, reverse=True)) for slug, some in found.items()}


def _by_day(update: ProjectUpdate) -> tuple[date, str]:
    return update.day, update.path


def _file(name: str) -> str:
    return f"content/pages/{name}.md"


def _files(texts: Mapping[str, str]) -> dict[str, OwnFile]:
    """Return by name what stands in each file that is not empty."""
    found = {name: taken_apart(_file(name), text) for name, text in sorted(texts.items()) if text.strip()}
    return {name: file for name, file in found.items() if file.body.strip() or file.problems}


def titled(
    name: str, file: OwnFile, shelf: Shelf, others: Mapping[str, OwnFile], code: str = ENGLISH.code
) -> OwnText:
    """Return a text of a file and its translations; `code` is of the first language."""
    front = file.front
    title, text = _parts(name, file)
    parts = {other: _parts(name, found, title) for other, found in sorted(others.items())}
    return OwnText(
        name=name,
        title=Written(title, code, tuple((other, said) for other, (said, _) in parts.items())),
        text=Written(text, code, tuple((other, said) for other, (_, said) in parts.items())),
        section="projects" if front.project else LIST if shelf.many else name,
        order=front.order,
        day=front.day,
        project=front.project,
        shelf=shelf,
    )


def _parts(name: str, file: OwnFile, title: str = "") -> tuple[str, str]:
    """Return title and text of a file; `title` is that of one without any."""
    first, _, rest = file.body.strip().partition("\n")
    heading = first[2:].strip() if first.startswith("# ") else ""
    by_name = name.rpartition("/")[2].replace("-", " ").capitalize()
    return file.front.title or heading or title or by_name, rest if heading else file.body


def _untold(files: Mapping[str, OwnFile], codes: Sequence[str]) -> Iterator[Problem]:
    for name, message in translation_faults(files, codes):
        yield problem(name, message)


def _in_our_place(files: Mapping[str, OwnFile]) -> Iterator[Problem]:
    """Yield which texts with pages of their own would replace a page of ours, or of one another."""
    alike: dict[str, str] = {}
    for name in sorted(files):
        if name in INSIDE:
            continue
        other = alike.setdefault(name.casefold(), name)
        if other != name:
            yield problem(name, f"the name differs from {other}.md in case alone: some disks hold one of two")
        elif not is_free(f"{name}/index.html"):
            yield problem(
                name, "this is a place of the report itself, or below three folders: give it another name"
            )
        elif fault := name_fault(name):
            yield problem(name, f"the page {fault}")


def problem(name: str, message: str, line: int = 1) -> Problem:
    """Return what is wrong with a text."""
    return Problem(file=_file(name), line=line, path="", message=message, code="page")
