"""Pages that the maintainer writes in Markdown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from generator.errors import ConfigError, Problem
from generator.pages.file_kinds import is_free
from generator.pages.front_matter import OwnFile, problems_of, taken_apart
from generator.pages.own_links import OwnLinks
from generator.pages.page import Content, Page
from generator.pages.prose import prose
from generator.pages.surroundings import ProjectUpdate
from generator.report import Report
from generator.static_files import is_picture, name_fault, picture_size
from generator.text_bounds import OWN, excess_of
from generator.text_format import clean

#: Names whose text stands on a page of ours rather than on one of its own.
INSIDE: Final = ("method",)
#: How many texts every page links; more stand in a list, or links would grow with the square of them.
IN_NAVIGATION: Final = 7
#: The section, and folder, of that page.
LIST: Final = "pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What stands beside a text: where its links may lead."""

    names: tuple[str, ...]  #: of all texts that stand on a page
    static: Mapping[str, tuple[int, int] | None]  #: sides of each picture, None for other files
    many: bool  #: more texts than the navigation has room for

    @classmethod
    def of(cls, files: Mapping[str, OwnFile], static: Mapping[str, bytes]) -> Self:
        """Return what stands beside these texts."""
        linked = [name for name, file in files.items() if name not in INSIDE and not file.front.project]
        sizes = {path: picture_size(data) if is_picture(path) else None for path, data in static.items()}
        return cls(names=tuple(files), static=sizes, many=len(linked) > IN_NAVIGATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnText:
    """One text of the maintainer's; its title is what it says, or its first heading."""

    name: str
    title: str
    text: str
    section: str  #: entry of the navigation it belongs to
    shelf: Shelf
    order: int | None = None
    day: date | None = None
    project: str = ""  #: slug of the project whose page lists it as an update

    @property
    def path(self) -> str:
        """Where its page stands."""
        return f"{self.name}/index.html"

    @property
    def links(self) -> OwnLinks:
        """What reads its addresses."""
        path = f"{INSIDE[0]}/index.html" if self.name in INSIDE else self.path
        return OwnLinks(name=self.name, path=path, names=self.shelf.names, static=self.shelf.static)


def own_texts(content: Content) -> list[OwnText]:
    """Return the texts that have pages of their own, in the order of navigation; empty ones have none.

    Raise `ConfigError` for one in the place of a page of ours, where it would say whatever it likes, and
    for front matter that is not understood.
    """
    files = _files(content.pages)
    if problems := (*_in_our_place(files), *problems_of(files)):
        raise ConfigError(*problems)
    shelf = Shelf.of(files, content.static)
    found = [_titled(name, file, shelf) for name, file in files.items() if name not in INSIDE]
    found.sort(key=lambda text: (text.order is None, text.order, text.name))
    return found


def linked(texts: list[OwnText]) -> list[OwnText]:
    """Return the texts that every page links: updates stand on the pages of their projects."""
    return [text for text in texts if not text.project]


def updates(texts: list[OwnText]) -> dict[str, tuple[ProjectUpdate, ...]]:
    """Return the updates of each project by its slug, the newest first."""
    found: dict[str, list[ProjectUpdate]] = {}
    for text in texts:
        if text.project and text.day:
            update = ProjectUpdate(day=text.day, title=text.title, path=text.path)
            found.setdefault(text.project, []).append(update)
    return {slug: tuple(sorted(some, key=_by_day, reverse=True)) for slug, some in found.items()}


def _by_day(update: ProjectUpdate) -> tuple[date, str]:
    return update.day, update.path


def method_text(content: Content) -> OwnText:
    """Return the text of one's own on the page about the method."""
    file = taken_apart(_file("method"), content.pages.get("method", ""))
    return _titled("method", file, Shelf.of(_files(content.pages), content.static))


def _file(name: str) -> str:
    return f"content/pages/{name}.md"


def _files(texts: Mapping[str, str]) -> dict[str, OwnFile]:
    """Return by name what stands in each file that is not empty."""
    found = {name: taken_apart(_file(name), text) for name, text in sorted(texts.items()) if text.strip()}
    return {name: file for name, file in found.items() if file.body.strip() or file.problems}


def _titled(name: str, file: OwnFile, shelf: Shelf) -> OwnText:
    front, (first, _, rest) = file.front, file.body.strip().partition("\n")
    heading = first[2:].strip() if first.startswith("# ") else ""
    return OwnText(
        name=name,
        title=front.title or heading or name.rpartition("/")[2].replace("-", " ").capitalize(),
        text=rest if heading else file.body,
        section="projects" if front.project else LIST if shelf.many else name,
        order=front.order,
        day=front.day,
        project=front.project,
        shelf=shelf,
    )


def _in_our_place(files: Mapping[str, OwnFile]) -> Iterator[Problem]:
    """Yield which texts with pages of their own would replace a page of ours, or of one another."""
    alike: dict[str, str] = {}
    for name in sorted(files):
        if name in INSIDE:
            continue
        other = alike.setdefault(name.casefold(), name)
        if other != name:
            yield _problem(
                name, f"the name differs from {other}.md in case alone: some disks hold one of two"
            )
        elif not is_free(f"{name}/index.html"):
            yield _problem(
                name, "this is a place of the report itself, or below three folders: give it another name"
            )
        elif fault := name_fault(name):
            yield _problem(name, f"the page {fault}")


def text_faults(texts: Mapping[str, str], static: Mapping[str, bytes] | None = None) -> Iterator[Problem]:
    """Yield which texts cannot stand where they are, or are not shown as they were meant.

    Those beyond the bounds stand as plain text; links and pictures that lead nowhere are left out.
    """
    files = _files(texts)
    yield from _in_our_place(files)
    yield from problems_of(files)
    shelf = Shelf.of(files, static or {})
    for name, file in files.items():
        if excess := excess_of(clean(file.body), OWN):
            message = (
                f"the page {excess.why}, so it stands as plain text; make it simpler, or two pages of it"
            )
            yield _problem(name, message, file.first_line + excess.line - 1)
            continue
        text = _titled(name, file, shelf)
        for words, why in prose(text.text, text.links).faults:
            at = max(0, file.body.find(words))
            yield _problem(name, f"{words}: {why}", file.first_line + file.body.count("\n", 0, at))


def _problem(name: str, message: str, line: int = 1) -> Problem:
    return Problem(file=_file(name), line=line, path="", message=message, code="page")


def page(text: OwnText) -> Page:
    """Return the page of a text."""
    return Page(
        path=text.path,
        template="page.html",
        title=text.title,
        section=text.section,
        description=text.title,
        values={"prose": prose(text.text, text.links).html, "text": text},
    )


def pages(_report: Report, content: Content) -> Iterator[Page]:
    """Yield the list of all texts, where they are too many for the navigation."""
    texts = linked(own_texts(content))
    if len(texts) > IN_NAVIGATION:
        links = sorted(((text.title, text.path) for text in texts), key=_by_title)
        yield Page(
            path=f"{LIST}/index.html",
            template="pages.html",
            title="More pages",
            section=LIST,
            description="Every page that the makers of this report wrote.",
            values={"texts": links},
        )


def _by_title(link: tuple[str, str]) -> tuple[str, str]:
    return link[0].casefold(), link[1]
