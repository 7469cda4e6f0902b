"""What investors do to get out: each way the stage scripts allow, and the later release of a penalty."""

from collections.abc import Sequence
from datetime import timedelta

from generator.protocol.angor.stage_scripts import (
    control_block,
    penalty_output_script,
    penalty_script,
    penalty_sequence,
)
from generator.protocol.bitcoin import (
    Op,
    Output,
    Transaction,
    p2wsh_script,
    script_of,
    sighash_segwit_v0,
)
from generator.protocol.curve import ecdsa_sign, public_key
from generator.sandbox.acts import ActKind
from generator.sandbox.chain.founder import ALL, LOCK_MARGIN_S, SINGLE_ANYONECANPAY, leaf_signature
from generator.sandbox.chain.investor import Investor
from generator.sandbox.chain.project import Locked
from generator.sandbox.chain.scene import Scene
from generator.sandbox.chain.wallet import Signer, Spend, assemble, coin_of, fee_sat


def into_penalty(scene: Scene, investor: Investor) -> Transaction:
    """Leave early: the founder agrees, and what is left waits for the penalty's days."""
    script = penalty_output_script(investor.key, investor.project.draft.penalty_days)
    taken = investor.left
    tx = _together(scene, investor, ActKind.PENALTY, script)
    investor.penalties += [(locked, coin_of(tx, index)) for index, locked in enumerate(taken)]
    return tx


def release(scene: Scene, investor: Investor) -> Transaction:
    """Take the penalty's coins after their days."""
    days = investor.project.draft.penalty_days
    script = penalty_script(investor.key, days)

    def sign(tx: Transaction, index: int, spent: Sequence[Output]) -> tuple[bytes, ...]:
        digest = sighash_segwit_v0(tx, index, script, spent[index].value_sat)
        return ecdsa_sign(investor.secret, digest) + bytes([ALL]), script

    kept, investor.penalties = investor.penalties, []
    spends = [Spend(coin=coin, sign=sign, sequence=penalty_sequence(days)) for _, coin in kept]
    return _home(scene, investor, ActKind.RELEASE, [locked for locked, _ in kept], spends)


def unfunded(scene: Scene, investor: Investor) -> Transaction:
    """Take everything back, with the founder's consent, from a project that missed its goal."""
    return _together(scene, investor, ActKind.RECOVERY, investor.wallet.script)


def elsewhere(scene: Scene, investor: Investor) -> Transaction:
    """Move everything, with the founder's consent, to a script that nobody else knows."""
    own_script = script_of(public_key(investor.wallet.secret), Op.CHECKSIG)
    return _together(scene, investor, ActKind.UNCLASSIFIED, p2wsh_script(own_script))


def at_end(scene: Scene, investor: Investor) -> Transaction:
    """Take everything that is left, alone, after the expiry."""
    taken = investor.left
    latest = max(locked.expires_at for locked in taken) + timedelta(seconds=LOCK_MARGIN_S)
    spends = [_alone(investor, locked, locked.scripts.end) for locked in taken]
    return _home(scene, investor, ActKind.RECOVERY, taken, spends, locktime=int(latest.timestamp()))


def with_secrets(scene: Scene, investor: Investor, leaf: int, secrets: Sequence[bytes]) -> Transaction:
    """Take everything back, alone, with the secrets that lead investors revealed.

    `leaf` is the number of the combination, `secrets` are in the order of its hashes.
    """
    taken = investor.left
    revealed = tuple(reversed(secrets))  # the first hash is checked against the top of the stack
    spends = [_alone(investor, locked, locked.scripts.seeders[leaf], *revealed) for locked in taken]
    return _home(scene, investor, ActKind.RECOVERY, taken, spends)


def _together(scene: Scene, investor: Investor, kind: ActKind, script: bytes) -> Transaction:
    """Send what is left to a script, output by output, signed by both; the wallet pays the miner."""
    taken = investor.left
    first = [Spend(coin=locked.coin, sign=_both(investor, locked)) for locked in taken]
    paid = [Output(value_sat=locked.amount_sat, script=script) for locked in taken]
    tx = scene.send(investor.wallet.pay(paid, first=first))
    _note(scene, kind, taken, tx)
    if script == investor.wallet.script:
        investor.wallet.coins += [coin_of(tx, index) for index in range(len(paid))]
    return tx


def _home(
    scene: Scene,
    investor: Investor,
    kind: ActKind,
    taken: Sequence[Locked],
    spends: Sequence[Spend],
    *,
    locktime: int = 0,
) -> Transaction:
    """Send coins to the investor's own address; the miner's fee comes off."""
    left_sat = sum(spend.coin.output.value_sat for spend in spends) - fee_sat(len(spends), 1)
    home = Output(value_sat=left_sat, script=investor.wallet.script)
    tx = scene.send(assemble(spends, [home], locktime=locktime))
    _note(scene, kind, taken, tx)
    investor.wallet.receive(tx)
    return tx


def _note(scene: Scene, kind: ActKind, taken: Sequence[Locked], tx: Transaction) -> None:
    for position, locked in enumerate(taken):
        locked.spent = True
        scene.note_stage(kind, locked, tx, position)


def _both(investor: Investor, locked: Locked) -> Signer:
    leaf = locked.scripts.recover
    secret = (investor.lead_secret,) if investor.leads else ()
    proof = (leaf, control_block(locked.scripts, leaf))

    def sign(tx: Transaction, index: int, spent: Sequence[Output]) -> tuple[bytes, ...]:
        own = leaf_signature(investor.secret, leaf, tx, index, spent, hash_type=SINGLE_ANYONECANPAY)
        return (*secret, own, investor.founder.signs_recovery(leaf, tx, index, spent), *proof)

    return sign


def _alone(investor: Investor, locked: Locked, leaf: bytes, *revealed: bytes) -> Spend:
    proof = (leaf, control_block(locked.scripts, leaf))

    def sign(tx: Transaction, index: int, spent: Sequence[Output]) -> tuple[bytes, ...]:
        own = leaf_signature(investor.secret, leaf, tx, index, spent, hash_type=ALL)
        return (own, *revealed, *proof)

    return Spend(coin=locked.coin, sign=sign)
