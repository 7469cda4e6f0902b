"""The scripts a stage output commits to, and the output itself.

``InvestmentScriptBuilder.cs``, ``SeederScriptTreeBuilder.cs``, ``TaprootKeyHelper.cs``.
Keys stand in the leaves as BIP-86 output keys: x-only and tweaked without a root.
Only the penalty script holds the investor's key as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import combinations
from math import comb

from generator.protocol.angor import stage_tree
from generator.protocol.angor.op_return_layouts import InvestmentNote
from generator.protocol.angor.schedule import opening_times
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import Op, leaf_hash, p2tr_script, p2wsh_script, script_of
from generator.protocol.bitcoin.script import minimal_number
from generator.protocol.bitcoin.taproot import LEAF_VERSION, output_key

MAX_SEEDER_LEAVES = 10_000  #: upstream refuses more
#: SHA-256 of "Angor Unspendable Taproot Key": nobody knows its secret.
INTERNAL_KEY = bytes.fromhex("9f9aa7a903393a2d6aa6aa744355a25175b7ce04fcd081f04d10802bc90d1003")
_SECONDS_FLAG = 0x400000  # BIP-68: the lock counts 512 seconds
_SECONDS_PER_DAY = 86_400


class TooManySeeders(ValueError):
    """The terms ask for more combinations of secrets than anyone can build."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageScripts:
    """The leaves of one stage output."""

    founder: bytes  #: the founder, from the opening on
    recover: bytes  #: investor and founder together: penalty, or release when the goal was missed
    end: bytes  #: the investor, from the expiry on
    seeders: tuple[bytes, ...] = ()  #: the investor with enough seeders' secrets

    @property
    def leaves(self) -> tuple[bytes, ...]:
        """All leaves in the order upstream lists them."""
        return (self.founder, self.recover, self.end, *self.seeders)


@lru_cache(maxsize=4096)
def leaf_key(key: str) -> bytes:
    """Return the x-only key that stands in a leaf for a compressed key in hex (BIP-86)."""
    return output_key(bytes.fromhex(key)[1:])[0]


def timed_leaf(key: str, at: datetime) -> bytes:
    """Return ``<key> CHECKSIGVERIFY <at> CHECKLOCKTIMEVERIFY``: founder and opening, investor and expiry."""
    lock = minimal_number(int(at.timestamp()))
    return script_of(leaf_key(key), Op.CHECKSIGVERIFY, lock, Op.CHECKLOCKTIMEVERIFY)


def recover_leaf(recovery_key: str, investor_key: str, secret_hash: str | None = None) -> bytes:
    """Return the leaf both must sign; a seeder's also reveals the secret."""
    founder, investor = leaf_key(recovery_key), leaf_key(investor_key)
    if secret_hash is None:
        return script_of(founder, Op.CHECKSIGVERIFY, investor, Op.CHECKSIG)
    asked = bytes.fromhex(secret_hash)
    return script_of(founder, Op.CHECKSIGVERIFY, investor, Op.CHECKSIGVERIFY, Op.HASH256, asked, Op.EQUAL)


def seeder_leaves(investor_key: str, threshold: int, secret_hashes: Sequence[str]) -> tuple[bytes, ...]:
    """Return one leaf per combination of secrets; `secret_hashes` are reversed, as the terms hold them."""
    if not threshold:
        return ()
    if comb(len(secret_hashes), threshold) > MAX_SEEDER_LEAVES:
        msg = f"{threshold} of {len(secret_hashes)} secrets are more than {MAX_SEEDER_LEAVES} combinations"
        raise TooManySeeders(msg)
    asked = [script_of(Op.HASH256, bytes.fromhex(text)[::-1], Op.EQUALVERIFY) for text in secret_hashes]
    signed = script_of(leaf_key(investor_key), Op.CHECKSIG)
    return tuple(b"".join(chosen) + signed for chosen in combinations(asked, threshold))


def penalty_script(investor_key: str, days: int) -> bytes:
    """Return the witness script that keeps a penalty for a number of days."""
    return script_of(
        bytes.fromhex(investor_key),
        Op.CHECKSIGVERIFY,
        minimal_number(penalty_sequence(days)),
        Op.CHECKSEQUENCEVERIFY,
    )


def penalty_sequence(days: int) -> int:
    """Return the relative lock time of a penalty, as a transaction's sequence states it."""
    return days * _SECONDS_PER_DAY >> 9 | _SECONDS_FLAG


def penalty_output_script(investor_key: str, days: int) -> bytes:
    """Return the output script that a penalty is paid to."""
    return p2wsh_script(penalty_script(investor_key, days))


def stage_scripts(terms: Terms, note: InvestmentNote, expiry: datetime) -> tuple[StageScripts, ...]:
    """Return the leaves of every stage; raise `StageError` or `TooManySeeders`."""
    key = note.investor_key
    recover = recover_leaf(terms.founder_recovery_key, key, note.secret_hash)
    end = timed_leaf(key, expiry)
    # a seeder's own investment has no leaf for other seeders' secrets
    seeders = () if note.is_seeder else seeder_leaves(key, terms.seeder_threshold, terms.secret_hashes)
    return tuple(
        StageScripts(founder=timed_leaf(terms.founder_key, at), recover=recover, end=end, seeders=seeders)
        for at in opening_times(terms, note)
    )


def output_script(scripts: StageScripts) -> bytes:
    """Return the taproot output script of a stage."""
    return output_script_of_hashes([leaf_hash(leaf) for leaf in scripts.leaves])


def output_script_of_hashes(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the output script over leaf hashes, in the order of `StageScripts.leaves`."""
    return p2tr_script(_key_and_parity(leaf_hashes)[0])


def control_block(scripts: StageScripts, leaf: bytes) -> bytes:
    """Return the control block that proves a leaf of a stage output; raise `ValueError` for a stranger."""
    hashes = [leaf_hash(each) for each in scripts.leaves]
    _, parity = _key_and_parity(hashes)
    path = stage_tree.path_of(hashes, scripts.leaves.index(leaf))
    return bytes([LEAF_VERSION | parity]) + INTERNAL_KEY + b"".join(path)


def _key_and_parity(leaf_hashes: Sequence[bytes]) -> tuple[bytes, int]:
    return output_key(INTERNAL_KEY, stage_tree.root_of(leaf_hashes))
