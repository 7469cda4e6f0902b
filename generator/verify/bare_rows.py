"""What the bytes of transactions still say of rows whose project's terms were taken down; pure."""

import re
from collections.abc import Iterator
from typing import Final

from generator.judge.recorded_chain import RecordedChain
from generator.ledger import Entry, Kind, Verification, transaction_of
from generator.money import msat_from_sat
from generator.places import identifier_in
from generator.protocol.angor.project_identifier import KeyProblem, project_script
from generator.protocol.bitcoin import Transaction

_INDEX: Final = re.compile("[0-9]{1,9}")


def unlike(row: Entry, evidence: RecordedChain) -> Iterator[str]:
    """Yield where a row is not what its published transaction moves, or claims more than is shown.

    A release is of its stage's amount, of which a miner took a part before: only terms tell that.
    """
    placed = evidence.transactions.get(transaction_of(row))
    if placed is None:
        yield f"{row.id}: its transaction is not published"
        return
    moved = _moved_sat(row, placed.transaction, evidence)
    if moved is None or (row.kind is not Kind.RELEASE and msat_from_sat(moved) != row.amount_msat):
        yield f"{row.id}: amount is {row.amount_msat} msat, its transaction moves {moved} sat there"
    if (row.block, row.height) != ((placed.block.hash, placed.block.height) if placed.block else ("", None)):
        yield f"{row.id}: block is {row.block or 'none'}, evidence says otherwise"
    if row.verification is Verification.PROVEN and not placed.is_proven:
        yield f"{row.id}: verification is proven, and no block was shown to hold it"


def _moved_sat(row: Entry, transaction: Transaction, evidence: RecordedChain) -> int | None:
    """Return what the output or the spent output of a row is worth, None where there is none."""
    head, _, at = row.id.replace("/", ":").partition(":")
    number = int(at) if _INDEX.fullmatch(at) else -1
    if row.id == f"{head}:{number}":
        try:
            script = project_script(identifier_in(row.place))
        except KeyProblem:
            return None
        outputs = transaction.outputs
        pays = 0 <= number < len(outputs) and outputs[0].script == script
        return outputs[number].value_sat if pays else None
    if not 0 <= number < len(transaction.inputs) or transaction.inputs[number].outpoint != row.spends:
        return None
    txid, _, vout = row.spends.partition(":")
    spent = evidence.transactions.get(txid)
    funding = spent.transaction.outputs if spent else ()
    return funding[int(vout)].value_sat if int(vout) < len(funding) else None
