"""Whatever is kept back of a network, its report says what was not read, and what that can be at most."""

import asyncio
from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.judge.recorded_chain import RecordedChain
from generator.ledger import Entry, Key
from generator.pages import Content, network_page
from generator.places import angor_place, identifier_in
from generator.protocol.proof.header_rules import rules_of
from generator.report import Report
from generator.report.census import Standing
from generator.report.figures.bounds import Bound
from generator.report.known_in_part import lines_in_part
from generator.snapshot import Announced, Cause, Census, Finding, Known, Project, Record
from generator.snapshot.announced import UNFOUNDED_ALONE
from generator.verify.census_check import check_census
from tests.support.lossy_network import Loss, Losses, Network, Watching, network, report_of
from tests.support.proving import in_full, seeds
from tests.support.skipping_loop import SkippingLoop

PROJECTS = 4

#: What is kept back of each project in a run, and the seconds that the run may take.
RUNS = st.tuples(
    st.dictionaries(
        st.integers(0, PROJECTS - 1),
        st.sets(st.sampled_from(sorted(set(Loss) - {Loss.EMPTY})), min_size=1, max_size=3),
    ),
    st.sampled_from([None, None, 4, 8]),
)


def check_lines(known: Known, net: Network, losses: Losses) -> None:
    """Check that each announced project has one line, and why it is unread, and no bound below the truth."""
    lines = {identifier_in(line.id): line for line in known.of(Announced)}
    assert sorted(lines) == sorted(net.identifiers)
    alone = known.runs[-1].asked[0].reads.get(UNFOUNDED_ALONE, "").split()
    assert {lines[name].outcome for name in alone} <= {Census.UNFOUNDED}
    assert lines.pop(net.announced.identifier).outcome in (Census.UNFOUNDED, Census.UNREAD)
    for number, name in enumerate(project.identifier for project in net.world.projects):
        unread = lines[name].outcome is Census.UNREAD
        assert unread or lines[name].outcome is Census.READ
        assert bool(lines[name].cause and lines[name].reason) is unread
        assert (lines[name].at_most_msat or net.paid_msat[name]) >= net.paid_msat[name]
        if len(known.runs) == 1 and set(losses.get(number, ())) - {Loss.DENIED}:
            assert unread


def check_report(report: Report, net: Network, losses: Losses) -> None:
    """Check that sums are of what was read, "at least" while something is not, and that this is named."""
    rows = {row.identifier: row for row in report.census.rows}
    for number, name in enumerate(project.identifier for project in net.world.projects):
        if Loss.EVENT not in (some := losses.get(number, ())):
            assert (rows[name].standing is Standing.HIDDEN) is (Loss.DENIED in some)
    unread, raised = report.census.unread, report.figures["raised"]
    parts = {project.identifier: project.figures["raised"] for project in report.projects}
    assert (raised.value or 0) == sum(part.value for part in parts.values() if isinstance(part.value, int))
    shown = {name: paid for name, paid in net.paid_msat.items() if rows[name].standing is not Standing.HIDDEN}
    for name, paid in shown.items():
        if rows[name].standing is Standing.READ:
            assert (parts[name].value, parts[name].bound) == (paid, Bound.EXACT)
    true, published = sum(shown.values()), raised.value or 0
    assert isinstance(published, int)
    assert raised.bound is (Bound.AT_LEAST if unread else Bound.EXACT) or raised.value is None
    assert published <= true if unread else published == true
    if all(row.at_most for row in unread):
        assert true <= published + sum(int(row.at_most.value or 0) for row in unread if row.at_most)
    counts = [report.figures[name].value for name in ("projects", "projects_read")]
    assert counts == [len(shown), len(shown) - sum(row.identifier in shown for row in unread)]
    [page] = network_page.pages(report, Content(templates={}, pages={}))
    assert [row.identifier for row in page.values["unread"]] == [row.identifier for row in unread]


def check_exit(known: Known, report: Report) -> None:
    """Check that the run ends with 3 unless the configuration accepts each gap."""
    names = {row.identifier for row in report.census.unread}
    lines = list(lines_in_part(report))
    assert bool(lines) is bool(names)
    assert all(any(name in line for line in lines) for name in names)
    assert not list(lines_in_part(report_of(known, names)))


def census_problems(known: Known) -> tuple[str, ...]:
    """Return what verification has against the census of an honest log."""
    return check_census(known, RecordedChain.of(known, "angor", rules_of("regtest")), "regtest").problems


def money(known: Known) -> dict[Key, Record]:
    kinds = (Project, Entry, Finding, Announced)
    return {key: record for key, record in known.records.items() if isinstance(record, kinds)}


async def watched(net: Network, runs: Collection[tuple[Losses, float | None]]) -> None:
    watching = Watching(network=net)
    for number, (losses, budget_s) in enumerate(runs):
        known = await watching.run(losses, budget_s=budget_s, day=number)
        report = report_of(known)
        check_lines(known, net, losses)
        assert not census_problems(known)
        check_report(report, net, losses)
        check_exit(known, report)
    recovered, whole = await watching.run({}, day=30), Watching(network=net)
    assert money(recovered) == money(await whole.run({}))
    check_report(report_of(recovered), net, {})


@settings(max_examples=in_full(2, 300))
@given(seed=st.sampled_from(seeds(1, 8)), runs=st.lists(RUNS, min_size=1, max_size=2))
def test_what_is_kept_back_is_said_and_bounded_until_it_is_shown(
    seed: int, runs: list[tuple[Losses, float | None]]
) -> None:
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        runner.run(watched(network(seed, PROJECTS), runs))


@pytest.mark.parametrize(("number", "first"), [(0, {}), (1, {1: {Loss.SPENDS}}), (2, {2: {Loss.EVENT}})])
def test_what_is_recorded_founds_a_project_whose_address_is_said_to_be_empty(
    number: int, first: Losses
) -> None:
    """Neither is it only announced then, nor is an empty list a bound of what it raised."""
    net = network(11)
    watching, place = Watching(network=net), angor_place(net.identifiers[number])
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        runner.run(watching.run(first))
        known = runner.run(watching.run({number: {Loss.EMPTY}}, day=1))
        [line] = [line for line in known.of(Announced) if line.id == place]
        assert (line.outcome, line.cause) == (Census.UNREAD, Cause.HIDDEN)
        assert line.at_most_msat is None
        assert report_of(known).figures["raised"].bound is Bound.AT_LEAST
        assert not census_problems(known)
        runner.run(watching.run({}, day=2))
    assert {line.outcome for line in watching.known.of(Announced)} == {Census.READ, Census.UNFOUNDED}
