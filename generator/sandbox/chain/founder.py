"""What a founder does: publish, claim, and sign what investors take back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from generator.protocol.angor.op_return_layouts import Founding, founding_script
from generator.protocol.angor.stage_scripts import control_block
from generator.protocol.bitcoin import Output, Transaction, key_path_secret, leaf_hash, sighash_taproot
from generator.protocol.curve import schnorr_sign
from generator.sandbox.acts import ActKind
from generator.sandbox.chain.project import Locked, Project
from generator.sandbox.chain.scene import Scene
from generator.sandbox.chain.wallet import Signer, Spend, Wallet, assemble, fee_sat

_FOUNDING_SAT: Final = 10_001
ALL: Final = 0x01
SINGLE_ANYONECANPAY: Final = 0x83
#: The official client sets its lock times this many seconds after the opening.
LOCK_MARGIN_S: Final = 60


def leaf_signature(
    secret: bytes, leaf: bytes, tx: Transaction, index: int, spent: Sequence[Output], *, hash_type: int
) -> bytes:
    """Return a script-path signature, 65 bytes with its hash type, by the BIP-86 key in the leaf."""
    digest = sighash_taproot(tx, index, spent, hash_type, leaf_hash=leaf_hash(leaf))
    return schnorr_sign(key_path_secret(secret), digest) + bytes([hash_type])


def founding_outputs(project: Project, event_id: str) -> list[Output]:
    """Return what founds a project with an event."""
    note = Founding(founder_key=project.founder.founder_key, event_id=event_id)
    return [
        Output(value_sat=_FOUNDING_SAT, script=project.script),
        Output(value_sat=0, script=founding_script(note)),
    ]


@dataclass(slots=True, kw_only=True)
class Founder:
    """The person behind a project, with a wallet."""

    project: Project
    wallet: Wallet

    def found(self, scene: Scene) -> Transaction:
        """Bind the project's key to its event."""
        return scene.send(self.wallet.pay(founding_outputs(self.project, self.project.event.id)))

    def claim(self, scene: Scene) -> Transaction | None:
        """Take every stage that is open, in one transaction; None when there is nothing to take."""
        median = scene.chain.median_time
        open_now = [
            locked
            for locked in self.project.locked
            if not locked.spent and locked.opens_at.timestamp() + LOCK_MARGIN_S < median
        ]
        if not open_now:
            return None
        tx = scene.send(self.claim_of(open_now))
        self.wallet.receive(tx)
        for position, locked in enumerate(open_now):
            locked.spent = True
            scene.note_stage(ActKind.CLAIM, locked, tx, position)
        return tx

    def claim_of(self, stages: Sequence[Locked]) -> Transaction:
        """Return the signed claim of some stages, whether or not they are open yet."""
        spends = [Spend(coin=locked.coin, sign=self._claims(locked)) for locked in stages]
        left_sat = sum(locked.amount_sat for locked in stages) - fee_sat(len(spends), 1)
        latest = max(int(locked.opens_at.timestamp()) for locked in stages)
        paid = Output(value_sat=left_sat, script=self.wallet.script)
        return assemble(spends, [paid], locktime=latest + LOCK_MARGIN_S)

    def signs_recovery(self, leaf: bytes, tx: Transaction, index: int, spent: Sequence[Output]) -> bytes:
        """Return the founder's part of a recovery: valid for this input and the output beside it."""
        return leaf_signature(
            self.project.founder.recovery_secret, leaf, tx, index, spent, hash_type=SINGLE_ANYONECANPAY
        )

    def _claims(self, locked: Locked) -> Signer:
        leaf = locked.scripts.founder
        proof = (leaf, control_block(locked.scripts, leaf))

        def sign(tx: Transaction, index: int, spent: Sequence[Output]) -> tuple[bytes, ...]:
            secret = self.project.founder.founder_secret
            return (leaf_signature(secret, leaf, tx, index, spent, hash_type=ALL), *proof)

        return sign
