"""Who took the money of a stage, decided by the script in the witness and nothing softer.

``InvestorTransactionActions.cs`` and ``FounderTransactionActions.cs``. Lengths and
shapes of transactions are no evidence: a founder may claim many stages at once,
an investor may leave alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from generator.protocol.angor.investments import StageOutput
from generator.protocol.angor.stage_scripts import penalty_output_script, penalty_script
from generator.protocol.angor.terms import MAX_PENALTY_DAYS
from generator.protocol.bitcoin import Output, ScriptPath, Transaction, is_p2wsh


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
    penalty_vout: int | None = None  #: where in the spending transaction it lies; None for any other kind


#: What each leaf but the joint one means; the joint one depends on where the money goes.
_MEANINGS = {
    Leaf.FOUNDER: (SpendKind.CLAIM, "the founder's script, after the opening"),
    Leaf.END: (SpendKind.RECOVERY, "the investor's script, after the expiry"),
    Leaf.SEEDER: (SpendKind.RECOVERY, "the investor with the seeders' secrets"),
}


def classify(stage: StageOutput, spender: Transaction, vin: int) -> Spend:
    """Classify the spend of a stage whose scripts were derived again.

    The leaf must equal a derived one and lead, with its control block, to the
    stage's output key.
    """
    path = ScriptPath.of(spender.inputs[vin].witness)
    if path is None:
        return _unclassified("the witness shows no script")
    leaf = _leaf_of(stage, path.script)
    if leaf is None:
        return _unclassified("the script in the witness is none of the stage's")
    if not path.opens(stage.script):
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


def _recovered(stage: StageOutput, outputs: Sequence[Output], vin: int) -> Spend:
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


def _leaf_of(stage: StageOutput, script: bytes) -> Leaf | None:
    scripts = stage.scripts
    if script in scripts.seeders:
        return Leaf.SEEDER
    known = {scripts.founder: Leaf.FOUNDER, scripts.recover: Leaf.RECOVER, scripts.end: Leaf.END}
    return known.get(script)


def _unclassified(reason: str, *, leaf: Leaf | None = None) -> Spend:
    return Spend(kind=SpendKind.UNCLASSIFIED, leaf=leaf, reason=reason)
