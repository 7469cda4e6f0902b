"""What strangers send to a project's address: things that look like money and are none."""

from random import Random

from generator.protocol.angor.op_return_layouts import (
    DynamicInfo,
    Founding,
    InvestmentNote,
    founding_script,
    investment_script,
)
from generator.protocol.bitcoin import Output, Transaction, p2tr_script
from generator.protocol.curve import public_key, public_xonly
from generator.sandbox.chain.draft import Type
from generator.sandbox.chain.founder import FOUNDING_SAT
from generator.sandbox.chain.project import Project
from generator.sandbox.chain.scene import Scene
from generator.sandbox.chain.wallet import Wallet


def fake_investment(
    scene: Scene, wallet: Wallet, project: Project, dice: Random, *, total_sat: int
) -> Transaction:
    """Pay the fee and claim an investment whose stages lead to the stranger's own keys."""
    dynamic = project.draft.type is not Type.INVEST
    stages = project.draft.patterns[0].stage_count if dynamic else len(project.draft.stages)
    info = DynamicInfo.starting(scene.now, pattern_id=0) if dynamic else None
    note = InvestmentNote(investor_key=public_key(dice.randbytes(32)).hex(), stage_info=info)
    return _send(
        scene,
        wallet,
        [
            Output(value_sat=total_sat // 100, script=project.script),
            Output(value_sat=0, script=investment_script(note)),
            *(
                Output(value_sat=total_sat // stages, script=p2tr_script(public_xonly(dice.randbytes(32))))
                for _ in range(stages)
            ),
        ],
    )


def second_founding(scene: Scene, wallet: Wallet, project: Project, event_id: str) -> Transaction:
    """Found the same project again with another event."""
    note = Founding(founder_key=project.founder.founder_key, event_id=event_id)
    return _send(
        scene,
        wallet,
        [
            Output(value_sat=FOUNDING_SAT, script=project.script),
            Output(value_sat=0, script=founding_script(note)),
        ],
    )


def donation(scene: Scene, wallet: Wallet, project: Project, *, amount_sat: int) -> Transaction:
    """Pay the project's address without a word."""
    return _send(scene, wallet, [Output(value_sat=amount_sat, script=project.script)])


def _send(scene: Scene, wallet: Wallet, outputs: list[Output]) -> Transaction:
    tx = wallet.pay(outputs)
    scene.send(tx)
    return tx
