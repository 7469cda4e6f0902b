"""Whether the witness that a server shows for a spend can be the real one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from generator.protocol.bitcoin import NotOpened, NotTold, Output, Transaction, check_opening, spent_outpoints
from generator.protocol.proof.checked_claims import Result

#: The check of a spend's witness: script, control block and signatures.
WITNESS: Final = "spend-witness"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What running the witness of an input says."""

    result: Result
    reason: str = ""


def parents_needed(transaction: Transaction, vin: int) -> frozenset[str]:
    """Return the ids of the transactions whose outputs the verdict on an input needs."""
    return frozenset(outpoint.partition(":")[0] for outpoint in spent_outpoints(transaction, vin))


def outputs_spent(transaction: Transaction, parents: Mapping[str, Transaction]) -> dict[str, Output]:
    """Return the outputs that a transaction spends, by outpoint, as far as `parents` (by txid) hold them."""
    return {
        one.outpoint: parents[one.prev_txid].outputs[one.vout]
        for one in transaction.inputs
        if one.prev_txid in parents and one.vout < len(parents[one.prev_txid].outputs)
    }


def opening_of(transaction: Transaction, vin: int, spent: Mapping[str, Output]) -> Opening:
    """Return whether an input's witness opens the output it spends; `spent` holds outputs by outpoint."""
    try:
        check_opening(transaction, vin, spent)
    except NotOpened as error:
        return Opening(result=Result.FAILED, reason=str(error))
    except NotTold as error:
        return Opening(result=Result.NOT_CHECKED, reason=str(error))
    return Opening(result=Result.OK)
