"""Is this money really locked as the terms say? StageOutput outputs are derived again and compared.

Nothing else defends against an investment that only looks like one: anybody can
pay the address, write a key into an OP_RETURN and pay the rest to himself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import permutations
from math import comb

from generator.protocol.angor.op_return_layouts import InvestmentNote, parse_investment
from generator.protocol.angor.schedule import StageError, expiry_candidates, opening_times
from generator.protocol.angor.stage_scripts import (
    StageScripts,
    TooManySeeders,
    output_script,
    output_script_of_hashes,
    stage_scripts,
)
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import Output, leaf_hash, p2tr_script

FIRST_STAGE_OUTPUT = 2  #: after the fee and the OP_RETURN
_PERMUTED_LEAVES = 6  # 720 orders
_UNSPENDABLE = p2tr_script(bytes(32))  # a known fault of the official client on ARM64


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOutput:
    """One stage output whose script was derived again."""

    index: int  #: from 0
    vout: int
    value_sat: int
    opens_at: datetime
    scripts: StageScripts
    investor_key: str
    penalty_days: int

    @property
    def script(self) -> bytes:
        """The output script."""
        return output_script(self.scripts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Every stage output is what terms and note derive."""

    note: InvestmentNote
    stages: tuple[StageOutput, ...]
    expiry: datetime  #: the candidate that fits
    fee_sat: int

    @property
    def locked_sat(self) -> int:
        """The sum of the stage outputs."""
        return sum(stage.value_sat for stage in self.stages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """The stage outputs were not derived again."""

    reason: str
    exhaustive: bool = True  #: False: not every allowed candidate was tried, so it proves nothing


def investment_note(outputs: Sequence[Output], project_script: bytes) -> InvestmentNote | None:
    """Return what an investment says about itself, or None when a transaction is none.

    The fee is output 0 and the OP_RETURN output 1, by position.
    """
    if len(outputs) < FIRST_STAGE_OUTPUT or outputs[0].script != project_script:
        return None
    return parse_investment(outputs[1].script)


def match_stages(terms: Terms, note: InvestmentNote, outputs: Sequence[Output]) -> Matched | Mismatch:
    """Derive every stage output and compare, under each expiry and order of seeder leaves.

    Outputs after the last stage are the wallet's change, whatever their script.
    """
    try:
        opens = opening_times(terms, note)
        wanted = outputs[FIRST_STAGE_OUTPUT : FIRST_STAGE_OUTPUT + len(opens)]
        fit = _fitting(terms, note, wanted) if len(wanted) == len(opens) else None
    except StageError as error:
        return Mismatch(reason=str(error))
    except TooManySeeders as error:
        return Mismatch(reason=str(error), exhaustive=False)
    if fit is None:
        return _mismatch(terms, note, wanted, len(opens))
    expiry, scripts = fit
    return Matched(
        note=note,
        stages=tuple(
            StageOutput(
                index=index,
                vout=FIRST_STAGE_OUTPUT + index,
                value_sat=output.value_sat,
                opens_at=opens_at,
                scripts=each,
                investor_key=note.investor_key,
                penalty_days=terms.penalty_days,
            )
            for index, (output, opens_at, each) in enumerate(zip(wanted, opens, scripts, strict=True))
        ),
        expiry=expiry,
        fee_sat=outputs[0].value_sat,
    )


def _fitting(
    terms: Terms, note: InvestmentNote, wanted: Sequence[Output]
) -> tuple[datetime, tuple[StageScripts, ...]] | None:
    locked_sat = sum(output.value_sat for output in wanted)
    for expiry in expiry_candidates(terms, locked_sat):
        stages = stage_scripts(terms, note, expiry)
        for order in _seeder_orders(len(stages[0].seeders), stages[0], wanted[0].script):
            arranged = tuple(
                replace(stage, seeders=tuple(stage.seeders[i] for i in order)) for stage in stages
            )
            if all(
                output_script(stage) == output.script for stage, output in zip(arranged, wanted, strict=True)
            ):
                return expiry, arranged
    return None


def _seeder_orders(count: int, first: StageScripts, script: bytes) -> Iterator[tuple[int, ...]]:
    """Yield the orders of seeder leaves under which the first stage has this output script."""
    hashes = [leaf_hash(leaf) for leaf in first.leaves]
    fixed, seeders = hashes[:-count] if count else hashes, hashes[len(hashes) - count :]
    tried = permutations(range(count)) if count <= _PERMUTED_LEAVES else [tuple(range(count))]
    for order in tried:
        if output_script_of_hashes([*fixed, *(seeders[i] for i in order)]) == script:
            yield order


def _mismatch(terms: Terms, note: InvestmentNote, wanted: Sequence[Output], count: int) -> Mismatch:
    if len(wanted) < count:
        return Mismatch(reason=f"{len(wanted)} outputs follow the OP_RETURN, the terms have {count} stages")
    if any(output.script == _UNSPENDABLE for output in wanted):
        return Mismatch(reason="a stage output has the all-zero taproot key, which nobody can spend")
    leaves = 0 if note.is_seeder else comb(len(terms.secret_hashes), terms.seeder_threshold)
    if leaves > _PERMUTED_LEAVES:
        reason = f"{leaves} seeder leaves have too many orders to try, and the usual one does not fit"
        return Mismatch(reason=reason, exhaustive=False)
    return Mismatch(reason="the stage outputs are not the scripts that terms and investor key derive")
