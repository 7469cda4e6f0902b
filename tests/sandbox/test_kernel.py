"""Bitcoin Core's own consensus code judges the sandbox's chain, and what is wrong with it by one byte."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.protocol.angor.stage_scripts import penalty_output_script
from generator.protocol.bitcoin import Transaction, is_p2wsh
from generator.sandbox.acts import Act, ActKind, Acts, ActStatus
from generator.sandbox.chain import build_chain
from generator.sandbox.chain.blocks import Block, commitment, mined
from generator.sandbox.chain.project import Locked
from tests.support.chain_world import world
from tests.support.proving import in_full

pytestmark = pytest.mark.kernel
Place = tuple[int, int, int]  #: height, position of the transaction, number of the input
CLASSES = (
    "claim",
    "penalty recovery",
    "unfunded release",
    "end of project",
    "seeder",
    "moved elsewhere",
    "penalty release",
)


class Core:
    """Bitcoin Core's validation over an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.pbk: Any = pytest.importorskip("pbk", reason="py-bitcoinkernel is not installed")
        self.verdicts: list[str] = []
        callbacks = self.pbk.ValidationInterfaceCallbacks(block_checked=self._checked)
        self.chainman = self.pbk.load_chainman(
            folder, self.pbk.ChainType.REGTEST, validation_callbacks=callbacks
        )

    @property
    def height(self) -> int:
        return int(self.chainman.get_active_chain().height)

    def takes(self, block: Block) -> bool:
        """Offer a block; tell whether the chain grew by it."""
        before = self.height
        with suppress(self.pbk.ProcessBlockException):  # refused before it was even stored
            self.chainman.process_block(self.pbk.Block(block.serialize()))
        return self.height == before + 1

    def refuses(self, block: Block) -> bool:
        """Offer a block; tell whether it broke a consensus rule, not merely its own commitments."""
        return not self.takes(block) and self.verdicts[-1] == "CONSENSUS"

    def _checked(self, _data: object, _block: object, state: Any) -> None:  # noqa: ANN401 -- pbk ships no types
        self.verdicts.append(state.block_validation_result.name)


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    core = Core(tmp_path)
    yield core
    del core.chainman


def script_class(locked: Locked, tx: Transaction, vin: int) -> str:
    """Name a spend by the leaf its witness shows, from what the parties knew when they locked it."""
    leaf, scripts = tx.inputs[vin].witness[-2], locked.scripts
    if leaf == scripts.recover:
        penalty = penalty_output_script(locked.investor_key, locked.project.draft.penalty_days)
        if tx.outputs[vin].script == penalty:
            return "penalty recovery"
        return "moved elsewhere" if is_p2wsh(tx.outputs[vin].script) else "unfunded release"
    return {scripts.founder: "claim", scripts.end: "end of project"}.get(leaf, "seeder")


def spends() -> dict[str, list[Place]]:
    """Return where every class of spend stands in the chain."""
    made, acts = world()
    locked = {stage.coin.outpoint: stage for project in made.projects for stage in project.locked}
    releases = {act.spends for act in acts if act.kind is ActKind.RELEASE}
    found: dict[str, list[Place]] = {name: [] for name in CLASSES}
    for block in made.chain.blocks:
        for position, tx in enumerate(block.transactions):
            for vin, entry in enumerate(tx.inputs):
                if entry.outpoint in locked:
                    name = script_class(locked[entry.outpoint], tx, vin)
                elif entry.outpoint in releases:
                    name = "penalty release"
                else:
                    continue
                found[name].append((block.height, position, vin))
    return found


def with_transaction(block: Block, position: int, tx: Transaction) -> Block:
    """Return a block with one transaction replaced or added, honestly mined again."""
    others = [*block.transactions[1:]]
    others[position - 1 : position] = [tx]
    coinbase = replace(block.transactions[0], outputs=(block.transactions[0].outputs[0], commitment(others)))
    header = block.header
    return mined([coinbase, *others], height=block.height, prev=header.prev, time=header.time)


def flipped(block: Block, position: int, vin: int, item: int) -> Block:
    """Return the block with one bit changed in the middle of one witness item."""
    tx = block.transactions[position]
    witness = [bytearray(part) for part in tx.inputs[vin].witness]
    witness[item][len(witness[item]) // 2] ^= 1
    inputs = list(tx.inputs)
    inputs[vin] = replace(inputs[vin], witness=tuple(bytes(part) for part in witness))
    return with_transaction(block, position, replace(tx, inputs=tuple(inputs)))


def feed(core: Core, blocks: Sequence[Block]) -> None:
    for block in blocks:
        assert core.takes(block), f"block {block.height} was refused"


@pytest.mark.slow
def test_core_accepts_every_block_and_no_witness_with_a_flipped_byte(core: Core) -> None:
    made, _ = world()
    found = spends()
    chosen = {name: places[0] for name, places in found.items()}
    refused: Counter[str] = Counter()
    for block in made.chain.blocks[1:]:
        for name, (height, position, vin) in chosen.items():
            if height == block.height:
                items = len(block.transactions[position].inputs[vin].witness)
                mutants = [flipped(block, position, vin, item) for item in range(items)]
                refused[name] += sum(core.refuses(mutant) for mutant in mutants)
        assert core.takes(block), f"block {block.height} was refused"
    assert core.height == made.chain.height
    counts = {name: len(places) for name, places in found.items()}
    print(f"blocks accepted by Bitcoin Core: {core.height}; script spends by class: {counts}")
    print(f"witness items flipped and refused: {dict(refused)}")
    assert all(counts.values())
    # signature, script, control block; a second signature; a secret; a penalty has no control block
    assert refused == {
        "claim": 3,
        "penalty recovery": 4,
        "unfunded release": 4,
        "end of project": 3,
        "seeder": 4,
        "moved elsewhere": 4,
        "penalty release": 2,
    }


def first_of(kind: ActKind) -> tuple[Act, Place]:
    made, acts = world()
    act = next(act for act in acts if act.kind is kind and act.status is ActStatus.CONFIRMED)
    return act, next(
        (block.height, position, act.position)
        for block in made.chain.blocks
        for position, tx in enumerate(block.transactions)
        if tx.txid == act.txid
    )


def median_time(height: int) -> int:
    """Return the median time past of the chain's first blocks up to a height."""
    blocks = world()[0].chain.blocks[: height + 1]
    return sorted(block.header.time for block in blocks[-11:])[len(blocks[-11:]) // 2]


def earliest_claim() -> tuple[Transaction, int]:
    """Return a claim, and the first height at which its lock time lies in the past."""
    made, _ = world()
    _, (height, position, _) = first_of(ActKind.CLAIM)
    tx = made.chain.blocks[height].transactions[position]
    return tx, next(at for at in range(1, height + 1) if tx.locktime < median_time(at - 1))


def earliest_release() -> tuple[Transaction, int]:
    """Return a release, and the first height at which the penalty is old enough (BIP-68)."""
    made, acts = world()
    release, (height, position, vin) = first_of(ActKind.RELEASE)
    tx = made.chain.blocks[height].transactions[position]
    penalty = next(act for act in acts if act.kind is ActKind.PENALTY and release.spends.startswith(act.txid))
    born = next(block.height for block in made.chain.blocks if penalty.txid in block.txids)
    locked_s = (tx.inputs[vin].sequence & 0xFFFF) << 9
    ready = median_time(born - 1) + locked_s
    return tx, next(at for at in range(born + 1, height + 1) if ready <= median_time(at - 1))


@pytest.mark.parametrize("which", [earliest_claim, earliest_release], ids=["claim", "release"])
def test_time_locks_open_in_exactly_one_block(
    core: Core, which: Callable[[], tuple[Transaction, int]]
) -> None:
    blocks = world()[0].chain.blocks
    tx, height = which()
    feed(core, blocks[1 : height - 1])
    early = with_transaction(blocks[height - 1], len(blocks[height - 1].transactions), tx)
    assert core.refuses(early)
    feed(core, [blocks[height - 1]])
    in_time = with_transaction(blocks[height], len(blocks[height].transactions), tx)
    assert core.takes(in_time)
    print(f"refused in block {height - 1}, accepted in block {height}: {tx.txid}")


@pytest.mark.slow
@pytest.mark.proof
def test_core_accepts_the_world_of_any_seed(core: Core) -> None:
    seed = int.from_bytes(os.urandom(4))
    print(f"seed {seed}")  # pytest shows it when the test fails
    made = build_chain(seed, Acts(), projects=in_full(6, 20))
    feed(core, made.chain.blocks[1:])
    # what waits is valid too: the next block takes it
    tip = made.chain.blocks[-1]
    assert made.chain.mempool
    assert core.takes(made.chain.mine(tip.header.time + 600))
