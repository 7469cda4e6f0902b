"""Verification holds the census against the log: who is missing in it, and what evidence says otherwise."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import msgspec
import pytest

from generator.judge.recorded_chain import RecordedChain
from generator.places import angor_place
from generator.protocol.proof.header_rules import rules_of
from generator.snapshot import Announced, Cause, Census, Finding, Known, Line, Project, Record, fold
from generator.verify.census_check import check_census
from generator.verify.online_check import compared
from generator.verify.results import CheckResult
from tests.support.lossy_network import Loss, Network, Watching, network
from tests.support.skipping_loop import SkippingLoop

#: Number of the project → what nobody shows of it; the others are read.
LOSSES = {1: {Loss.SPENDS}, 2: {Loss.FOUNDING}, 3: {Loss.CUT}, 4: {Loss.DENIED, Loss.UNLISTED}}
READ, KNOWN, UNKNOWN = 0, 1, 2


@pytest.fixture(scope="module")
def net() -> Network:
    return network(11)


@pytest.fixture(scope="module")
def lines(net: Network) -> list[Line]:
    watching = Watching(network=net)
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        runner.run(watching.run(LOSSES))
    return watching.lines


def checked(known: Known) -> CheckResult:
    return check_census(known, RecordedChain.of(known, "angor", rules_of("regtest")), "regtest")


Change = Callable[[Record], Iterator[Record]]


def lost(place: str, *kinds: type[Record]) -> Change:
    def change(record: Record) -> Iterator[Record]:
        about = place in (record.id, getattr(record, "place", ""))
        if not (about and isinstance(record, kinds)):
            yield record

    return change


def said(place: str, kind: type[Record] = Announced, **fields: object) -> Change:
    def change(record: Record) -> Iterator[Record]:
        ours = isinstance(record, kind) and record.id == place
        yield msgspec.structs.replace(record, **fields) if ours else record

    return change


def test_the_census_of_an_honest_log_holds(net: Network, lines: list[Line]) -> None:
    known = fold(lines)
    outcomes = {line.id: line.outcome for line in known.of(Announced)}
    assert [outcomes[angor_place(name)].value for name in net.identifiers] == [
        "read",
        *["unread"] * 4,
        "unfounded",
    ]
    assert (checked(known).problems, checked(known).compared) == ((), 6)


def test_ones_own_servers_miss_no_rows_of_what_is_published_as_unread(
    net: Network, lines: list[Line]
) -> None:
    theirs = Watching(network=net)
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        found = list(runner.run(theirs.run({})).records.values())
    ours = list(fold(lines).records.values())
    assert {check.name: check.problems for check in compared(ours, found, lambda _place: 10**6)} == {
        "rows-on-chain": (),
        "rows-published": (),
        "projects-online": (),
    }
    kept = [record for record in ours if not isinstance(record, Announced)]
    [rows, _, projects] = compared(kept, found, lambda _place: 10**6)
    assert rows.problems
    assert len(projects.problems) == sum(number in LOSSES for number in range(len(net.identifiers)))


@pytest.mark.parametrize(
    ("number", "change", "says"),
    [
        (READ, lambda place: lost(place, Announced), "not in the census"),
        (KNOWN, lambda place: lost(place, Announced, Finding), "not in the census"),  # its event is evidence
        (UNKNOWN, lambda place: lost(place, Announced), "not in the census"),
        (READ, lambda place: said(place, outcome=Census.UNFOUNDED), "founds it"),
        (READ, lambda place: said(place, outcome=Census.UNREAD, cause=Cause.BYTES), "was read whole"),
        (READ, lambda place: said(place, outcome=Census.UNKNOWN_TERMS), "holds its terms"),
        (READ, lambda place: said(place, Project, complete=False), "no record of it was read whole"),
        (READ, lambda place: said(place, at_most_msat=1), "at most 1 msat, and the log has"),
        (READ, lambda place: said(place, cause=Cause.BYTES), "only an unread one has a cause"),
        (KNOWN, lambda place: said(place, cause=None), "only an unread one has a cause"),
        (
            READ,
            lambda place: said(place, since=datetime(2099, 1, 1, tzinfo=UTC)),
            "2099-01-01, after the last",
        ),
        (KNOWN, lambda place: said(place, outcome=Census.UNFOUNDED), "founds it"),
        (KNOWN, lambda place: said(place, outcome=Census.READ, cause=None), "no record of it was read whole"),
        (UNKNOWN, lambda place: said(place, outcome=Census.READ), "no record of it was read whole"),
        (UNKNOWN, lambda place: lost(place, Announced, Finding), ""),  # what leaves no trace is a limit
    ],
)
def test_what_the_log_says_otherwise_is_found(
    number: int, change: Callable[[str], Change], says: str, net: Network, lines: list[Line]
) -> None:
    edit = change(angor_place(net.identifiers[number]))
    forged = [Line(run=line.run, record=new) for line in lines for new in edit(line.record)]
    assert forged != lines
    problems = checked(fold(forged)).problems
    assert any(says in problem for problem in problems) if says else problems == ()
