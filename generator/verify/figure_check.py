"""Figures, downloads and pages say what the log gives when it is summed again."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from io import StringIO
from itertools import chain, zip_longest
from typing import Final

from generator.language import ENGLISH, Language
from generator.manifest import MANIFEST
from generator.pages.files import FIGURES, STATIC, TODAY, project_files, report_files, store_files
from generator.pages.page import OF_TODAY
from generator.report import Figure, Report
from generator.report.files.figure_shorthand import Defined, by_figure, contradictions
from generator.report.files.figures_json import SCHEMA, decode_figures
from generator.unreadable import UNREADABLE
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import audit
from generator.verify.results import CheckResult, checked, unchecked
from generator.verify.shared_work import shared
from generator.verify.site_copy import SiteCopy

NAMES: Final = ("figures", "downloads", "chart-data", "pages", "snapshot-stated")
_CELLS: Final = ("value", "unit", "bound", "verification", "formula", "inputs", "project", "name")


def check_figures(
    copy: SiteCopy, report: Report | str, languages: Mapping[str, Language], *, jobs: int = 1
) -> Iterator[CheckResult]:
    """Yield whether every published number is the one that the log gives; a text says why it gives none.

    Pages in the folders of further `languages` say them otherwise.
    """
    if isinstance(report, str):
        yield checked("recipe", [report], 1)
        yield from (unchecked(name, "the log gives no report", wanted=True) for name in NAMES)
        return
    yield checked("recipe", (), 1)
    first, *others = (languages.get(code, ENGLISH) for code in report.config.site.languages)
    known = KnownNumbers.of(report, today=False)
    yield checked("figures", _figures(copy, report), len(known.figures) + len(report.today))
    downloads: set[str] = set()
    different = list(_different(copy, _downloads(report, first), downloads))
    yield checked("downloads", different, len(downloads))
    tables = (path for path in copy.files if path.endswith(".csv") and not path.startswith(STATIC))
    charts = [path for path in tables if path not in downloads]
    with_today = known.and_figures(report.today).figures
    wrong = (
        f"{path}: {said}"
        for path in charts
        for said in _chart(copy.files[path], with_today if _is_of_today(path) else known.figures)
    )
    yield checked("chart-data", wrong, len(charts))
    folders = {language.code: known.said_in(language) for language in others}
    yield _pages(copy, known.said_in(first), report.today, folders, jobs)
    yield checked("snapshot-stated", _origin(copy, report), 1)


def _figures(copy: SiteCopy, report: Report) -> Iterator[str]:
    """Compare cell by cell, so that a person sees which number differs."""
    wanted = {FIGURES: report.figures, TODAY: report.today} | {
        f"p/{project.slug}/{FIGURES}": project.figures for project in report.projects
    }
    known: Defined = {}
    for path, own in wanted.items():
        try:
            document = decode_figures(copy.files[path])
        except (KeyError, *UNREADABLE) as error:
            yield f"{path} cannot be read ({error})"
            continue
        if path == FIGURES:
            known = by_figure(document.definitions)
            every = chain(report.all_figures(), report.today.values())
            yield from (f"{path}: {text}" for text in contradictions(document.definitions, every))
        if document.schema != SCHEMA:
            yield f"{path}: schema {document.schema}, this version writes {SCHEMA}"
        if document.network != report.network:
            yield f"{path}: network {document.network!r}, the log's last run is of {report.network!r}"
        ours = {figure.id: figure for figure in own.values()}
        yield from (f"{path}: {problem}" for problem in _cells(ours, document.every(known)))


def _cells(figures: Mapping[str, Figure], found: Iterable[Figure]) -> Iterator[str]:
    missing = set(figures)
    for theirs in found:
        missing.discard(theirs.id)
        ours = figures.get(theirs.id)
        if ours is None:
            yield f"{theirs.id} is published, the log gives none"
            continue
        for cell in _CELLS:
            if getattr(ours, cell) != getattr(theirs, cell):
                yield f"{theirs.id}: {cell} {getattr(theirs, cell)!r}, the log gives {getattr(ours, cell)!r}"
    yield from (f"{name} is missing" for name in sorted(missing))


def _downloads(report: Report, language: Language) -> Iterator[tuple[str, bytes]]:
    """Yield what the downloads must be, byte for byte; the log and its schemas have steps of their own."""
    told: dict[str, tuple[str, int]] = {}
    parts = (project_files(report, project, language) for project in report.projects)
    for path, data in (file for files in (*parts, store_files(report)) for file in files.items()):
        told[path] = (sha256(data).hexdigest(), len(data))
        yield path, data
    listing = report_files(report, told.__getitem__)
    yield from ((path, data) for path, data in listing.items() if path != TODAY)


def _different(copy: SiteCopy, made: Iterable[tuple[str, bytes]], paths: set[str]) -> Iterator[str]:
    """Yield which files have other bytes; note the paths of all."""
    for path, data in made:
        paths.add(path)
        found = copy.files.get(path)
        if found is None:
            yield f"{path} is missing"
        elif found != data:
            yield f"{path}: {_first_difference(found, data)}"


def _first_difference(found: bytes, wanted: bytes) -> str:
    rows = zip_longest(found.splitlines(), wanted.splitlines())
    number, (ours, theirs) = next(
        ((at, pair) for at, pair in enumerate(rows, 1) if pair[0] != pair[1]), (0, (b"", b""))
    )
    shown = [(row or b"nothing").decode(errors="replace")[:120] for row in (ours, theirs)]
    return f"line {number} is {shown[0]!r}, the log gives {shown[1]!r}"


def _chart(data: bytes, figures: Mapping[str, Figure]) -> Iterator[str]:
    try:
        rows = list(csv.reader(StringIO(data.decode(errors="replace"), newline="")))
    except csv.Error as error:
        yield f"not a table ({error})"
        return
    if rows[:1] != [["figure", "value", "unit", "bound"]]:
        yield "not a table of figures"
        return
    names = [row[0] for row in rows if row]
    if len(set(names)) < len(names):
        yield "a figure stands in it twice"
    for row in rows[1:]:
        figure = figures.get(row[0]) if row else None
        if figure is None:
            yield f"{row[:1]} is no figure"
            continue
        value = "" if figure.value is None else str(figure.value)
        if row != [figure.id, value, figure.unit, figure.bound]:
            yield f"{row} differs, the log gives {value} {figure.unit}"


def _is_of_today(path: str) -> bool:
    """Tell whether a file may state figures of today: such a page, and the charts in its folder."""
    folder, _, name = path.rpartition("/")
    return path in OF_TODAY or (name.endswith((".csv", ".svg")) and f"{folder}/index.html" in OF_TODAY)


def _pages(
    copy: SiteCopy,
    first: KnownNumbers,
    today: Mapping[str, Figure],
    folders: Mapping[str, KnownNumbers],
    jobs: int,
) -> CheckResult:
    """Hold every number of every page and chart against the figures."""

    def known(path: str) -> KnownNumbers:
        folder, _, below = path.partition("/")
        if folder in folders:
            return folders[folder].and_figures(today) if below in OF_TODAY else folders[folder]
        return first.and_figures(today) if _is_of_today(path) else first

    def look(some: Sequence[str]) -> list[tuple[int, list[str]]]:
        found = []
        for path in some:
            page = copy.files[path].decode(errors="replace")
            said = audit(page, known(path))
            found.append((said.numbers, [f"{path}: {problem}" for problem in said.problems]))
        return found

    # an icon is no chart
    paths = [path for path in copy.files if path.endswith(".html") or ("/" in path and path.endswith(".svg"))]
    pages = [page for some in shared(look, paths, jobs=jobs) for page in some]
    problems = (problem for _, said in pages for problem in said)
    return checked("pages", problems, sum(numbers for numbers, _ in pages))


def _origin(copy: SiteCopy, report: Report) -> Iterator[str]:
    """Compare what the manifest says of the log with the log."""
    try:
        manifest = copy.manifest()
    except UNREADABLE as error:
        yield f"{MANIFEST} cannot be read ({error})"
        return
    wanted = {
        "snapshot": report.snapshot,
        "demo": report.demo,
        "as_of": f"{report.as_of:%Y-%m-%dT%H:%M:%SZ}",
    }
    for name, value in wanted.items():
        if getattr(manifest, name) != value:
            yield f"{MANIFEST}: {name} is {getattr(manifest, name)!r}, the log gives {value!r}"
