"""A forger's tools: transactions that look like investments, put where an indexer shows them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from generator.protocol.angor.investments import Matched, StageOutput
from generator.protocol.angor.op_return_layouts import InvestmentNote, investment_script
from generator.protocol.angor.project_identifier import project_script
from generator.protocol.angor.schedule import opening_times
from generator.protocol.angor.stage_scripts import (
    INTERNAL_KEY,
    StageScripts,
    output_script,
    stage_scripts,
)
from generator.protocol.angor.stage_tree import root_of
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import (
    Input,
    Output,
    Transaction,
    address_of_script,
    leaf_hash,
    p2tr_script,
    taproot_output_script,
)
from generator.protocol.curve import public_key, public_xonly
from tests.support.esplora import Project

OWN = bytes([0x41]) * 32  #: the forger's secret
STAGE_SAT = 1_000_000
FEE_SAT = 40_404
HEIGHT = 906_000
TIME = 1_748_000_000  #: while investing is open


def key(secret: bytes = OWN) -> str:
    """Return a compressed key in hex."""
    return public_key(secret).hex()


def terms_of(project: Project) -> Terms:
    """Return the terms that the founding commits to."""
    [event] = [event for event in project.events if event["kind"] == 3030]
    return Terms.parse(event["content"])


def scripts_of(terms: Terms, investor: str | None = None) -> tuple[StageScripts, ...]:
    """Return what an honest investor with this key would lock money in."""
    return stage_scripts(terms, InvestmentNote(investor_key=investor or key()), terms.expiry_date)


def stages(scripts: Iterable[StageScripts]) -> list[bytes]:
    """Return the output scripts of stages."""
    return [output_script(stage) for stage in scripts]


def tree_of(leaves: Sequence[bytes], internal: bytes = INTERNAL_KEY) -> bytes:
    """Return the output script over leaves in upstream's order, under any internal key."""
    return taproot_output_script(internal, root_of([leaf_hash(leaf) for leaf in leaves]))


def own_output(number: int) -> bytes:
    """Return a taproot output that only the forger can spend."""
    return p2tr_script(public_xonly(bytes([0x50 + number]) * 32))


def paying(
    project: Project, locked: Sequence[bytes], *, note: bytes | None = None, height: int = HEIGHT
) -> str:
    """Show a transaction that pays the project, says `note` and locks money in scripts; return its id."""
    script = investment_script(InvestmentNote(investor_key=key())) if note is None else note
    outputs = [
        Output(value_sat=FEE_SAT, script=project_script(project.identifier)),
        Output(value_sat=0, script=script),
        *(Output(value_sat=STAGE_SAT, script=script) for script in locked),
    ]
    return shown(project, outputs, height=height)


def shown(project: Project, outputs: Sequence[Output], *, height: int = HEIGHT) -> str:
    """Let the indexers show a transaction with these outputs, in a block of its own."""
    seed = sha256(b"".join(output.serialize() for output in outputs)).hexdigest()
    spent = Input(prev_txid=seed, vout=0, witness=(bytes(64),))
    transaction = Transaction(version=2, inputs=(spent,), outputs=tuple(outputs))
    block = project.mine(transaction.txid, height, TIME)
    project.raw[transaction.txid] = transaction.serialize().hex()
    project.rows[transaction.txid] = {
        "txid": transaction.txid,
        "vin": [{"txid": seed, "vout": 0, "prevout": None, "witness": ["00" * 64], "sequence": 0}],
        "vout": [row(output) for output in outputs],
        "status": {"confirmed": True, "block_height": height, "block_hash": block, "block_time": TIME},
    }
    return transaction.txid


def row(output: Output) -> dict[str, object]:
    """Return an output as an indexer lists it."""
    found: dict[str, object] = {"scriptpubkey": output.script.hex(), "value": output.value_sat}
    address = None if output.script[:1] == b"\x6a" else address_of_script(output.script, "bc")
    return found | ({"scriptpubkey_address": address} if address else {})


def lenient_stages(terms: Terms, note: InvestmentNote, outputs: Sequence[Output]) -> Matched:
    """Take every taproot output after the note for a stage, as hub and app do (their rule since 2024)."""
    opens = opening_times(terms, note)
    scripts = stage_scripts(terms, note, terms.expiry_date)
    taken = [
        (vout, output) for vout, output in enumerate(outputs) if vout > 1 and output.script[:2] == b"\x51\x20"
    ]
    return Matched(
        note=note,
        stages=tuple(
            StageOutput(
                index=number,
                vout=vout,
                value_sat=output.value_sat,
                opens_at=opens[min(number, len(opens) - 1)],
                scripts=scripts[min(number, len(opens) - 1)],
                investor_key=note.investor_key,
                penalty_days=terms.penalty_days,
            )
            for number, (vout, output) in enumerate(taken)
        ),
        expiry=terms.expiry_date,
        fee_sat=outputs[0].value_sat,
    )


def later(terms: Terms, **shift: timedelta) -> Terms:
    """Return terms whose expiry or stage dates are moved."""
    if "expiry" in shift:
        return replace(terms, expiry_date=terms.expiry_date + shift["expiry"])
    moved = (replace(stage, release_date=stage.release_date + shift["stages"]) for stage in terms.stages)
    return replace(terms, stages=tuple(moved))
