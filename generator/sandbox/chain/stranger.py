"""What strangers send to a project's address: things that look like money and are none."""

from random import Random

from generator.protocol.angor.op_return_layouts import DynamicInfo, InvestmentNote, investment_script
from generator.protocol.bitcoin import Output, Transaction, p2tr_script
from generator.protocol.curve import public_key, public_xonly
from generator.sandbox.chain.draft import Type
from generator.sandbox.chain.founder import founding_outputs
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
    outputs = [
        Output(value_sat=total_sat // 100, script=project.script),
        Output(value_sat=0, script=investment_script(note)),
    ]
    for _ in range(stages):
        own_script = p2tr_script(public_xonly(dice.randbytes(32)))
        outputs.append(Output(value_sat=total_sat // stages, script=own_script))
    return scene.send(wallet.pay(outputs))


def second_founding(scene: Scene, wallet: Wallet, project: Project, event_id: str) -> Transaction:
    """Found the same project again with another event."""
    return scene.send(wallet.pay(founding_outputs(project, event_id)))


def donation(scene: Scene, wallet: Wallet, project: Project, *, amount_sat: int) -> Transaction:
    """Pay the project's address without a word."""
    return scene.send(wallet.pay([Output(value_sat=amount_sat, script=project.script)]))
