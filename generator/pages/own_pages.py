"""Pages that the maintainer writes in Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from generator.errors import ConfigError, Problem
from generator.language import ENGLISH
from generator.pages.file_kinds import is_free
from generator.pages.front_matter import OwnFile, problems_of, taken_apart
from generator.pages.own_links import OwnLinks
from generator.pages.own_translations import originals, taken_name, translation_faults, translations
from generator.pages.page import Content, Page
from generator.pages.prose import prose
from generator.pages.surroundings import ProjectUpdate
from generator.report import Report
from generator.sentence import Written, WrittenProse, say
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
        files = originals(files)
        linked = [name for name, file in files.items() if name not in INSIDE and not file.front.project]
        sizes = {path: picture_size(data) if is_picture(path) else None for path, data in static.items()}
        return cls(names=tuple(files), static=sizes, many=len(linked) > IN_NAVIGATION)


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

    @property
    def links(self) -> OwnLinks:
        """What reads its addresses."""
        path = f"{INSIDE[0]}/index.html" if self.name in INSIDE else self.path
        return OwnLinks(name=self.name, path=path, names=self.shelf.names, static=self.shelf.static)


def own_texts(content: Content, codes: Sequence[str]) -> list[OwnText]:
    """Return the texts that have pages of their own, in the order of navigation; empty ones have none.

    `codes` are of the site's languages. Raise `ConfigError` for one in the place of a page of ours, where it
    would say whatever it likes, and for front matter or a translation that nobody would see.
    """
    files = _files(content.pages)
    if problems := (*_in_our_place(originals(files)), *_untold(files, codes), *problems_of(files)):
        raise ConfigError(*problems)
    shelf, others = Shelf.of(files, content.static), translations(files)
    found = [
        _titled(name, file, shelf, others.get(name, {}), codes[0])
        for name, file in originals(files).items()
        if name not in INSIDE
    ]
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


def method_text(content: Content, code: str) -> OwnText:
    """Return the text of one's own on the page about the method; `code` is of the first language."""
    files = _files(content.pages)
    file = files.get("method", taken_apart(_file("method"), ""))
    others = translations(files).get("method", {})
    return _titled("method", file, Shelf.of(files, content.static), others, code)


def _file(name: str) -> str:
    return f"content/pages/{name}.md"


def _files(texts: Mapping[str, str]) -> dict[str, OwnFile]:
    """Return by name what stands in each file that is not empty."""
    found = {name: taken_apart(_file(name), text) for name, text in sorted(texts.items()) if text.strip()}
    return {name: file for name, file in found.items() if file.body.strip() or file.problems}


def _titled(
    name: str, file: OwnFile, shelf: Shelf, others: Mapping[str, OwnFile], code: str = ENGLISH.code
) -> OwnText:
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
        yield _problem(name, message)


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


def text_faults(
    texts: Mapping[str, str], static: Mapping[str, bytes] | None = None, codes: Sequence[str] = ()
) -> Iterator[Problem]:
    """Yield which texts cannot stand where they are, or are not shown as they were meant.

    Those beyond the bounds stand as plain text; links and pictures that lead nowhere are left out. `codes`
    are of the site's languages, where they are known.
    """
    files = _files(texts)
    yield from _in_our_place(originals(files))
    yield from _untold(files, codes)
    yield from problems_of(files)
    shelf = Shelf.of(files, static or {})
    for name, file in files.items():
        if excess := excess_of(clean(file.body), OWN):
            message = (
                f"the page {excess.why}, so it stands as plain text; make it simpler, or two pages of it"
            )
            yield _problem(name, message, file.first_line + excess.line - 1)
            continue
        text = _titled(taken_name(name)[0], file, shelf, {})
        for words, why in prose(text.text.text, text.links).faults:
            at = max(0, file.body.find(words))
            yield _problem(name, f"{words}: {why}", file.first_line + file.body.count("\n", 0, at))


def _problem(name: str, message: str, line: int = 1) -> Problem:
    return Problem(file=_file(name), line=line, path="", message=message, code="page")


def proses(text: OwnText, prefix: str = "") -> WrittenProse:
    """Return a text as HTML in each of its languages; ids of its headings begin with `prefix`."""

    def html(markdown: str) -> str:
        return prose(markdown, text.links, prefix=prefix).html

    others = tuple((code, html(markdown)) for code, markdown in text.text.others)
    return WrittenProse(html(text.text.text), text.text.code, others)


def page(text: OwnText) -> Page:
    """Return the page of a text."""
    return Page(
        path=text.path,
        template="page.html",
        title=text.title,
        section=text.section,
        description=text.title,
        values={"prose": proses(text), "text": text},
    )


def pages(report: Report, content: Content) -> Iterator[Page]:
    """Yield the list of all texts, where they are too many for the navigation."""
    texts = linked(own_texts(content, report.config.site.languages))
    if len(texts) > IN_NAVIGATION:
        links = sorted(((text.title, text.path) for text in texts), key=_by_title)
        yield Page(
            path=f"{LIST}/index.html",
            template="pages.html",
            title=say("More pages"),
            section=LIST,
            description=say("Every page that the makers of this report wrote."),
            values={"texts": links},
        )


def _by_title(link: tuple[Written, str]) -> tuple[str, str]:
    return link[0].text.casefold(), link[1]
