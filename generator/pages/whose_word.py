"""Whose word each kind of line of the log is, from the declarations beside the record types; pure."""

from collections.abc import Iterator
from typing import Final

import msgspec

from generator.ledger import Declaration, Entry, Observation, OtherMoney
from generator.origin import Origin, Origins
from generator.places import ANGOR, BTCPAY, RATES, RUNS, VOIDS
from generator.sentence import Text, say
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
LINES: Final[dict[type[Observation], Text]] = {
    Entry: say("Money that moved"),
    Project: say("Projects"),
    ProjectPicture: say("Pictures of projects"),
    Declaration: say("Declarations"),
    OtherMoney: say("Money in other coins"),
    Attributed: say("Where payments of a store were counted"),
    OwnNumber: say("Own numbers of a server"),
    PromisedMoney: say("Refunds that were promised"),
    Announced: say("The census of projects"),
    EventRecord: say("Evidence: signed events"),
    TransactionRecord: say("Evidence: transactions"),
    HeaderRecord: say("Evidence: block headers"),
    BranchRecord: say("Evidence: Merkle branches"),
    Rate: say("Exchange rates"),
    Binding: say("Which project a place counts for"),
    Withdrawn: say("What was taken back"),
    Redaction: say("What was taken down"),
    Run: say("Runs"),
    VoidedRun: say("Runs that count no more"),
}
_SOURCES: Final[dict[str, Text]] = {
    ANGOR: say("Angor, from Nostr and Bitcoin"),
    BTCPAY: "BTCPay",
    RATES: say("exchange rates"),
    RUNS: say("the run itself"),
    VOIDS: say("the maintainer"),
}
WHOSE: Final = {
    Origin.DERIVED: say("Nobody, it is derived again and compared"),
    Origin.BTCPAY: say("A BTCPay server"),
    Origin.INDEXER: say("An indexer"),
    Origin.RELAY: say("A relay"),
    Origin.PROVIDER: say("A rate provider"),
    Origin.PUBLISHER: say("The publisher"),
}


class WordRow(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of line from one kind of source, and whose word its parts are."""

    line: Text
    source: Text
    words: tuple[tuple[Text, str], ...]  #: whose, and the names of the fields


def word_rows() -> Iterator[WordRow]:
    """Yield a row for each kind of line and source, and for the checks of each source."""
    for kind, line in LINES.items():
        origins: Origins = getattr(kind, "ORIGINS", {})
        yield from _rows(line, origins)
    yield from _rows(say("Checks: result and reason"), CHECKS)


def _rows(line: Text, origins: Origins) -> Iterator[WordRow]:
    for source, fields in origins.items():
        words = []
        for origin, whose in WHOSE.items():
            names = [name for name, found in fields.items() if found is origin]
            if names:
                words.append((whose, ", ".join(names)))
        yield WordRow(line=line, source=_SOURCES[source], words=tuple(words))
