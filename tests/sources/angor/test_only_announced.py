"""Thousands of announcements that nothing founds change nothing, and cost a question on their turns alone."""

import asyncio
import json
from collections import Counter
from cProfile import Profile
from time import perf_counter

from generator.protocol.angor.project_identifier import address_of, identifier_of
from generator.protocol.curve import public_key
from generator.protocol.nostr import Event, sign
from generator.snapshot import Announced, Census, Known, Run
from tests.support.lossy_network import Network, Watching, network, report_of
from tests.support.proving import in_full
from tests.support.skipping_loop import SkippingLoop

ANNOUNCED = in_full(30, 10_000)
#: Days of runs, and whether what is only announced has its turn then.
DAYS = in_full({0: True, 1: True, 2: False}, {0: True, 1: True, 2: False, 3: True, 4: False})
STATE = "projects_announced@only-announced"


def announcements(count: int) -> list[Event]:
    def announcement(number: int) -> Event:
        key = public_key(number.to_bytes(32, "big")).hex()
        content = {"founderKey": key, "projectIdentifier": identifier_of(key, "regtest")}
        return sign(b"\5" * 32, kind=3030, content=json.dumps(content), created_at=1_600_000_000 + number)

    return [announcement(number) for number in range(1, count + 1)]


def addresses(events: list[Event]) -> set[str]:
    names = [json.loads(event.content)["projectIdentifier"] for event in events]
    return {f"/address/{address_of(name, 'regtest')}" for name in names}


def figures(known: Known) -> dict[str, object]:
    return {figure.id: (figure.value, figure.bound) for figure in report_of(known).all_figures()}


def test_thousands_of_announcements_change_nothing_and_cost_their_turns() -> None:
    net, said = network(11, 2), announcements(ANNOUNCED)
    plain, crowded = Watching(network=net), Watching(network=net, besides=said)
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        for day, turn in DAYS.items():
            runner.run(plain.run({}, day=day))
            began = perf_counter()
            runner.run(crowded.run({}, day=day))
            print(f"day {day}: {len(crowded.asked)} requests, {perf_counter() - began:.1f} s")
            more = Counter(crowded.asked) - Counter(plain.asked)
            assert more == Counter(addresses(said) if turn else ())
            ours, theirs = figures(plain.known), figures(crowded.known)
            assert theirs.pop(f"all/{STATE}") == (1 + ANNOUNCED, "exact")
            assert ours.pop(f"all/{STATE}") == (1, "exact")
            assert theirs == ours
    lines = [line for line in crowded.lines if line.record.key not in plain.known.records]
    lines = [line for line in lines if not isinstance(line.record, Run)]
    assert len(lines) == ANNOUNCED  # said once each: no turn is news, and nothing is kept as evidence
    assert {type(line.record) for line in lines} == {Announced}
    assert {line.record.outcome for line in lines if isinstance(line.record, Announced)} == {Census.UNFOUNDED}


def calls(net: Network, count: int) -> int:
    """Return how many calls a first run, a quiet one and its report make beside so many announcements."""
    watching, profile = Watching(network=net, besides=announcements(count)), Profile()
    with asyncio.Runner(loop_factory=SkippingLoop) as runner, profile:
        runner.run(watching.run({}))
        runner.run(watching.run({}))
        report_of(watching.known)
    return sum(entry.callcount for entry in profile.getstats())


def test_work_grows_with_announcements_and_not_with_their_square() -> None:
    few, twice, four = (calls(network(11, 1), number) for number in in_full((5, 10, 20), (500, 1000, 2000)))
    print(f"{few:,}, {twice:,}, {four:,} calls")
    assert four - twice < 2.5 * (twice - few)
