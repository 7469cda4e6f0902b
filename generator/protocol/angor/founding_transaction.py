"""Whether a transaction founds a project: output 0 pays its address, output 1 binds a key to an event.

The value is no evidence: the client pays 10,001 sat whatever the protocol version.
"""

from collections.abc import Sequence

from generator.protocol.angor.op_return_layouts import parse_founding, parse_legacy_founding
from generator.protocol.angor.project_identifier import Derivation, derivation_of, project_script
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import Output

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
