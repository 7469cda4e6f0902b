"""Whether a transaction founds a project, and what the official client would refuse in its terms."""

from collections.abc import Sequence
from dataclasses import dataclass

from generator.protocol.angor.keys import Derivation, derivation_of, project_script
from generator.protocol.angor.opreturn import parse_founding, parse_legacy_founding
from generator.protocol.angor.terms import ProjectType, Terms
from generator.protocol.bitcoin import Output

_LEAST_FOUNDING_OUTPUTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A question's answer."""

    ok: bool
    detail: str  #: what was compared


def founding_check(terms: Terms, event_id: str, outputs: Sequence[Output]) -> Check:
    """Tell whether a transaction founds this project with exactly this event.

    Output 0 pays the project's address, output 1 holds the founder key and the
    event id. The value is no evidence: the client pays 10,001 sat whatever the
    protocol version.
    """
    problem = _founding_problem(terms, event_id, outputs)
    return Check(
        ok=problem is None,
        detail=problem or f"output 1 binds {terms.founder_key} to event {event_id}",
    )


def is_founding(identifier: str, network: str, outputs: Sequence[Output]) -> bool:
    """Tell whether a transaction founds a project, whatever event it binds.

    The founder key must lead to the identifier: anybody else can pay the address
    and write any key. The earliest confirmed one counts.
    """
    if len(outputs) < _LEAST_FOUNDING_OUTPUTS or outputs[0].script != project_script(identifier):
        return False
    founding = parse_founding(outputs[1].script)
    if founding is None:
        return False
    return derivation_of(founding.founder_key, identifier, network) is Derivation.CURRENT


def is_legacy_founding(identifier: str, network: str, outputs: Sequence[Output]) -> bool:
    """Tell whether a transaction founds a project of before 2024-11-29, which binds no event."""
    if len(outputs) < _LEAST_FOUNDING_OUTPUTS or outputs[0].script != project_script(identifier):
        return False
    founding = parse_legacy_founding(outputs[1].script)
    if founding is None:
        return False
    return derivation_of(founding.founder_key, identifier, network) is Derivation.HALVED


def warnings(terms: Terms) -> tuple[str, ...]:
    """Return what the official client would refuse when it makes a project, and readers never enforce.

    ``ProjectInfoValidator.cs``.
    """
    found = []
    if terms.project_type is ProjectType.INVEST:
        found += _invest_warnings(terms)
    elif not any(pattern.stage_count for pattern in terms.patterns):
        found.append("no payout pattern has a stage")
    if terms.project_type is not ProjectType.SUBSCRIBE and not 10 <= terms.penalty_days <= 365:  # noqa: PLR2004 - the client's limits
        found.append(f"the penalty lasts {terms.penalty_days} days, not 10 to 365")
    return tuple(found)


def _invest_warnings(terms: Terms) -> list[str]:
    found = []
    total = sum(stage.percent for stage in terms.stages)
    if total != 100:  # noqa: PLR2004 - percent
        found.append(f"the stages release {total} %, not 100 %")
    if not all(stage.percent for stage in terms.stages):
        found.append("a stage releases nothing")
    dates = [stage.release_date for stage in terms.stages]
    if dates != sorted(dates):
        found.append("the stages do not open in their order")
    if dates and terms.expiry_date <= dates[-1]:
        found.append("the project expires before its last stage opens")
    if dates and terms.end_date is not None and terms.end_date >= dates[0]:
        found.append("the first stage opens before the investment window closes")
    if terms.target_amount_sat < 100_000:  # noqa: PLR2004 - the client's limit
        found.append(f"the goal is {terms.target_amount_sat} sat, less than 100000")
    return found


def _founding_problem(terms: Terms, event_id: str, outputs: Sequence[Output]) -> str | None:
    if len(outputs) < _LEAST_FOUNDING_OUTPUTS or outputs[0].script != project_script(
        terms.project_identifier
    ):
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
