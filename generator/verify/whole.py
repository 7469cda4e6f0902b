"""All steps in their order; a step without ground to stand on says so instead of guessing."""

from collections.abc import Iterator
from typing import Final

from generator.config import Config
from generator.pages.recipe import RECIPE
from generator.report import Report
from generator.snapshot import Known, Run
from generator.verify import evidence_check, figure_check, rebuild, rederive
from generator.verify.figure_check import Recipe, recipe_of, report_of
from generator.verify.log_check import Log, check_log
from generator.verify.manifest import check_manifest
from generator.verify.outcome import Check, Outcome, checked, skipped
from generator.verify.rebuild import Workshop, same_version
from generator.verify.shapes import check_shapes
from generator.verify.site_copy import Copy

_AFTER_LOG: Final = (*figure_check.NAMES, *evidence_check.NAMES, *rederive.NAMES, rebuild.NAME)


def ground(copy: Copy) -> tuple[Known, Config, Run] | None:
    """Return the log, the configuration and the last run that a site shows; None where one cannot be read."""
    recipe, log = recipe_of(copy), check_log(copy.log)
    if recipe is None or log.known is None or log.last is None:
        return None
    found = report_of(recipe, log.known, log.last)
    return None if isinstance(found, str) else (log.known, found.config, log.last)


def verify(copy: Copy, workshop: Workshop) -> Outcome:
    """Return the result of every check; nothing is asked of the network."""
    recipe, log = recipe_of(copy), check_log(copy.log)
    checks = [
        *check_manifest(copy),
        *check_shapes(copy, same_version=same_version(recipe)),
        *log.checks,
        *_resting(copy, log, recipe, workshop),
    ]
    last = log.last
    return Outcome(
        subject=copy.subject,
        snapshot=last.snapshot if last else "",
        network=last.network if last else "",
        demo=bool(last and last.demo),
        checks=tuple(checks),
    )


def _resting(copy: Copy, log: Log, recipe: Recipe | None, workshop: Workshop) -> Iterator[Check]:
    """Yield what rests on a log that could be read."""
    known, last = log.known, log.last
    if known is None or last is None:
        yield from skipped("log", _AFTER_LOG, "the log could not be read")
        return
    yield from evidence_check.check_evidence(known, last.network)
    if recipe is None:
        yield checked("figures", "recipe", [f"{RECIPE} is missing or cannot be read"], 1)
        yield from skipped("figures", figure_check.NAMES, "there is no configuration to compute with")
        return
    found = report_of(recipe, known, last)
    if isinstance(found, str):
        yield checked("figures", "recipe", [f"the log gives no report: {found}"], 1)
        yield from skipped("figures", figure_check.NAMES, "the log gives no report")
        return
    yield checked("figures", "recipe", (), 1)
    yield from _reported(copy, found, known, last, recipe, workshop)


def _reported(
    copy: Copy, report: Report, known: Known, last: Run, recipe: Recipe, workshop: Workshop
) -> Iterator[Check]:
    yield from figure_check.check_figures(copy, report)
    yield from rederive.check_proof(known, report.config, last)
    yield from rebuild.check_rebuild(copy, report, recipe, workshop)
