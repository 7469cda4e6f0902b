"""Several signed definitions of one project: what the founding commits to counts, whatever its kind."""

import json
from itertools import permutations

import pytest

from generator.ledger import Entry
from generator.places import angor_place
from generator.protocol.angor.op_return_layouts import Founding, founding_script
from generator.protocol.angor.project_identifier import address_of, identifier_of, project_script
from generator.protocol.bitcoin import Output
from generator.protocol.curve import public_key, public_xonly
from generator.protocol.nostr import Event, sign
from generator.snapshot import EventRecord, Finding, Goal
from generator.snapshot import Project as ProjectRecord
from tests.support.angor_reading import angor, collected, of, relay
from tests.support.esplora import Esplora, Json, Project
from tests.support.forging import key, paying, scripts_of, shown, stages, terms_of

pytestmark = pytest.mark.anyio

FOUNDER, AUTHOR = bytes([0x31]) * 32, bytes([0x32]) * 32
TARGETS = (40_000_000, 50_000_000, 60_000_000)


def definition(invest: Project, target_sat: int, *, kind: int, age: int = 0) -> Event:
    """Sign terms that differ in their goal alone; of a lower age are the newer ones."""
    founder = public_key(FOUNDER).hex()
    content = {
        **invest.info,
        "founderKey": founder,
        "projectIdentifier": identifier_of(founder, "main"),
        "nostrPubKey": public_xonly(AUTHOR).hex(),
        "targetAmount": target_sat,
    }
    created_at = 1_738_000_000 - age
    return sign(AUTHOR, kind=kind, content=json.dumps(content), created_at=created_at)


def founded(events: list[Event], committed: Event) -> Project:
    """Return a project with one investment, whose founding commits to one of its events."""
    info: Json = json.loads(committed.content)
    project = Project(
        info=info,
        events=[dict(event.to_obj()) for event in events],
        rows={},
        raw={},
        address=address_of(info["projectIdentifier"], "main"),
        expected={},
    )
    says = Founding(founder_key=info["founderKey"], event_id=committed.id)
    fee = Output(value_sat=10_001, script=project_script(project.identifier))
    shown(project, [fee, Output(value_sat=0, script=founding_script(says))], height=882_101)
    terms = terms_of(project) if committed.kind == 3030 else terms_of(invest_like(project))
    paying(project, stages(scripts_of(terms, key())))
    return project


def invest_like(project: Project) -> Project:
    """Return the project with its events under the kind that the forging tools look for."""
    return Project(**{**vars(project), "events": [{**event, "kind": 3030} for event in project.events[:1]]})


@pytest.mark.parametrize("chosen", range(3))
@pytest.mark.parametrize("ages", list(permutations(range(3))), ids=str)
async def test_the_committed_event_counts_not_the_newest_or_the_first(
    invest: Project, chosen: int, ages: tuple[int, ...]
) -> None:
    events = [
        definition(invest, target_sat, kind=3030, age=age)
        for target_sat, age in zip(TARGETS, ages, strict=True)
    ]
    project = founded([events[chosen]], events[chosen])
    project.events = [dict(event.to_obj()) for event in events]
    async with relay(project.events) as url:
        for options in ({"discover": "all"}, {}):
            listed = {} if options else {project.identifier: project.identifier}
            source = angor(url, [Esplora(projects=[project])], listed, **options)
            records = await collected(source)
            [told] = of(records, ProjectRecord)
            assert (told.event_id, told.goal) == (events[chosen].id, Goal(amount_msat=TARGETS[chosen] * 1000))
            assert [finding.reason for finding in of(records, Finding) if finding.result != "ok"] == []
            assert len(of(records, Entry)) > 4
            assert {event.id for event in of(records, EventRecord)} == {events[chosen].id}


@pytest.mark.parametrize("kind", [3030, 30078, 1])
async def test_a_committed_event_is_found_by_its_id_whatever_its_kind(invest: Project, kind: int) -> None:
    """Definitions of before May 2025 have kind 30078: nobody finds them by kind, the founding names them."""
    event = definition(invest, TARGETS[0], kind=kind)
    project = founded([event], event)
    async with relay(project.events) as url:
        records = await collected(angor(url, [Esplora(projects=[project])], {project.identifier: "old"}))
    [told] = of(records, ProjectRecord)
    assert (told.id, told.event_id) == (angor_place(project.identifier), event.id)
    assert sum(entry.amount_msat for entry in of(records, Entry)) > 0
