"""Which transaction founded a project: the earliest confirmed one that binds a key leading to its address.

Anyone can pay the address with an OP_RETURN of the same shape, before or after;
what counts is decided from bytes alone (reference: what a third party can send).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from generator.protocol.angor.founding_transaction import is_founding, is_legacy_founding
from generator.protocol.angor.op_return_layouts import Founding, parse_founding
from generator.protocol.proof.placed_transaction import PlacedTransaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """The transaction that counts, and later ones of the same shape."""

    placed: PlacedTransaction
    founding: Founding  #: what it binds
    height: int
    later: tuple[tuple[PlacedTransaction, Founding], ...]

    @property
    def txids(self) -> frozenset[str]:
        """The ids of all transactions that would found the project."""
        return frozenset({self.placed.txid, *(placed.txid for placed, _ in self.later)})


def choose_founding(candidates: Sequence[PlacedTransaction], identifier: str, network: str) -> Founded | str:
    """Return the founding of a project, or why there is none in one sentence."""
    found = [
        (placed, founding)
        for placed in candidates
        if is_founding(identifier, network, placed.transaction.outputs)
        and (founding := parse_founding(placed.transaction.outputs[1].script)) is not None
    ]
    confirmed = sorted((pair for pair in found if pair[0].block is not None), key=_order)
    if confirmed:
        (placed, founding), *later = confirmed
        return Founded(placed=placed, founding=founding, height=_order(confirmed[0])[0], later=tuple(later))
    if found:
        return "the founding transaction is not in a block yet"
    for placed in candidates:
        if is_legacy_founding(identifier, network, placed.transaction.outputs):
            return f"{placed.txid} founds it in the layout of before 2024-11-29, which binds no event"
    return f"none of {len(candidates)} transactions that pay the project and name a key founds it"


def _order(pair: tuple[PlacedTransaction, Founding]) -> tuple[int, int, str]:
    placed, _ = pair
    height = placed.block.height if placed.block else 0
    return height, placed.inclusion.position if placed.inclusion else 0, placed.txid
