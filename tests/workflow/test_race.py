"""Two runners at the same moment, again and again: nothing lost, nothing doubled, the newer site shown."""

import json
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from generator.snapshot import decode, fold
from generator.snapshot.batch import Batch
from tests.support.proving import in_full
from tests.support.records import ANGOR, batch, entry
from tests.workflow.hub import Hub

ROUNDS = in_full(3, 20)
HOURS = 480 // (ROUNDS - 1)  #: between rounds, so that a month ends on the way
#: Says that it is ready, then waits for the other one; so both push at the same moment.
BARRIER = 'touch "$0.ready"; while [ ! -e "$1" ]; do :; done; shift; exec "$@"'


def words_of(number: int) -> tuple[Batch, Batch]:
    """Return what two runners saw in one round: something each, something both, and one thing contested.

    Who is newer alternates.
    """
    both = entry(f"both-{number}", source=ANGOR)
    hours = (HOURS * number, HOURS * number + 1)
    order = hours if number % 2 else hours[::-1]
    first, second = (
        batch(
            both,
            entry(f"own-{number}-{runner}"),
            entry("contested", 1_000 + 10 * number + runner),
            hours=order[runner],
            salt=str(runner),
        )
        for runner in range(2)
    )
    return first, second


def race(hub: Hub, clones: list[Path], number: int) -> list[str]:
    """Let both runners publish at once; return what they said."""
    go = hub.folder / f"go-{number}"
    running = []
    for runner, seen in enumerate(words_of(number)):
        path = hub.batch(seen, f"batch-{number}-{runner}.jsonl")
        command = ["sh", "-c", BARRIER, str(path), str(go), *hub.command(str(path))]
        running.append(
            subprocess.Popen(
                command,
                cwd=clones[runner],
                env=hub.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
        )
    while len(list(hub.folder.glob(f"batch-{number}-*.ready"))) < len(running):
        time.sleep(0.005)
    go.touch()
    said = [process.communicate(timeout=600)[0].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    return said


def check(hub: Hub, number: int) -> None:
    """Compare main with what both runners ever saw, and gh-pages with main."""
    lines = [line for path, data in hub.log().items() for line in decode(path, data)[1]]
    records = Counter((line.run, line.record.key, json.dumps(str(line.record))) for line in lines)
    assert set(records.values()) == {1}
    ids = Counter(line.record.id for line in lines if line.record.key[0] == "entry")
    for past in range(number + 1):
        assert ids[f"both-{past}"] == 1
        assert ids[f"own-{past}-0"] == ids[f"own-{past}-1"] == 1
    assert ids["contested"] == 2 * (number + 1)
    for frozen in hub.editions():
        assert hub.git("rev-list", "--count", "main", "--", f"content/editions/{frozen}") == "1"
    known = fold(lines)
    newest = max(words_of(number), key=lambda seen: seen.run)
    assert known.records["entry", "btcpay-pay", "contested"] in newest.records
    assert len(known.runs) == 2 * (number + 1)
    site = hub.site()
    assert {
        path.removeprefix("data/"): data for path, data in site.items() if path.startswith("data/")
    } == hub.log()
    assert hub.manifest()["snapshot"] == known.runs[-1].snapshot
    assert hub.git("rev-list", "--count", "gh-pages") == "1"


@pytest.mark.slow
@pytest.mark.proof
def test_two_runners_race_again_and_again(hub: Hub) -> None:
    clones = [hub.clone("one"), hub.clone("two")]
    collisions = 0
    for number in range(ROUNDS):
        said = race(hub, clones, number)
        collisions += sum(output.count("starting again from origin") for output in said)
        check(hub, number)
        hub.git("fsck", "--strict", "--no-dangling")
    assert sorted(hub.log())[:2] == ["angor/2026-03.jsonl", "angor/2026-04.jsonl"]
    assert collisions >= ROUNDS // 2  # else they never met and this test shows nothing
