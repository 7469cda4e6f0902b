"""Whether a batch may enter the log: nobody trusts the job that made it; pure.

What a batch says about itself and its sources is held against the configuration, the clock and
the log; what it would make of the log is verified as a visitor would, by the same steps.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from generator.config import Config
from generator.pages import Content
from generator.places import ANGOR, RATES
from generator.report import build
from generator.report.place_owners import PlaceOwners
from generator.snapshot import Binding, Known, Project, Rate, Redaction, Run, VoidedRun
from generator.snapshot.batch import Batch
from generator.snapshot.clock import TOLERANCE
from generator.sources.rates.rates_source import contradiction
from generator.verify.editions_check import PublishedEditions
from generator.verify.log_check import read_log
from generator.verify.published_site import Installation, PublishedSite
from generator.verify.record_check import holds, place_of
from generator.verify.record_rules import tip_problem
from generator.verify.results import CheckResult
from generator.verify.site_copy import SiteCopy
from generator.verify.step_table import STEPS
from generator.verify.steps import results_of

#: A batch is kept as long by the workflow, so an older one is nobody's second try.
OLDEST: Final = timedelta(days=7)
#: Steps of verification that need the log and the configuration alone.
STEPS_OF_THE_LOG: Final = ("log", "evidence", "records", "proof")
#: What only a person says, with `sunlit migrate`.
_BY_HAND: Final = (Redaction, VoidedRun, Run)
_RUN_ID: Final = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}", re.ASCII)
#: No block of the main network comes faster for long (ten minutes are usual).
_BLOCK: Final = timedelta(minutes=5)
_MOST_BLOCKS_AT_ONCE: Final = 144
_DEAREST: Final = 10**12


def batch_problems(batch: Batch, known: Known, config: Config, *, now: datetime) -> Iterator[str]:
    """Yield what a batch says that the configuration, the clock or the log contradicts.

    `known` is the log as of the batch's own run.
    """
    yield from _of_the_run(batch, config, now)
    for run in known.runs:
        if run.id == batch.run and run.asked != batch.asked:
            yield "the log has this run already, with other answers"
    allowed = _sources(config) | {record.source for record in known.of(Project)}
    named = Counter(asked.source for asked in batch.asked)
    yield from (f"{name} was asked {count} times" for name, count in sorted(named.items()) if count > 1)
    for name in sorted((named.keys() | {record.source for record in batch.records}) - allowed):
        yield f"source {name} is not in the configuration, and the log has nothing of it"
    owners = PlaceOwners.of(config)
    if batch.bound not in ("", owners.digest):
        yield "its places are bound otherwise than by config.yaml"
    for record in batch.records:
        if (place := place_of(record)) and not holds(record.source, place):
            yield f"{place} is no place of source {record.source}"
        if isinstance(record, _BY_HAND):
            yield f"{record.key[0]} {record.id} is for `sunlit migrate` to say, not for a run"
        elif isinstance(record, Binding) and record.project != (slug := owners.slug(record.id)):
            mine = slug or "no project"
            yield f"{record.id} is bound to {record.project or 'no project'}, the configuration says {mine}"
    yield from _of_the_tip(batch, known, config)
    yield from _of_rates(batch, known, config)


def _of_the_run(batch: Batch, config: Config, now: datetime) -> Iterator[str]:
    if not _RUN_ID.fullmatch(batch.run) or not batch.run.startswith(
        f"{batch.at.astimezone(UTC):%Y%m%dT%H%M%SZ}-"
    ):
        yield f"run id {batch.run[:80]} does not follow from the run's time {batch.at:%Y-%m-%dT%H:%M:%SZ}"
    if batch.at > now + TOLERANCE:
        yield f"its time lies ahead of this machine's clock ({now:%Y-%m-%dT%H:%M:%SZ}): one of two is wrong"
    if batch.at < now - OLDEST:
        yield f"its time is more than {OLDEST.days} days ago"
    if batch.network != config.network:
        yield f"it was observed on {batch.network}, but config.yaml says {config.network}"
    if batch.demo:
        yield "it is of a demo, which never enters a real log"


def _sources(config: Config) -> set[str]:
    """Return the names of all sources that a configuration has."""
    found = {name for names in PlaceOwners.of(config).stores.values() for name in names}
    if config.sources.nostr is not None:
        found.add(ANGOR)
    return found | ({RATES} if config.sources.rates.asked else set())


def _of_the_tip(batch: Batch, known: Known, config: Config) -> Iterator[str]:
    """Yield a height that no chain can have: servers that stand below it would be asked no more."""
    if problem := tip_problem(batch):
        yield problem
    last = known.told_tip()
    if batch.tip_height is None or config.network != "main" or last is None:
        return
    most = (last.tip_height or 0) + _MOST_BLOCKS_AT_ONCE + max(timedelta(), batch.at - last.at) // _BLOCK
    if batch.tip_height > most:
        yield f"block {batch.tip_height} is more than {most}, the highest there can be since {last.id}"


def _of_rates(batch: Batch, known: Known, config: Config) -> Iterator[str]:
    """Yield prices that the source of exchange rates was not asked for, or would not have believed."""
    rates = [record for record in batch.records if isinstance(record, Rate)]
    prices: dict[str, dict[date, Rate]] = {}
    for rate in (*rates, *known.of(Rate)):  # a recorded one is never replaced
        if not 0 < rate.price < _DEAREST:
            yield f"{rate.id}: {str(rate.price)[:40]} is no price of a bitcoin"
            continue
        try:
            day = date.fromisoformat(rate.day)
        except ValueError:
            yield f"{rate.id}: {rate.day[:20]!r} is no day"
            continue
        if day > batch.at.date():
            yield f"{rate.id}: its day has not come"
        prices.setdefault(rate.currency, {})[day] = rate
    fresh = {rate.key for rate in rates} - known.records.keys()
    yield from (
        f"{rate.id}: {rate.currency[:20]} is no currency of units.fiat in config.yaml"
        for rate in rates
        if rate.key in fresh and rate.currency not in config.units.fiat
    )
    for by_day in prices.values():
        around = {day: rate.price for day, rate in by_day.items()}
        for day, rate in by_day.items():
            if rate.key in fresh and (against := contradiction(day, rate.price, around)):
                yield f"{rate.id}: {rate.price} is ten times off {against.price} of {against.day}"


def new_problems(before: Mapping[str, bytes], after: Mapping[str, bytes], config: Config) -> list[str]:
    """Return what verification would call red of a log, and did not of the one before; by relative path.

    Without a configuration that gives a report of the log, that is all there is to say.
    """
    red = _red(after, config)
    if not red:
        return []
    old = {check.name: check for check in _red(before, config)} if before else {}
    return [problem for check in red for problem in _new(check, old.get(check.name))]


def _new(check: CheckResult, old: CheckResult | None) -> Sequence[str]:
    problems = [problem for problem in check.problems if old is None or problem not in old.problems]
    if not problems and old is not None and check.found > old.found:
        problems = [f"{check.found - old.found} more problems of the kind of {check.problems[0]}"]
    return [f"{check.name}: {problem}" for problem in problems]


def _red(files: Mapping[str, bytes], config: Config) -> list[CheckResult]:
    return [check for check in log_results(files, config) if check.problems]


def log_results(files: Mapping[str, bytes], config: Config) -> list[CheckResult]:
    """Return the results of the steps that need a log and a configuration alone.

    Raise `SunlitError` where the log gives no report.
    """
    log = read_log(files)
    if log.known is None or log.last is None:
        return list(log.results)
    site = PublishedSite(
        copy=SiteCopy(subject="the log", files={}, listed=False),
        installation=Installation(content=Content(templates={}, pages={}), exact=False),
        log=log,
        recipe=None,
        report_or_reason=build(log.known, config, demo=log.last.demo),
        editions=PublishedEditions(editions=(), problems=()),
        languages={},
    )
    return [result for step in STEPS if step.name in STEPS_OF_THE_LOG for result in results_of(step, site)]
