"""The steps of verification in their order, as a table: what each asks, needs and counts.

Who answers is in `steps`: a command that only shows answers imports none of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class Needs(IntEnum):
    """What a step of verification cannot do without; each includes the ones before."""

    COPY = 1  #: the bytes of the site
    LOG = 2  #: a log that can be read and has a run
    REPORT = 3  #: the report of that log under the published configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationStep:
    """One question about a site, and the checks that answer it."""

    name: str
    question: str  #: as a statement that a reader of the table sees answered
    needs: Needs
    checks: Mapping[str, str]  #: name of each → what its number counts; empty: told only when it is not ok


#: What can be told from the bytes of a site alone, in the order in which it is told.
STEPS: Final[tuple[VerificationStep, ...]] = (
    VerificationStep(
        name="manifest",
        question="Files are the ones the manifest lists",
        needs=Needs.COPY,
        checks={
            "manifest-read": "",
            "files-read": "",
            "file-names": "plain files",
            "files-missing": "listed files are there",
            "files-changed": "have their listed hash",
            "pictures-changed": "pictures have their listed pixels",
            "files-extra": "are all there is",
        },
    ),
    VerificationStep(
        name="schemas",
        question="Data files have the shape they promise",
        needs=Needs.COPY,
        checks={
            "file-kinds": "files of a known kind",
            "schemas-ours": "schemas",
            "data-shapes": "data files",
        },
    ),
    VerificationStep(
        name="log",
        question="The log is whole and its snapshots are what they say",
        needs=Needs.COPY,
        checks={
            "log-lines": "lines",
            "run-records": "run records",
            "one-world": "of them on one network",
            "store-places": "sums by store, place and month",
            "runs-voided": "",
            "clock": "",
        },
    ),
    VerificationStep(
        name="evidence",
        question="Events, transactions and headers are genuine",
        needs=Needs.LOG,
        checks={
            "event-signatures": "signed events",
            "transaction-ids": "raw transactions",
            "headers": "block headers",
            "branches": "Merkle branches",
            "coinbases": "coinbases that state their block's height",
            "epochs": "ends of epochs",
            "evidence-there": "rows with all of their evidence",
            "events-redacted": "",
        },
    ),
    VerificationStep(
        name="figures",
        question="Every published number follows from the log",
        needs=Needs.LOG,
        checks={
            "recipe": "configuration",
            "figures": "figures",
            "downloads": "downloads",
            "chart-data": "tables of charts",
            "pages": "numbers on pages and charts",
            "snapshot-stated": "manifest",
        },
    ),
    VerificationStep(
        name="records",
        question="Every line is of a source that may say so",
        needs=Needs.REPORT,
        checks={
            "sources": "lines of sources that are configured",
            "fields": "without a word that means nothing",
            "record-ids": "called what they say",
            "rules": "that can be",
            "former-stores": "",
            "former-providers": "",
            "stores-add-up": "stores whose places add up",
        },
    ),
    VerificationStep(
        name="proof",
        question="Every row of the chain follows from evidence",
        needs=Needs.REPORT,
        checks={
            "bindings": "places bound",
            "terms": "projects' terms",
            "entries-derived": "rows derived again",
            "entries-missing": "transactions lack no row",
            "findings-repeated": "checks repeated",
            "census": "projects in the census",
            "hidden-projects": "",
            "redacted-projects": "",
            "projects-unlisted": "",
            "rows-withdrawn": "",
            "rows-unconfirmed": "",
            "rows-reported": "",
        },
    ),
    VerificationStep(
        name="editions",
        question="Editions are what the log gave at their run",
        needs=Needs.LOG,
        checks={
            "editions-read": "editions",
            "editions-stated": "pages state their hash",
            "editions-derived": "frozen figures",
            "editions-other": "",
        },
    ),
    VerificationStep(
        name="rebuild",
        question="The site made again has the same bytes",
        needs=Needs.REPORT,
        checks={
            "same-bytes": "files",
            "theme": "",
            "catalogues": "",
            "page-texts": "files with no other number",
            "page-unread": "",
            "page-links": "",
        },
    ),
)

#: Only when asked for.
ONLINE: Final = VerificationStep(
    name="online",
    question="Your own servers tell the same",
    needs=Needs.REPORT,
    checks={
        "servers-asked": "servers",
        "rows-on-chain": "rows on chain are published",
        "rows-published": "published rows are on chain",
        "projects-online": "projects",
    },
)
