"""The estimate of a first run, against a first run."""

import asyncio

import pytest

from generator.doctor.probe import ProbedIndexer
from generator.doctor.probe.first_run import first_run, requests_over, sentence
from generator.protocol.angor.project_identifier import project_script
from generator.sandbox.indexer import PROFILES
from tests.support.angor_reading import relay
from tests.support.angor_sandbox import nearby, played, read

#: How far a run may be from its estimate, either way; the documentation says so.
FACTOR = 3


def server(**fields: object) -> ProbedIndexer:
    base = {"host": "i.example", "requests": 20, "prefix": "/api", "tip": True, "right_network": True}
    return ProbedIndexer(**{**base, "spenders": True, "seconds": 0.3, **fields})


@pytest.mark.proof(1)
@pytest.mark.parametrize("name", ["mempool-space", "mempool-fulcrum"])
def test_the_estimate_is_near_what_a_run_needs(name: str) -> None:
    world = played(1)[0]
    asked = nearby(world, quirks=PROFILES[name])

    async def run() -> None:
        async with relay([event.to_obj() for event in world.events]) as url:
            await read(world, [asked], url)

    asyncio.run(run())
    histories = [len(asked.index.history(project_script(each.identifier))) for each in world.projects]
    estimated = requests_over(server(spenders=PROFILES[name].names_spenders), len(histories), sum(histories))
    print(f"{name}: {len(asked.asked)} requests, estimated {estimated}")
    assert len(asked.asked) / FACTOR < estimated < len(asked.asked) * FACTOR


def test_the_quickest_usable_server_counts() -> None:
    found = first_run(
        100,
        [10, 30],
        [
            server(host="far.example", seconds=3.0),
            server(host="near.example", seconds=0.3),
            server(host="gone.example", seconds=0.001, problem="answers 530"),
            server(host="tipless.example", seconds=0.001, tip=False),
        ],
    )
    assert (found.host, found.transactions_a_project) == ("near.example", 20)
    assert found.requests == 100 * 6 + 2000 * 6
    assert found.minutes == 21
    assert "100 projects of about 20 transactions: about 12600 requests, 21 min" in str(sentence(found))


def test_a_known_limit_makes_it_long_and_it_is_said() -> None:
    found = first_run(100, [20], [server(host="blockstream.info")])
    assert found.minutes == 12_600 * 60 // 700
    assert sentence(found).level == "warning"
    assert "several runs" in sentence(found).fix


def test_a_rate_that_the_configuration_says_counts() -> None:
    assert first_run(100, [20], [server(per_second=0.5)]).minutes == 12_600 * 2 // 60


def test_what_cannot_be_estimated_is_no_number() -> None:
    for found in (first_run(7, [], [server()]), first_run(7, [3], [server(problem="gone")])):
        assert (found.requests, found.minutes) == (None, None)
        assert "cannot be estimated" in str(sentence(found))
