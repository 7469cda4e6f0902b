"""The steps of verification in their order, as a table: what each asks, needs, looks at and counts.

A new check is a result that a step's function yields, and its name in this table.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from generator.verify import (
    evidence_check,
    figure_check,
    files_check,
    online_check,
    rebuild_check,
    record_check,
    rederive,
    stores_check,
)
from generator.verify.published_site import Installation, Needs, PublishedSite
from generator.verify.results import CheckResult, VerificationResult, unchecked
from generator.verify.site_copy import SiteCopy
from generator.verify.verdict import word_sums


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationStep:
    """One question about a site, and the checks that answer it."""

    name: str
    question: str  #: as a statement that a reader of the table sees answered
    needs: Needs
    checks: Mapping[str, str]  #: name of each → what its number counts; empty: told only when it is not ok
    results: Callable[[PublishedSite], Iterable[CheckResult]]

    def run(self, site: PublishedSite) -> Iterator[CheckResult]:
        """Yield the results of the step, or that its checks have nothing to compare with."""
        reason = site.lacks(self.needs)
        lacking = (unchecked(name, reason, wanted=True) for name, counted in self.checks.items() if counted)
        for result in lacking if reason else self.results(site):
            yield msgspec.structs.replace(result, step=self.name)


#: What can be told from the bytes of a site alone.
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
            "files-extra": "are all there is",
        },
        results=lambda site: files_check.check_manifest(site.copy),
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
        results=lambda site: files_check.check_schemas(
            site.copy, same_version=rebuild_check.same_version(site.recipe)
        ),
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
        results=lambda site: site.log.results,
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
        results=lambda site: evidence_check.check_evidence(site.known, site.last.network),
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
        results=lambda site: figure_check.check_figures(site.copy, site.report_or_reason),
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
        results=lambda site: (
            *record_check.check_records(site.log.lines, site.known, site.report.config),
            stores_check.check_stores(site.report),
        ),
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
            "rows-reported": "",
        },
        results=lambda site: rederive.check_proof(site.known, site.report.config, site.last),
    ),
    VerificationStep(
        name="rebuild",
        question="The site made again has the same bytes",
        needs=Needs.REPORT,
        checks={"same-bytes": "files", "page-texts": "files with no other number", "page-unread": ""},
        results=rebuild_check.check_rebuild,
    ),
)


def online_step(indexers: Sequence[str] = (), relays: Sequence[str] = ()) -> VerificationStep:
    """Return the step that asks servers; without a name, the published ones."""
    return VerificationStep(
        name="online",
        question="Your own servers tell the same",
        needs=Needs.REPORT,
        checks={
            "servers-asked": "servers",
            "rows-on-chain": "rows on chain are published",
            "rows-published": "published rows are on chain",
            "projects-online": "projects",
        },
        results=lambda site: asyncio.run(
            online_check.check_online(
                site.known, site.report.config, site.last, indexers=indexers, relays=relays
            )
        ),
    )


def verify(
    copy: SiteCopy, installation: Installation, steps: Sequence[VerificationStep] = STEPS
) -> VerificationResult:
    """Return the result of every check; `STEPS` ask nothing of the network."""
    site = PublishedSite.read(copy, installation)
    last = site.log.last
    return VerificationResult(
        subject=copy.subject,
        as_of=last.at if last else None,
        snapshot=last.snapshot if last else "",
        network=last.network if last else "",
        demo=bool(last and last.demo),
        checks=tuple(result for step in steps for result in step.run(site)),
        raised=None if isinstance(site.report_or_reason, str) else word_sums(site.report_or_reason),
    )
