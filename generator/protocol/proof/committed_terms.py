"""From the committed event to a project's terms, each step a checked claim.

The newest event is not the one that counts, the committed one is. Nothing is
guessed: what cannot be read ends as a claim with its reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from generator.protocol.angor.project_identifier import NETWORKS, Derivation, KeyProblem, derivation_of
from generator.protocol.angor.strict_json import TermsError, looks_like_object, read_object
from generator.protocol.angor.terms import Terms, warnings
from generator.protocol.nostr import Event
from generator.protocol.proof.checked_claims import CheckedClaims, Result
from generator.protocol.proof.founding import Founded, founding_problem

#: Kind of the Nostr event that defines a project.
DEFINITION: Final = 3030


@dataclass(frozen=True, slots=True, kw_only=True)
class CommittedTerms:
    """A project's terms and the signed event that holds them."""

    event: Event
    terms: Terms


def announced_in(events: Iterable[Event], network: str) -> tuple[dict[str, set[str]], int]:
    """Return who announces which projects of a network, and how many events speak of none.

    By identifier the Nostr keys (x-only, hex): anybody can announce a project in another's name.

    Other applications use kind 3030 too, and projects of all networks share
    their relays; only a founder key that leads to the identifier tells them apart.
    """
    found: dict[str, set[str]] = {}
    foreign = 0
    for event in events:
        identifier = _identifier_in(event, network)
        if identifier:
            found.setdefault(identifier, set()).add(event.pubkey)
        else:
            foreign += 1
    return found, foreign


def announced_elsewhere(events: Iterable[Event], identifier: str, network: str) -> str:
    """Return a network on which the founder key of some event leads to an identifier, empty for none.

    Identifiers look the same on every network; those of all test networks are the same.
    """
    own = NETWORKS[network].root_key
    others = {other.root_key: name for name, other in reversed(NETWORKS.items()) if other.root_key != own}
    speaking = [event for event in events if identifier in event.content]
    return next(
        (name for event in speaking for name in others.values() if _identifier_in(event, name) == identifier),
        "",
    )


def _identifier_in(event: Event, network: str) -> str:
    if not looks_like_object(event.content):
        return ""
    try:
        fields = read_object(event.content)
        key, identifier = str(fields.get("founderKey")), str(fields.get("projectIdentifier"))
        return identifier if derivation_of(key, identifier, network) is Derivation.CURRENT else ""
    except (TermsError, KeyProblem):
        return ""


def establish_terms(
    event: Event | None, founded: Founded, identifier: str, *, network: str, checks: CheckedClaims
) -> CommittedTerms | None:
    """Return the terms a founding commits to, or None with the claims that say why not."""
    committed_id, txid = founded.founding.event_id, founded.placed.txid
    checks.note("founder-key-address", identifier, Result.OK)  # a founding is chosen by nothing else
    for placed, other in founded.later:
        reason = f"a later founding, for event {other.event_id}; the earliest, {txid}, counts"
        checks.note("single-founding", placed.txid, Result.FAILED, reason)
    if event is None:
        reason = f"no relay has event {committed_id}, which the founding transaction commits to"
        checks.note("event-id", identifier, Result.NOT_CHECKED, reason)
        return None
    if not _is_genuine(event, committed_id, identifier, checks):
        return None
    try:
        terms = Terms.parse(event.content)
    except TermsError as error:
        checks.note("terms", identifier, Result.NOT_CHECKED, f"event {event.id}: {error}")
        return None
    if not checks.expect("founding-commitment", txid, _commitment_problem(event, terms, founded, identifier)):
        return None
    _claims(event, terms, network, identifier, checks)
    return CommittedTerms(event=event, terms=terms)


def _is_genuine(event: Event, committed_id: str, identifier: str, checks: CheckedClaims) -> bool:
    computed = event.computed_id()
    same = event.id == computed == committed_id
    differs = f"the fields of event {event.id} hash to {computed}, the founding names {committed_id}"
    named = checks.expect("event-id", identifier, None if same else differs)
    signed = checks.expect("event-signature", identifier, event.problem)
    return named and signed


def _commitment_problem(event: Event, terms: Terms, founded: Founded, identifier: str) -> str | None:
    if terms.project_identifier != identifier:
        return f"the committed event is about project {terms.project_identifier[:64]!a}"
    return founding_problem(terms, event.id, founded.placed.transaction.outputs)


def _claims(event: Event, terms: Terms, network: str, identifier: str, checks: CheckedClaims) -> None:
    """Look at what the founder says and nothing enforces."""
    author = f"signed by {event.pubkey}, expected the project's own key {terms.nostr_pubkey}"
    checks.expect("event-author", identifier, None if event.pubkey == terms.nostr_pubkey else author)
    expected = NETWORKS[network].project_name
    if terms.network_name is None:
        reason = "the event names no network, as those of before December 2025"
        checks.note("network-name", identifier, Result.NOT_CHECKED, reason)
    else:
        problem = f"the event names network {terms.network_name!a}, expected {expected}"
        checks.expect("network-name", identifier, None if terms.is_on(expected) else problem)
    checks.expect("terms", identifier, "; ".join(warnings(terms)) or None)
