"""Which transaction founded a project: the earliest confirmed one that binds a key leading to its address.

A height that somebody only says decides nothing against one that is proven: where they disagree, none
counts until a block shows it.

Anyone can pay the address with an OP_RETURN of the same shape, before or after;
what counts is decided from bytes alone (reference: what a third party can send). The
value is no evidence: the client pays 10,001 sat whatever the protocol version.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from generator.protocol.angor.op_return_layouts import Founding, parse_founding, parse_legacy_founding
from generator.protocol.angor.project_identifier import Derivation, derivation_of, project_script
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import Output
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
    found = _foundings(candidates, identifier, network)
    confirmed = [pair for pair in found if pair[0].block is not None]
    if doubt := _doubt(confirmed):
        return doubt
    if confirmed:
        (placed, founding), *later = confirmed
        return Founded(placed=placed, founding=founding, height=_height(placed), later=tuple(later))
    if found:
        return "the founding transaction is not in a block yet"
    for placed in candidates:
        if is_legacy_founding(identifier, network, placed.transaction.outputs):
            return f"{placed.txid} founds it in the layout of before 2024-11-29, which binds no event"
    if not candidates:
        return "no transaction that pays the project names a key, as a founding does"
    return f"of {len(candidates)} that pay the project and name a key, no transaction founds it"


def undecided_founding(candidates: Sequence[PlacedTransaction], identifier: str, network: str) -> str:
    """Return why nobody can tell yet which founding is the earliest, empty where that is known."""
    found = _foundings(candidates, identifier, network)
    return _doubt([pair for pair in found if pair[0].block is not None])


def _foundings(
    candidates: Sequence[PlacedTransaction], identifier: str, network: str
) -> list[tuple[PlacedTransaction, Founding]]:
    """Return what would found a project, the earliest first, with what each binds."""
    found = [
        (placed, founding)
        for placed in candidates
        if is_founding(identifier, network, placed.transaction.outputs)
        and (founding := parse_founding(placed.transaction.outputs[1].script)) is not None
    ]
    return sorted(found, key=_order)


def _doubt(confirmed: Sequence[tuple[PlacedTransaction, Founding]]) -> str:
    proven = next((placed for placed, _ in confirmed if placed.is_proven), None)
    if proven is None or proven is (first := confirmed[0][0]):
        return ""
    return f"{first.txid} is said to found it before {proven.txid} does, and no block shows it"


def _order(pair: tuple[PlacedTransaction, Founding]) -> tuple[int, int, str]:
    placed, _ = pair
    return _height(placed), placed.inclusion.position if placed.inclusion else 0, placed.txid


def _height(placed: PlacedTransaction) -> int:
    return placed.block.height if placed.block else 0


_LEAST_OUTPUTS = 2


def is_founding(identifier: str, network: str, outputs: Sequence[Output]) -> bool:
    """Tell whether a transaction founds a project, whatever event it binds.

    The founder key must lead to the identifier: anybody else can pay the address
    and write any key. The earliest confirmed one counts.
    """
    founding = parse_founding(outputs[1].script) if _pays(identifier, outputs) else None
    return founding is not None and (
        derivation_of(founding.founder_key, identifier, network) is Derivation.CURRENT
    )


def is_legacy_founding(identifier: str, network: str, outputs: Sequence[Output]) -> bool:
    """Tell whether a transaction founds a project of before 2024-11-29, which binds no event."""
    founding = parse_legacy_founding(outputs[1].script) if _pays(identifier, outputs) else None
    return founding is not None and (
        derivation_of(founding.founder_key, identifier, network) is Derivation.HALVED
    )


def founding_problem(terms: Terms, event_id: str, outputs: Sequence[Output]) -> str | None:
    """Return why a transaction does not found this project with exactly this event, None where it does."""
    if not _pays(terms.project_identifier, outputs):
        return "output 0 does not pay the project's address"
    founding = parse_founding(outputs[1].script)
    if founding is None:
        legacy = parse_legacy_founding(outputs[1].script) is not None
        layout = "has the layout of before 2024-11-29, which binds no event"
        return f"output 1 {layout if legacy else 'is not a founding OP_RETURN'}"
    if founding.founder_key != terms.founder_key:
        return f"output 1 holds founder key {founding.founder_key}, the terms {terms.founder_key}"
    if founding.event_id != event_id:
        return f"output 1 binds event {founding.event_id}, not {event_id}"
    return None


def _pays(identifier: str, outputs: Sequence[Output]) -> bool:
    return len(outputs) >= _LEAST_OUTPUTS and outputs[0].script == project_script(identifier)
