"""An honest site stays green when servers were down: rows are judged as of the run that read them.

Sandboxed servers are read really; what a later run could not read is said as our source says it.
"""

import msgspec
import pytest

from generator.ledger import Entry, Status, Verification
from generator.places import angor_place
from generator.sandbox.chain import ChainWorld
from generator.snapshot import Announced, Asked, Cause, Census, Finding, Known, Line, Outcome, Project, Result
from generator.snapshot.finding import HEADER_AGREEMENT
from generator.verify.last_reads import LastReads
from generator.verify.online_check import compared
from tests.verify.run_log import Log, config, original

pytestmark = pytest.mark.anyio

SHALLOW = 2  #: blocks on top of a row's own while it still waits


def waiting() -> ChainWorld:
    """Return a world whose last investment is in a block and waits for confirmations."""
    world, _, height = original()
    del world.chain.blocks[height + SHALLOW :]
    return world


def unread(known: Known) -> list[Announced | Project]:
    """Return what a run says of a project that it could not read and keeps from before."""
    [project] = known.of(Project)
    [line] = known.of(Announced)
    why = {"cause": Cause.HISTORY, "reason": "no server lists its address"}
    return [
        msgspec.structs.replace(line, outcome=Census.UNREAD, **why),
        msgspec.structs.replace(project, complete=False),
    ]


def shallow(log: Log) -> list[Entry]:
    return [row for row in log.known.of(Entry) if row.status is Status.PENDING]


async def read(world: ChainWorld) -> Log:
    log = Log()
    await log.read(world)
    assert shallow(log)
    assert log.red() == {}
    return log


def silent(log: Log) -> None:
    """Add a run that no server of the chain answered."""
    log.append(tip=0)
    last = log.lines[-1].record
    asked = (Asked(source="angor", outcome=Outcome.UNAVAILABLE, message="no relay answered"),)
    run = msgspec.structs.replace(last, tip_height=None, asked=asked)
    log.lines[-1] = Line(run=run.id, record=run)


async def test_a_run_that_was_told_no_tip_leaves_rows_as_they_were() -> None:
    world = waiting()
    log = await read(world)
    silent(log)
    assert log.known.runs[-1].tip_height is None
    assert log.known.tip_height == world.chain.height
    assert log.red() == {}


async def test_ones_own_servers_are_compared_up_to_the_last_tip_that_a_run_was_told() -> None:
    world = waiting()
    log = await read(world)
    silent(log)
    records = list(log.known.records.values())
    rows = [record for record in records if isinstance(record, Entry)]
    without = [record for record in records if record is not rows[0]]
    tip_of = LastReads.of(log.known, config()).tip_of
    told = {check.name: check for check in compared(without, records, tip_of)}
    assert told["rows-on-chain"].problems == (
        f"{rows[0].id}: {rows[0].kind} of {rows[0].amount_msat // 1000} sat for {rows[0].place} "
        "is on chain and not published",
    )
    assert told["rows-on-chain"].compared == len(rows)


async def test_a_project_founded_after_the_site_was_made_is_not_missed_online() -> None:
    world = waiting()
    log = await read(world)
    records = list(log.known.records.values())
    [project] = log.known.of(Project)
    news = msgspec.structs.replace(
        project, id=angor_place("angor1qnew"), founding_height=world.chain.height + 1
    )
    tip_of = LastReads.of(log.known, config()).tip_of
    assert {check.problems for check in compared(records, [*records, news], tip_of)} == {()}
    seen = msgspec.structs.replace(news, founding_height=world.chain.height)
    [_, _, projects] = compared(records, [*records, seen], tip_of)
    assert len(projects.problems) == 1


async def test_rows_of_a_project_that_was_not_read_may_wait_while_the_chain_goes_on() -> None:
    world = waiting()
    log = await read(world)
    log.append(*unread(log.known), tip=world.chain.height + 100)
    log.append(tip=world.chain.height + 200)
    assert shallow(log)
    assert log.red() == {}


async def test_what_other_projects_brought_meanwhile_says_nothing_against_rows_that_are_kept() -> None:
    """A block is disputed by now; rows of a project that is unread still call it shown."""
    world = waiting()
    log = await read(world)
    row = next(row for row in log.known.of(Entry) if row.verification is Verification.PROVEN)
    disputed = Finding(
        id=f"{HEADER_AGREEMENT}/{row.block}",
        source="angor",
        place="",
        check=HEADER_AGREEMENT,
        subject=row.block,
        result=Result.FAILED,
        reason="another server has another block",
    )
    log.append(disputed, *unread(log.known), tip=world.chain.height + 100)
    assert log.red() == {}
    log.lines = [line for line in log.lines if not isinstance(line.record, Announced | Project)]
    log.lines += [Line(run="r0", record=record) for record in (await read(world)).known.of(Project)]
    assert "entries-derived" in log.red()  # the last run read it whole


async def test_a_project_that_nobody_lists_any_more_is_judged_as_it_was_left() -> None:
    world = waiting()
    log = await read(world)
    log.append(tip=world.chain.height + 100)
    left = config().model_copy(update={"angor": config().angor.model_copy(update={"discover": "listed"})})
    assert log.red(left) == {}
    assert "entries-derived" in log.red()


@pytest.mark.proof(1)
async def test_no_row_waits_longer_than_the_last_run_that_read_its_project() -> None:
    world = waiting()
    log = await read(world)
    log.append(tip=world.chain.height + 100)  # read, and it says nothing new
    assert log.red().keys() == {"entries-derived"}
    log.append(*unread(log.known), tip=world.chain.height + 200)  # calling it unread afterwards does not help
    assert log.red().keys() == {"entries-derived"}


@pytest.mark.proof(1)
async def test_no_row_counts_before_the_tip_of_the_run_that_wrote_it_allows() -> None:
    world = waiting()
    log = await read(world)
    early = {row.id: msgspec.structs.replace(row, status=Status.CONFIRMED) for row in shallow(log)}
    log.lines = [
        Line(run=line.run, record=early.get(line.record.id, line.record))
        if isinstance(line.record, Entry)
        else line
        for line in log.lines
    ]
    log.append(*unread(log.known), tip=world.chain.height + 100)
    assert log.red().keys() == {"entries-derived"}
