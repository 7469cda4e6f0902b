"""From proven terms to a project's record in the log: made here for the source and for verification."""

from collections.abc import Iterable
from typing import Final

import msgspec

from generator.judge.bookkeeping import evidence_of
from generator.judge.profile import Profile
from generator.money import msat_from_sat
from generator.places import angor_place
from generator.protocol.angor.project_identifier import address_of
from generator.protocol.angor.terms import ProjectType, Terms
from generator.protocol.nostr import Event
from generator.protocol.proof.committed_terms import CommittedTerms
from generator.protocol.proof.founding import Founded
from generator.snapshot import Goal, Project, Stage

_KINDS: Final = {ProjectType.INVEST: "invest", ProjectType.FUND: "fund", ProjectType.SUBSCRIBE: "subscribe"}


def project_record(
    definition: CommittedTerms, founded: Founded, profile: Profile, *, network: str, source: str
) -> Project:
    """Return what the chain and the founder say about a project.

    The address follows from the identifier and the network: a page must not send
    money to any other. Raise `KeyProblem` where the identifier is none.
    """
    terms = definition.terms
    events = (definition.event, *profile.events)
    invest, subscribe = (terms.project_type is kind for kind in (ProjectType.INVEST, ProjectType.SUBSCRIBE))
    return Project(
        id=angor_place(terms.project_identifier),
        source=source,
        kind=_KINDS[terms.project_type],
        title=profile.title,
        tagline=profile.tagline,
        description=profile.description,
        website=profile.website,
        picture=profile.picture,
        network=network,
        goal=_goal(terms),
        starts_at=terms.start_date,
        ends_at=terms.end_date if invest else None,
        expires_at=terms.expiry_date,
        penalty_days=None if subscribe else terms.penalty_days,
        identifier=terms.project_identifier,
        address=address_of(terms.project_identifier, network),
        founder_key=terms.founder_key,
        nostr_pubkey=terms.nostr_pubkey,
        event_id=definition.event.id,
        founding_txid=founded.placed.txid,
        founding_height=founded.height,
        stages=_stages(terms) if invest else (),  # elsewhere each investor has dates of their own
        evidence=(*(event.id for event in events), *evidence_of(founded.placed)),
    )


def without_words(record: Project, events: Iterable[Event]) -> Project:
    """Return a project's record without its own words and the events that said them."""
    said = {event.id for event in events}
    evidence = tuple(name for name in record.evidence if name not in said)
    return msgspec.structs.replace(
        record, title="", tagline="", description="", website="", picture="", evidence=evidence
    )


def _goal(terms: Terms) -> Goal | None:
    """Return the target; a Subscribe project has none, and in a Fund project it is optional."""
    if terms.project_type is ProjectType.SUBSCRIBE or not terms.target_amount_sat:
        return None
    return Goal(amount_msat=msat_from_sat(terms.target_amount_sat))


def _stages(terms: Terms) -> tuple[Stage, ...]:
    return tuple(
        Stage(number=number, percent=stage.percent, opens_at=stage.release_date)
        for number, stage in enumerate(terms.stages, 1)
    )
