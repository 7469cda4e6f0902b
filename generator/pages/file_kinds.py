"""Every kind of file that a site publishes, and whose word its bytes are; pure.

A file of no kind is an error: `render` makes none, and verification finds none.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import msgspec

from generator.origin import Origin
from generator.snapshot.log_file import PATTERN
from generator.static_files import SUFFIXES


class FileKind(msgspec.Struct, frozen=True, kw_only=True):
    """Files of one purpose, told by their paths."""

    name: str
    path: re.Pattern[str]
    origin: Origin = Origin.DERIVED  #: made again from log and recipe, and compared in bytes


def _kind(name: str, path: str, origin: Origin = Origin.DERIVED) -> FileKind:
    return FileKind(name=name, path=re.compile(path), origin=origin)


_SLUG: Final = r"p/[^/]+"
_STORE: Final = r"sources/[^/]+"
#: Folder of a further language; only pages stand in it.
_LANGUAGE: Final = r"([a-z]{2}(-[A-Z]{2})?/)?"
_CODE: Final = re.compile(r"[a-z]{2}(-[a-z]{2})?")
#: Folders of the pages that we make beside those of projects; a maker that uses another one fails.
_OURS: Final = (
    "data|glossary|health|method|network|pages|projects|report|sources|stages|static|statements|verify"
)
#: Whatever else may have a page: the texts of the maintainer.
OWN_PAGE: Final = _kind("page of the maintainer", rf"(?!(p|badge|embed|{_OURS})/)([^/]+/){{1,3}}index\.html")
#: The log says field by field whose word it is (`ORIGINS` of its records); the recipe is the maintainer's,
#: and so are inputs. Parts of a theme are published as plain text: a browser shows none as a page.
FILE_KINDS: Final = (
    _kind("log", rf"data/snapshots/{PATTERN}\.bz2", Origin.PUBLISHER),
    _kind("recipe", r"data/recipe\.json", Origin.PUBLISHER),
    _kind("page as written", r"data/inputs/pages/([^/]+/){0,2}[^/]+\.md", Origin.PUBLISHER),
    _kind(
        "part of the theme", r"data/inputs/theme/([^/]+/)?[^/]+\.(html|css|svg|txt)\.txt", Origin.PUBLISHER
    ),
    _kind("catalogue of a language", r"data/inputs/languages/[a-z]{2}(-[A-Z]{2})?\.po", Origin.PUBLISHER),
    _kind("notes as written", r"data/inputs/notes\.yaml", Origin.PUBLISHER),
    _kind(
        "file of the maintainer", rf"static/([^/]+/){{0,2}}[^/]+\.({'|'.join(SUFFIXES)})", Origin.PUBLISHER
    ),
    _kind("manifest", r"manifest\.json"),
    _kind("figures", rf"({_SLUG}/)?figures\.json|today\.json"),
    _kind("ledger rows", rf"({_SLUG}|{_STORE})/ledger/(ledger|\d{{4}}-\d{{2}})\.csv"),
    _kind("declarations", rf"{_SLUG}/ledger/declarations\.csv"),
    _kind("edition", r"report/\d{4}-\d{2}/edition\.json"),
    _kind("statements", rf"({_SLUG}/)?statements/statements\.csv"),
    _kind("list of ledgers", r"data/ledger\.json"),
    _kind("findings", rf"(data|{_SLUG})/findings\.json"),
    _kind("changes", r"data/changes\.json"),
    _kind("schema", r"data/schema/[a-z]+\.json"),
    _kind("drawing of a chart", rf"({_SLUG}|health|network|projects|stages|verify)/[a-z]+\d+\.svg"),
    _kind("table of a chart", rf"({_SLUG}|health|network|projects|stages|verify)/[a-z]+\d+\.csv"),
    _kind("status", r"status\.json"),
    _kind("data package", r"datapackage\.json"),
    _kind("data dictionary", r"data/tables/[a-z]+\.json"),
    _kind("file for crawlers", r"robots\.txt|sitemap(-\d+)?\.xml"),
    _kind("calendar", rf"stages/stages\.ics|{_SLUG}/calendar\.ics"),
    _kind("badge", r"badge/[^/]+/(progress|raised|updated|verified)\.svg"),
    _kind("data of a badge", r"badge/[^/]+/(progress|raised|updated|verified)\.json"),
    _kind("picture", rf"{_SLUG}/(preview\.png|picture\.webp)"),
    _kind("card to embed", r"embed/[^/]+\.html"),
    _kind("answer of oEmbed", r"embed/[^/]+\.json"),
    _kind("style of cards", r"embed/embed\.css"),
    _kind("Atom feed", rf"({_SLUG}/)?feed\.atom"),
    _kind("JSON feed", rf"({_SLUG}/)?feed\.json"),
    _kind("style", r"style\.css"),
    _kind("icon", r"favicon\.svg"),
    _kind("keeper", r"\.gitkeep|\.nojekyll"),
    _kind("page of a project", rf"{_LANGUAGE}{_SLUG}/((changes|share|statements)/)?index\.html"),
    _kind("page of a ledger", rf"{_LANGUAGE}({_SLUG}|{_STORE})/ledger/([^/]+/)?index\.html"),
    _kind("page for what is missing", r"404\.html"),
    _kind("page", rf"{_LANGUAGE}(?!{_STORE}/ledger/)(({_OURS})/([^/]+/){{0,2}})?index\.html"),
    OWN_PAGE,
)


@lru_cache(maxsize=4_096)  # a path is asked for more than once
def kind_of(path: str) -> FileKind | None:
    """Return the kind of a published file, None for one that no site has."""
    return next((kind for kind in FILE_KINDS if kind.path.fullmatch(path)), None)


def is_free(path: str) -> bool:
    """Tell whether a text of the maintainer's may have its page at a path: in place of no file of ours.

    Some disks hold one of two names that differ in case, and a folder cannot stand where a file does. In the
    folder of a language stands each text anew, and one may be added later.
    """
    parts = path.casefold().split("/")
    if _CODE.fullmatch(parts[0]):
        return False
    folders = ("/".join(parts[:length]) for length in range(1, len(parts)))
    return kind_of("/".join(parts)) is OWN_PAGE and not any(map(kind_of, folders))


def of_no_kind(paths: Iterable[str]) -> list[str]:
    """Return the paths of files that nobody declared."""
    return sorted(path for path in paths if kind_of(path) is None)


def of_kinds(files: Mapping[str, bytes], *, own: bool = False) -> Mapping[str, bytes]:
    """Return the files; raise `LookupError` for one of no kind, or where only `own` texts have pages."""
    kinds = ((path, kind_of(path)) for path in files)
    if strange := sorted(path for path, kind in kinds if kind is None or (kind is OWN_PAGE) is not own):
        msg = f"{', '.join(strange)}: of no kind that is declared in generator/pages/file_kinds.py"
        raise LookupError(msg)
    return files
