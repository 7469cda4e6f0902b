"""Who took the money of a stage, decided by the script in the witness and nothing softer.

``InvestorTransactionActions.cs`` and ``FounderTransactionActions.cs``. Lengths and
shapes of transactions are no evidence: a founder may claim many stages at once,
an investor may leave alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from generator.protocol.angor import stage_tree
from generator.protocol.angor.investments import Stage
from generator.protocol.angor.script import OP_CHECKLOCKTIMEVERIFY, OP_CHECKSIG, OP_CHECKSIGVERIFY, is_p2wsh
from generator.protocol.angor.seen import SeenOutput, SeenTransaction
from generator.protocol.angor.stage_scripts import output_key_of, penalty_output_script, penalty_script
from generator.protocol.angor.terms import MAX_PENALTY_DAYS

_ANNEX = b"\x50"
_KEY_PUSH = 33  # the push of an x-only key: its length and 32 bytes
_LEAST_SCRIPT_PATH = 2  # script and control block


class SpendKind(StrEnum):
    """Where the money of a stage, or of a penalty, went; the words of the ledger."""

    CLAIM = "claim"
    PENALTY = "penalty"
    RECOVERY = "recovery"
    RELEASE = "release"
    UNCLASSIFIED = "unclassified"


class Leaf(StrEnum):
    """Which leaf of the stage output was used."""

    FOUNDER = "founder"
    RECOVER = "recover"
    END = "end"
    SEEDER = "seeder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """One classified spend."""

    kind: SpendKind
    leaf: Leaf | None  #: None for a release, and where no leaf fits
    reason: str  #: why, in one sentence
    penalty_days: int | None = None  #: for how long the penalty is locked
    penalty_vout: int | None = None  #: where in the spending transaction it lies


#: What each leaf but the joint one means; the joint one depends on where the money goes.
_MEANINGS = {
    Leaf.FOUNDER: (SpendKind.CLAIM, "the founder's script, after the opening"),
    Leaf.END: (SpendKind.RECOVERY, "the investor's script, after the expiry"),
    Leaf.SEEDER: (SpendKind.RECOVERY, "the investor with the seeders' secrets"),
}


def classify(stage: Stage, spender: SeenTransaction, vin: int) -> Spend:
    """Classify the spend of a stage whose scripts were derived again.

    The leaf must equal a derived one and lead, with its control block, to the
    stage's output key.
    """
    proof = _script_path(spender.inputs[vin].witness)
    if proof is None:
        return _unclassified("the witness shows no script")
    leaf = _leaf_of(stage, proof[0])
    if leaf is None:
        return _unclassified("the script in the witness is none of the stage's")
    if not _leads_to(stage.script, *proof):
        return _unclassified("the control block does not lead to the stage's output key")
    if leaf is Leaf.RECOVER:
        return _recovered(stage, spender.outputs, vin)
    kind, reason = _MEANINGS[leaf]
    return Spend(kind=kind, leaf=leaf, reason=reason)


def classify_release(investor_key: str, days: int, witness: Sequence[bytes]) -> Spend:
    """Classify the spend of a penalty: only its own witness script can open it."""
    if witness and witness[-1] == penalty_script(investor_key, days):
        return Spend(kind=SpendKind.RELEASE, leaf=None, reason="the penalty's script, after its time lock")
    return _unclassified("the script in the witness is not the penalty's")


def penalty_days_of(investor_key: str, script: bytes, expected_days: int) -> int | None:
    """Return for how many days an output is a penalty of this investor, or None when it is none."""
    if not is_p2wsh(script):
        return None
    tried = chain([expected_days], range(MAX_PENALTY_DAYS + 1))
    return next((days for days in tried if penalty_output_script(investor_key, days) == script), None)


def classify_bare(
    witness: Sequence[bytes],
    spent_script: bytes,
    paid_script: bytes | None,
    *,
    investor_key: str | None = None,
) -> Spend:
    """Classify a spend without the terms: from its witness, the output spent and the output it pays.

    `paid_script` is the output at the input's own position, if any. The leaf must
    lead to the output spent under Angor's internal key. Founder and investor
    scripts of one shape are told apart by the investor's key, or without it by
    the depth at which upstream puts them when there are no seeders.
    """
    proof = _script_path(witness)
    if proof is None or not _leads_to(spent_script, *proof):
        return _unclassified("the witness does not lead to the output spent under Angor's internal key")
    script, control_block = proof
    if _is_timed(script):
        if _is_founders(script, control_block, investor_key):
            return Spend(
                kind=SpendKind.CLAIM, leaf=Leaf.FOUNDER, reason="a time-locked script of the founder"
            )
        return Spend(kind=SpendKind.RECOVERY, leaf=Leaf.END, reason="a time-locked script of the investor")
    if not _is_joint(script) or paid_script is None:
        return _unclassified("the script has none of Angor's shapes, or pays nothing at the input's position")
    if is_p2wsh(paid_script):
        days = None if investor_key is None else penalty_days_of(investor_key, paid_script, 0)
        return Spend(
            kind=SpendKind.PENALTY,
            leaf=Leaf.RECOVER,
            reason="the joint script, paid to a script",
            penalty_days=days,
        )
    return Spend(kind=SpendKind.RECOVERY, leaf=Leaf.RECOVER, reason="the joint script, paid to an address")


def _recovered(stage: Stage, outputs: Sequence[SeenOutput], vin: int) -> Spend:
    if vin >= len(outputs):
        return _unclassified("the joint script, and no output at the input's position", leaf=Leaf.RECOVER)
    paid = outputs[vin]
    days = penalty_days_of(stage.investor_key, paid.script, stage.penalty_days)
    if days is None and is_p2wsh(paid.script):
        return _unclassified("the joint script, paid to an unknown script", leaf=Leaf.RECOVER)
    if days is None:
        return Spend(
            kind=SpendKind.RECOVERY,
            leaf=Leaf.RECOVER,
            reason="the joint script, released by the founder unfunded",
        )
    if paid.value_sat != stage.value_sat:
        return _unclassified("the joint script, paid to a penalty of another amount", leaf=Leaf.RECOVER)
    return Spend(
        kind=SpendKind.PENALTY,
        leaf=Leaf.RECOVER,
        reason="the joint script, paid to the investor's penalty",
        penalty_days=days,
        penalty_vout=vin,
    )


def _leaf_of(stage: Stage, script: bytes) -> Leaf | None:
    scripts = stage.scripts
    if script in scripts.seeders:
        return Leaf.SEEDER
    known = {scripts.founder: Leaf.FOUNDER, scripts.recover: Leaf.RECOVER, scripts.end: Leaf.END}
    return known.get(script)


def _script_path(witness: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    items = list(witness)
    # BIP-341: with two or more items, a last one that begins with 0x50 is an annex
    if len(items) >= _LEAST_SCRIPT_PATH and items[-1][:1] == _ANNEX:
        items.pop()
    return (items[-2], items[-1]) if len(items) >= _LEAST_SCRIPT_PATH else None


def _leads_to(spent_script: bytes, script: bytes, control_block: bytes) -> bool:
    found = stage_tree.key_of_control_block(script, control_block)
    if found is None:
        return False
    key, parity = found
    return spent_script == b"\x51\x20" + key and control_block[0] & 1 == parity


def _is_timed(script: bytes) -> bool:
    return (
        script[:1] == b"\x20"
        and script[_KEY_PUSH : _KEY_PUSH + 1] == OP_CHECKSIGVERIFY
        and script[-1:] == OP_CHECKLOCKTIMEVERIFY
        and script[_KEY_PUSH + 1] == len(script) - _KEY_PUSH - 3
    )


def _is_joint(script: bytes) -> bool:
    first, second = script[:_KEY_PUSH], script[_KEY_PUSH + 1 : 2 * _KEY_PUSH + 1]
    return (
        first[:1] == second[:1] == b"\x20"
        and script[_KEY_PUSH : _KEY_PUSH + 1] == OP_CHECKSIGVERIFY
        and script[2 * _KEY_PUSH + 1 :][:1] in {OP_CHECKSIG, OP_CHECKSIGVERIFY}
    )


def _is_founders(script: bytes, control_block: bytes, investor_key: str | None) -> bool:
    if investor_key is not None:
        return script[1:_KEY_PUSH] != output_key_of(investor_key)
    return stage_tree.depth_of(control_block) == 1


def _unclassified(reason: str, *, leaf: Leaf | None = None) -> Spend:
    return Spend(kind=SpendKind.UNCLASSIFIED, leaf=leaf, reason=reason)
