"""Who answers each step of verification, and all of them in turn.

A new check is a result that a step's function yields, and its name in `step_table`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from generator.snapshot import Redaction
from generator.verify import (
    editions_check,
    evidence_check,
    figure_check,
    files_check,
    rebuild_check,
    record_check,
    rederive,
    stores_check,
)
from generator.verify.published_site import Installation, PublishedSite, Tell, unheard
from generator.verify.results import CheckResult, VerificationResult, unchecked
from generator.verify.site_copy import SiteCopy
from generator.verify.step_table import ONLINE, STEPS, VerificationStep
from generator.verify.word_sums import word_sums


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorsServers:
    """Whom the visitor wants to be asked; without a name, the published ones."""

    indexers: Sequence[str] = ()
    relays: Sequence[str] = ()


def _records(site: PublishedSite) -> Iterator[CheckResult]:
    yield from record_check.check_records(site.log.lines, site.known, site.report.config)
    yield stores_check.check_stores(site.report)


def _editions(site: PublishedSite) -> Iterator[CheckResult]:
    rewritten = bool(site.known.of(Redaction))
    return editions_check.check_editions(site.copy, site.copy.log, site.editions, rewritten=rewritten)


#: By name of the step: what can be told from the bytes of a site alone.
_RESULTS: Final[Mapping[str, Callable[[PublishedSite], Iterable[CheckResult]]]] = {
    "manifest": lambda site: files_check.check_manifest(site.copy),
    "schemas": lambda site: files_check.check_schemas(
        site.copy, same_version=rebuild_check.same_version(site.recipe), jobs=site.jobs
    ),
    "log": lambda site: site.log.results,
    "evidence": lambda site: evidence_check.check_evidence(site.known, site.last.network),
    "figures": lambda site: figure_check.check_figures(
        site.copy, site.report_or_reason, site.languages, jobs=site.jobs
    ),
    "records": _records,
    "proof": lambda site: rederive.check_proof(site.known, site.report.config, site.last),
    "editions": _editions,
    "rebuild": rebuild_check.check_rebuild,
}


def results_of(
    step: VerificationStep, site: PublishedSite, servers: VisitorsServers | None = None
) -> Iterator[CheckResult]:
    """Yield the results of a step, or that its checks have nothing to compare with."""
    reason = site.lacks(step.needs)
    if reason:
        found: Iterable[CheckResult] = (
            unchecked(name, reason, wanted=True) for name, counted in step.checks.items() if counted
        )
    elif step is ONLINE:
        found = _asked(site, servers or VisitorsServers())
    else:
        found = _RESULTS[step.name](site)
    for result in found:
        yield msgspec.structs.replace(result, step=step.name)


def _asked(site: PublishedSite, servers: VisitorsServers) -> list[CheckResult]:
    """Ask, with what speaks to servers imported only now: to verify bytes takes none of it."""
    import asyncio  # noqa: PLC0415

    from generator.verify.online_check import check_online  # noqa: PLC0415

    return asyncio.run(
        check_online(
            site.known,
            site.report.config,
            site.last,
            indexers=servers.indexers,
            relays=servers.relays,
        )
    )


def verify(
    copy: SiteCopy,
    installation: Installation,
    servers: VisitorsServers | None = None,
    *,
    jobs: int = 1,
    tell: Tell = unheard,
) -> VerificationResult:
    """Return the result of every check; without `servers` nothing is asked of the network.

    `tell` hears the question of each step as it begins, and how many hundredths of a long one are done.
    """
    tell("The log is read and the report made again", 0)
    site = PublishedSite.read(copy, installation, jobs=jobs, tell=tell)
    last = site.log.last
    checks: list[CheckResult] = []
    for step in STEPS if servers is None else (*STEPS, ONLINE):
        tell(step.question, 0)
        checks += results_of(step, site, servers)
    verified = VerificationResult(
        subject=copy.subject,
        as_of=last.at if last else None,
        snapshot=last.snapshot if last else "",
        network=last.network if last else "",
        demo=bool(last and last.demo),
        checks=tuple(checks),
    )
    if verified.mismatch or isinstance(site.report_or_reason, str):
        return verified  # of what does not hold nothing is said that a program could take for the truth
    return msgspec.structs.replace(verified, raised=word_sums(site.report, site.known))
