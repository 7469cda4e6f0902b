"""An edition: the statement of one UTC month as one run had it, in a file that is made once; pure.

Its file is the thing: hash and citation cover its bytes, and whatever is corrected later stands
beside it. It says with which run, configuration and version it was made, so that anybody can make
it again from the log. It holds no text of a source, which might have to be taken down.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple

import msgspec

from generator.number_bounds import Moment
from generator.report.days import DAY, month_text
from generator.report.figures.bounds import Bound
from generator.report.figures.figure import ALL, COUNT, MSAT, Figure, FigureDefinition, slug_and_name
from generator.report.statements.statement import (
    CLOSING,
    DEFINITIONS,
    OPENING,
    RECEIVED,
    RECEIVED_COUNT,
    RETURNED,
)

SCHEMA: Final = 1
#: From the end of a month until its edition may be made.
DELAY: Final = timedelta(hours=48)
MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
DECIMAL: Final = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,60})?")
#: What the statement of each project has, and besides that the one of all.
EQUATION: Final = (OPENING.name, RECEIVED.name, RETURNED.name, CLOSING.name)
#: What an edition's figures mean: those of a statement, as its run had them.
FROZEN: Final = {
    definition.name: replace(
        definition,
        formula=f"{definition.formula} As the run {{run}} had it, for the edition of the month.",
        by=f"{definition.by}@run",
        meaning=f"{definition.formula} As the run of an edition had it.",
    )
    for definition in DEFINITIONS
}


class FrozenFigure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure as the run of the edition had it; `id` is the figure's own, with the run behind it."""

    id: str
    value: int | str | None
    unit: str
    bound: Bound
    verification: str | None


class FrozenEdit(NamedTuple):
    """That a term of a project was changed: which one and when it was seen, never its text."""

    project: str
    term: str  #: in a word for people: ``deadline``
    day: str


class EditionDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``content/editions/YYYY-MM.json`` says."""

    schema: int
    month: str
    sunlit: str  #: version that made it
    network: str
    demo: bool
    run: str
    snapshot: str
    as_of: Moment
    config: dict[str, Any]  #: as it was published then
    bindings: dict[str, str]  #: place of money → project that it counted for
    edits: list[FrozenEdit]
    figures: list[FrozenFigure]  #: by id


class Edition(msgspec.Struct, frozen=True):
    """An edition as it was read: its bytes, and what they say."""

    data: bytes
    document: EditionDocument

    @property
    def month(self) -> str:
        """The month, ``2026-01``."""
        return self.document.month

    @property
    def sha256(self) -> str:
        """The hash of the file, which a citation names."""
        return sha256(self.data).hexdigest()

    @property
    def projects(self) -> Mapping[str, Mapping[str, Figure]]:
        """Its figures by project (`ALL` for all together), then by name without month and run."""
        found: defaultdict[str, dict[str, Figure]] = defaultdict(dict)
        end = f"@{self.month}@{self.document.run}"
        for figure in self.figures:
            found[figure.project or ALL][figure.name.removesuffix(end)] = figure
        return found

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Its figures, whole."""
        return tuple(self._figure(figure) for figure in self.document.figures)

    def _figure(self, frozen: FrozenFigure) -> Figure:
        project, name = slug_and_name(frozen.id)
        definition = FROZEN.get(name.partition("@")[0], _UNKNOWN)
        return Figure(
            id=frozen.id,
            project=project,
            name=name,
            value=frozen.value,
            unit=frozen.unit,
            bound=frozen.bound,
            verification=frozen.verification,
            formula=definition.formula.format(of=self.month, run=self.document.run),
            inputs=(f"snapshot:{self.document.snapshot}",),
        )


#: Of a figure that only another version of Sunlit knows.
_UNKNOWN: Final = FigureDefinition("unknown", "A figure of another version, as the run {run} had it.")


def encode_edition(document: EditionDocument) -> bytes:
    """Return the canonical bytes of an edition, one figure a line."""
    figures = b",\n".join(map(_ENCODER.encode, document.figures))
    frame = _ENCODER.encode(msgspec.structs.replace(document, figures=[]))
    return frame.replace(b'"figures":[]', b'"figures":[\n' + figures + b"\n]", 1) + b"\n"


_ENCODER: Final = msgspec.json.Encoder(order="sorted")


def decode_edition(data: bytes) -> Edition:
    """Read an edition; raise `msgspec.DecodeError`, or `ValueError` for other bytes than it is written in."""
    document = msgspec.json.decode(data, type=EditionDocument)
    if encode_edition(document) != data:
        msg = "not the canonical bytes of an edition, which is never edited"
        raise ValueError(msg)
    edition = Edition(data, document)
    if problem := next(_odd(edition), ""):
        raise ValueError(problem)
    return edition


def _odd(edition: Edition) -> Iterator[str]:
    """Yield what no edition says, whichever version made it."""
    document = edition.document
    if not MONTH.fullmatch(document.month):
        yield f"{document.month[:20]!r} is no month, expected such as 2026-01"
        return
    if document.as_of < month_end(document.month) + DELAY:
        yield f"it was made at {document.as_of:%Y-%m-%d %H:%M}, less than two days after {document.month}"
    end = f"@{document.month}@{document.run}"
    for figure in document.figures:
        whole = figure.unit in (MSAT, COUNT)
        text = isinstance(figure.value, str) and DECIMAL.fullmatch(figure.value)
        if not figure.id.endswith(end) or "/" not in figure.id:
            yield f"{figure.id[:90]!r} is no figure of it"
        elif figure.value is not None and not (isinstance(figure.value, int) if whole else text):
            yield f"{figure.id} is {str(figure.value)[:40]!r} {figure.unit}, expected a number"
    for slug, found in edition.projects.items():
        lacks = {*EQUATION, *((RECEIVED_COUNT.name,) if slug == ALL else ())} - found.keys()
        yield from (f"{slug} has no figure {name}" for name in sorted(lacks))
    if edition.projects and ALL not in edition.projects:
        yield "it has no figures of all projects together"


def due_months(existing: Collection[str], as_of: datetime) -> list[str]:
    """Return the months to freeze as of a run: those over for two days, from the newest edition on.

    Without any edition it is the last of them alone: what was not frozen in time is none.
    """
    day = (as_of.astimezone(UTC) - DELAY).date().replace(day=1) - DAY
    found = [month_text(day)]
    newest = max(existing, default=None)
    while newest is not None and found[-1] > newest:
        day = day.replace(day=1) - DAY
        found.append(month_text(day))
    return found[::-1] if newest is None else found[-2::-1]


def month_end(month: str) -> datetime:
    """Return the moment at which a month is over."""
    year, number = int(month[:4]), int(month[5:])
    return datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
