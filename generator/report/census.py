"""The census: every announced project of the network, or of the configuration, and what became of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

import msgspec

from generator.config import Config
from generator.places import angor_place, identifier_in
from generator.report.days import day_of
from generator.report.figures.bounds import Bound
from generator.report.figures.figure import Figure, FigureDefinition
from generator.sentence import Sentence, Text, say
from generator.snapshot import Announced, Cause, Census, Known

RAISED_AT_MOST: Final = FigureDefinition(
    "raised_at_most",
    "The most that {of} can have raised: what every listed transaction that may be an investment pays.",
    by="project",
    meaning="The most that a project which is not read can have raised, from what its address lists.",
)


class Standing(StrEnum):
    """What became of an announced project."""

    READ = "read"
    UNREAD = "not read"
    UNFOUNDED = "only announced"
    UNKNOWN_TERMS = "founded, terms unknown"
    HIDDEN = "hidden"

    @property
    def words(self) -> Sentence:
        """What people call it."""
        return _WORDS[self]


_WORDS: Final = {
    Standing.READ: say("read"),
    Standing.UNREAD: say("not read"),
    Standing.UNFOUNDED: say("only announced"),
    Standing.UNKNOWN_TERMS: say("founded, terms unknown"),
    Standing.HIDDEN: say("hidden"),
}

#: Why a project is unread, in a sentence for everybody; the source's own words stand beside it.
CAUSES: Final = {
    Cause.HISTORY: say("No server lists all transactions of its address."),
    Cause.BYTES: say("No server shows a transaction that pays it, or where in the chain it stands."),
    Cause.INVESTMENTS: say("What became of its investments could not be read."),
    Cause.EVENT: say("No relay has the terms that its founding commits to."),
    Cause.HIDDEN: say(
        "Transactions that were recorded before are not shown again, and not shown to be gone."
    ),
    Cause.BUDGET: say("The run ended before its turn; the next one goes on."),
}
_STANDING: Final = {
    Census.READ: Standing.READ,
    Census.UNREAD: Standing.UNREAD,
    Census.UNFOUNDED: Standing.UNFOUNDED,
    Census.UNKNOWN_TERMS: Standing.UNKNOWN_TERMS,
}


class CensusRow(msgspec.Struct, frozen=True, kw_only=True):
    """One announced project."""

    identifier: str
    slug: str  #: of its page, empty without one
    standing: Standing
    cause: Cause | None
    reason: str  #: one sentence of the source, empty for what was read
    since: date
    at_most: Figure | None  #: the most that an unread one can have raised
    accepted: str  #: the maintainer's reason, empty without one

    @property
    def why(self) -> Text:
        """Why it is unread, in plain words; empty for others."""
        return CAUSES[self.cause] if self.cause else ""

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.slug or self.identifier


class NetworkCensus(msgspec.Struct, frozen=True, kw_only=True):
    """Every announced project, by identifier."""

    rows: tuple[CensusRow, ...] = ()

    def of(self, *standings: Standing) -> tuple[CensusRow, ...]:
        """Return the projects of which one of these became."""
        return tuple(row for row in self.rows if row.standing in standings)

    @property
    def unread(self) -> tuple[CensusRow, ...]:
        """The projects of which money may be in no sum."""
        return self.of(Standing.UNREAD)

    @property
    def unseen(self) -> tuple[CensusRow, ...]:
        """The unread projects without a page: nothing of them stands in any figure."""
        return tuple(row for row in self.unread if not row.slug)

    @property
    def figures(self) -> Iterator[Figure]:
        """Yield the bounds of what is unread."""
        return (row.at_most for row in self.rows if row.at_most is not None)


def census(known: Known, config: Config, slugs: Sequence[str], hidden: Iterable[str]) -> NetworkCensus:
    """Return what became of each announced project; `slugs` have pages, `hidden` are identifiers."""
    pages = {setting.angor: setting.slug for setting in config.projects if setting.angor}
    pages |= {slug: slug for slug in slugs if slug not in pages.values()}
    accepted = {item.place: item.reason for item in config.accepted}
    out = frozenset(hidden)
    return NetworkCensus(
        rows=tuple(
            _row(record, pages, accepted, hidden=identifier in out)
            for record in known.of(Announced)
            for identifier in [identifier_in(record.id)]
            if config.angor.discover == "all" or identifier in pages
        )
    )


def _row(
    record: Announced, pages: Mapping[str, str], accepted: Mapping[str, str], *, hidden: bool
) -> CensusRow:
    identifier = identifier_in(record.id)
    slug = pages.get(identifier, "")
    most = record.at_most_msat
    names = (slug, identifier, angor_place(identifier))
    return CensusRow(
        identifier=identifier,
        slug=slug,
        standing=Standing.HIDDEN if hidden else _STANDING[record.outcome],
        cause=record.cause,
        reason=record.reason,
        since=day_of(record.since),
        at_most=None
        if most is None or hidden
        else RAISED_AT_MOST.figure(None, most, of=identifier, bound=Bound.AT_MOST),
        accepted=next((accepted[name] for name in names if accepted.get(name)), ""),
    )
