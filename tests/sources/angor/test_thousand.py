"""A thousand projects behind one small server, whose runs are ended and killed: what is published on the way.

In an ordinary run it is a dozen of them, and minutes are shorter.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Final

import pytest

from generator.ledger import Entry
from generator.places import identifier_in
from generator.report import build
from generator.report.figures.bounds import Bound
from generator.report.figures.figure import Figure
from generator.sandbox.indexer import PROFILES, Quirks
from generator.sandbox.worth import Value
from generator.snapshot import Announced, Cause, Known, Outcome
from tests.support.interrupted_runs import CONFIG, Ended, Network, Site, canonical, read_whole
from tests.support.proving import in_full, seed

# a busy machine gives a proof of five minutes a tenth of its time
pytestmark = [pytest.mark.proof, pytest.mark.timeout(3600)]

PROJECTS: Final = in_full(16, 1000)
#: Seconds after which a run is over, one way or the other.
RUN_S: Final = in_full(36, 600)

#: Projects of two networks of which the work is compared.
GROWN: Final = (100, 400)


def small_quota() -> Quirks:
    """Return a server of 3 requests a second, burst 10, that says 429 and not when to come back."""
    stock = PROFILES["esplora-stock"].quota
    assert stock is not None
    quota = replace(stock, per_s=3)
    assert (quota.burst, quota.retry_after, quota.ban_s) == (10, "", 0)
    return Quirks(quota=quota)


def holds(figure: Figure, true: Value) -> bool:
    """Tell whether what is published of a number is so."""
    if figure.bound is Bound.UNKNOWN:
        return figure.value is None
    if figure.bound is Bound.EXACT:
        return figure.value == true
    if figure.value is None or true is None:
        return False
    published, number = Decimal(figure.value), Decimal(true)
    return published <= number if figure.bound is Bound.AT_LEAST else published >= number


def of_reading(known: Known) -> dict[str, Value]:
    """Return the figures about the reading itself, which is not whole on the way."""
    read, announced = len(read_whole(known)), len(known.of(Announced))
    return {
        "all/projects_read": read,
        "all/projects_announced@read": read,
        "all/projects_announced@not-read": announced - read,
        "all/runs_failed@angor": sum(run.asked[0].outcome is not Outcome.OK for run in known.runs),
    }


def compared(known: Known, truth: Mapping[str, Value]) -> Counter[Bound]:
    """Compare every figure of a report with the truth; count them by their bound."""
    report, expected = build(known, CONFIG, demo=False), {**truth, **of_reading(known)}
    for name in (
        "net",
        "with_founder",
    ):  # balances of all are not known, and of those that were read they are
        some = [truth[f"{identifier_in(place)}/{name}"] for place in read_whole(known)]
        expected[f"all/known_sum@{name}"] = sum(value for value in some if isinstance(value, int))
    figures = report.all_figures()
    assert [
        (figure.id, figure.bound, figure.value, expected.get(figure.id))
        for figure in figures
        if not holds(figure, expected.get(figure.id))
    ] == []
    read, announced = read_whole(known), {record.id for record in known.of(Announced)}
    assert (report.figures["raised"].bound is Bound.EXACT) == (len(read) == PROJECTS)
    unread = {row.identifier: row.cause for row in report.census.unseen}
    assert unread == dict.fromkeys(map(identifier_in, announced - read), Cause.BUDGET)
    return Counter(figure.bound for figure in figures)


@pytest.mark.slow
def test_what_is_published_on_the_way_is_right_and_the_end_is_that_of_one_whole_run(tmp_path: Path) -> None:
    dice, network = Random(seed()), Network.drawn(seed(), PROJECTS)  # noqa: S311 -- ends of runs, no secrets
    truth = network.truth().figures()
    whole = Site(network=network, folder=tmp_path / "whole")
    at_once, final = whole.run(), whole.known
    show("at once", at_once, final, compared(final, truth))
    site = Site(network=network, folder=tmp_path / "parts", quirks=small_quota())
    ended, known = list[Ended](), Known()
    while len(read_whole(known)) < PROJECTS:
        kill = {"killed_s": RUN_S * dice.uniform(0.85, 1)}
        ended.append(site.run(**(kill if site.runs % 2 else {"budget_s": RUN_S})))
        before, known = known, site.known
        show(f"run {site.runs}", ended[-1], known, compared(known, truth))
        assert len(known.records) > len(before.records), "a run added nothing"
        read = read_whole(known)
        assert known.of(Entry) == tuple(entry for entry in final.of(Entry) if entry.place in read)
        assert ended[-1].requests <= 1.1 * (10 + 3 * RUN_S) + 10, "many questions were refused"
    print(f"{at_once.requests:,} requests at once, {sum(run.requests for run in ended):,} in parts")
    assert {run.killed for run in ended} == {True, False}
    assert canonical(known) == canonical(final)


@pytest.mark.proof(0)
def test_work_and_memory_grow_with_the_projects_and_not_with_their_square(tmp_path: Path) -> None:
    def needed(projects: int) -> tuple[float, float, float]:
        site = Site(network=Network.drawn(seed(), projects), folder=tmp_path / f"{projects}")
        first, again = site.run(), site.run(days=8)  # the second one reads all again beside a full log
        cpu_ms = [1000 * run.cpu_s / projects for run in (first, again)]
        print(
            f"{projects} projects: {cpu_ms[0]:.0f} and {cpu_ms[1]:.0f} ms of CPU each, {again.peak_mib} MiB"
        )
        return cpu_ms[0], cpu_ms[1], again.peak_mib

    few, many = needed(GROWN[0]), needed(GROWN[1])
    assert [big < 1.5 * small for small, big in zip(few[:2], many[:2], strict=True)] == [True, True]
    assert many[2] < few[2] * GROWN[1] / GROWN[0]


def show(name: str, run: Ended, known: Known, figures: Counter[Bound]) -> None:
    """Print what a run did and what of it was compared."""
    counts = ", ".join(f"{count:,} {bound}" for bound, count in sorted(figures.items()))
    print(
        f"{name:<8} {'killed' if run.killed else 'ended':<6} {run.requests:>6,} requests, "
        f"{run.seconds / 60:5.1f} min, {run.cpu_s:5.1f} s of CPU, {run.peak_mib:>4} MiB; "
        f"{len(read_whole(known)):>5,} of {PROJECTS:,} projects, {len(known.records):>6,} records; {counts}"
    )
