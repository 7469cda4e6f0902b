"""Each edition is what the log gave at its own run, and its page states the hash of its file."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from generator import __version__
from generator.config import Config
from generator.config.rules import counted_once
from generator.errors import SunlitError
from generator.pages.file_kinds import kind_of
from generator.pages.files import edition_path
from generator.report import build
from generator.report.editions import edition_of
from generator.report.place_owners import PlaceOwners
from generator.report.statements.edition import (
    Edition,
    EditionDocument,
    FrozenFigure,
    decode_edition,
)
from generator.snapshot import Line, Run, decode, fold
from generator.snapshot.batch import RUNS
from generator.snapshot.log_file import in_order
from generator.unreadable import UNREADABLE
from generator.verify.config_bounds import is_bounded
from generator.verify.page_reader import read_page
from generator.verify.results import CheckResult, checked, unchecked
from generator.verify.site_copy import SiteCopy

KIND: Final = "edition"
READ: Final = "editions-read"
DERIVED: Final = "editions-derived"
STATED: Final = "editions-stated"
#: Cells of an edition that must be those of the one made again.
_CELLS: Final = ("network", "demo", "as_of", "bindings", "edits", "snapshot")
#: Of these a log that was written anew, because texts were taken down, tells otherwise.
_OF_TEXTS: Final = frozenset({"edits", "snapshot"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEditions:
    """The editions of a copy that could be read, and what is wrong with the others."""

    editions: tuple[Edition, ...]
    problems: tuple[str, ...]

    @classmethod
    def of(cls, copy: SiteCopy) -> "PublishedEditions":
        """Read them."""
        found, problems = [], []
        for path in sorted(copy.files):
            if (kind := kind_of(path)) is None or kind.name != KIND:
                continue
            try:
                edition = decode_edition(copy.files[path])
            except (*UNREADABLE, ValueError) as error:
                problems.append(f"{path}: cannot be read ({error})")
                continue
            found.append(edition)
            if path != edition_path(edition.month):
                problems.append(f"{path} says that it is of {edition.month}")
        return cls(editions=tuple(found), problems=tuple(problems))


def check_editions(
    copy: SiteCopy, log: Mapping[str, bytes], published: PublishedEditions, *, rewritten: bool
) -> Iterator[CheckResult]:
    """Yield whether editions are whole, are stated with their hash, and follow from the log at their run.

    A `rewritten` log is one that texts were taken out of: its snapshots have other ids since.
    """
    editions = published.editions
    yield checked(READ, published.problems, len(editions) + len(published.problems))
    yield checked(STATED, (text for edition in editions for text in _unstated(copy, edition)), len(editions))
    problems: list[str] = []
    others: list[str] = []
    for edition in editions:
        found = [f"edition {edition.month}: {text}" for text in _different(edition, log, rewritten=rewritten)]
        if edition.document.sunlit == __version__:
            problems += found
        elif found:
            others.append(f"edition {edition.month} is by Sunlit {edition.document.sunlit}: {found[0]}")
    yield checked(DERIVED, problems, sum(len(edition.document.figures) for edition in editions))
    if others:
        reason = f"{'; '.join(others[:5])}; this is {__version__}, install that version to compare"
        yield unchecked("editions-other", reason, wanted=True)


def _unstated(copy: SiteCopy, edition: Edition) -> Iterator[str]:
    path = f"report/{edition.month}/index.html"
    if path in copy.unread:
        return
    page = read_page(copy.files.get(path, b"").decode(errors="replace"))
    shown = ("".join(part.text for part in passage if not part.in_head) for passage in page.passages)
    if not any(edition.sha256 in text for text in shown):
        yield f"{path} does not state {edition.sha256}, the hash of its file"


def _different(edition: Edition, log: Mapping[str, bytes], *, rewritten: bool) -> Iterator[str]:
    """Yield what an edition says otherwise than the one that the log gives as of its run."""
    document = edition.document
    try:
        run, lines = lines_at(log, document.run)
        if not is_bounded(document.config):
            yield "its configuration has more values than any"
            return
        config = Config.model_validate_json(json.dumps(document.config))
        for _, message, _ in counted_once(document.config):
            yield f"its configuration counts twice: {message}"
            return
        if run.bound not in ("", PlaceOwners.of(config).digest):
            yield f"its configuration binds places otherwise than that of run {run.id}"
        again = edition_of(build(fold(lines), config, demo=run.demo), document.month)
    except (SunlitError, LookupError, ValueError, ArithmeticError, RecursionError) as error:
        yield f"cannot be made again ({str(error).splitlines()[0]})"
        return
    cells = [name for name in _CELLS if not (rewritten and name in _OF_TEXTS)]
    yield from (f"{name} is not what the log gives" for name in cells if _says(document, again, name))
    yield from _figures(document.figures, again.figures)


def _says(document: EditionDocument, again: EditionDocument, name: str) -> bool:
    return bool(getattr(document, name) != getattr(again, name))


def _figures(stated: list[FrozenFigure], again: list[FrozenFigure]) -> Iterator[str]:
    theirs, ours = ({figure.id: figure for figure in figures} for figures in (stated, again))
    if len(theirs) < len(stated):
        yield "it states a figure twice"
    for name in sorted(theirs.keys() | ours.keys()):
        if theirs.get(name) != ours.get(name):
            there, here = (found[name].value if name in found else "nothing" for found in (theirs, ours))
            yield f"{name} is {there}, the log gives {here}"


def lines_at(log: Mapping[str, bytes], run: str) -> tuple[Run, list[Line]]:
    """Return a run record and the lines that it vouches for; raise `LookupError` where there is none.

    What was voided since counts: it counted then.
    """
    lengths: dict[str, int] = {}
    for path in in_order(path for path in log if path.startswith(f"{RUNS}/")):
        data = log[path]
        end = data.find(b"\n") + 1
        for line in decode(path, data)[1]:
            end = data.find(b"\n", end) + 1
            if not isinstance(line.record, Run):
                continue
            lengths |= {state.path: state.length for state in line.record.files}
            if line.record.id == run:
                lengths[path] = end
                whole = {name: log[name][:length] for name, length in lengths.items()}
                return line.record, [
                    found for name in in_order(whole) for found in decode(name, whole[name])[1]
                ]
    msg = f"its run {run} is not in the log"
    raise LookupError(msg)
