"""Whose word each kind of line of the log is, from the declarations beside the record types; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from generator.ledger import Declaration, Entry, Observation, OtherMoney
from generator.origin import Origin, Origins
from generator.places import ANGOR, BTCPAY, RATES, RUNS, VOIDS
from generator.snapshot import (
    Announced,
    Attributed,
    Binding,
    BranchRecord,
    EventRecord,
    HeaderRecord,
    OwnNumber,
    Project,
    ProjectPicture,
    PromisedMoney,
    Rate,
    Redaction,
    Run,
    TransactionRecord,
    VoidedRun,
    Withdrawn,
)
from generator.snapshot.finding import CHECKS

#: Every type of line, in words for a reader.
LINES: Final[dict[type[Observation], str]] = {
    Entry: "Money that moved",
    Project: "Projects",
    ProjectPicture: "Pictures of projects",
    Declaration: "Declarations",
    OtherMoney: "Money in other coins",
    Attributed: "Where payments of a store were counted",
    OwnNumber: "Own numbers of a server",
    PromisedMoney: "Refunds that were promised",
    Announced: "The census of projects",
    EventRecord: "Evidence: signed events",
    TransactionRecord: "Evidence: transactions",
    HeaderRecord: "Evidence: block headers",
    BranchRecord: "Evidence: Merkle branches",
    Rate: "Exchange rates",
    Binding: "Which project a place counts for",
    Withdrawn: "What was taken back",
    Redaction: "What was taken down",
    Run: "Runs",
    VoidedRun: "Runs that count no more",
}
_SOURCES: Final = {
    ANGOR: "Angor, from Nostr and Bitcoin",
    BTCPAY: "BTCPay",
    RATES: "exchange rates",
    RUNS: "the run itself",
    VOIDS: "the maintainer",
}
WHOSE: Final = {
    Origin.DERIVED: "Nobody, it is derived again and compared",
    Origin.BTCPAY: "A BTCPay server",
    Origin.INDEXER: "An indexer",
    Origin.RELAY: "A relay",
    Origin.PROVIDER: "A rate provider",
    Origin.PUBLISHER: "The publisher",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRow:
    """One kind of line from one kind of source, and whose word its parts are."""

    line: str
    source: str
    words: tuple[tuple[str, str], ...]  #: whose, and the names of the fields


def word_rows() -> Iterator[WordRow]:
    """Yield a row for each kind of line and source, and for the checks of each source."""
    for kind, line in LINES.items():
        origins: Origins = getattr(kind, "ORIGINS", {})
        yield from _rows(line, origins)
    yield from _rows("Checks: result and reason", CHECKS)


def _rows(line: str, origins: Origins) -> Iterator[WordRow]:
    for source, fields in origins.items():
        words = []
        for origin, whose in WHOSE.items():
            names = [_name(name) for name, found in fields.items() if found is origin]
            if names:
                words.append((whose, ", ".join(names)))
        yield WordRow(line=line, source=_SOURCES[source], words=tuple(words))


def _name(field: str) -> str:
    return field.removesuffix("_msat").replace("_", " ")
