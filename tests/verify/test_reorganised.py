"""A transaction whose block was reorganised: what the log says of it follows, and nobody can feign it.

A sandbox's chain is really reorganised; the source reads it before and after, and verification
judges both runs from what they recorded.
"""

from dataclasses import replace

import msgspec
import pytest

from generator.ledger import Entry, Kind, Status, Verification
from generator.protocol.bitcoin import Transaction
from generator.sandbox.chain import Chain, ChainWorld
from generator.snapshot import (
    Finding,
    Line,
    Project,
    Result,
    Withdrawn,
)
from tests.verify.run_log import BUILT_ON, Log, original

pytestmark = pytest.mark.anyio


def reorganised(world: ChainWorld, below: int, *without: Transaction, waits: bool = False) -> ChainWorld:
    """Return the world with its blocks from a height on mined anew and one more, without some transactions.

    They wait again, or nobody has them any more.
    """
    out = {tx.txid for tx in without}
    chain = Chain(world.chain.reward_script, world.chain.blocks[:below])
    for block in world.chain.blocks[below:]:
        chain.mempool = [tx for tx in block.transactions[1:] if tx.txid not in out]
        chain._fees_sat |= {tx.txid: 0 for tx in chain.mempool}
        chain.mine(block.header.time + 1)
    chain.mine(chain.blocks[-1].header.time + 600)
    chain.mempool = list(without) if waits else []
    return replace(world, chain=chain)


def in_one_block(world: ChainWorld, height: int, *, but: Transaction | None = None) -> ChainWorld:
    """Return the world with all that its blocks from a height on hold in the first of them.

    One transaction may come in the block after it.
    """
    chain = Chain(world.chain.reward_script, world.chain.blocks[:height])
    later = [] if but is None else [but]
    every = [tx for block in world.chain.blocks[height:] for tx in block.transactions[1:]]
    chain._fees_sat |= {tx.txid: 0 for tx in every}
    chain.mempool = [tx for tx in every if tx not in later]
    for block in world.chain.blocks[height:]:
        chain.mine(block.header.time + 2)
        chain.mempool, later = later, []
    chain.mine(chain.blocks[-1].header.time + 600)
    return replace(world, chain=chain)


@pytest.mark.parametrize("spend", [False, True])
async def test_what_waits_again_is_named_with_its_amount_and_not_red(*, spend: bool) -> None:
    world, tx, height = original(spend=spend)
    log = Log()
    await log.read(world)
    before = log.rows(tx)
    assert log.red() == {}
    assert {row.status for row in before} == {Status.CONFIRMED}
    assert "rows-unconfirmed" not in log.checks()
    world = reorganised(world, height, tx, waits=True)
    await log.read(world)
    assert [row.id for row in log.rows(tx)] == [row.id for row in before]
    assert {(row.height, row.status) for row in log.rows(tx)} == {(None, Status.PENDING)}
    assert log.red() == {}
    told = log.checks()["rows-unconfirmed"]
    sat = sum(row.amount_msat for row in before if row.kind is Kind.INVESTMENT) // 1000
    assert told.result is Result.NOT_CHECKED
    assert f"{len(before)} rows, such as {before[0].id}, {sat:,} sat".replace(",", " ").split() == (
        told.reason.partition(" of investments")[0].replace(",", " ").replace("\u202f", " ").split()
    )
    # mined after all, in another block than the first
    world.chain._fees_sat |= {tx.txid: 0}
    for _ in range(BUILT_ON):
        world.chain.mine(world.chain.blocks[-1].header.time + 600)
    await log.read(world)
    assert {(row.status, row.verification) for row in log.rows(tx)} == {
        (Status.CONFIRMED, Verification.PROVEN)
    }
    assert {row.block for row in log.rows(tx)}.isdisjoint(row.block for row in before)
    assert log.red() == {}
    assert "rows-unconfirmed" not in log.checks()


@pytest.mark.parametrize("spend", [False, True])
async def test_what_is_in_another_block_at_once_is_derived_from_that(*, spend: bool) -> None:
    world, tx, height = original(spend=spend)
    log = Log()
    await log.read(world)
    before = log.rows(tx)
    await log.read(moved := reorganised(world, height))
    assert {row.block for row in log.rows(tx)} == {moved.chain.blocks[height].hash}
    assert {row.block for row in before} == {world.chain.blocks[height].hash}
    assert log.red() == {}
    assert {"rows-unconfirmed", "rows-withdrawn"}.isdisjoint(log.checks())
    await log.read(reorganised(moved, height, tx, waits=True))
    assert log.red() == {}, "two blocks held it, and it waits"


@pytest.mark.parametrize("spend", [False, True])
async def test_what_nobody_has_any_more_is_named_as_taken_back(*, spend: bool) -> None:
    world, tx, height = original(spend=spend)
    log = Log()
    await log.read(world)
    before = log.rows(tx)
    await log.read(reorganised(world, height, tx))
    assert log.rows(tx) == []
    assert log.red() == {}
    assert log.checks()["rows-withdrawn"].reason.startswith(f"{len(before)} rows ")


async def test_what_waited_and_was_dropped_takes_its_open_checks_along() -> None:
    world, tx, height = original()
    log = Log()
    world = reorganised(world, height, tx, waits=True)
    await log.read(world)
    assert [
        finding.check for finding in log.known.of(Finding) if finding.subject == tx.txid and finding.reason
    ]
    world.chain.mempool.clear()
    await log.read(world)
    assert log.rows(tx) == []
    assert log.red() == {}
    assert "rows-withdrawn" in log.checks()


async def test_a_founding_that_moves_to_an_earlier_block_stands_where_the_project_says() -> None:
    world, _, _ = original()
    script = world.projects[0].script
    founding = next(
        b.height for b in world.chain.blocks for t in b.transactions if t.outputs[0].script == script
    )
    world = replace(world, chain=Chain(world.chain.reward_script, world.chain.blocks[: founding + BUILT_ON]))
    log = Log()
    await log.read(world)
    await log.read(in_one_block(world, founding - 1))
    [project] = log.known.of(Project)
    assert project.founding_height == founding - 1
    assert log.red() == {}


def waiting(row: Entry) -> Entry:
    """Say of a row in a block that it waits, as honest runs say it."""
    txid = row.evidence[0]
    return msgspec.structs.replace(
        row,
        height=None,
        block="",
        status=Status.PENDING,
        verification=Verification.REPORTED,
        evidence=(txid,),
    )


async def forged(world: ChainWorld, tx: Transaction) -> Log:
    """Return a log whose publisher claims that the block of a transaction was reorganised."""
    log = Log()
    await log.read(world)
    assert log.red() == {}
    own = [finding for finding in log.known.of(Finding) if finding.subject.startswith(tx.txid)]
    [shown] = [finding for finding in own if finding.check == "inclusion"]
    [window] = [finding for finding in own if finding.check == "window"]
    log.append(
        *map(waiting, log.rows(tx)),
        Withdrawn(id=f"finding/{shown.id}", source="angor", reason="no longer observed"),
        msgspec.structs.replace(window, result=Result.NOT_CHECKED, reason="not in a block yet"),
        tip=world.chain.height,
    )
    return log


def investment_before(world: ChainWorld, height: int) -> tuple[Transaction, int]:
    """Return the last transaction before a block that pays the project, and the height of its block."""
    script = world.projects[0].script
    found = (
        (tx, block.height)
        for block in reversed(world.chain.blocks[:height])
        for tx in block.transactions
        if tx.outputs[0].script == script
    )
    return next(found)


async def test_a_feigned_reorganisation_of_a_block_that_holds_other_rows_is_red() -> None:
    world, tx, height = original()
    _, other = investment_before(world, height)
    together = in_one_block(world, other)
    log = await forged(together, tx)
    [problem, *_] = log.red()["entries-derived"]
    block = together.chain.blocks[other].hash
    assert problem.endswith(f"waits again, and block {block}, which held it, stands for other rows")
    # what could not be read again since may be of the old chain as well
    [project] = log.known.of(Project)
    log.append(msgspec.structs.replace(project, complete=False), tip=together.chain.height)
    assert "entries-derived" not in log.red()
    assert "rows-unconfirmed" in log.checks()


async def test_a_feigned_reorganisation_below_a_block_that_stands_is_red() -> None:
    """The header of the next block names it as the one before."""
    world, tx, height = original()
    before, at = investment_before(world, height)
    world = in_one_block(world, at, but=tx)
    log = await forged(world, before)
    [block, above] = world.chain.blocks[at : at + 2]
    named = {row.block for row in log.known.of(Entry)}
    assert block.hash not in named
    assert above.hash in named
    [problem, *_] = log.red()["entries-derived"]
    assert problem.endswith(f"waits again, and block {block.hash}, which held it, stands for other rows")


async def test_a_feigned_reorganisation_that_nothing_contradicts_is_named() -> None:
    """Alone in the last block that is shown: whether it is gone only the chain itself tells."""
    world, tx, _ = original()
    log = await forged(world, tx)
    assert log.red() == {}
    assert "no other block of its height is shown" in log.checks()["rows-unconfirmed"].reason


async def test_a_feigned_reorganisation_of_a_block_long_ago_is_red() -> None:
    world, tx, _ = original()
    for _ in range(100):
        world.chain.mine(world.chain.blocks[-1].header.time + 600)
    [problem, *_] = (await forged(world, tx)).red()["entries-derived"]
    assert problem.endswith("was 103 blocks below the tip")


async def test_who_shows_a_block_and_never_said_what_is_in_it_is_red() -> None:
    world, tx, _ = original()
    log = Log()
    await log.read(world)
    rows = {row.key: waiting(row) for row in log.rows(tx)}
    log.lines = [Line(run=line.run, record=rows.get(line.record.key, line.record)) for line in log.lines]
    assert any("evidence says confirmed" in problem for problem in log.red()["entries-derived"])


async def test_one_stage_of_an_investment_cannot_wait_alone() -> None:
    world, tx, _ = original()
    log = Log()
    await log.read(world)
    for row in log.rows(tx):
        one = Log(list(log.lines))
        one.append(waiting(row), tip=world.chain.height)
        assert "entries-derived" in one.red()


async def test_a_failed_check_of_what_stands_cannot_be_taken_back() -> None:
    world, tx, height = original()
    log = Log()
    await log.read(reorganised(world, height, tx, waits=True))
    [open_check] = [
        finding for finding in log.known.of(Finding) if finding.subject == tx.txid and finding.reason
    ]
    gone = Withdrawn(id=f"finding/{open_check.id}", source="angor", reason="no longer observed")
    log.append(gone, tip=world.chain.height)
    assert "findings-repeated" in log.red()
