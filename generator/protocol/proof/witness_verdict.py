"""Whether the witness that a server shows for a spend can be the real one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from generator.protocol.bitcoin import (
    InvalidWitness,
    Output,
    Transaction,
    UndecidedWitness,
    check_witness,
    spent_outpoints,
)
from generator.protocol.proof.checked_claims import Result

#: The check of a spend's witness: script, control block and signatures.
WITNESS: Final = "spend-witness"


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessVerdict:
    """What running the witness of an input says."""

    result: Result
    reason: str = ""


def parents_needed(transaction: Transaction, vin: int) -> frozenset[str]:
    """Return the ids of the transactions whose outputs the verdict on an input needs."""
    return frozenset(outpoint.partition(":")[0] for outpoint in spent_outpoints(transaction, vin))


def outputs_spent(transaction: Transaction, parents: Mapping[str, Transaction]) -> dict[str, Output]:
    """Return the outputs that a transaction spends, by outpoint, as far as `parents` (by txid) hold them."""
    return {
        entry.outpoint: parents[entry.prev_txid].outputs[entry.vout]
        for entry in transaction.inputs
        if entry.prev_txid in parents and entry.vout < len(parents[entry.prev_txid].outputs)
    }


def run_witness(transaction: Transaction, vin: int, spent: Mapping[str, Output]) -> WitnessVerdict:
    """Return whether an input's witness opens the output it spends; `spent` holds outputs by outpoint."""
    try:
        check_witness(transaction, vin, spent)
    except InvalidWitness as error:
        return WitnessVerdict(result=Result.FAILED, reason=str(error))
    except UndecidedWitness as error:
        return WitnessVerdict(result=Result.NOT_CHECKED, reason=str(error))
    return WitnessVerdict(result=Result.OK)
